"""Indicators: numbers counted from the other rooms' records, each with its way down, and what others reported.

Figure: one count as code: its key, what it counts, the list it opens to. Question: what several sources answer with
a number. Reported figure: one number from one passage of one document, as it was said. Fixed table: the only form in
which persons are counted for the public; cells below 5 are hidden, and others with them until none can be derived.
"""
