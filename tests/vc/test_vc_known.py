"""Credentials of a known shape are judged as the general path judges them, however they were changed."""

import json
import random
from datetime import timedelta

import pytest

from sunmao.vc import contexts, integrity, press, shapes, status, trust
from sunmao.vc.checks import Asked
from sunmao.vc.keys import PrivateKey
from sunmao.vc.known import Known
from sunmao.vc.verify import verify
from vc.shape_cast import DAY, HOLES, LIST, endorsed, sample, usual
from vc.test_vc_fuzz import changed

NOW = DAY + timedelta(days=40)
ALICE, MALLORY = PrivateKey(bytes(range(32))), PrivateKey(bytes(range(2, 34)))
ISSUER = "did:web:register.example.org:did:ORG-00001"
METHOD = f"{ISSUER}#{ALICE.public.multikey}"
REVOKED, SUSPENDED = 77, 78


def signed_list(purpose, *indexes):
    bits = status.StatusBits()
    for index in indexes:
        bits[index] = 1
    made = status.status_list_credential(
        f"{LIST}/{purpose}", bits, issuer=ISSUER, purpose=purpose, valid_from=DAY - timedelta(days=9)
    )
    return integrity.sign(made, ALICE, created=DAY, method=METHOD)


def trusting(*, lists=True, witnessed=None, **more):
    key = trust.TrustedKey(METHOD, ALICE.public.multikey, **more)
    held = {
        f"{LIST}/revocation": signed_list("revocation", REVOKED),
        f"{LIST}/suspension": signed_list("suspension", SUSPENDED),
    }
    return trust.Trust(
        issuers={ISSUER: trust.KnownIssuer(ISSUER, {"en": "Shipping College"}, (key,))},
        status_lists=held if lists else {},
        witnessed=witnessed or {},
    )  # fmt: skip


@pytest.fixture(scope="module")
def world():
    """The trust of a reader, and a maker of lines: values by the last step of their path."""
    made = press.Press(sample(), HOLES, ALICE, method=METHOD)
    paths = {path: at for at, path in enumerate(HOLES)}

    def line(number, created=DAY, index=None, **more):
        held = usual()
        index = 1000 + number if index is None else index
        held[paths["id",]] = f"urn:uuid:019a0000-0000-7000-8000-{number:012}"
        held[paths["credentialSubject", "identifier", 0, "identityHash"]] = f"Learner {number}"
        held[paths["credentialStatus", 0, "id"]] = f"{LIST}/revocation#{index}"
        held[paths["credentialStatus", 0, "statusListIndex"]] = str(index)
        for name, value in more.items():
            held[next(at for path, at in paths.items() if path[-1] == name)] = value
        return made.issue(held, created=created).line

    return line


def outcome(report):
    return report.verdict, report.checks, report.issuer_id, report.issuer_names, report.test, report.trust_age_days


def taught(line, held=None, now=NOW):
    known = Known(Asked(held or trusting(), now, contexts.default_contexts()))
    for number in range(4):
        known.verify(line(number, narrative=f"so {number}", value=f"{number}", created=DAY + timedelta(seconds=number)))
    return known


def general(known, data):
    """Return what the general path says of the same bytes under the same trust."""
    asked = known.asked
    return outcome(verify(data, trust=asked.trust, now=asked.now, contexts=asked.contexts))


def same(known, data):
    """Return whether the general path was spared, having held the report against its own."""
    before = known.general
    assert outcome(known.verify(data)) == general(known, data)
    return known.general == before


def test_the_third_of_a_shape_is_judged_without_the_general_path(world):
    known = taught(world)
    assert known.general <= 3
    assert same(known, world(9, narrative='"\\ \u202e 👩🏽‍🔧 \x1f', value="é"))
    assert known.verify(world(10)).verdict == "genuine and in force"


@pytest.mark.parametrize(
    ("more", "now", "fast"),
    [
        ({"index": REVOKED}, NOW, False),
        ({"index": SUSPENDED}, NOW, True),  # the hole is in the entry for revocation
        ({"index": status.MIN_BITS}, NOW, False),
        ({"created": NOW + timedelta(days=900)}, NOW, True),
        ({}, NOW + timedelta(days=2000), True),
        ({}, DAY - timedelta(days=2), True),
    ],
)  # fmt: skip
def test_status_and_dates_are_asked_of_each(world, more, now, fast):
    known = taught(world, now=now)
    assert same(known, world(20, **more)) is fast


@pytest.mark.parametrize(
    "more",
    [
        {"valid_from": DAY + timedelta(days=1)},
        {"valid_until": DAY + timedelta(seconds=2)},
        {"compromised_since": DAY + timedelta(days=1)},
    ],
)  # fmt: skip
def test_a_key_counts_only_while_it_was_in_use(world, more):
    held = trusting(**more)
    known = taught(world, held)
    for created in (DAY, DAY + timedelta(seconds=1), DAY + timedelta(days=3)):
        line = world(30, created=created)
        assert outcome(known.verify(line)) == general(known, line)


