"""The child process that judges a file nobody here wrote: limited in time and memory, without database or network.

First one line of JSON comes in from the parent (issuers, instant, file name); then the child may ask for status
lists and witnessed digests, a line each, and ends with the report as one line.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sunmao.vc import checks, strict_json
from sunmao.vc.command import import_without_network
from sunmao.vc.contexts import default_contexts
from sunmao.vc.trust import KnownIssuer, Trust, TrustedKey
from sunmao.vc.verify import verify, verify_asked

SECONDS = 20  # of computing
MEMORY = 2 * 1024 * 1024 * 1024
INSTANTS = ("valid_from", "valid_until", "compromised_since")
SHOWN_PARTS = 50  # of a file of many, so many are told one by one


class Asked(Mapping[str, Any]):
    """Values the parent looks up when the verifier asks for them."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __getitem__(self, key: str) -> Any:
        _tell({"ask": self.kind, "key": key})
        found = json.loads(sys.stdin.buffer.readline())
        if found is None:
            raise KeyError(key)
        return datetime.fromisoformat(found) if self.kind == "witnessed" else found

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _tell(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def _issuer(row: dict[str, Any]) -> KnownIssuer:
    keys = tuple(TrustedKey(**{name: _restored(name, value) for name, value in key.items()}) for key in row["keys"])
    return KnownIssuer(row["id"], row["names"], keys, row["test"])


def _restored(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if value and name in INSTANTS else value


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    import_without_network()
    given = json.loads(sys.stdin.buffer.readline())
    issuers = {row["id"]: _issuer(row) for row in given["issuers"]}
    trust = Trust(issuers, Asked("status"), Asked("witnessed"), accept_test=True)
    now = datetime.fromisoformat(given["now"])
    data = Path(sys.argv[1]).read_bytes()
    if "live" in given:
        asked = checks.Asked(trust, now, default_contexts(), live=True, **given["live"])
        report = verify_asked(strict_json.loads_object(data), asked)
    else:
        report = verify(data, trust=trust, now=now, name=given["name"])
    told = report.to_json()
    told["document"] = report.document
    told["parts"] = [{**part.to_json(), "document": part.document} for part in report.parts[:SHOWN_PARTS]]
    told["part_count"] = len(report.parts)
    _tell({"report": told})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
