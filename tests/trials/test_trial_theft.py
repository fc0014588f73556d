"""A stolen key: what the thief signs, whatever date he writes, is known bad on every face within a minute, and nothing
honest that was witnessed before is lost."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import uuid
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from award_cast import World, world
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from surroundings import TRIALS

from sunmao.credentials import document, lists, numbers
from sunmao.credentials.models import Conferral, ConferralState, Credential, CredentialState, Signing, StatusList
from sunmao.kernel import changes, clock, sealing
from sunmao.keys import actions as keys
from sunmao.keys import queries as key_queries
from sunmao.keys.models import InstitutionKey
from sunmao.site.commands import bundle
from sunmao.vc import press
from sunmao.vc.keys import PrivateKey
from sunmao.vc.shapes import leaves

pytestmark = pytest.mark.django_db
LIMIT = 60  # seconds until every face knows
AT_ONCE = 5000
GOOD, BAD = "genuine and in force", "not genuine"


class Mill:
    """Makes credentials as the register composes them: of one shape, compiled once."""

    def __init__(self, made: World, private: PrivateKey, key: InstitutionKey, day: date) -> None:
        self.place = lists.place(made.college, key.controller, 1, by=made.lin)[0]
        shared = document.terms(made.award, {made.college.pk: key.controller}, demonstration=False)
        sample = document.compose(
            shared,
            document.Holder("Learner Example"),
            uid=uuid.uuid4(),
            awarded_on=day,
            valid_until=None,
            place=self.place,
        )
        told = ("id", "statusListIndex", "statusListCredential")
        self.holes = [path for path, _value in leaves(sample) if path[0] == "credentialStatus" and path[-1] in told]
        named = ("credentialSubject", "identifier", 0, "identityHash")
        self.press = press.Press(sample, [("id",), named, *self.holes], private, method=key.method)

    def make(self, uid: uuid.UUID, place: tuple[StatusList, int], created: datetime) -> press.Signed:
        entries: Any = lists.entries(*place)
        status = [entries[path[1]][path[2]] for path in self.holes]
        return self.press.issue([f"urn:uuid:{uid}", f"Learner Example {place[1]}", *status], created=created)


def written(made: World, private: PrivateKey, key: InstitutionKey, count: int, day: date) -> None:
    """Write a conferral of so many credentials, signed by the college, through the door for many rows."""
    mill, numbered, now = Mill(made, private, key, day), fresh_numbers(), clock.now().replace(microsecond=0)
    with changes.together():
        conferral = Conferral(
            award=made.award, cohort=made.cohort, awarded_on=day, sign_by=day, state=ConferralState.COMPLETE, count=count,
            proposed_by=made.lin.actor_name, proposed_key=made.lin.actor_key, proposed_for=made.college,
        )  # fmt: skip
        changes.save(conferral, by=made.lin, deed="award")
        places = lists.place(made.college, key.controller, count, by=made.lin)
        for start in range(0, count, AT_ONCE):
            rows = []
            for place in places[start : start + AT_ONCE]:
                uid = uuid.uuid4()
                told = mill.make(uid, place, now)
                row = Credential(
                    uid=uid, number=next(numbered), award=made.award, conferral=conferral, issuer=made.college,
                    awarded_on=day, document=told.line.decode(), digest=told.digest, status_list=place[0],
                    status_index=place[1], state=CredentialState.ISSUED, state_since=now,
                )  # fmt: skip
                rows.append(row)
            changes.bulk(rows, by=made.lin, deed="award")
        signing = Signing(
            conferral=conferral, organisation=made.college, key_used=key, signer=made.lin.actor_name,
            signer_key=made.lin.actor_key, signed_at=now, count=count,
        )  # fmt: skip
        changes.save(signing, by=made.lin, deed="sign")


def fresh_numbers() -> Iterator[str]:
    """Yield numbers that no credential has."""
    taken = set(Credential.objects.values_list("number", flat=True))
    while True:
        number = numbers.fresh()
        if number not in taken:
            taken.add(number)
            yield number


def forged(made: World, private: PrivateKey, key: InstitutionKey, count: int, claimed: datetime) -> list[str]:
    """Return credentials that the thief makes at home and dates back; their places in the status lists are others'."""
    mill = Mill(made, private, key, claimed.date())
    moment = claimed.replace(microsecond=0)
    return [mill.make(uuid.uuid4(), (mill.place[0], number), moment).line.decode() for number in range(count)]


@contextmanager
def witnessed_at(moment: datetime, who: str) -> Iterator[None]:
    with clock.stopped_at(moment):
        yield
        kept = sealing.seal()
        assert kept is not None
        sealing.witness(kept.size, kept.root, who)


def documents(rows: Any) -> Iterator[str]:
    return rows.order_by("id").values_list("document", flat=True).iterator(chunk_size=2000)


def page_of_number(row: Credential) -> bool:
    return 'data-s="good"' in Client().get(f"/verify/?number={row.number}").content.decode()


def rest_of_number(row: Credential) -> str:
    return str(Client().get(f"/api/verify/?number={row.number}").json()["verdict"])


