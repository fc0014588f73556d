"""``sunmao verify FILE...``: the verifier on the command line, offline, without Django, in plain text.

Exit: 0 genuine and in force, 1 not, 2 cannot be checked, 3 genuine but the issuer is unknown; of several
files the worst counts. The heavy parts are imported only when a file is there to be judged. Each file is judged in a
child process with limits on time and memory, so that a hostile one ends that process and not the whole run.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from sunmao.vc.report import Report
    from sunmao.vc.trust import Trust

CANNOT = 2
_MARKS = {"good": "+", "bad": "x", "unknown": "?", "not asked": "-"}
SECONDS = 20  # of computing on one file
CLOCK_SECONDS = 60  # until the answer must be there; a busy machine computes slowly
LINES = ".jsonl"  # one credential a line; such a file may take as long as it is
MEMORY = 4 * 1024 * 1024 * 1024  # of the child, with the trust bundle that it shares


def main(argv: list[str], *, default_trust: Path | None = None) -> int:
    """Verify the files named in ``argv`` and return the exit code.

    ``default_trust`` is a bundle used when ``--trust`` is absent; by default ``trust.json`` in the data
    folder ($SUNMAO_HOME, else ``.home`` here), where there is one.
    """
    options = _parser().parse_args(argv)
    # Names in any script must not stop the report on a terminal of one script.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    now = datetime.now(UTC)
    bundle = options.trust or default_trust or _home_bundle()
    trust = _load_trust(bundle, options.signer, now) if bundle is not None else None
    if bundle is not None and trust is None:
        return CANNOT
    from sunmao.vc.report import EXIT_CODES, worst

    reports = [_report_on(path, trust, now) for path in options.files]
    if options.json:
        told = [report.to_json() | {"recognised": _recognised(report, trust)} for report in reports]
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print("\n\n".join(_text(report, trust) for report in reports))
        if trust is not None and trust.made_at is not None:
            made, age = f"{trust.made_at:%Y-%m-%d}", trust.age_days(now)
            print(f"\nTrust bundle of {made} ({age} days old), signed by {trust.signer}.")
    return EXIT_CODES[worst(report.verdict for report in reports)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sunmao verify",
        description="Check credentials offline: JSON, JWT, PDF, PNG, SVG, QR code, a ZIP of many, or one a line (.jsonl).",
        epilog="Exit: 0 genuine and in force, 1 not, 2 cannot be checked, 3 genuine but issuer unknown.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file, or - for standard input")
    parser.add_argument("--trust", type=Path, metavar="BUNDLE", help="a signed trust bundle")
    parser.add_argument("--signer", default="", metavar="DID", help="the did:key that must have signed the bundle")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _home_bundle() -> Path | None:
    path = Path(os.environ.get("SUNMAO_HOME") or ".home") / "trust.json"
    return path if path.is_file() else None


def _load_trust(path: Path, signer: str, now: datetime) -> "Trust | None":
    from sunmao.vc.errors import VcError
    from sunmao.vc.trust import MAX_BUNDLE_BYTES, load_bundle

    try:
        if path.stat().st_size > MAX_BUNDLE_BYTES:
            raise VcError("file_too_large", limit=MAX_BUNDLE_BYTES)
        return load_bundle(path.read_bytes(), now=now, signer=signer)
    except OSError as error:
        print(f"The trust bundle {path} cannot be read: {error.strerror}.", file=sys.stderr)
    except VcError as error:
        print(f"The trust bundle {path} is refused. {error}", file=sys.stderr)
    return None


def _report_on(name: str, trust: "Trust | None", now: datetime) -> "Report":
    from sunmao.vc.containers import MAX_FILE_BYTES
    from sunmao.vc.report import Check, Report, State, Verdict

    if name.endswith(LINES) and Path(name).is_file():
        told = _judged_apart(_judge_lines, Path(name), trust, now, name, None)
        return told or Report(
            Verdict.CANNOT_CHECK, (Check("format", State.BAD, "internal", {"kind": "limit"}),), name=name
        )
    try:
        # One byte more than is accepted shows that a file is too large without reading all of it.
        if name == "-":
            data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
        else:
            with open(name, "rb") as stream:
                data = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        check = Check("format", State.BAD, "file_unreadable", {"detail": str(error.strerror)})
        return Report(Verdict.CANNOT_CHECK, (check,), name=name)
    told = _judged_apart(_judge, data, trust, now, name, CLOCK_SECONDS)
    return told or Report(Verdict.CANNOT_CHECK, (Check("format", State.BAD, "internal", {"kind": "limit"}),), name=name)


def _judged_apart(
    judge: Callable[..., None], given: Any, trust: "Trust | None", now: datetime, name: str, seconds: float | None
) -> "Report | None":
    """Judge in a child process; None where it came to a limit or died."""
    from multiprocessing import get_context

    processes = get_context("fork")
    ours, theirs = processes.Pipe(duplex=False)
    child = processes.Process(target=judge, args=(theirs, given, trust, now, name))
    child.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(seconds) else None
    except EOFError:
        return None
    finally:
        child.kill()
        child.join()
        ours.close()


def _judge(answer: "Connection", data: bytes, trust: "Trust | None", now: datetime, name: str) -> None:
    import resource

    import_without_network()
    from sunmao.vc.verify import verify

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    answer.send(verify(data, trust=trust, now=now, name=name))


def _judge_lines(answer: "Connection", path: Path, trust: "Trust | None", now: datetime, name: str) -> None:
    import resource

    import_without_network()
    from sunmao.vc.lines import judge_lines

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answer.send(judge_lines(path, trust=trust, now=now, name=name))


def import_without_network() -> None:
    """Import the JSON-LD processor without the libraries by which it could fetch: they take a third of the time to start,
    and nothing is ever fetched. Absent, they leave it without a way out."""
    away = [name for name in ("requests", "aiohttp") if name not in sys.modules]
    sys.modules.update(dict.fromkeys(away))  # type: ignore[arg-type]
    try:
        import pyld  # noqa: F401
    finally:
        for name in away:
            del sys.modules[name]


def _recognised(report: "Report", trust: "Trust | None") -> list[dict[str, Any]]:
    """Return what the bundle says of recognition of a credential that holds; of another nothing."""
    if trust is None or report.exit_code or report.document is None:
        return []
    return trust.recognised(report.document)


def _text(report: "Report", trust: "Trust | None", indent: str = "") -> str:
    lines = [f"{indent}{_clean(report.name) or 'credential'}: {report.sentence}"]
    if report.test:
        lines.append(f"{indent}  ! Demonstration: signed with a test key.")
    for check in report.checks:
        lines.append(f"{indent}  {_MARKS[check.state]} {check.name}: {_clean(check.sentence)}")
        lines += [f"{indent}    {count} {verdict}" for verdict, count in check.params.get("verdicts", {}).items()]
    lines += _said(report, indent + "    ")
    found = _recognised(report, trust)
    if found:
        lines.append(f"{indent}  Where it may be recognised, as of the bundle; an indication, not a decision:")
    lines += [f"{indent}    {_in_english(row, 'title')}. {_in_english(row, 'says')}" for row in found]
    lines += [_text(part, trust, indent + "  ") for part in report.parts]
    return "\n".join(lines)


def _said(report: "Report", indent: str) -> list[str]:
    """Return what a file says that carries no proof of ours; nobody vouches for it."""
    if report.transcript is None:
        return []
    from sunmao.vc.transcripts.view import told

    rows = [(depth, label.replace("_", " "), value) for depth, label, value in told(report.transcript) if value]
    return [f"{indent}{'  ' * depth}{label}: {_clean(value)}" for depth, label, value in rows]


def _in_english(row: dict[str, Any], name: str) -> str:
    held = row.get(name)
    return _clean(str(held.get("en", ""))) if isinstance(held, dict) else ""


def _clean(text: str) -> str:
    """Return the text without what could steer a terminal or turn its direction."""
    return "".join(c if c.isprintable() else " " for c in text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
