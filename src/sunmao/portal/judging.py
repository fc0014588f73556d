"""Judging what visitors bring: each file in a child process, with what the register knows at its hand."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sunmao.credentials import trusting
from sunmao.credentials.models import Credential, Issued
from sunmao.kernel import clock
from sunmao.vc.report import Check, Report, State, Verdict
from sunmao.vc.trust import Trust
from sunmao.vc.verify import verify_document

LARGEST = 10 * 1024 * 1024
SECONDS = 30  # by the clock; the child counts its own computing
LONGEST_LINE = 64 * 1024 * 1024


@dataclass(frozen=True)
class Judged:
    """A verdict with its checks and, for showing beside it only, the document; `parts` for a file of many."""

    verdict: Verdict
    checks: tuple[Check, ...]
    format: str = ""
    name: str = ""
    test: bool = False
    document: dict[str, Any] | None = None
    parts: tuple[Judged, ...] = ()
    part_count: int = 0
    told: dict[str, Any] = field(default_factory=dict)


def judge_own(credential: Credential | Issued) -> Judged:
    """Judge a credential the register holds; one whose text was erased here cannot be checked without the file."""
    if not credential.document:
        return _cannot("credential_absent", format="register")
    report = verify_document(credential.signed_document, trust=trusting.live(), now=clock.now())
    return _of(report)


def _of(report: Report) -> Judged:
    return Judged(
        report.verdict, report.checks, report.format, report.name, report.test, report.document, told=report.to_json()
    )


def judge_file(data: bytes, name: str = "", *, live: dict[str, str | None] | None = None) -> Judged:
    """Judge any bytes. Whatever they do to the child process, a verdict comes back.

    `live` (challenge, domain) means that the bytes are JSON shown to us now, so that a presentation must answer.
    """
    if len(data) > LARGEST:
        return _cannot("file_too_large", limit=LARGEST)
    trust = trusting.live()
    with tempfile.NamedTemporaryFile(prefix="sunmao-") as held:
        held.write(data)
        held.flush()
        told = _ask_child(Path(held.name), name, trust, {} if live is None else {"live": live})
    return _read(told) if told else _cannot("internal", kind="limit")


def _cannot(code: str, **params: Any) -> Judged:
    check = Check("format", State.BAD, code, params)
    return _of(Report(Verdict.CANNOT_CHECK, (check,)))


def _read(told: dict[str, Any]) -> Judged:
    checks = tuple(Check(row["name"], State(row["state"]), row["code"], row["params"]) for row in told["checks"])
    document = told.pop("document", None)
    parts = tuple(_read(dict(part)) for part in told.get("parts", ()))
    for part in told.get("parts", ()):
        part.pop("document", None)
    return Judged(
        Verdict(told["verdict"]), checks, told["format"], told["name"], told["test"], document, parts,
        told.get("part_count", 0), told,
    )  # fmt: skip


def _ask_child(path: Path, name: str, trust: Trust, more: dict[str, Any]) -> dict[str, Any] | None:
    """Return what the child reports, answering what it asks on the way; None where it died or took too long."""
    issuers = [dataclasses.asdict(issuer) for issuer in trust.issuers.values()]
    told = {"issuers": issuers, "now": clock.now(), "name": name, **more}
    given = json.dumps(told, default=lambda value: value.isoformat())
    environment = {key: value for key, value in os.environ.items() if key in ("PATH", "PYTHONPATH", "LANG")}
    child = subprocess.Popen(
        [sys.executable, "-m", "sunmao.portal.judge", str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
    )  # fmt: skip
    end = threading.Timer(SECONDS, child.kill)
    end.start()
    try:
        return _converse(child, given, trust)
    except (BrokenPipeError, ValueError, KeyError, RecursionError):
        return None
    finally:
        end.cancel()
        child.kill()
        child.communicate()


def _converse(child: subprocess.Popen[bytes], given: str, trust: Trust) -> dict[str, Any] | None:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(given.encode() + b"\n")
    child.stdin.flush()
    while line := child.stdout.readline(LONGEST_LINE):
        said = json.loads(line)
        if "report" in said:
            found: dict[str, Any] = said["report"]
            return found
        child.stdin.write(json.dumps(_answer(said, trust)).encode() + b"\n")
        child.stdin.flush()
    return None


def _answer(said: dict[str, Any], trust: Trust) -> Any:
    key = str(said["key"])
    if said["ask"] == "status":
        return trust.status_lists.get(key)
    moment = trust.witnessed.get(key)
    return moment.isoformat() if moment else None