def page_of_file(text: str) -> bool:
    file = SimpleUploadedFile("c.json", text.encode())
    return 'data-s="good"' in Client().post("/verify/", {"file": file}).content.decode()


def rest_of_file(text: str) -> str:
    answer = Client().post("/api/verify/", text.encode(), content_type="application/json")
    return str(answer.json()["verdict"])


def in_lines(texts: Iterable[str], path: Path) -> Path:
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path


def in_zip(texts: Iterable[str], path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number, text in enumerate(texts):
            archive.writestr(f"{number}.json", text)
    return path


@contextmanager
def asked_by_command(*files: Path, trust: Path) -> Iterator[subprocess.Popen[str]]:
    """Let `sunmao verify` look at files of many credentials with a bundle, beside what is done meanwhile."""
    code = "import sys; from sunmao.site.cli import main; sys.exit(main(['verify', *sys.argv[1:]]))"
    line = [sys.executable, "-c", code, *map(str, files), "--trust", str(trust), "--json"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as asked:
        try:
            yield asked
        finally:
            asked.kill()


def told_by(asked: subprocess.Popen[str]) -> list[dict[str, Any]]:
    return json.loads(asked.communicate()[0])  # type: ignore[no-any-return]


def verdicts(told: dict[str, Any]) -> dict[str, int]:
    return told["checks"][0]["params"]["verdicts"]  # type: ignore[no-any-return]


@pytest.mark.slow
def test_after_a_theft_every_face_knows_within_a_minute(tmp_path, volume, record_property):
    bad = volume("credentials known bad, half of them written in the register, half made elsewhere and dated back",
                 sample=40, trial=100_000)  # fmt: skip
    honest = volume("honest credentials witnessed before", sample=10, trial=20_000)
    some = volume("of each looked at on each page and REST face", sample=2, trial=50)
    now = clock.now()
    stolen = now - timedelta(days=10)
    with clock.stopped_at(now - timedelta(days=40)):
        made = world(joint=False, learners=0)
    key = key_queries.signing_key(made.college)
    assert key is not None
    private = keys.private_half(key)  # what the thief takes away
    with witnessed_at(stolen - timedelta(days=5), "a partner's mail"):
        written(made, private, key, honest, (stolen - timedelta(days=6)).date())
    kept = Credential.objects.all().order_by("id").last()
    assert kept is not None
    # The thief lets the register sign and waits until partners keep the root, too.
    with witnessed_at(stolen + timedelta(days=2), "a partner's later mail"):
        written(made, private, key, bad - bad // 2, (stolen - timedelta(days=6)).date())
    elsewhere = forged(made, private, key, bad // 2, stolen - timedelta(days=6))
    before, after = Credential.objects.filter(pk__lte=kept.pk), Credential.objects.filter(pk__gt=kept.pk)
    cache.clear()
    good, wrong = list(before[:some]), list(after.order_by("-id")[:some])
    stolen_ones = in_lines(chain(documents(after), elsewhere), tmp_path / "stolen.jsonl")
    honest_ones = in_lines(documents(before), tmp_path / "honest.jsonl")
    mixed = in_zip([*(row.document for row in (*good, *wrong)), *elsewhere[:some]], tmp_path / "many.zip")
    few = max(1, some // 5)  # files are judged each in a process of its own, by page and REST in turn
    texts = [(GOOD, row.document) for row in good[:few]] + [(BAD, row.document) for row in wrong[:few]]
    texts += [(BAD, text) for text in elsewhere[:few]]

    begun = time.perf_counter()
    keys.report_compromised(key, since=stolen, by=made.lin, why="the folder was copied")
    keys.make(made.college, by=made.lin)
    file = tmp_path / "trust.json"
    assert bundle.main(["export", str(file)]) == 0
    exported = time.perf_counter() - begun
    with asked_by_command(stolen_ones, mixed, trust=file) as asked:
        assert [page_of_number(row) for row in (*good, *wrong)] == [True] * some + [False] * some
        assert [rest_of_number(row) for row in (*good, *wrong)] == [GOOD] * some + [BAD] * some
        assert [page_of_file(text) for _wanted, text in texts[::2]] == [wanted == GOOD for wanted, _text in texts[::2]]
        assert [rest_of_file(text) for _wanted, text in texts[1::2]] == [wanted for wanted, _text in texts[1::2]]
        faces = time.perf_counter() - begun
        told, of_some = told_by(asked)
        everyone = time.perf_counter() - begun
    assert verdicts(told) == {BAD: bad}
    assert Counter(part["verdict"] for part in of_some["parts"]) == {GOOD: some, BAD: 2 * some}
    with asked_by_command(honest_ones, trust=file) as asked:
        assert verdicts(told_by(asked)[0]) == {GOOD: honest}
    if TRIALS:
        size = file.stat().st_size / 1e6
        record_property("volume", f"volume: {exported:.1f} s from the deed to the new bundle of {size:.1f} MB")
        record_property("volume", f"volume: {faces:.1f} s until page and REST had said so of all they were asked for")
        record_property("volume", f"volume: {everyone:.1f} s until the command line, too, had said so of all {bad}")
    assert everyone < LIMIT
