"""The command line. Imports Django only for the commands that need it; `verify` never does.

Writes need `--as PERSON` (an account's e-mail or a person's code) and ask the same policy as the pages.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

# name → (module:function, what it does, needs Django)
COMMANDS: dict[str, tuple[str, str, bool]] = {
    "serve": ("sunmao.site.commands.serve:main", "serve the pages and the REST interface", False),
    "setup": ("sunmao.site.commands.setup:main", "make or bring up to date the database", True),
    "demo": ("sunmao.site.commands.demo:main", "load the demonstration register, then serve it", True),
    "records": (
        "sunmao.site.commands.records:main",
        "list, show, add, edit or delete records of a desk",
        True,
    ),
    "do": ("sunmao.site.commands.records:deed", "do a deed on a record", True),
    "import": ("sunmao.site.commands.imports:main", "bring a sheet into a desk", True),
    "export": ("sunmao.site.commands.imports:export", "write a desk's rows as CSV or XLSX", True),
    "person": ("sunmao.site.commands.person:main", "make a person with an account and a role", True),
    "issue": ("sunmao.site.commands.issue:main", "issue credentials to everyone on a list", True),
    "papers": ("sunmao.site.commands.papers:main", "write the papers of a conferral or a list, each a PDF", True),
    "key": ("sunmao.site.commands.key:main", "list, make, rotate or retire signing keys of institutions", True),
    "seal": ("sunmao.site.commands.trust:seal", "seal the log and print the checkpoint for anyone to keep", True),
    "witness": ("sunmao.site.commands.trust:witness", "enter a checkpoint that someone outside kept", True),
    "declare-loss": (
        "sunmao.site.commands.trust:declare_loss",
        "say that witnessed entries are lost; write again",
        True,
    ),
    "erase-again": ("sunmao.site.commands.trust:erase_again", "erase what a restored backup brought back", True),
    "doctor": ("sunmao.site.commands.trust:doctor", "hold the register against its log", True),
    "today": ("sunmao.site.commands.today:main", "show what waits for a person", True),
    "remind": ("sunmao.site.commands.remind:main", "send each person's reminders of the day", True),
    "figures": ("sunmao.site.commands.figures:main", "show figures with what others reported", True),
    "recognised": (
        "sunmao.site.commands.recognition:recognised",
        "show where a programme is recognised today",
        True,
    ),
    "coverage": (
        "sunmao.site.commands.recognition:coverage",
        "show what programmes of one country cover of profiles of another",
        True,
    ),
    "unlocking": (
        "sunmao.site.commands.recognition:unlocking",
        "show which single row, instrument or module would open most",
        True,
    ),
    "letter": ("sunmao.site.commands.recognition:letter", "write the letter of a decision as PDF", True),
    "clock": ("sunmao.site.commands.recognition:clock", "show the time to decide of a case", True),
    "review": ("sunmao.site.commands.recognition:review", "look again at the decisions that changes touched", True),
    "transcript": ("sunmao.site.commands.transcript:main", "write a learner's credentials as ELM or ELMO", True),
    "trust": ("sunmao.site.commands.bundle:main", "write what is known of issuers as a signed bundle", True),
    "align": (
        "sunmao.site.commands.standards:align",
        "propose what corresponds between two standards",
        True,
    ),
    "align-eval": (
        "sunmao.standards.align_command:main",
        "measure the alignment of standards on files of one's own",
        False,
    ),
    "vc-api": ("sunmao.vc.server:main", "serve a VC-API for testing over HTTPS", False),
    "jose": ("sunmao.vc.jose_command:main", "sign a credential as a JWT, or check one", False),
    "learner-record": (
        "sunmao.site.commands.learner_record:main",
        "write what a learner holds as one signed record",
        True,
    ),
    "share": ("sunmao.vc.share_command:main", "show a part of an SD-JWT credential", False),
    "verify": ("sunmao.site.commands.verify:main", "check a credential offline", False),
}


def usage() -> str:
    lines = ["usage: sunmao COMMAND [options]", ""]
    lines += [f"  {name:<12} {summary}" for name, (_target, summary, _django) in COMMANDS.items()]
    return "\n".join(
        [
            *lines,
            "",
            "sunmao COMMAND --help says more. SUNMAO_HOME names the data folder (default ~/.sunmao).",
        ]
    )


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code (2 where the words do not fit)."""
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] in ("-h", "--help", "help"):
        print(usage())
        return 0 if words else 2
    found = COMMANDS.get(words[0])
    if found is None:
        print(f"sunmao: there is no command “{words[0]}”.\n\n{usage()}", file=sys.stderr)
        return 2
    target, _summary, needs_django = found
    if needs_django:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sunmao.site.settings")
        import django

        django.setup()
    module, _colon, function = target.partition(":")
    try:
        return int(getattr(import_module(module), function)(words[1:]) or 0)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0
    except Exception as error:
        if not needs_django:
            raise
        from sunmao.kernel import busy

        if busy.is_busy(error):
            print(f"sunmao {words[0]}: {busy.words()}", file=sys.stderr)
            return busy.EXIT
        if not _is_behind(error):
            raise
        print(
            f"sunmao {words[0]}: the database is not made yet or older than this version; “sunmao setup” mends that.",
            file=sys.stderr,
        )
        return 1


def _is_behind(error: Exception) -> bool:
    """True where the database refused because its tables are those of an earlier version, or not made yet."""
    from django.db import DatabaseError

    from sunmao.site.commands import setup

    return isinstance(error, DatabaseError) and setup.steps_left() > 0


if __name__ == "__main__":
    raise SystemExit(main())
