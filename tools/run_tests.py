"""`make test` and `make trials`: the tests on SQLite, and those that use the database again on PostgreSQL.

The run on PostgreSQL happens where SUNMAO_TEST_DATABASE_URL names one (Django makes a test database of its own
beside it). Tests marked `alone` measure time and run while nothing else does; so do the trials, but for those of the
contract. What any run left out, and why, is told at the end of the last one (tests/left_out.py).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run(title: str, words: list[str], surroundings: dict[str, str]) -> int:
    """Run pytest once and return its exit code; that nothing was chosen (5) is no failure."""
    print(f"{title}", flush=True)
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", *words]
    code = subprocess.run(command, cwd=ROOT, env=os.environ | surroundings, check=False).returncode
    note = Path(surroundings["SUNMAO_TESTS_NOTES"])
    with note.open("a") as out:
        state = "passed" if code in (0, 5) else "FAILED"
        print(f"ran\t{title}: {state} in {time.monotonic() - begun:.0f} s", file=out)
    return 0 if code == 5 else code


def alone() -> list[str]:
    """Return the files with tests that run alone: to read all others for their sake takes longer than they do."""
    found = sorted(path for path in (ROOT / "tests").rglob("test_*.py") if "pytest.mark.alone" in path.read_text())
    return [str(path.relative_to(ROOT)) for path in found]


def main(words: list[str]) -> int:
    trials = "--trials" in words
    words = [word for word in words if word != "--trials"]
    url = os.environ.get("SUNMAO_TEST_DATABASE_URL", "")
    with tempfile.TemporaryDirectory() as folder:
        shared = {"SUNMAO_TESTS_NOTES": str(Path(folder) / "notes")}
        # One worker more than there are processors: some wait for others.
        workers = ["-n", str(min((os.cpu_count() or 1) + 1, 4)), "--dist", "worksteal"]
        if trials:
            whole = shared | {"SUNMAO_TRIALS": "1"}
            first = run("Trials of the contract", ["-m", "contract", *workers, *words], whole)
            return max(
                first, run("Trials", ["-m", "slow and not contract", "--durations=12", "--last-run", *words], whole)
            )
        sqlite = shared | {"SUNMAO_DATABASE_URL": ""}
        codes = []
        if url:
            codes += [
                run("On PostgreSQL", ["--database-only", *workers, *words], shared | {"SUNMAO_DATABASE_URL": url})
            ]
        codes += [run("Alone", ["-m", "alone", *(words or alone())], sqlite)]
        codes += [run("On SQLite", ["-m", "not alone", "--last-run", *workers, *words], sqlite)]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
