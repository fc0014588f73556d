"""States of the deeds on cases, decisions, appeals and the law they rest on."""

from __future__ import annotations

from typing import Any

import recognition_room
from deed_states import Ready, state

from sunmao.kernel import clock
from sunmao.kernel.text import Texts
from sunmao.recognition import actions
from sunmao.recognition.models import (
    Accreditation,
    Applicant,
    BridgingModule,
    Case,
    Competence,
    DeliveryPermit,
    HomeRight,
    Instrument,
    ModuleOutcome,
    Qualification,
    ReviewRound,
    ShownDifference,
    Touched,
)
from sunmao.recognition.queries import impact


def _indicated(**fields: Any) -> Any:
    r = recognition_room.room()
    r.act_row = recognition_room.instrument(r)
    r.case = recognition_room.case(r, **fields)
    r.decision = actions.indicate(r.case, by=r.first)
    return r


def _proposed() -> Any:
    r = _indicated()
    actions.propose(r.decision, result="full", by=r.first)
    return r


def _decided() -> Any:
    r = recognition_room.room()
    r.act_row = recognition_room.instrument(r)
    r.case = recognition_room.case(r)
    r.decision = recognition_room.decided(r, r.case)
    return r


# Cases


@state("recognition-cases.complete_intake")
def _complete_intake() -> Ready:
    r = recognition_room.room()
    recognition_room.instrument(r)
    made = actions.open_case(
        Case(authority=r.uz_ministry, target=r.target, purpose="study", applied_on=clock.today()), by=r.first
    )
    recognition_room.kept(Applicant(case=made, name=Texts.of({"en": "Zhang San"}), birth_year=2001))
    row = Qualification(case=made, programme=r.taught, issuer=r.college, number="CN-1", awarded_on=clock.today())
    actions.lay(row, by=r.first)
    return Ready(made, r.first)


@state("recognition-cases.indicate")
def _indicate() -> Ready:
    r = _indicated()
    return Ready(r.case, r.first)


@state("recognition-cases.query_issuer")
def _query() -> Ready:
    r = _indicated()
    return Ready(r.case, r.first, {"qualification": r.case.qualifications.get(), "note": "By letter", "days": 30})


@state("recognition-cases.record_answer")
def _answer() -> Ready:
    r = _indicated()
    row = r.case.qualifications.get()
    actions.query_issuer(r.case, qualification=row, by=r.first)
    return Ready(r.case, r.first, {"qualification": row, "authenticity": "confirmed", "note": "By letter"})


@state("recognition-cases.ask_applicant")
def _asked() -> Ready:
    r = _indicated()
    about = r.case.qualifications.get()
    return Ready(
        r.case, r.first, {"kind": "translation", "qualification": about, "note": "Of the supplement", "days": 14}
    )


@state("steps.receive")
def _received() -> Ready:
    r = _indicated()
    actions.ask_applicant(r.case, kind="legalisation", by=r.first)
    return Ready(r.case.steps.get(kind="legalisation"), r.first, {"note": "By courier"})


@state("recognition-cases.receive_fee")
def _fee() -> Ready:
    r = _indicated()
    return Ready(r.case, r.first, {"receipt": "No. 17"})


@state("recognition-cases.waive_fee")
def _waived() -> Ready:
    r = _indicated()
    return Ready(r.case, r.first, {"why": "Act on fees, article 9"})


@state("review-rounds.go_on")
def _round() -> Ready:
    r = _decided()
    ids = [r.decision.pk]
    made = ReviewRound(cause="IN-00001", listed_at=clock.now(), listed_count=1, digest=impact.digest_of(ids))
    recognition_room.kept(made)
    Touched.objects.create(round=made, decision_id=ids[0])
    return Ready(made, r.first)


@state("recognition-cases.close")
def _close() -> Ready:
    r = _indicated()
    return Ready(r.case, r.first, {"why": "Taken back"})


