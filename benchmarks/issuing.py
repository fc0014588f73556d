"""Many credentials of one shape: signed, written, and verified from the written bytes by a process that knows nothing.

One core, in CPU time of the process, so that other work on the machine does not count. The raw rates are PyNaCl's own on
64-byte messages, taken in the same process before and after. What the fresh process does not find genuine earns nothing.
The peer is @digitalbazaar/vc under Node with the same contexts at hand; it
issues and verifies some hundreds of the same credentials.

    python -m benchmarks.issuing issue FILE COUNT | verify FILE | shapes FILE
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sunmao.vc import issue, press, shapes, status
from sunmao.vc.contexts import SHIPPED, default_contexts
from sunmao.vc.keys import PrivateKey

COUNT = 100_000
PEER_COUNT = 300
NODE = Path(__file__).resolve().parents[1] / "tests" / "interop"
KEY = PrivateKey(bytes(range(32)))
DAY = datetime(2026, 6, 1, tzinfo=UTC)
LIST = "https://register.example.org/status/ORG-00001/1"
HOLES: tuple[shapes.Path, ...] = (
    ("id",), ("validFrom",), ("awardedDate",), ("credentialSubject", "id"),
    ("credentialSubject", "identifier", 0, "identityHash"), ("credentialSubject", "narrative"),
    ("credentialSubject", "result", 0, "value"), ("credentialStatus", 0, "id"), ("credentialStatus", 0, "statusListIndex"),
    ("credentialStatus", 1, "id"), ("credentialStatus", 1, "statusListIndex"),
)  # fmt: skip


def sample() -> dict[str, Any]:
    """Return a credential as `sunmao issue` writes it: names in three languages, one result, two status entries."""
    college = issue.Institution(
        KEY.public.did, {"en": "Shipping College", "zh": "海运学院", "ru": "Морской колледж"}, country="CN",
        url="https://college.example.org/", identifiers=[("ext:moe", "4112010")],
    )  # fmt: skip
    achievement = issue.Achievement(
        "https://register.example.org/awards/AWD-00001/", {"en": "Modern logistics", "zh": "现代物流管理", "ru": "Логистика"},
        {"en": "Training certificate. It does not belong to formal education."}, "Every critical outcome.", code="AWD-00001",
        version="2026", field_of_study="Logistics", creator=college,
        outcomes=(issue.Outcome("https://register.example.org/awards/AWD-00001/#result", "Result"),),
        alignments=(issue.Alignment("Modern logistics", "urn:uuid:019c0000-0000-7000-9000-000000000001", code="610101"),),
    )  # fmt: skip
    return issue.achievement_credential(
        id="urn:uuid:019a0000-0000-7000-8000-000000000001", issuer=college, achievement=achievement, valid_from=DAY,
        recipient=issue.Recipient(name="Nodira Karimova", id="did:example:1"), results=[issue.ResultValue(achievement.outcomes[0].id, value="87")],
        details=issue.Details(narrative="Took part in the harbour project.", awarded_at=DAY),
        status=[status.status_entry(f"{LIST}/{purpose}", 1, purpose=purpose) for purpose in ("revocation", "suspension")],
    )  # fmt: skip


def rows(count: int) -> Iterator[list[str]]:
    """Yield the values of each credential: names in several scripts, quotes, one day in thirty."""
    names = (
        "Nodira Karimova",
        "李小龙 (Li Xiaolong)",
        "Пётр Иванов",
        'Aziz "Az" O\'Brien',
        "Ayşe Yılmaz 👩🏽‍🔧",
        "علي بن محمد",
    )
    for number in range(count):
        day = f"2026-06-{number % 30 + 1:02}T00:00:00Z"
        index = str(number % status.MIN_BITS)
        yield [
            f"urn:uuid:019a0000-0000-7000-8000-{number:012x}", day, day, f"did:example:{number}",
            f"{names[number % 6]} {number}", f"Took part in project {number % 97}.\nLine two", str(number % 101),
            f"{LIST}/revocation#{index}", index, f"{LIST}/suspension#{index}", index,
        ]  # fmt: skip


def rate(work: Callable[[], object], seconds: float = 1.0) -> float:
    """Return how often per second something can be done."""
    done, begun = 0, time.process_time()
    while (spent := time.process_time() - begun) < seconds:
        for _turn in range(100):
            work()
        done += 100
    return done / spent


def raw_sign() -> float:
    from nacl.signing import SigningKey

    key, message = SigningKey(KEY.seed), bytes(64)
    return rate(lambda: key.sign(message))


def raw_verify() -> float:
    from nacl.signing import SigningKey

    key, message = SigningKey(KEY.seed), bytes(64)
    signature, public = key.sign(message).signature, key.verify_key
    return rate(lambda: public.verify(message, signature))


def _issue(path: Path, count: int) -> dict[str, float]:
    """Sign and write `count` credentials; everything from the values to the bytes on the disk counts."""
    from nacl.signing import SigningKey  # noqa: F401  (loaded before the clock runs)

    given = rows(count)
    before = raw_sign()
    machine = press.Press(sample(), HOLES, KEY, method=KEY.public.did_method)
    begun = time.process_time()
    with path.open("wb", buffering=1 << 20) as out:
        for values in given:
            out.write(machine.issue(values, created=DAY).line + b"\n")
    spent = time.process_time() - begun
    return {"rate": count / spent, "raw": (before + raw_sign()) / 2, "general": machine.general}


def _verify(path: Path) -> dict[str, float]:
    """Verify every line of a file; the identifiers of genuine ones must all differ."""
    from sunmao.vc.checks import Asked
    from sunmao.vc.known import Known
    from sunmao.vc.report import Verdict
    from sunmao.vc.trust import Trust

    before = raw_verify()
    known = Known(Asked(Trust(), datetime(2026, 7, 2, tzinfo=UTC), default_contexts()))
    genuine: set[bytes] = set()
    begun = time.process_time()
    with path.open("rb") as lines:
        for line in lines:
            if known.verify(line.rstrip(b"\n")).verdict == Verdict.UNKNOWN_ISSUER:
                genuine.add(line.partition(b'"id":"')[2][:45])
    spent = time.process_time() - begun
    return {
        "genuine": len(genuine), "rate": len(genuine) / spent, "raw": (before + raw_verify()) / 2, "general": known.general,
    }  # fmt: skip


def _shapes(path: Path) -> dict[str, float]:
    """Verify lines the general way, as any valid shape is; and the same by openbadgeslib."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from openbadgeslib.ob3.ldp import verify_data_integrity_proof

    from sunmao.vc.report import Verdict
    from sunmao.vc.verify import verify

    with path.open("rb") as held:
        lines = [line for line, _turn in zip(held, range(100), strict=False)]
    now = datetime(2026, 7, 2, tzinfo=UTC)
    public = Ed25519PublicKey.from_public_bytes(KEY.public.raw)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    found: dict[str, float] = {}
    for name, judge in (
        ("general", lambda line: verify(line, now=now).verdict == Verdict.UNKNOWN_ISSUER),
        ("openbadgeslib", lambda line: verify_data_integrity_proof(json.loads(line), pem) is None),
    ):
        judge(lines[0])
        begun = time.process_time()
        good = sum(bool(judge(line)) for line in lines)
        found[name] = good / (time.process_time() - begun)
    return found


