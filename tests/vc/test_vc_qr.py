"""A QR code that carries the whole credential: what is drawn is read again, and what is not there is said."""

import hashlib
import io
import json
import random
import zlib

import png
import pytest
import segno

from sunmao.vc import integrity, qr, qr_picture, verify
from sunmao.vc.errors import VcError
from sunmao.vc.qr_words import WORDS


def picture(text: str, scale: int = 3, **how) -> bytes:
    out = io.BytesIO()
    segno.make(text, micro=False, **how).save(out, kind="png", scale=scale, border=4)
    return out.getvalue()


@pytest.mark.parametrize("scale", [1, 3])
def test_the_picture_of_a_credential_is_verified_without_a_connection(badge, alice, now, trust_in, scale):
    signed = integrity.sign(badge, alice, created=now)
    for data in (qr.png(signed, scale=scale), qr.to_text(signed).encode()):
        report = verify.verify(data, trust=trust_in(alice), now=now)
        assert (report.exit_code, report.document) == (0, signed)
    forged = verify.verify(qr.png(signed | {"name": "Forged"}), trust=trust_in(alice), now=now)
    assert forged.exit_code == 1


@pytest.mark.parametrize("text", ["HELLO", "0123456789" * 7, "привет 你好" * 9, "https://register.example/v/abc"])
@pytest.mark.parametrize("level", ["l", "m", "q", "h"])
def test_codes_of_every_kind_and_level_are_read(text, level):
    assert qr_picture.read_png(picture(text, error=level)) == text


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_turned_code_on_a_larger_page_with_a_smudge_is_read(turns):
    rows = [list(row) for row in segno.make("A TURNED CODE", error="h", micro=False).matrix_iter(scale=4, border=4)]
    for _ in range(turns):
        rows = [list(row) for row in zip(*rows[::-1], strict=True)]
    side = len(rows)
    page = [[255] * (side + 90) for _ in range(side + 60)]
    for y, row in enumerate(rows):
        page[y + 37][53 : 53 + side] = [0 if dark else 255 for dark in row]
    for y in range(side // 2 + 37, side // 2 + 47):
        page[y][side // 2 + 53 : side // 2 + 63] = [0] * 10
    out = io.BytesIO()
    png.Writer(side + 90, side + 60, greyscale=True).write(out, page)
    assert qr_picture.read_png(out.getvalue()) == "A TURNED CODE"


def test_what_carries_no_credential_is_said(now):
    link = verify.verify(picture("https://register.example/v/abc"), now=now)
    assert (link.exit_code, [check.code for check in link.reasons]) == (2, ["qr_link"])
    other = verify.verify(picture("HELLO"), now=now)
    assert [check.code for check in other.reasons] == ["credential_absent"]
    draw, out = random.Random(5), io.BytesIO()
    noise = [[draw.randrange(256) for _ in range(200)] for _ in range(200)]
    png.Writer(200, 200, greyscale=True).write(out, noise)
    assert [check.code for check in verify.verify(out.getvalue(), now=now).reasons] == ["credential_absent"]


def test_what_does_not_fit_is_refused_by_its_length(badge):
    draw = random.Random(3)
    badge["name"] = "".join(chr(draw.randrange(0x4E00, 0x9FFF)) for _ in range(2_000))
    with pytest.raises(VcError) as refused:
        qr.to_text(badge)
    assert refused.value.code == "qr_too_large"


@pytest.mark.parametrize("text", ["VC1:", "VC1:A", "VC1:ab", "VC1:ZZZ", "VC1:QED8WEX0", "VC2:QED8WEX0", "VC1::::"])
def test_a_text_that_is_no_packed_credential_is_refused(text):
    with pytest.raises(VcError):
        qr.from_text(text)


def test_base45_is_that_of_the_standard():
    assert qr.base45_encode(b"Hello!!") == "%69 VD92EX0"
    assert qr.base45_decode("QED8WEX0") == b"ietf!"


def test_the_words_known_beforehand_never_change_since_codes_are_printed(badge, alice, now):
    assert hashlib.sha256(WORDS).hexdigest() == "a984df6ea4b65adf79c54dfdb1ce698392288fa2adfea14b652084505e5baf9f"
    signed = integrity.sign(badge, alice, created=now)
    text = json.dumps(signed, ensure_ascii=False, separators=(",", ":")).encode()
    plain = qr.PREFIX + qr.base45_encode(zlib.compress(text, 9))
    assert (qr.from_text(plain), len(qr.to_text(signed)) < 0.6 * len(plain)) == (text, True)
