"""Run the public W3C suites against this checkout and say how many of their tests passed.

SUNMAO_SUITES names a folder with a checkout of each suite, its packages installed (docs/conformance.md says how).
Nothing is changed in them but ``localConfig.cjs``, which is taken away again. A test that was left out counts as
not passed. Exit 0 when every test of every suite passed.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sunmao.vc.issuer import TestIssuer
from sunmao.vc.keys import generate_key
from sunmao.vc.server import make_server

NAME = "Sunmao"
PATIENCE_SECONDS = 600
# What the suites take from Node 22, for Node 20 as their own pages ask for.
NODE_20 = """const held = Object.getPrototypeOf(Object.getPrototypeOf(new Map().values()));
held.map ??= function*(change) { for(const item of this) yield change(item); };
"""
# The suite's own runner calls a container per test; this stands in its place and calls the command.
DOCKER = """#!/bin/sh
while [ "$1" != issue ] && [ "$1" != verify ]; do shift; done
for word do shift; case "$word" in /tests/*) word="$PWD$word";; esac; set -- "$@" "$word"; done
exec "{python}" -m sunmao.vc.jose_command "$@"
"""


@dataclass(frozen=True)
class Suite:
    """A suite's folder, the tags its issuers, verifiers and presentation verifiers wear, and which tests count."""

    folder: str
    grep: str = ""


@dataclass(frozen=True)
class Outcome:
    """What one suite said."""

    tests: int
    passed: int
    not_passed: tuple[str, ...]


SUITES = (
    Suite("vc-data-model-2.0-test-suite"),
    Suite("vc-di-eddsa-test-suite"),
    Suite("vc-bitstring-status-list-test-suite"),
    Suite("vc-jose-cose-test-suite", "^JOSE Tests"),
)


def main() -> int:
    """Run all suites, print a line for each and what did not pass."""
    named = os.environ.get("SUNMAO_SUITES", "")
    if not named:
        print("SUNMAO_SUITES names no folder; docs/conformance.md says what belongs there.", file=sys.stderr)
        return 2
    good = True
    with served() as (address, issuer), tempfile.TemporaryDirectory() as place:
        shim = Path(place) / "docker"
        shim.write_text(DOCKER.format(python=sys.executable), encoding="utf-8")
        shim.chmod(shim.stat().st_mode | stat.S_IXUSR)
        (Path(place) / "node20.cjs").write_text(NODE_20, encoding="utf-8")
        for suite in SUITES:
            outcome = run(Path(named).resolve() / suite.folder, suite, settings(address, issuer), place)
            good = good and not outcome.not_passed
            print(f"{suite.folder}: {outcome.passed} of {outcome.tests} passed", flush=True)
            for title in outcome.not_passed:
                print(f"  not passed: {title}")
    return 0 if good else 1


@contextmanager
def served() -> Iterator[tuple[str, str]]:
    """Serve a VC-API for testing; give its address and its issuer."""
    key = generate_key()
    server = make_server("127.0.0.1", 0, lambda address: TestIssuer(key, address))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.address, key.public.did
    finally:
        server.shutdown()
        server.server_close()


def settings(address: str, issuer: str) -> dict[str, Any]:
    """Return the implementation's manifest, as the suites read it."""

    def endpoint(path: str, *tags: str) -> dict[str, Any]:
        versions = {"vc": ["2.0"]}
        return {"id": issuer, "endpoint": address + path, "tags": list(tags), "supports": versions}

    verifying = ("vc2.0", "EnvelopingProof", "eddsa-rdfc-2022", "eddsa-jcs-2022", "BitstringStatusList")
    manifest = {
        "name": NAME,
        "implementation": NAME,
        "jose-cose": {"features": {"credential_jose": True, "presentation_jose": True}},
        "issuers": [
            endpoint("/credentials/issue", "vc2.0"),
            endpoint("/credentials/issue?suite=jose", "EnvelopingProof"),
            endpoint("/credentials/issue?suite=eddsa-rdfc-2022", "eddsa-rdfc-2022"),
            endpoint("/credentials/issue?suite=eddsa-jcs-2022", "eddsa-jcs-2022"),
            endpoint("/credentials/issue?status=1", "BitstringStatusList"),
        ],
        "verifiers": [endpoint("/credentials/verify", *verifying)],
        "vpVerifiers": [endpoint("/presentations/verify", *verifying)],
    }
    return {"settings": {}, "implementations": [manifest]}


def run(folder: Path, suite: Suite, held: dict[str, Any], place: str) -> Outcome:
    """Run one suite and return what it said; a suite that cannot run has passed nothing."""
    mocha = folder / "node_modules" / ".bin" / "mocha"
    if not mocha.is_file():
        return Outcome(0, 0, (f"{folder} is no suite with its packages installed",))
    config, report = folder / "localConfig.cjs", Path(place) / "report.json"
    config.write_text(f"module.exports = {json.dumps(held)};\n", encoding="utf-8")
    (folder / "tests" / "output").mkdir(exist_ok=True)
    words = ["node", str(mocha), "tests/", "--reporter", "json", "--reporter-option", f"output={report}"]
    words += ["--timeout", "60000", "--preserve-symlinks", *(("--grep", suite.grep) if suite.grep else ())]
    try:
        # Node must not refuse the certificate that was made for this run.
        more = {
            "NODE_TLS_REJECT_UNAUTHORIZED": "0",
            "NODE_OPTIONS": f"--require {place}/node20.cjs",
            "PATH": f"{place}{os.pathsep}{os.environ.get('PATH', '')}",
        }
        said = subprocess.run(
            words,
            check=False,
            cwd=folder,
            env=os.environ | more,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        if not report.is_file():
            return Outcome(0, 0, (f"it did not run: {said.stderr[-2000:]}",))
        told = json.loads(report.read_text(encoding="utf-8"))
    finally:
        config.unlink(missing_ok=True)
        report.unlink(missing_ok=True)
    lost = [f"{test['fullTitle']} ({test.get('err', {}).get('message', '')[:200]})" for test in told["failures"]]
    lost += [f"{test['fullTitle']} (left out)" for test in told["pending"]]
    return Outcome(told["stats"]["tests"], told["stats"]["passes"], tuple(lost))


if __name__ == "__main__":
    if shutil.which("node") is None:
        print("The suites need Node 20.", file=sys.stderr)
        sys.exit(2)
    sys.exit(main())