def _child(*words: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.issuing", *words], stdout=subprocess.PIPE, check=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def peer(path: Path) -> dict[str, float]:
    """Return the rates of @digitalbazaar/vc; FileNotFoundError where Node or the packages are missing."""
    if shutil.which("node") is None or not (NODE / "node_modules").is_dir():
        raise FileNotFoundError("Node or its packages are missing: run `make interop` once")
    with path.open("rb") as held:
        lines = [line.decode() for line, _turn in zip(held, range(PEER_COUNT), strict=False)]
    given = {"contexts": {url: default_contexts().document(url) for url in SHIPPED}, "lines": lines}
    done = subprocess.run(
        ["node", "rates.mjs"], cwd=NODE, input=json.dumps(given), stdout=subprocess.PIPE, check=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(count: int = COUNT) -> dict[str, dict[str, float]]:
    """Return the figures of issuing, verifying, any shape, and the peer."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "credentials.jsonl"
        issued = _child("issue", str(path), str(count))
        verified = _child("verify", str(path))
        issued["rate"] *= verified["genuine"] / count
        return {"issue": issued, "verify": verified, "shapes": _child("shapes", str(path)), "peer": peer(path)}


if __name__ == "__main__":
    word, place, *more = sys.argv[1:]
    if word == "issue":
        told = _issue(Path(place), int(more[0]))
    else:
        told = {"verify": _verify, "shapes": _shapes}[word](Path(place))
    print(json.dumps(told))
