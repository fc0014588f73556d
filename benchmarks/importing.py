"""The two files of institutions brought in by the command line, in a fresh data folder, as whole processes."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def measure() -> dict[str, float]:
    """Return seconds and the peak megabytes of the largest process; FileNotFoundError without the reference data."""
    shared = Path(os.environ.get("SUNMAO_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "data"
    files = ((shared / "institutions_ror_technical.csv", "ror"), (shared / "china" / "heis_2025-06-20.csv", "moe"))
    for path, _mapping in files:
        if not path.is_file():
            raise FileNotFoundError("the reference data is absent")
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "SUNMAO_HOME": home}
        env.pop("SUNMAO_DATABASE_URL", None)

        def run(*words: str, said: str = "") -> None:
            command = [sys.executable, "-m", "sunmao.site.cli", *words]
            subprocess.run(command, env=env, input=said, text=True, check=True, stdout=subprocess.DEVNULL)

        run("setup")
        run(
            "person",
            "lin@bench.example",
            "--name",
            "Lin",
            "--role",
            "secretariat",
            "--at",
            "Office",
            said="a long enough phrase\n",
        )
        begun = time.monotonic()
        for path, mapping in files:
            run("import", "organisations", str(path), "--mapping", mapping)
        seconds = time.monotonic() - begun
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"seconds": seconds, "megabytes": peak / 1024}
