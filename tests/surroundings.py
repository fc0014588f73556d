"""What lies around the tests: the reference data, a PostgreSQL, a Chromium, and how long they may take."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("SUNMAO_SHARED") or ROOT.parent / "shared")
TRIALS = bool(os.environ.get("SUNMAO_TRIALS"))
POSTGRES = os.environ.get("SUNMAO_TEST_DATABASE_URL", "")


def chromium() -> str:
    """Return the path of a Chromium: SUNMAO_CHROMIUM, else the first found on the PATH; empty where there is none."""
    named = os.environ.get("SUNMAO_CHROMIUM", "")
    if named:
        return named
    found = (shutil.which(name) for name in ("chromium", "/usr/bin/chromium", "chromium-browser", "google-chrome"))
    return next(filter(None, found), "")
