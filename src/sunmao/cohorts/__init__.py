"""Cohorts: who learns what, where, until when, and with what result. Cohort: a group on one version of a programme.
Learner: a person as named on the document, with one institution-issued number and the year of birth, no more.
Enrolment: a learner in a cohort. Session and Attendance: the days held and who was there. Result: an outcome assessed.
Completion is decided by the cohort's rule and keeps its reasons. Sight: somebody saw a named learner, and the learner is
told of it. Learners are never public and never found by search.
"""
