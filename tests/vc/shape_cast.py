"""A credential with everything that makes shapes hard: nameless nodes with values in them, alike ones, several languages."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from sunmao.vc import integrity, issue, shapes, status

DAY = datetime(2026, 6, 1, tzinfo=UTC)
LIST = "https://register.example.org/status/ORG-00001/1"
# What names and texts of real people and unreal ones may hold; the last four are refused.
TEXTS = (
    "", " ", "Nodira Karimova", "\"O'Brien\" \\ / \\u0041 %s %% {} ${x}", "".join(map(chr, range(32))) + "\x7f\x80\x9f",
    "\u202eevil\u202c \u200fعلي\u200e \u2066x\u2069", "👩🏽‍🔧 🇹🇷 \U0010fffd", "Раураl ﬁ é e\u0301 K K\ufeff", "鲁班工坊 𠀀",
    "one\u2028two\u2029three\u0085", "@id", "@type", "_:b0", "_:c14n0", "urn:x", "https://example.org/", "1e400", "true", "null",
    "name", "did:key:z6Mk", "\ufffd \ue000", "a" * 10_000, '名"\\\n' * 2_500, "\ud800", "a\udfffb", "\ufffe", "x\U0001ffffy",
)  # fmt: skip
texts = st.one_of(st.sampled_from(TEXTS), st.text(st.characters(codec=None, exclude_categories=()), max_size=30))
ADDRESSES = (
    "urn:uuid:019a0000-0000-7000-8000-000000000001", "urn:uuid:x", "urn:", "urn", "", "did:web:example.org", "HTTPS://a/",
    "https://example.org/a b", "https://example.org/%zz", "https://example.org/#a#b", "http://[::1/", "urn:a\nb", "_:b0", "relative",
    "@type", "name", "urn:uuid:É", "https://register.example.org/awards/AWD-00001/", "urn:x\\y", "sec:proof", "https://a:99999/", 7,
    "did:web:register.example.org:did:ORG-00001", f"{LIST}/suspension#9", "urn:<x>", "https://example.org/a?b=c",
)  # fmt: skip
INSTANTS = (
    "2026-06-01T00:00:00Z", "2026-06-01T24:00:00Z", "2026-06-01T00:00:00+05:30", "2026-02-30T00:00:00Z", "2026-06-01", "",
    "2026-06-01T00:00:00", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "２０26-06-01T00:00:00Z", "2026-06-01T00:00:00.5Z",
)  # fmt: skip
DIGITS = ("0", "94567", "007", "-1", "1.0", "", "٣", "9" * 17, 5, "1\n")


def endorsed(document, key):
    """A credential whose achievement is endorsed: a credential inside it, with a proof in a graph of its own."""
    word = {
        "@context": document["@context"][:2], "id": "urn:uuid:019a0000-0000-7000-8000-00000000000e",
        "type": ["VerifiableCredential", "EndorsementCredential"], "issuer": {"id": key.public.did, "type": ["Profile"]},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": document["credentialSubject"]["achievement"]["id"], "type": ["EndorsementSubject"],
            "endorsementComment": "We hire them.",
        },
    }  # fmt: skip
    achievement = document["credentialSubject"]["achievement"] | {
        "endorsement": [integrity.sign(word, key, created=DAY)]
    }
    return document | {"credentialSubject": document["credentialSubject"] | {"achievement": achievement}}


def sample(**more):
    """An unsigned credential; ``more`` are arguments of achievement_credential."""
    college = issue.Institution(
        "did:web:register.example.org:did:ORG-00001", {"en": "Shipping College", "zh": "海运学院"}, country="CN",
        identifiers=[("ext:moe", "4112010"), ("ext:ror", "https://ror.org/0abc")],
    )  # fmt: skip
    outcome = issue.Outcome("urn:uuid:019a0000-0000-7000-9000-000000000001", "Plan transport")
    achievement = issue.Achievement(
        "https://register.example.org/awards/AWD-00001/", {"en": "Logistics", "ru": "Логистика"}, {"en": "Training."},
        "Every outcome.", creator=college, credits=4, outcomes=(outcome,), tags=("one", "two"),
    )  # fmt: skip
    given = {
        "id": "urn:uuid:019a0000-0000-7000-8000-000000000001", "issuer": college, "achievement": achievement,
        "recipient": issue.Recipient(name="Nodira", id="did:example:123"), "valid_from": DAY,
        "valid_until": DAY.replace(year=2029),
        "results": (issue.ResultValue(outcome.id, value="87"), issue.ResultValue(outcome.id, value="88")),
        "details": issue.Details(narrative="Well done", awarded_at=DAY),
        "status": [status.status_entry(f"{LIST}/{purpose}", 9, purpose=purpose) for purpose in ("revocation", "suspension")],
    }  # fmt: skip
    return issue.achievement_credential(**(given | more))


KINDS = {
    ("id",): ADDRESSES,
    ("validFrom",): INSTANTS,
    ("validUntil",): INSTANTS,
    ("credentialSubject", "id"): ADDRESSES,
    ("credentialSubject", "identifier", 0, "identityHash"): TEXTS,
    ("credentialSubject", "narrative"): TEXTS,
    ("credentialSubject", "achievement", "nameIn", "ru"): TEXTS,
    ("credentialSubject", "achievement", "tag", 0): TEXTS,
    ("credentialSubject", "result", 0, "value"): TEXTS,
    ("credentialSubject", "result", 1, "value"): TEXTS,
    ("credentialSubject", "achievement", "creditsAvailable"): (4, 0, -7, 2**53, True, 1.5, "4"),
    ("credentialStatus", 0, "id"): ADDRESSES,
    ("credentialStatus", 0, "statusListIndex"): DIGITS,
    ("credentialStatus", 0, "statusListCredential"): ADDRESSES,
}
HOLES = [path for path, _value in shapes.leaves(sample()) if path in KINDS]


def usual(document=None):
    """The values a document has in the holes."""
    held = dict(shapes.leaves(document or sample()))
    return [held[path] for path in HOLES]


@st.composite
def values(draw):
    """Values for the holes: mostly usual ones, a few from anywhere, sometimes two alike."""
    result = usual()
    for at in draw(st.lists(st.integers(0, len(HOLES) - 1), min_size=1, max_size=4)):
        kind = KINDS[HOLES[at]]
        result[at] = draw(texts if kind is TEXTS else st.sampled_from(kind))
    if draw(st.booleans()):
        one, other = draw(st.integers(0, len(HOLES) - 1)), draw(st.integers(0, len(HOLES) - 1))
        result[one] = result[other]
    return result
