"""`sunmao trust`: what this register knows of issuers, as one signed file for machines that never connect.

  sunmao trust export [FILE]     write the bundle (default: trust.json in the data folder, where `verify` finds it)

The bundle holds issuers' keys old and new, their status lists, what outsiders had witnessed before a theft, and where
awards are recognised today; it is signed by the register's key, whose did:key is printed, so that
`sunmao verify --trust FILE --signer DID` can insist on it. Test keys never enter it.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunmao trust", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("verb", choices=("export",))
    parser.add_argument("file", nargs="?", type=Path)
    asked = parser.parse_args(argv)
    from django.conf import settings

    from sunmao.credentials import trusting
    from sunmao.kernel.sealing import register_key

    target = asked.file or settings.SUNMAO_HOME / "trust.json"
    half = target.with_name(f".{target.name}.new")
    half.write_bytes(trusting.bundle())
    half.replace(target)  # a reader never meets half a bundle
    print(f"{target}\nsigned by {register_key().public.did}")
    return 0
