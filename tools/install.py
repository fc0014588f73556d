"""Installs a locked list with hashes into this environment by plain pip, showing how far it is.

  python tools/install.py requirements.txt

Uses the standard library only: it runs before anything is installed. Where pip fails, all it said is printed.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path


def names(lock: Path) -> list[str]:
    """Return the packages a lock file pins."""
    return re.findall(r"^([A-Za-z0-9._-]+(?:\[[^\]]*\])?)==", lock.read_text(), re.MULTILINE)


def show(lines: Iterable[str], total: int) -> list[str]:
    """Turn pip's lines into one that moves (or one per ten packages where nobody watches); return them all."""
    said, count, watched = [], 0, sys.stdout.isatty()
    for line in lines:
        said.append(line)
        found = re.match(r"(?:Collecting|Requirement already satisfied:) (\S+?)(?:==| |$)", line)
        if found:
            count += 1
            if watched:
                print(f"\r  {count} of {total}: {found[1]}\033[K", end="", flush=True)
            elif count % 10 == 0:
                print(f"  {count} of {total}", flush=True)
        elif line.startswith("Installing collected packages"):
            print("\r  unpacking\033[K" if watched else "  unpacking", end="" if watched else "\n", flush=True)
    if watched:
        print("\r\033[K", end="", flush=True)
    return said


def main(lock: Path) -> int:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--require-virtualenv", "install"]
    command += ["--require-hashes", "--progress-bar", "off", "--requirement", str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        said = show(pip.stdout or (), len(names(lock)))
    if pip.returncode:
        print("".join(said), end="", file=sys.stderr)
    return pip.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