def after_theft(witnessed):
    """Return the trust of a reader who knows of a theft, and what was witnessed before it."""
    found = {trust.credential_digest(json.loads(line)): DAY for line in witnessed}
    return trusting(lists=False, compromised_since=DAY + timedelta(days=1), witnessed=found)


def test_after_a_theft_both_what_was_witnessed_and_what_was_not_are_told_without_the_general_path(world):
    lines = [world(number, narrative=f"so {number}", value=f"{number}") for number in range(12)]
    known = Known(Asked(after_theft(lines[::2]), NOW, contexts.default_contexts()))
    for line in lines[:8]:
        same(known, line)
    assert all(same(known, line) for line in lines[8:])
    verdicts = [known.verify(line).verdict for line in lines[8:]]
    assert verdicts == ["cannot be checked", "not genuine"] * 2  # for want of the status lists
    assert same(known, lines[10].replace(b"so 10", b"so 11"))  # another text than the one witnessed
    assert not same(known, lines[10].replace(b'"proofValue":"z', b'"proofValue":"zz'))
    assert same(known, lines[11].replace(b'"proofValue":"z', b'"proofValue":"zz'))


def test_an_issuer_or_a_list_that_is_not_known_is_told_in_the_same_words(world):
    for held in (trust.Trust(), trusting(lists=False)):
        known = taught(world, held)
        assert same(known, world(40))


def test_several_proofs_are_each_checked(world):
    def both(number):
        document = json.loads(world(number))
        return integrity.sign(document, MALLORY, created=DAY + timedelta(seconds=number))

    known = Known(Asked(trusting(), NOW, contexts.default_contexts()))
    for number in range(3):
        same(known, press.written(both(number)))
    assert same(known, press.written(both(5)))
    bad = both(6)
    bad["proof"][1]["proofValue"] = bad["proof"][0]["proofValue"]
    assert not same(known, press.written(bad))
    bad["proof"].reverse()
    assert not same(known, press.written(bad))


def test_an_endorsement_inside_is_part_of_what_is_known(world):
    known = Known(Asked(trusting(lists=False), NOW, contexts.default_contexts()))
    made = press.Press(endorsed(sample(), MALLORY), HOLES, ALICE, method=METHOD)

    def line(text):
        held = usual()
        held[HOLES.index(("credentialSubject", "narrative"))] = text
        return made.issue(held, created=DAY).line

    for text in "abc":
        same(known, line(text))
    assert same(known, line("d"))
    assert not same(known, line("e").replace(b"We hire them", b"We hired them"))


def test_other_spellings_of_a_text_are_read_as_the_general_path_reads_them(world):
    known = taught(world)
    line = world(50, narrative="A good year")
    for other in (
        b"\\u0041 good year",
        b"\\ud800",
        b"\\u0000",
        b"\x01",
        b"\xff",
        b"\\x",
        b'"',
        b"\\ufffe",
        b"\xed\xa0\x80",
    ):
        spoilt = line.replace(b"A good year", other)
        assert outcome(known.verify(spoilt)) == general(known, spoilt)
    for other in (
        b" " + line,
        line + b"\n",
        line + b"x",
        line[:-1],
        line.replace(b'"proof"', b'"proof" '),
        b"",
        line * 2,
    ):
        assert outcome(known.verify(other)) == general(known, other)


@pytest.mark.slow
def test_a_changed_credential_is_judged_as_the_general_path_judges_it(world, volume):
    draw = random.Random(8)
    base = [world(number, narrative=f'mixed "{number}" é') for number in range(60, 64)]
    # Without lists, whose own proofs the general path checks anew each time; of half the readers the key was stolen.
    readers = [taught(world, trusting(lists=False)), taught(world, after_theft(base[:2]))]
    for line in base * 3:
        readers[1].verify(line)
    spared = 0
    for _turn in range(volume("changed credentials of a known shape", sample=30, trial=20_000)):
        line = draw.choice(base)
        kind = draw.randrange(4)
        if kind == 0:
            at = draw.randrange(len(line))
            line = line[:at] + bytes([draw.randrange(256)]) + line[at + 1 :]
        elif kind == 1:
            document = json.loads(line)
            path, value = draw.choice([one for one in shapes.leaves(document) if isinstance(one[1], str)])
            other = draw.choice((value + "x", value[::-1], "", value.upper(), "urn:x:y", "2026-06-01T00:00:00Z", "7"))
            line = press.written(shapes.filled(document, [path], [other]))
        elif kind == 2:
            line = press.written(changed(json.loads(line), draw))
        else:
            line = world(draw.randrange(100, 10**5), narrative=draw.choice('aé名\\"\x00\x7f'))
        spared += same(draw.choice(readers), line)
    assert spared > 5


def test_two_issuers_with_the_same_words_are_two_shapes(world):
    known = taught(world)
    document = json.loads(world(70))
    del document["proof"]
    document["issuer"] = document["issuer"] | {"id": MALLORY.public.did}
    for number in range(4):
        document["id"] = f"urn:uuid:019a0000-0000-7000-8000-{number:012}"
        same(known, press.written(integrity.sign(document, MALLORY, created=DAY)))
    assert same(known, world(72))
