"""Standards read from files of others: a Chinese major profile, a talent-training plan or course standard as a sheet, an
ESCO occupation with its skills, a CASE package. Each reader returns a `Draft`; `bringing` writes it as a version.
"""
