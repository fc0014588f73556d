"""What every desk must keep, whichever room it stands in."""
