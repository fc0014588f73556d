"""`make check`: every check in turn, each said in a line, what it found below it; fails if one does.

Runs with a data folder of its own, so that no register of the person's is touched.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("ruff", ["ruff", "check", "--quiet"]),
    ("ruff format", ["ruff", "format", "--check", "--quiet"]),
    ("mypy", ["mypy"]),
    ("djlint", ["djlint", "src", "--lint", "--quiet"]),
    ("import-linter", ["lint-imports", "--no-logo"]),
    ("django check", ["python", "-m", "django", "check", "--fail-level", "WARNING"]),
    ("migrations", ["python", "-m", "django", "makemigrations", "--check", "--dry-run"]),
    ("translations", ["python", "tools/messages.py", "check"]),
)


def run(name: str, command: list[str], surroundings: dict[str, str]) -> bool:
    """Run one check; True where it finds nothing."""
    begun = time.monotonic()
    program = [str(Path(sys.executable).with_name(command[0])), *command[1:]]
    done = subprocess.run(program, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    print(f"{name:<14} {'ok' if done.returncode == 0 else 'FAILED'}  {time.monotonic() - begun:.1f} s", flush=True)
    if done.returncode:
        print((done.stdout + done.stderr).rstrip(), flush=True)
    return done.returncode == 0


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        surroundings = os.environ | {"SUNMAO_HOME": home, "DJANGO_SETTINGS_MODULE": "sunmao.site.settings"}
        surroundings.pop("SUNMAO_DATABASE_URL", None)
        failed = [name for name, command in CHECKS if not run(name, command, surroundings)]
    print(f"failed: {', '.join(failed)}" if failed else f"all {len(CHECKS)} checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
