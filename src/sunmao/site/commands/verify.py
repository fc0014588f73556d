"""`sunmao verify`: the pure verifier, with the data folder's trust bundle where one lies there. Without Django."""

from __future__ import annotations

import os
from pathlib import Path

from sunmao.vc import command


def main(argv: list[str]) -> int:
    home = Path(os.environ.get("SUNMAO_HOME") or Path.home() / ".sunmao").expanduser()
    bundle = home / "trust.json"
    return command.main(argv, default_trust=bundle if bundle.is_file() else None)
