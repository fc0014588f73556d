"""The trials stand on the casts of the rooms' own tests."""

import sys
from pathlib import Path

for room in ("agreements", "cohorts", "credentials", "recognition"):
    sys.path.append(str(Path(__file__).parents[1] / room))
