"""States of the deeds on cohorts, learners, programmes, awards and credentials."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import award_cast
import cohort_cast
import crosswalk_cast
from cast import organisation, user
from deed_states import Ready, state, upload

from sunmao.cohorts import actions as cohorts
from sunmao.cohorts.models import Cohort
from sunmao.credentials import actions as credentials
from sunmao.credentials import lists
from sunmao.credentials.models import Issued
from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.keys import actions as keys
from sunmao.standards import actions as standards
from sunmao.standards.models import Crosswalk, Outcome, Programme, ProgrammeVersion

# Cohorts


def _class(*, judged: bool = False) -> Any:
    """A running cohort of two, Ann and Ben; judged, Ann has passed everything and was there."""
    scene = cohort_cast.Scene()
    scene.ann, scene.ben = scene.enrol("Ann", "1"), scene.enrol("Ben", "2")
    if judged:
        scene.session(n1="present", n2="absent")
        for number in ("1.1", "1.2", "1.3"):
            scene.passes(scene.ann, number)
    return scene


@state("cohorts.start")
def _start() -> Ready:
    scene = cohort_cast.Scene()
    made = Cohort(
        title=Texts.of("Group two"), workshop=scene.workshop, version=scene.version, institution=scene.lead,
        starts_on=cohort_cast.BEGIN,
    )  # fmt: skip
    return Ready(cohorts.open_cohort(made, by=scene.lin), scene.lin)


@state("cohorts.confirm_co")
def _confirm_co() -> Ready:
    scene = cohort_cast.Scene()
    return Ready(scene.open(co_institution=scene.other), scene.eve)


@state("cohorts.enrol")
def _enrol() -> Ready:
    scene = _class()
    return Ready(scene.cohort, scene.lin, {"name": Texts.of("Cara"), "number": "3", "birth_year": 2004})


@state("cohorts.hold_session")
def _hold_session() -> Ready:
    scene = _class()
    marks = {scene.ann: "present", scene.ben: "excused"}
    return Ready(scene.cohort, scene.lin, {"held_on": cohort_cast.BEGIN, "topic": Texts.of("Safety"), "marks": marks})


@state("cohorts.record_results")
def _record_results() -> Ready:
    scene = _class()
    marks = {scene.ann: (True, "good"), scene.ben: (False, "")}
    asked = {"outcome": scene.outcome("1.1"), "assessed_on": cohort_cast.SECOND, "marks": marks}
    return Ready(scene.cohort, scene.lin, asked)


@state("cohorts.complete_cohort")
def _complete_cohort() -> Ready:
    scene = _class(judged=True)
    return Ready(scene.cohort, scene.lin)


@state("cohorts.cancel")
def _cancel() -> Ready:
    scene = _class()
    return Ready(scene.cohort, scene.lin, {"why": "Too few"})


@state("sessions.mark_attendance")
def _mark_attendance() -> Ready:
    scene = _class()
    session = scene.session(n1="absent")
    return Ready(session, scene.lin, {"marks": {scene.ann: "present", scene.ben: "present"}, "why": "Misread"})


@state("enrolments.complete")
def _complete() -> Ready:
    scene = _class(judged=True)
    return Ready(scene.ann, scene.lin)


@state("enrolments.withdraw")
def _withdraw() -> Ready:
    scene = _class()
    return Ready(scene.ben, scene.lin, {"why": "Moved away"})


@state("learners.consent")
def _consent() -> Ready:
    scene = cohort_cast.Scene()
    ann = user("Ann Learner", ("learner", scene.lead))
    row = scene.enrol("Ann Learner", "7", person=ann.person)
    return Ready(row.learner, ann, {"consent_show_name": True, "consent_show_results": True})


@state("learners.forget")
def _forget() -> Ready:
    """A learner with an account, results, attendance and a credential: what reaches every room."""
    made = award_cast.world(joint=False, learners=1)
    row = made.issued()
    ann = user("Ann Learner", ("learner", made.college))
    learner = row.learner
    learner.person = ann.person
    return Ready(changes.save(learner, by=made.lin), made.lin, {"why": "Asked for it"})


# Programmes and crosswalks


def _version(owner: Any, by: Any, *, published: bool) -> ProgrammeVersion:
    if published:
        return cohort_cast.version(owner, by=by)
    programme = changes.save(Programme(title=Texts.of("Rail"), owner=owner), by=by)
    made = changes.save(ProgrammeVersion(programme=programme, label="2026"), by=by)
    changes.save(Outcome(version=made, number="1", title=Texts.of("Lay track")), by=by)
    return made


@state("programmes.read_file")
def _read_file() -> Ready:
    scene = cohort_cast.Scene()
    return Ready(
        scene.version.programme, scene.lin, {"file": upload("plan.csv", b"outcome\nLay track\n"), "label": "2027"}
    )


@state("programme-versions.publish")
def _publish() -> Ready:
    scene = cohort_cast.Scene()
    return Ready(_version(scene.lead, scene.lin, published=False), scene.lin)


@state("programme-versions.new_version")
def _new_version() -> Ready:
    scene = cohort_cast.Scene()
    return Ready(scene.version, scene.lin, {"label": "2027"})


@state("programme-versions.withdraw")
def _withdraw_version() -> Ready:
    scene = cohort_cast.Scene()
    return Ready(scene.version, scene.lin, {"why": "Out of date"})


def _row(*, confirmed: bool = False) -> Any:
    scene = cohort_cast.Scene()
    scene.target = _version(scene.host, scene.hanna, published=True)
    crosswalk = changes.save(Crosswalk(source=scene.version, target=scene.target), by=scene.lin)
    left, right = scene.version.outcomes.get(number="1.1"), scene.target.outcomes.get(number="1.2")
    scene.row = standards.propose(crosswalk, left, right, "exact", by=scene.lin)
    standards.confirm(scene.row, by=scene.lin)
    if confirmed:
        standards.confirm(scene.row, by=scene.hanna)
    return scene


@state("crosswalks.align")
def _align() -> Ready:
    scene = cohort_cast.Scene()
    target = _version(scene.host, scene.hanna, published=True)
    return Ready(changes.save(Crosswalk(source=scene.version, target=target), by=scene.lin), scene.lin, {"most": 1})


@state("crosswalk-rows.confirm", "crosswalk-rows.reject")
def _judge() -> Ready:
    scene = _row()
    return Ready(scene.row, scene.hanna, {"note": "Compared"})


@state("crosswalk-rows.withdraw")
def _withdraw_row() -> Ready:
    scene = _row(confirmed=True)
    return Ready(scene.row, scene.hanna, {"note": "Wrong"})


# Awards and credentials


@state("awards.award")
def _award() -> Ready:
    made = award_cast.world(joint=False)
    return Ready(made.award, made.lin, {"cohort": made.cohort, "awarded_on": clock.today(), "why": "Council"})


def _endorser(made: Any) -> tuple[Any, Any]:
    works = organisation("A works")
    olim = user("Olim Example", ("officer", works))
    keys.make(works, by=olim)
    return works, olim


@state("awards.endorse")
def _endorse() -> Ready:
    made = award_cast.world(joint=False)
    works, olim = _endorser(made)
    return Ready(made.award, olim, {"organisation": works, "words": "We take them on."})


@state("award-issuers.endorse")
def _endorse_issuer() -> Ready:
    made = award_cast.world(joint=False)
    works, olim = _endorser(made)
    return Ready(made.award.issuers.get(), olim, {"organisation": works, "words": "We take them on."})


@state("endorsements.take_up")
def _take_up() -> Ready:
    made = award_cast.world(joint=False)
    works, olim = _endorser(made)
    return Ready(credentials.endorse(made.award, organisation=works, words="We take them on.", by=olim), made.lin)


@state("endorsements.leave_out")
def _leave_out() -> Ready:
    ready = _take_up()
    return Ready(credentials.take_up(ready.record, by=ready.by), ready.by, {"why": "Another line"})


@state("endorsements.withdraw")
def _withdraw() -> Ready:
    made = award_cast.world(joint=False)
    works, olim = _endorser(made)
    row = credentials.endorse(made.award, organisation=works, words="We take them on.", by=olim)
    return Ready(row, olim, {"why": "The contract ended"})


@state("credentials.remark")
def _remark() -> Ready:
    made = award_cast.world(joint=False)
    return Ready(made.issued(), made.lin, {"remark": "review", "why": "Appeal of a result"})


@state("conferrals.sign")
def _sign() -> Ready:
    made = award_cast.world()
    return Ready(made.confer(), made.alisher)


@state("conferrals.confirm")
def _confirm() -> Ready:
    """More learners than one pair of eyes may award to; the limit is lowered while it is proposed."""
    made = award_cast.world(joint=False)
    with patch("sunmao.credentials.actions.conferring.FOUR_EYES", 1):
        return Ready(made.confer(), made.wang)


@state("conferrals.extend")
def _extend() -> Ready:
    made = award_cast.world()
    return Ready(made.confer(), made.lin, {"sign_by": clock.today() + timedelta(days=90), "why": "Holidays"})


@state("conferrals.drop")
def _drop() -> Ready:
    made = award_cast.world()
    return Ready(made.confer(), made.lin, {"why": "Wrong day"})


@state("credentials.release")
def _release() -> Ready:
    made = award_cast.world(joint=False)
    asked = {"shows_name": True, "shows_results": False, "shown_until": None, "why": "By letter"}
    return Ready(made.issued(), made.lin, asked)


@state("credentials.suspend", "credentials.revoke", "credentials.supersede")
def _turn() -> Ready:
    made = award_cast.world(joint=False)
    return Ready(made.issued(), made.lin, {"why": "Checking"})


@state("credentials.restore")
def _restore() -> Ready:
    made = award_cast.world(joint=False)
    return Ready(credentials.suspend(made.issued(), why="Checking", by=made.lin), made.lin, {"why": "All is well"})


def _batch(made: Any) -> Any:
    with patch("sunmao.credentials.actions.conferring.FOUR_EYES", 1):
        return credentials.propose(made.award, count=2, sha256="a" * 64, by=made.lin)


def _issued(made: Any) -> Any:
    """One row of a batch that a second person confirmed."""
    batch = credentials.sign_batch(_batch(made), file_sha256="a" * 64, by=made.wang)
    place, index = lists.Places(batch, batch.key_used.controller, by=made.wang).take()
    row = Issued(
        batch=batch, serial=2, number=credentials.fresh_numbers(1)[0], awarded_on=clock.today(), status_list=place,
        said='{"recipient_name":"Nodira"}', proof_value="z", digest="b" * 64, status_index=index, state_since=clock.now(),
    )  # fmt: skip
    credentials.write_issued([row], by=made.wang)
    return Issued.objects.get()


@state("batches.drop")
def _drop_batch() -> Ready:
    made = award_cast.world(joint=False)
    return Ready(_batch(made), made.lin, {"why": "Wrong list"})


@state("batches.sign")
def _sign_batch() -> Ready:
    made = award_cast.world()
    return Ready(
        credentials.propose(made.award, count=2, sha256="a" * 64, by=made.lin), made.alisher, {"file_sha256": "a" * 64}
    )


@state("batches.extend")
def _extend_batch() -> Ready:
    made = award_cast.world()
    row = credentials.propose(made.award, count=2, sha256="a" * 64, by=made.lin)
    return Ready(row, made.lin, {"sign_by": clock.today() + timedelta(days=90), "why": "Holidays"})


@state("issued.suspend", "issued.revoke", "issued.forget")
def _turn_issued() -> Ready:
    made = award_cast.world(joint=False)
    return Ready(_issued(made), made.lin, {"why": "Checking"})


@state("issued.restore")
def _restore_issued() -> Ready:
    made = award_cast.world(joint=False)
    return Ready(credentials.suspend(_issued(made), why="Checking", by=made.lin), made.lin, {"why": "All is well"})


@state("crosswalk-credentials.sign", "crosswalk-credentials.drop")
def _crosswalk() -> Ready:
    scene = crosswalk_cast.Scene()
    return Ready(scene.drawn(), scene.alisher, {"why": "A row is missing"})


@state("crosswalk-credentials.revoke")
def _crosswalk_signed() -> Ready:
    scene = crosswalk_cast.Scene()
    return Ready(scene.issued(), scene.lin, {"why": "A row was wrong"})
