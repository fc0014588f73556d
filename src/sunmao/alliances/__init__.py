"""Alliances: bodies of bodies. Alliance: an organisation of that kind with the dates and bodies of its own.
Member: one organisation (or one the source leaves unnamed) belongs to it for a time, in a role. Applied, accepted,
declined, left: deeds of the two sides. Counted as of a day is who surely belonged; who may have stands beside."""
