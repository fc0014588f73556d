"""Standards: what work asks for and what training promises, and how two of them correspond.

Framework: a ladder of levels, national or regional. Referencing: from a day on, a level of one framework compares to a
level of another; it entitles nobody. Programme: an occupational standard, curriculum, training programme, course
standard or skill-level standard, as a name that lasts; its content is in versions. Version: units and outcomes, which
never change once published. Outcome: what a learner knows, can do or answers for; critical or not. Crosswalk: two
versions laid side by side; a row says that an outcome of the source corresponds to one of the target, and counts
only once people of both sides have confirmed it.
"""
