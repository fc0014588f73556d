"""Directory: organisations and where they are. Organisation: a school, company, authority, association, embassy,
international body or alliance; a party "to be named" stands as a placeholder. Its names are rows of their own, by
language and kind; its ids at other registers too. Bloc: a group of countries and regions with dated membership.
Merge: two rows are one organisation; what pointed at the one moves to the other, each move is logged, and undo
moves back what still points there."""
