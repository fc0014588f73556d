"""``sunmao share FILE``: what of an SD-JWT can be shown, and the part its holder chooses, offline and without Django.

Exit: 0 done, 1 not done.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from sunmao.vc import sdjwt, strict_json
from sunmao.vc.disclosing import Way, way_text
from sunmao.vc.errors import VcError
from sunmao.vc.strict_json import MAX_BYTES


def main(argv: list[str]) -> int:
    """Tell what can be shown or write the part that is; return the exit code."""
    options = _parser().parse_args(argv)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    try:
        with options.file.open("rb") as stream:
            text = _ascii(stream.read(MAX_BYTES + 1))
        held = sdjwt.disclosed(text)
        if options.show is None:
            print("\n".join(f"{way_text(way)}  {_short(value)}" for way, value in held.items()))
            return 0
        key = strict_json.loads_object(options.key.read_bytes()) if options.key else None
        made = sdjwt.present(
            text, [_way(name, held) for name in options.show], key=key, audience=options.audience, nonce=options.nonce
        )
        if options.out:
            options.out.write_text(made, encoding="ascii")
        else:
            print(made)
    except VcError as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sunmao share", description="Tell what of an SD-JWT can be shown, and write the part you choose."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the SD-JWT, with everything disclosed")
    parser.add_argument("--show", nargs="*", metavar="PLACE", help="what to show, as told without this option")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the part goes, else it is printed")
    parser.add_argument("--key", type=Path, metavar="FILE", help="your private key (JWK), where it is bound to one")
    parser.add_argument("--audience", default="", help="for whom you sign, with --key")
    parser.add_argument("--nonce", default="", help="the question that you answer, with --key")
    return parser


def _way(name: str, held: dict[Way, Any]) -> Way:
    """Return the disclosed way of a JSON pointer, or what it leads to or into."""
    for way in held:
        for end in range(1, len(way) + 1):
            if way_text(way[:end]) == name:
                return way[:end]
    raise VcError("sd_way_absent")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    clean = "".join(c if c.isprintable() else " " for c in text)
    return clean if len(clean) <= 120 else clean[:119] + "…"


def _ascii(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        raise VcError("encoding_bad", kind="SD-JWT") from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
