"""What is built here: valid to the official schema, to openbadgeslib, and found again in PNG, SVG and PDF."""

import io
import json
import struct
import zlib
from datetime import timedelta

import jsonschema
import pytest

from sunmao.vc import baking, canon, containers, integrity, issue, status, verify
from sunmao.vc.errors import VcError

PNG = containers.PNG_SIGNATURE + b"".join(
    struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    for kind, content in (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    )
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'


@pytest.fixture
def full(alice, bob, now) -> dict:
    """A credential with everything the builder knows."""
    school = issue.Institution(
        alice.public.did,
        {"en": "Alice's College", "zh-Hans": "爱丽丝学院", "ru": "Колледж Алисы"},
        url="https://alice.example/",
        identifiers=[("sourcedId", "CN-0001")],
        country="CN",
    )
    target = issue.Alignment("Install networks", "https://frame.example/1", "U1", "Profile", "CFItem")
    outcome = issue.Outcome("urn:uuid:019a0000-0000-7000-8000-0000000000b1", "Unit 1", "Percent", "60", [target])
    achievement = issue.Achievement(
        id="urn:uuid:019a0000-0000-7000-8000-0000000000a1",
        names={"en": "Technician", "zh-Hans": "技术员", "ru": "Техник", "ar": "فني"},
        descriptions={"en": "Installs networks.", "ru": "Прокладывает сети."},
        criteria="All units passed.",
        kind="Diploma",
        code="TEL-1",
        language="en",
        field_of_study="ISCED-F 0714",
        version="2",
        credits=60.0,
        creator=school,
        image="https://alice.example/badge.png",
        tags=["telecommunication"],
        alignments=[target],
        outcomes=[outcome],
    )
    return issue.achievement_credential(
        id="urn:uuid:019a0000-0000-7000-8000-0000000000c1",
        issuer=school,
        recipient=issue.Recipient(name="Дилноза Каримова", salt="s4lt"),
        achievement=achievement,
        valid_from=now,
        valid_until=now + timedelta(days=365),
        results=[issue.ResultValue(outcome.id, "87", "Completed")],
        status=[
            status.status_entry("https://alice.example/s/1", 5, purpose="revocation"),
        ],
        joint_issuers=[issue.Institution(bob.public.did, {"en": "Bob's Works"})],
        details=issue.Details(
            registration_number="2026-000123",
            activity_start=now - timedelta(days=100),
            activity_end=now,
            narrative="With distinction.",
            role="Trainee",
            credits_earned=60.0,
            image="https://alice.example/badge.png",
            awarded_at=now,
            evidence=[issue.Evidence("Final project", "Built a network.", "https://alice.example/e/1", "report")],
        ),
        demonstration=True,
    )


@pytest.fixture(scope="session")
def schema(vectors, read):
    document = read(vectors / "ob_v3p0/ob_v3p0_achievementcredential_schema.json")
    return jsonschema.validators.validator_for(document)(document)


def test_what_is_issued_validates_against_the_official_schema(full, alice, now, schema):
    signed = integrity.sign(full, alice, created=now)
    assert [error.message for error in schema.iter_errors(signed)] == []
    assert isinstance(signed["proof"], list)
    assert list(schema.iter_errors(signed | {"proof": signed["proof"][0]}))


def test_nothing_the_builder_writes_is_lost_in_the_signed_statements(full):
    lines = canon.canonical_nquads(full)
    for text in ('"技术员"@zh-hans', '"Техник"@ru', '"فني"@ar', "Прокладывает", "2026-000123", "With distinction."):
        assert text in lines
    assert "purl.org/dc/terms/contributor" in lines
    assert "Дилноза" not in lines


def test_a_joint_credential_is_in_force_when_both_have_signed(full, alice, bob, now, trust_in):
    full.pop("credentialStatus")
    both = integrity.sign(integrity.sign(full, bob, created=now), alice, created=now)
    result = verify.verify(json.dumps(both).encode(), trust=trust_in(alice, bob), now=now)
    assert result.exit_code == 0, result.reasons


def test_a_plain_name_stands_as_it_is_and_a_salted_one_as_its_hash():
    plain = issue.Recipient(name="张伟").to_json()["identifier"][0]
    assert (plain["hashed"], plain["identityHash"]) == (False, "张伟")
    hashed = issue.Recipient(name="张伟", salt="x").to_json()["identifier"][0]
    assert hashed["identityHash"] == issue.identity_hash("张伟", "x")
    assert issue.identity_hash("张伟", "x") != issue.identity_hash("张伟", "y")
    with pytest.raises(VcError):
        issue.Recipient().to_json()


def test_one_language_needs_no_own_terms(alice, now):
    credential = issue.achievement_credential(
        id="urn:uuid:019a0000-0000-7000-8000-0000000000c2",
        issuer=issue.Institution(alice.public.did, {"en": "Alice's College"}),
        recipient=issue.Recipient(id="did:example:learner"),
        achievement=issue.Achievement("urn:x:1", {"en": "Course"}, {"en": "A course."}, "Attendance."),
        valid_from=now,
    )
    assert len(credential["@context"]) == 2


def test_the_builder_refuses_what_the_standard_refuses(alice, now):
    with pytest.raises(VcError, match=r"achievement\.id must be an address"):
        issue.achievement_credential(
            id="urn:x:c",
            issuer=issue.Institution(alice.public.did, {"en": "A"}),
            recipient=issue.Recipient(name="N"),
            achievement=issue.Achievement("no address", {"en": "C"}, {"en": "D"}, "E"),
            valid_from=now,
        )


HOSTILE = [
    "a\x01\x0b\x7f",
    '"\\"',
    "\u202egnp.exe",
    "😀👩\u200d🏫",
    "х" * 10_000,
    "<script>",
    "\ufeff",
    "Å",
    "Å",
    "\r\n\t",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_may_stand_in_a_name(badge, alice, now, trust_in, text):
    badge["credentialSubject"]["achievement"]["name"] = text
    signed = integrity.sign(badge, alice, created=now)
    for form in (json.dumps(signed).encode(), json.dumps(signed, ensure_ascii=False).encode()):
        assert verify.verify(form, trust=trust_in(alice), now=now).exit_code == 0


def blank_pdf() -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_a_baked_credential_is_found_and_judged(badge, alice, now, trust_in, kind):
    first = json.dumps(integrity.sign(badge | {"name": "Older"}, alice, created=now)).encode()
    signed = json.dumps(integrity.sign(badge, alice, created=now), ensure_ascii=False).encode()
    if kind == "png":
        baked = baking.bake_png(baking.bake_png(PNG, first), signed)
    elif kind == "svg":
        baked = baking.bake_svg(baking.bake_svg(SVG, first), signed)
    else:
        baked = baking.attach_to_pdf(blank_pdf(), signed)
    assert containers.extract(baked) == containers.Payload(signed, kind)
    result = verify.verify(baked, trust=trust_in(alice), now=now)
    assert (result.exit_code, result.format) == (0, kind)


def public_pem(key) -> bytes:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    public = Ed25519PublicKey.from_public_bytes(key.public.raw)
    return public.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)


def test_openbadgeslib_accepts_what_is_signed_and_baked_here(badge, alice, now):
    """A second verifier, written by others, finds the credential in PNG and SVG and accepts its proof."""
    from openbadgeslib import baking as peer
    from openbadgeslib.errors import LibOpenBadgesException
    from openbadgeslib.ob3.ldp import verify_data_integrity_proof

    signed = json.dumps(integrity.sign(badge, alice, created=now))
    in_png = peer.extract_png(baking.bake_png(PNG, signed.encode()), keyword=containers.PNG_KEYWORD)
    in_svg = peer.extract_svg(
        baking.bake_svg(SVG, signed.encode()), element="openbadges:credential", text_fallback=True
    )
    assert (in_png, in_svg) == (signed, signed)
    verify_data_integrity_proof(json.loads(in_png), public_pem(alice))
    with pytest.raises(LibOpenBadgesException):
        verify_data_integrity_proof(json.loads(in_png) | {"name": "Forged"}, public_pem(alice))


def test_openbadgeslib_accepts_the_fullest_credential(full, alice, now):
    from openbadgeslib.errors import LibOpenBadgesException
    from openbadgeslib.ob3.ldp import verify_data_integrity_proof

    signed = integrity.sign(full, alice, created=now)
    assert verify_data_integrity_proof(signed, public_pem(alice)) is None
    with pytest.raises(LibOpenBadgesException):
        verify_data_integrity_proof(signed | {"name": "Forged"}, public_pem(alice))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (PNG, "credential_absent"),
        (PNG[:-3], "png_bad"),
        (PNG[:40] + b"x" + PNG[41:], "png_bad"),
        (SVG, "credential_absent"),
        (b"<svg", "svg_bad"),
        (b"GIF89a", "file_unknown"),
        (b"", "file_unknown"),
        (b"PK\x03\x04", "zip_bad"),
        (b"%PDF-1.7 nonsense", "pdf_bad"),
    ],
)
def test_a_file_without_a_readable_credential_cannot_be_checked(data, code):
    result = verify.verify(data)
    assert (result.exit_code, [check.code for check in result.reasons]) == (2, [code])


def test_an_svg_entity_bomb_is_refused():
    bomb = (
        b'<!DOCTYPE s [<!ENTITY a "'
        + b"x" * 1000
        + b'">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 50) for n in range(8))
        + b"]><svg>&i;</svg>"
    )
    assert verify.verify(bomb).exit_code == 2


def test_a_compressed_png_text_bomb_is_refused():
    packed = zlib.compress(b" " * 50_000_000)
    content = containers.PNG_KEYWORD + b"\0\1\0\0\0" + packed
    chunk = struct.pack(">I", len(content)) + b"iTXt" + content + struct.pack(">I", zlib.crc32(b"iTXt" + content))
    result = verify.verify(PNG[:33] + chunk + PNG[33:])
    assert [check.code for check in result.reasons] == ["json_too_large"]
