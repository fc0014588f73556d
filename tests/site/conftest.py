"""The site's tests stand on the casts of the rooms' own tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "agreements"))
