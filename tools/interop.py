"""Hold what is issued here against others under Node, @digitalbazaar/vc and @sd-jwt/core, and what they issue against us.

Three questions, each with its count: does the sample, hostile values included, verify on both sides, in every
format; does what the other side issues verify here; and is a credential with any one byte changed refused on both
sides, or read as the very same signed content. ``--every N`` tries each Nth byte only. Exit 0 when all hold.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sunmao.vc import elliptic, integrity, issue, jose, keys, sdjwt, status, strict_json, verify
from sunmao.vc.contexts import SHIPPED, default_contexts
from sunmao.vc.errors import VcError

PEER = Path(__file__).resolve().parents[1] / "tests" / "interop"
JWT, SD_JWT = "jwt", "sd-jwt"
EMBEDDED = (*integrity.SUITES, integrity.ECDSA)
FORMATS = (*EMBEDDED, JWT, SD_JWT)
ISSUED_THERE = (*EMBEDDED, SD_JWT)
ACCEPTED = (0, 3)
SEED = bytes(range(32))
MADE = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
# What names and texts of real people and unreal ones may hold.
HOSTILE = {
    "plain": "Nodira Karimova",
    "control characters": "".join(chr(code) for code in (1, 2, 7, 8, 9, 10, 11, 12, 13, 14, 27, 31, 127, 133, 159)),
    "quotes and slashes": "\"O'Brien\" \\ / \\\\ \\u0041 <b>&amp;</b> ${x} {{y}} '; DROP",
    "right-to-left marks": "\u202eevil\u202c \u200fعلي بن محمد\u200e \u2066isolate\u2069",
    "emoji": "👩🏽‍🔧 🇹🇷🇨🇳 \U0001f469\u200d\U0001f52c \U0010fffd",
    "look-alikes": "Раураl vs Paypal, ᎪΒС vs ABC, ﬁ vs fi, é vs e\u0301, K vs K, \u00a0\u2003\u200b\ufeff",
    "Chinese, old and rare": "㐀㐁 𠀀𪜀 鲁班工坊 （张三）",
    "line separators": "one\u2028two\u2029three\u0085four",
    "replacement and private use": "\ufffd \ue000 \U000f0000",
    "like a number": "1e400 -0 NaN 007 1.0",
    "like JSON-LD": "@id @type _:b0 did:key:z6Mk https://example.com/?a=1&b=2#c",
    "long": "名" * 10_000,
    "long and mixed": ('a\u0301"\\\n👍' * 2_000)[:10_000],
}


class Peer:
    """The other implementation as a process: a question in, an answer out."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, **question: Any) -> dict[str, Any]:
        """Return its answer: ``good``, with ``content``, or not, with ``reason``."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def peer() -> Iterator[Peer]:
    """Start the other implementation with the contexts shipped here."""
    process = subprocess.Popen(
        ["node", str(PEER / "peer.mjs")],
        cwd=PEER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        other = Peer(process)
        other.ask(contexts={url: default_contexts().document(url) for url in SHIPPED})
        yield other
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(timeout=20)


def badge(text: str, issuer: str, form: str) -> dict[str, Any]:
    """Return an unsigned badge with a text in every place where people may write.

    Texts in a second language bring a context inside the document; the other side's eddsa-jcs-2022 compares
    contexts by identity and so refuses every such document, also its own. There the badge has one language.
    """
    several = {"en": text} if form == integrity.JCS else {"en": text, "zh-hans": text, "ru": text}
    college = issue.Institution(issuer, several, url="https://college.example/")
    outcome = issue.Outcome("urn:x:outcome:1", text)
    return issue.achievement_credential(
        id="urn:uuid:019a0000-0000-7000-8000-000000000001",
        issuer=college,
        recipient=issue.Recipient(text, "urn:uuid:019a0000-0000-7000-8000-000000000003"),
        achievement=issue.Achievement(
            "urn:uuid:019a0000-0000-7000-8000-000000000002",
            several,
            {"en": text},
            text,
            code=text,
            tags=(text,),
            alignments=(issue.Alignment(text, "https://standard.example/1", code=text),),
            outcomes=(outcome,),
        ),
        valid_from=MADE,
        results=(issue.ResultValue(outcome.id, value=text),),
        status=(status.status_entry("https://college.example/status/1", 94567, purpose="revocation"),),
        details=issue.Details(registration_number=text, narrative=text, credits_earned=7.5),
    )


def key_for(form: str) -> keys.AnyPrivateKey:
    """Return the key that signs a format."""
    return elliptic.EllipticPrivateKey(elliptic.P256, SEED) if form == integrity.ECDSA else keys.PrivateKey(SEED)


def signed(text: str, form: str) -> str:
    """Return a badge with a text in every place, signed in a format; as SD-JWT without the first of its results."""
    key = key_for(form)
    document = badge(text, key.public.did, form)
    if form == SD_JWT:
        ways = sdjwt.holder_ways(document)
        whole = sdjwt.issue(
            document, [sdjwt.Signer(key.jwk, key.public.did_method)], ways=ways, issued_at=MADE, decoys=2
        )
        return sdjwt.present(whole, [way for way in ways if "result" not in way])
    if isinstance(key, keys.PrivateKey) and form == JWT:
        return jose.issue_jwt(document, key)
    made = integrity.sign(document, key, created=MADE, suite=form)
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


def accepted(text: bytes) -> bool:
    """Say whether the verifier here finds the credential genuine."""
    return verify.verify(text).exit_code in ACCEPTED


def content(text: bytes, form: str) -> tuple[Any, Any]:
    """Return what the signature covers, so that two texts of one content are equal."""
    if form in (JWT, SD_JWT):
        envelope = jose.open_envelope(text.decode("ascii"))
        return envelope.header, envelope.claims
    document = strict_json.loads_object(text)
    (proof,) = integrity.proofs_of(document)
    return integrity.hash_parts(document, proof).signed, proof["proofValue"]


def ours_there(other: Peer) -> list[str]:
    """Issue the sample here, have it verified there and here; return what did not hold."""
    wrong = []
    for (name, text), form in itertools.product(HOSTILE.items(), FORMATS):
        made = signed(text, form)
        told = other.ask(do="verify", format=form, text=made)
        if not told["good"]:
            wrong.append(f"{form}, {name}: refused there ({told['reason']})")
        if not accepted(made.encode()):
            wrong.append(f"{form}, {name}: refused here")
    return wrong


def theirs_here(other: Peer) -> list[str]:
    """Have the sample issued there and verify it here; return what did not hold."""
    wrong = []
    for (name, text), form in itertools.product(HOSTILE.items(), ISSUED_THERE):
        told = other.ask(do="issue", format=form, credential=badge(text, "did:example:filled-in", form))
        if not told["good"]:
            wrong.append(f"{form}, {name}: not issued there ({told['reason']})")
            continue
        made = told["content"]
        report = verify.verify(made.encode()) if form == SD_JWT else verify.verify_document(made)
        if report.exit_code not in ACCEPTED:
            wrong.append(f"{form}, {name}: refused here ({'; '.join(check.sentence for check in report.reasons)})")
    return wrong


def bytes_changed(other: Peer, form: str, every: int) -> tuple[int, int, int, list[str]]:
    """Change each byte of one credential; return how many were tried, how many meant the same, how many the other side
    read as less, what did not hold.

    The other side passes over a disclosure that stands for no digest, where RFC 9901 section 7.1 has the whole refused:
    what it then reads is what was signed, without that claim.
    """
    good = signed("Nodira “Нодира” 努迪拉", form).encode()
    same, alike, less, tried, wrong = content(good, form), 0, 0, 0, []
    for place in range(0, len(good), every):
        tried += 1
        changed = bytearray(good)
        # 1 makes a neighbour in the alphabet, 0x20 the other case, 0x80 breaks UTF-8: one of them by turns.
        changed[place] ^= (1, 0x20, 2, 0x80)[place % 4]
        text = bytes(changed)
        here = accepted(text)
        # What is no UTF-8 reaches the other side with replacement characters, as a reader of files would hand it on.
        read = text.decode("utf-8", "replace")
        there = other.ask(do="verify", format=form, text=read)
        if not here and not there["good"]:
            continue
        if _means(read.encode() if there["good"] else text, form) == same:
            alike += 1
        elif form == SD_JWT and not here and sdjwt.is_part(there["content"], same[1]):
            less += 1
        else:
            sides = " and ".join(name for name, taken in (("here", here), ("there", there["good"])) if taken)
            wrong.append(f"{form}, byte {place} ({text[max(0, place - 20) : place + 20]!r}): taken {sides}")
    return tried, alike, less, wrong


def _means(text: bytes, form: str) -> object:
    try:
        return content(text, form)
    except (VcError, ValueError, KeyError):
        return None


def main(argv: list[str]) -> int:
    """Ask all three questions and print what came of them."""
    parser = argparse.ArgumentParser(prog="tools/interop.py", description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try each Nth byte only (1: all)")
    every = parser.parse_args(argv).every
    if shutil.which("node") is None or not (PEER / "node_modules").is_dir():
        print("It needs Node 20 and, in tests/interop, npm ci (make interop does both).", file=sys.stderr)
        return 2
    started, wrong = time.monotonic(), []
    with peer() as other:
        found = ours_there(other)
        wrong += found
        total = len(HOSTILE) * len(FORMATS)
        print(
            f"issued here, verified on both sides: {total} in {len(FORMATS)} formats, {len(found)} refused", flush=True
        )
        found = theirs_here(other)
        wrong += found
        total = len(HOSTILE) * len(ISSUED_THERE)
        print(f"issued there, verified here: {total}, {len(found)} refused", flush=True)
        for form in FORMATS:
            tried, alike, less, found = bytes_changed(other, form, every)
            wrong += found
            print(
                f"{form}, one byte changed: {tried} tried, {alike} mean the same, {less} less there, {len(found)} wrongly taken",
                flush=True,
            )
    for line in wrong:
        print(f"  {line}")
    print(f"{time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
