"""The pages for everyone: the map, verification, where something is recognised. Reads only."""
