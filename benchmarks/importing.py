"""The two files of institutions brought in by the command line, in a fresh data folder, as whole processes."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def measure() -> dict[str, float]:
    """Return seconds and the peak megabytes of the largest process; FileNotFoundError without the reference data.

    A small process of its own starts the commands: Linux counts the memory of whoever starts a process into its peak.
    """
    for path, _mapping in _files():
        if not path.is_file():
            raise FileNotFoundError("the reference data is absent")
    done = subprocess.run([sys.executable, "-m", "benchmarks.importing"], stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def _files() -> tuple[tuple[Path, str], ...]:
    shared = Path(os.environ.get("SUNMAO_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "data"
    return (shared / "institutions_ror_technical.csv", "ror"), (shared / "china" / "heis_2025-06-20.csv", "moe")


def run() -> dict[str, float]:
    """Bring both files in and return what `measure` does."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "SUNMAO_HOME": home}
        env.pop("SUNMAO_DATABASE_URL", None)

        def command(*words: str, said: str = "") -> None:
            line = [sys.executable, "-m", "sunmao.site.cli", *words]
            subprocess.run(line, env=env, input=said, text=True, check=True, stdout=subprocess.DEVNULL)

        command("setup")
        person = ("person", "lin@bench.example", "--name", "Lin", "--role", "secretariat", "--at", "Office")
        command(*person, said="a long enough phrase\n")
        begun = time.monotonic()
        for path, mapping in _files():
            command("import", "organisations", str(path), "--mapping", mapping)
        seconds = time.monotonic() - begun
    return {"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}


if __name__ == "__main__":
    print(json.dumps(run()))
