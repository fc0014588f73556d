"""Credentials and files changed at random, thousands of them in the trials: each ends in a report, soon, and what is
said to be genuine says what was signed."""

from __future__ import annotations

import copy
import io
import json
import random
import time
import zipfile
import zlib

import pytest

from sunmao.vc import baking, canon, containers, contexts, elliptic, integrity, jose, strict_json, verify

SLOWEST = 10  # seconds of computing for one credential, however it was changed
TERMS = ("@context", "@graph", "@id", "@type", "@value", "@included", "@reverse", "@set", "@list", "@nest", "@json", "id",
         "type", "issuer", "validUntil", "validFrom", "credentialStatus", "credentialSubject", "proof", "name", "evidence",
         "https://www.w3.org/2018/credentials#validUntil", "cred:issuer", "relatedResource", "termsOfUse", "holder",
         "verifiableCredential", "endorsement", "endorsementJwt", "credentialSchema", "refreshService")  # fmt: skip
ODD = (
    None, True, False, 0, -1, 2**53, -(2**53), 1.5, 1e308, "", " ", "\u202e", "e\u0301", "\u0130", "_:b0", "_:c14n0", "urn:x", "#",
    "https://example.org/\u0000", "did:key:z", "2026-01-01T00:00:00Z", "9999-12-31T23:59:60Z", "-0001-01-01T00:00:00Z",
    [], {}, [[]], [{}], {"@value": "x"}, {"@id": "_:b0"}, {"@list": [1]}, {"id": "urn:x", "id2": "y"}, ["a"] * 50, "x" * 5000,
    contexts.CREDENTIALS_V2, {"@vocab": "https://example.org/"}, {"@base": "https://example.org/"},
    {"validUntil": None}, {"validUntil": {"@id": "https://example.org/other"}}, {"x": {"@id": "@type"}}, {"@propagate": False},
)  # fmt: skip


def places(value, path=()):
    """Yield the way to every place in a JSON value."""
    yield path
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def changed(document, draw):
    """Return a copy with one to four changes: put, drop, rename, move, copy, wrap, or double."""
    out = copy.deepcopy(document)
    for _turn in range(draw.choice((1, 1, 1, 2, 2, 4))):
        path = draw.choice([place for place in places(out) if place] or [("id",)])
        above, key = at(out, path[:-1]), path[-1]
        inside = at(out, draw.choice(list(places(out))))
        kind = draw.randrange(9)
        if kind == 0:
            above[key] = copy.deepcopy(draw.choice(ODD))
        elif kind == 1:
            del above[key]
        elif kind == 2 and isinstance(above, dict):
            above[draw.choice(TERMS)] = above.pop(key)
        elif kind == 3 and isinstance(above, dict):
            above[draw.choice(TERMS)] = copy.deepcopy(draw.choice((*ODD, inside)))
        elif kind == 4:
            above[key] = copy.deepcopy(inside)
        elif kind == 5:
            above[key] = [above[key], copy.deepcopy(draw.choice((above[key], *ODD)))]
        elif kind == 6:
            above[key] = {draw.choice(TERMS): above[key]}
        elif kind == 7 and isinstance(above[key], str) and above[key]:
            text, place = above[key], draw.randrange(len(above[key]))
            above[key] = (
                text[:place] + draw.choice(("", " ", "\u200b", "A", text[place].swapcase(), "=")) + text[place + 1 :]
            )
        elif kind == 8 and isinstance(above[key], list):
            draw.shuffle(above[key])
    return out


def written(document, draw):
    """Return the bytes of a document, sometimes in another order, with a name doubled, or cut."""
    text = json.dumps(document, ensure_ascii=draw.random() < 0.5)
    if draw.random() < 0.1:
        text = text.replace('"issuer"', '"issuer":"urn:other","issuer"', 1)
    if draw.random() < 0.05:
        text = text[: draw.randrange(len(text))]
    return text.encode("utf-8", "surrogatepass")


def _statements(document):
    """Return what a proof over statements covers."""
    return canon.canonical_nquads(_plain(document))


def judged(data, known, now):
    """Return the report on some bytes and check that it came soon."""
    begin = time.process_time()
    report = verify.verify(data, trust=known, now=now)
    assert time.process_time() - begin < SLOWEST, data[:2000]
    return report


@pytest.mark.slow
def test_a_credential_changed_at_random_is_refused_or_says_what_was_signed(badge, alice, bob, now, trust_in, volume):
    badge = badge | {"validUntil": "2026-12-31T00:00:00Z"}
    signed = [integrity.sign(badge, alice, created=now, suite=suite) for suite in integrity.SUITES]
    joint = integrity.sign(integrity.sign(badge, alice, created=now), bob, created=now)
    curved = [
        elliptic.EllipticPrivateKey(curve, bytes(range(1, 1 + width))) for curve, width in elliptic.WIDTHS.items()
    ]
    others = [integrity.sign(badge | {"issuer": key.public.did}, key, created=now) for key in curved]
    known, draw = trust_in(alice, *curved), random.Random(20261122)
    same = {json.dumps(_plain(badge), sort_keys=True)}
    statements = {_statements(document) for document in (signed[0], *others)}
    passed, turns = 0, volume("mutated credentials", sample=250, trial=20_000)
    for _turn in range(turns):
        data = written(changed(draw.choice((*signed, joint, *others)), draw), draw)
        report = judged(data, known, now)
        if report.exit_code not in (0, 3):
            continue
        passed += 1
        document = strict_json.loads_object(data)
        proofs = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
        if any(proof.get("cryptosuite") == integrity.JCS for proof in proofs):
            assert json.dumps(_plain(document), sort_keys=True) in same, data
        else:  # a further proof that holds nothing changes nothing of what the issuer's covers
            assert _statements(document) in statements, data
    assert passed < turns // 3