@state("recognition-cases.erase")
def _erase() -> Ready:
    r = _decided()
    return Ready(r.case, r.first, {"why": "Asked for it"})


# Decisions


@state("decisions.propose")
def _propose() -> Ready:
    r = _indicated()
    return Ready(r.decision, r.first, {"result": "full", "reasons": Texts()})


@state("decisions.confirm")
def _confirm() -> Ready:
    r = _proposed()
    return Ready(r.decision, r.second)


@state("decisions.send_back")
def _send_back() -> Ready:
    r = _proposed()
    return Ready(r.decision, r.second, {"why": "Look at row 2"})


@state("decisions.notify")
def _notify() -> Ready:
    r = _proposed()
    return Ready(actions.confirm(r.decision, by=r.second), r.first, {"on": clock.today()})


@state("decisions.appeal")
def _appeal() -> Ready:
    r = _decided()
    return Ready(r.decision, r.first, {"grounds": Texts.of("Rows were confirmed since")})


@state("decisions.publish")
def _publish_decision() -> Ready:
    r = _decided()
    return Ready(r.decision, r.first)


@state("decisions.review")
def _review() -> Ready:
    r = _decided()
    return Ready(r.decision, r.first)


@state("appeals.hear")
def _hear() -> Ready:
    r = _decided()
    return Ready(actions.appeal(r.decision, grounds="Something new", by=r.first), r.second)


# The law


@state("instruments.publish")
def _publish() -> Ready:
    r = recognition_room.room()
    draft = Instrument(
        title=Texts.of("Act"), basis="ministry", authority=r.uz_ministry, document=r.act, home="CN", host="UZ",
        purposes="study", valid_from=clock.today(),
    )  # fmt: skip
    return Ready(recognition_room.kept(draft), r.first)


@state("instruments.revoke")
def _revoke() -> Ready:
    r = _decided()
    return Ready(r.act_row, r.first, {"reason": Texts.of("Void"), "from_start": True})


@state("instruments.restore")
def _restore() -> Ready:
    r = _decided()
    return Ready(actions.revoke(r.act_row, reason="Void", from_start=True, by=r.first), r.first, {"why": "Court"})


@state("competences.withdraw")
def _competence() -> Ready:
    r = _decided()
    return Ready(Competence.objects.get(authority=r.uz_ministry), r.keeper, {"why": "Law changed"})


@state("accreditations.withdraw")
def _accreditation() -> Ready:
    r = _decided()
    return Ready(Accreditation.objects.get(institution=r.college), r.home, {"why": "Ended"})


@state("delivery-permits.withdraw")
def _permit() -> Ready:
    r = recognition_room.room()
    row = recognition_room.kept(DeliveryPermit(institution=r.college, country="UZ"))
    return Ready(row, r.first, {"why": "Ended"})


@state("home-rights.withdraw")
def _right() -> Ready:
    r = _decided()
    return Ready(HomeRight.objects.filter(programme=r.taught).first(), r.home, {"why": "Ended"})


@state("shown-differences.withdraw")
def _difference() -> Ready:
    r = recognition_room.room()
    row = ShownDifference(target=r.target, authority=r.uz_ministry, programme=r.taught, subject="profile")
    return Ready(recognition_room.kept(row), r.first, {"why": "Shown otherwise"})


def _module() -> Any:
    r = recognition_room.room()
    r.module = recognition_room.kept(
        BridgingModule(title=Texts.of("Safety"), institution=r.university, country="UZ", cost=10, hours=36)
    )
    recognition_room.kept(ModuleOutcome(module=r.module, outcome=r.target.outcomes.get(number="1")))
    return r


@state("bridging-modules.offer")
def _offer() -> Ready:
    r = _module()
    return Ready(r.module, r.first)


@state("bridging-modules.withdraw")
def _withdraw_module() -> Ready:
    r = _module()
    return Ready(actions.offer(r.module, by=r.first), r.first, {"why": "Not taught any more"})
