"""`sunmao seal`, `sunmao doctor`, `sunmao witness`: the log sealed, examined, and held to roots kept outside.

sunmao seal                        seal what is committed; prints the checkpoint, which anyone may keep
sunmao witness FILE --who NAME     enter a checkpoint that someone outside kept
sunmao doctor                      hold the register against its log; exit 1 where something differs
"""

from __future__ import annotations

import argparse
import json
import os
import select
import sys
from pathlib import Path

from django.core.exceptions import ValidationError


def seal(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunmao seal", description=__doc__)
    parser.add_argument("--every", type=float, metavar="SECONDS", help="go on until the standard input ends")
    asked = parser.parse_args(argv)
    from sunmao.kernel import sealing
    from sunmao.kernel.models import Checkpoint

    if asked.every:
        return _seal_on(asked.every)
    made = sealing.seal() or Checkpoint.objects.order_by("-size").first()
    if made is None:
        print("The log is empty.", file=sys.stderr)
        return 0
    print(json.dumps(sealing.note_of(made), indent=2))
    return 0


def _seal_on(seconds: float) -> int:
    """Seal, go on with the rounds of review, wait, and so on; whoever started it keeps the standard input open as long as it shall run."""
    from django.core.exceptions import ValidationError
    from django.db import DatabaseError, connection

    from sunmao.kernel import erasing, imports, sealing
    from sunmao.recognition.actions import catch_up
    from sunmao.recognition.reactions import REVIEWER

    while True:
        idle = True
        try:
            sealing.seal()
            erasing.keep_list()
            imports.expire()
            idle = catch_up(seconds, by=REVIEWER)
        except (DatabaseError, ValidationError) as error:  # busy or away; what is left is taken up next time
            print(f"sunmao seal: {error}", file=sys.stderr, flush=True)
        connection.close()
        readable, _w, _x = select.select([sys.stdin], [], [], seconds if idle else 0)
        if readable and not os.read(sys.stdin.fileno(), 1024):
            return 0


def witness(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunmao witness", description=__doc__)
    parser.add_argument("file", type=Path, help="a checkpoint as `sunmao seal` prints it")
    parser.add_argument("--who", required=True, help="who kept it")
    asked = parser.parse_args(argv)
    from sunmao.kernel import sealing

    try:
        held = json.loads(asked.file.read_text(encoding="utf-8"))
        row = sealing.witness(int(held["size"]), str(held["root"]), asked.who)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"sunmao witness: this is no checkpoint ({error}).", file=sys.stderr)
        return 2
    except ValidationError as error:
        print("sunmao witness: " + " ".join(error.messages), file=sys.stderr)
        return 1
    print(f"entered: {row.who} kept {row.root} at size {row.size}")
    return 0


def declare_loss(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunmao declare-loss", description=__doc__)
    parser.add_argument("--why", required=True, help="what was lost and how; stays in the log for good")
    parser.add_argument("--as", dest="who", required=True, metavar="PERSON", help="an e-mail or a person's code")
    asked = parser.parse_args(argv)
    from sunmao.kernel import changes, loss
    from sunmao.kernel.models import Change
    from sunmao.site.commands.records import person

    by = person(asked.who)
    if by is None or not by.holds("secretariat"):
        print("sunmao declare-loss: only the secretariat declares a loss.", file=sys.stderr)
        return 3
    held = loss.missing()
    if held is None:
        print("sunmao declare-loss: nothing that others witnessed is missing.", file=sys.stderr)
        return 1
    facts = {"witnessed_size": held["size"], "witnessed_root": held["root"], "entries_left": Change.objects.count()}
    with loss.declared(held):
        changes.note(by.person, by=by, deed="declare_loss", why=asked.why, facts=facts)
    print(f"declared: entries up to {held['size']} that {held.get('who')} had witnessed are lost; writing goes on")
    return 0


def erase_again(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunmao erase-again", description=__doc__)
    parser.add_argument("--as", dest="who", required=True, metavar="PERSON", help="an e-mail or a person's code")
    asked = parser.parse_args(argv)
    from sunmao.kernel import erasing
    from sunmao.site.commands.records import person

    by = person(asked.who)
    if not by.holds("secretariat"):
        print("sunmao erase-again: only the secretariat does this.", file=sys.stderr)
        return 3
    print(f"erased again: {erasing.again(by=by, why='Erased before; brought back by a restored backup')}")
    return 0


def doctor(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunmao doctor", description=__doc__)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(argv)
    from sunmao.kernel import doctor as kernel_doctor

    found = list(kernel_doctor.examine())
    if asked.json:
        print(json.dumps([{"place": item.place, "says": item.says} for item in found], indent=2))
    else:
        for item in found:
            print(f"{item.place}: {item.says}")
        print(f"{len(found)} findings" if found else "All is as the log says.")
    return 1 if found else 0
