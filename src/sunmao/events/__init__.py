"""Events: what brought people together and what was said there. Event: a conference, forum, ceremony, seminar,
exhibition or visit. EventRole: what an organisation or a named person did at it. ConsensusText: a declaration
issued there, with its commitments, their owners and what became of them. Statement: what a named official said,
in our words, never in his."""
