"""Workshops: what is built together abroad. Workshop: a Luban or Panda Workshop, a joint or industry college, a training
base, an overseas school. Partner: an organisation with its part. Stage: one step of set-up; stages overlap, and only
acceptance asks that the others are passed. One institution proposes a stage as done, with evidence; another signs it
off: four eyes means two institutions. Unveiling is the ceremony and may come before acceptance, which is the experts'
and the host's word that it can work. Equipment: what was sent, from the packing list to the act of acceptance.
"""
