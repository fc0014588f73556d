"""Kernel: what every room stands on, and no word of the domain.

Record: a row that people know by a code and that changes through one door (changes).
Change: one entry of the log: who, what, why, when. Desk: where people meet a kind of record.
Policy: who may see, and who may do. When: a date as precise as it is known. Texts: one text in
several languages.
"""