def _plain(document):
    return {name: value for name, value in document.items() if name != "proof"}


def files(badge, alice, now):
    """Return a signed credential in each kind of file."""
    signed = integrity.sign(badge, alice, created=now)
    text = json.dumps(signed).encode()
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("one.json", text)
        out.writestr("two.json", text)
    pixel = _png()
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
    made = {"json": text, "zip": box.getvalue(), "jwt": jose.issue_jwt(badge, alice).encode(),
            "png": baking.bake_png(pixel, text), "svg": baking.bake_svg(svg, text), "pdf": _pdf(text)}  # fmt: skip
    return made, signed


def _png():
    def chunk(kind, content):
        return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

    header = (1).to_bytes(4, "big") * 2 + bytes((8, 0, 0, 0, 0))
    return (
        containers.PNG_SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    )


def _packed(text):
    """Return a PNG with a compressed text under the badge's keyword."""
    from sunmao.vc.containers import PNG_KEYWORD, png_chunks

    content = PNG_KEYWORD + b"\0\1\0\0\0" + zlib.compress(text)
    chunk = len(content).to_bytes(4, "big") + b"iTXt" + content + zlib.crc32(b"iTXt" + content).to_bytes(4, "big")
    pixel = _png()
    assert [kind for kind, _content in png_chunks(pixel)] == [b"IHDR", b"IDAT", b"IEND"]
    return pixel[:33] + chunk + pixel[33:]


def _pdf(text):
    from pypdf import PdfWriter

    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(10, 10)
    writer.add_attachment("credential.json", text)
    writer.write(out)
    return out.getvalue()


def spoilt(data, others, draw):
    """Return a file with bytes flipped, cut, doubled, swapped, or spliced with another."""
    out = bytearray(data)
    for _turn in range(draw.choice((1, 1, 2, 4, 16))):
        if not out:
            break
        place, length = draw.randrange(len(out)), draw.choice((1, 1, 2, 8, 64, 1024))
        kind = draw.randrange(6)
        if kind == 0:
            out[place] ^= 1 << draw.randrange(8)
        elif kind == 1:
            del out[place : place + length]
        elif kind == 2:
            out[place:place] = out[place : place + length] * draw.choice((1, 3, 50))
        elif kind == 3:
            out[place : place + length] = draw.randbytes(length)
        elif kind == 4:
            other = draw.choice(others)
            out[place : place + length] = other[draw.randrange(len(other)) :][:length]
        else:
            out[place : place + 4] = draw.choice(
                (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"%PDF", b"PK\3\4")
            )
    return bytes(out)


@pytest.mark.slow
def test_a_file_spoilt_at_random_ends_in_a_report_and_holds_what_was_signed(badge, alice, now, trust_in, volume):
    made, signed = files(badge, alice, now)
    known, draw, statements = trust_in(alice), random.Random(1122), _statements(signed)
    for kind, data in made.items():
        assert verify.verify(data, trust=known, now=now).exit_code == 0, kind
    for _turn in range(volume("spoilt files", sample=250, trial=20_000)):
        kind = draw.choice(sorted(made))
        data = spoilt(made[kind], list(made.values()), draw)
        report = judged(data, known, now)
        for part in report.parts or (report,):
            if part.exit_code in (0, 3):
                assert part.document is not None
                held = _plain(part.document)
                assert held == _plain(signed) or _statements(part.document) == statements, (kind, data)


@pytest.mark.slow
def test_a_hundred_megabytes_are_refused_soon(now, volume):
    size = 100 * 1024 * 1024
    fillers = (
        lambda: b'{"a":"' + b"x" * size, lambda: b"PK\x03\x04" + bytes(size), lambda: b"[" * size, lambda: b'{"a":' * (size // 5),
        lambda: b"[" + b"9" * size + b"]", lambda: containers.PNG_SIGNATURE + bytes(size), lambda: b"<svg>" + b"<a>" * (size // 3),
        lambda: b"eyJ" + b"a" * size, lambda: bytes(size), lambda: b"%PDF-1.7\n" + bytes(size),
    )  # fmt: skip
    for filler in fillers[: volume("files of 100 MB", sample=3, trial=len(fillers))]:
        assert judged(filler(), None, now).exit_code in (1, 2)


def test_a_small_file_that_unpacks_to_much_is_refused_soon(badge, alice, now, trust_in):
    bombs = {
        "svg entities": b'<!DOCTYPE s [<!ENTITY a "' + b"x" * 10_000 + b'">' + b"".join(
            b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
        ) + b']><svg xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><openbadges:credential>&j;</openbadges:credential></svg>',
        "svg file": b'<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/hostname">]><svg xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">'
        b"<openbadges:credential>&a;</openbadges:credential></svg>",
        "png": _packed(b"{" + b" " * 200_000_000 + b"}"),
        "pdf": _pdf(b"{" + b" " * 200_000_000 + b"}"),
    }  # fmt: skip
    for name, data in bombs.items():
        report = judged(data, trust_in(alice), now)
        assert report.exit_code in (1, 2), name
        assert "x" * 100 not in json.dumps(report.to_json())
