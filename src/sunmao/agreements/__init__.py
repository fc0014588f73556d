"""Agreements: who promised what to whom. Agreement: one instrument of a family, with two or more parties, each with
its part. Version: one wording with its texts in each authentic language and one hash over all of it; an approval
counts for that hash only, and a changed text voids it. Signature: a party signed that version, here or recorded
afterwards. Clause: one promise, who owes it, by when, and what fulfilled it, confirmed by another party. Late is
computed from the date and seen by the parties unless all of them publish it."""
