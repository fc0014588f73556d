"""States of the deeds on alliances, agreements, events and workshops."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import agreement_cast
from cast import TESTS, organisation, user
from deed_states import Ready, state, upload

from sunmao.agreements import actions as agreements
from sunmao.alliances import actions as alliances
from sunmao.alliances.models import Alliance, Member
from sunmao.directory.models import Kind
from sunmao.events import actions as events
from sunmao.events.models import Commitment, CommitmentOwner, ConsensusText, Event
from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.workshops import actions as workshops
from sunmao.workshops.models import Evidence, Item, ItemState, Partner, Stage, Workshop

# Alliances


def _alliance() -> Any:
    lead, hopeful = organisation("Leading College", country="CN"), organisation("Hopeful College", country="UZ")
    body = organisation("Corridor Alliance", kind=Kind.ALLIANCE)
    made = changes.save(Alliance(organisation=body, founded=When.read("2021")), by=TESTS)
    first = changes.save(
        Member(alliance=made, organisation=lead, role="lead", joined=When.read("2021"), state="accepted"), by=TESTS
    )
    lin, anna = user("Lin Example", ("officer", lead)), user("Anna Example", ("officer", hopeful))
    return SimpleNamespace(alliance=made, first=first, lin=lin, anna=anna, hopeful=hopeful)


def _applied() -> Any:
    w = _alliance()
    w.member = alliances.apply(w.alliance, organisation=w.hopeful, reason=Texts.of("We teach logistics."), by=w.anna)
    return w


@state("alliances.apply")
def _apply() -> Ready:
    w = _alliance()
    return Ready(w.alliance, w.anna, {"organisation": w.hopeful, "reason": Texts.of("We teach logistics.")})


@state("members.accept")
def _accept() -> Ready:
    w = _applied()
    return Ready(w.member, w.lin, {"joined": When.read("2026-03"), "role": "member"})


@state("members.decline")
def _decline() -> Ready:
    w = _applied()
    return Ready(w.member, w.lin, {"why": "Not this year"})


@state("members.leave")
def _leave() -> Ready:
    w = _alliance()
    return Ready(w.first, w.lin, {"left": When.read("2026-05"), "why": "Merged"})


# Agreements


@state("agreements.propose_text")
def _propose_text() -> Ready:
    w = agreement_cast.world()
    asked = {"text": Texts.of(en="The parties agree.", zh="各方同意。"), "prevails": "en", "digest": ""}
    return Ready(w.agreement, w.lin, {**asked, "file": upload("text.pdf"), "file_language": "ru"})


@state("agreements.approve")
def _approve() -> Ready:
    w = agreement_cast.proposed(agreement_cast.world())
    for person in (w.lin, w.zhao):
        agreements.approve(w.agreement, digest=w.digest, by=person)
    return Ready(w.agreement, w.alisher, {"digest": w.digest, "basis": Texts.of("Council")})


@state("agreements.return_text")
def _return_text() -> Ready:
    w = agreement_cast.proposed(agreement_cast.world())
    agreements.approve(w.agreement, digest=w.digest, by=w.lin)
    return Ready(w.agreement, w.zhao, {"digest": w.digest, "remarks": Texts.of("Say who pays")})


@state("agreements.sign")
def _sign() -> Ready:
    w = agreement_cast.approved(agreement_cast.world())
    for person in (w.lin, w.zhao):
        agreements.sign(w.agreement, digest=w.digest, by=person)
    return Ready(w.agreement, w.alisher, {"digest": w.digest})


@state("agreements.record_signed")
def _record_signed() -> Ready:
    w = agreement_cast.world()
    asked = {"signed": When.read("2026-03-01"), "text": Texts.of(en="The parties agree."), "prevails": "en"}
    return Ready(w.agreement, w.lin, {**asked, "scan": upload("scan.pdf")})


@state("agreements.bring_into_force")
def _bring_into_force() -> Ready:
    w = agreement_cast.signed(agreement_cast.world())
    return Ready(w.agreement, w.lin, {"on": When.on(clock.today()), "ends": When.read("2030")})


@state("agreements.propose_amendment")
def _propose_amendment() -> Ready:
    w = agreement_cast.in_force(agreement_cast.world())
    return Ready(w.agreement, w.lin, {"text": Texts.of(en="One year more."), "prevails": "en"})


@state("agreements.renew")
def _renew() -> Ready:
    w = agreement_cast.signed(agreement_cast.world())
    agreements.bring_into_force(w.agreement, on=When.read("2026-03-02"), ends=When.read("2028-03-02"), by=w.lin)
    return Ready(w.agreement, w.lin, {"ends": When.read("2031-03-02"), "why": "Both went well"})


@state("agreements.publish")
def _publish() -> Ready:
    w = agreement_cast.in_force(agreement_cast.world())
    return Ready(w.agreement, w.lin, {})


@state("agreements.withdraw")
def _withdraw_agreement() -> Ready:
    w = agreement_cast.in_force(agreement_cast.world())
    agreements.publish(w.agreement, by=w.lin)
    return Ready(agreement_cast.Agreement.objects.get(pk=w.agreement.pk), w.lin, {"why": "Too early"})


@state("agreements.end")
def _end() -> Ready:
    w = agreement_cast.in_force(agreement_cast.world())
    return Ready(w.agreement, w.lin, {"on": When.on(clock.today()), "why": "Done", "seen": True})


def _owed(due: str = "2030-09-30") -> Any:
    w = agreement_cast.world()
    w.clause = agreement_cast.clause(w, "Equip two rooms", due, w.college)
    agreement_cast.in_force(w)
    return w


@state("clauses.fulfil")
def _fulfil() -> Ready:
    w = _owed()
    return Ready(w.clause, w.lin, {"text": Texts.of("Equipped"), "done": When.read("2026-05"), "file": upload()})


@state("clauses.waive")
def _waive() -> Ready:
    w = _owed()
    return Ready(w.clause, w.alisher, {"why": Texts.of("Not needed")})


@state("clauses.remind")
def _remind() -> Ready:
    w = _owed("2026-01-31")
    return Ready(w.clause, w.alisher, {"reminder": "The hall waits"})


def _told() -> Any:
    w = _owed()
    agreements.fulfil(w.clause, text=Texts.of("Equipped"), done=When.read("2026-05"), by=w.lin)
    w.told = w.clause.fulfilments.get()
    return w


@state("fulfilments.confirm", "fulfilments.refuse")
def _answer() -> Ready:
    w = _told()
    return Ready(w.told, w.alisher, {"answer": Texts.of("Seen on the spot")})


# Events


def _commitment(owner: bool = True, name_state: str = "open") -> Any:
    college = organisation("Host College")
    event = changes.save(Event(title=Texts.of("Conference"), country="CN", began=When.read("2025-06-13")), by=TESTS)
    text = changes.save(ConsensusText(title=Texts.of("Consensus"), event=event), by=TESTS)
    one = changes.save(Commitment(consensus=text, number=1, theme=Texts.of("Recognition")), by=TESTS)
    if owner:
        changes.save(CommitmentOwner(commitment=one, organisation=college), by=TESTS)
    lin, sec = user("Lin Example", ("officer", college)), user("Sec Example", ("secretariat", organisation("Register")))
    if name_state == "kept":
        events.keep(one, progress=Texts.of("Done"), evidence="https://example.org/done", by=lin)
    return SimpleNamespace(one=one, lin=lin, sec=sec, college=college)


@state("commitments.take_up")
def _take_up() -> Ready:
    w = _commitment(owner=False)
    return Ready(w.one, w.lin, {"organisation": w.college})


@state("commitments.report_progress", "commitments.keep")
def _tell() -> Ready:
    w = _commitment()
    return Ready(w.one, w.lin, {"progress": Texts.of("Half"), "evidence": "https://example.org/half"})


@state("commitments.reopen")
def _reopen() -> Ready:
    w = _commitment(name_state="kept")
    return Ready(w.one, w.sec, {"why": "Not so"})


# Workshops


def _workshop(planned: bool = True) -> Any:
    lead, host = organisation("Lead College", country="CN"), organisation("Host University", country="UZ")
    lin, alisher = user("Lin Example", ("officer", lead)), user("Alisher Example", ("officer", host))
    made = changes.save(Workshop(title=Texts.of("Telecom College"), host=host, country="UZ"), by=TESTS)
    changes.save(Partner(workshop=made, organisation=lead, part="lead"), by=TESTS)
    if planned:
        workshops.plan(made, by=lin)
    return SimpleNamespace(workshop=made, lin=lin, alisher=alisher)


def _stage(w: Any, kind: str = "site") -> Any:
    return Stage.objects.get(workshop=w.workshop, kind=kind)


def _proposed(w: Any, kind: str = "site") -> Any:
    workshops.propose(_stage(w, kind), fact=Texts.of("620 m²"), evidence_title=Texts.of("Act"), by=w.alisher)
    return _stage(w, kind)


@state("workshops.confirm_part")
def _confirm_part() -> Ready:
    w = _workshop()
    return Ready(w.workshop, w.alisher)


@state("workshops.plan")
def _plan() -> Ready:
    w = _workshop(planned=False)
    return Ready(w.workshop, w.lin)


@state("workshops.close")
def _close() -> Ready:
    w = _workshop()
    return Ready(w.workshop, w.lin, {"why": "The project ended"})


@state("stages.start")
def _start() -> Ready:
    w = _workshop()
    return Ready(_stage(w), w.lin, {"due_on": clock.today()})


@state("stages.propose")
def _propose() -> Ready:
    w = _workshop()
    asked = {"fact": Texts.of("Unveiled"), "evidence_title": Texts.of("Act"), "file": upload()}
    return Ready(_stage(w, "unveiling"), w.alisher, {**asked, "happened": When.read("2026-09-16")})


@state("stages.sign_off")
def _sign_off() -> Ready:
    """Acceptance, the one that reaches the workshop itself."""
    w = _workshop()
    for stage in Stage.objects.filter(workshop=w.workshop).exclude(kind="acceptance").order_by("order"):
        workshops.sign_off(_proposed(w, stage.kind), by=w.lin)
    return Ready(_proposed(w, "acceptance"), w.lin, {"why": "Seen"})


@state("stages.send_back")
def _send_back() -> Ready:
    w = _workshop()
    return Ready(_proposed(w), w.lin, {"remark": "The act is not signed"})


@state("stages.explain_delay")
def _explain_delay() -> Ready:
    w = _workshop()
    workshops.start(_stage(w), due_on=date(2020, 1, 1), by=w.lin)
    return Ready(_stage(w), w.lin, {"delay": "Customs", "due_on": clock.today() + timedelta(days=30)})


@state("evidences.publish")
def _publish_evidence() -> Ready:
    w = _workshop()
    return Ready(Evidence.objects.get(stage=_proposed(w)), w.alisher)


@state("evidences.hide")
def _hide_evidence() -> Ready:
    w = _workshop()
    shown = workshops.publish(Evidence.objects.get(stage=_proposed(w)), by=w.alisher)
    return Ready(shown, w.alisher, {"why": "It names people"})


def _item(state_: str, **asked: Any) -> Ready:
    w = _workshop()
    made = changes.save(Item(workshop=w.workshop, title=Texts.of("Station"), state=state_), by=w.lin)
    return Ready(made, w.lin, asked)


@state("items.ship")
def _ship() -> Ready:
    return _item(ItemState.ORDERED)


@state("items.receive")
def _receive() -> Ready:
    return _item(ItemState.TRANSIT, received_on=clock.today(), act=upload())


@state("items.put_to_use")
def _put_to_use() -> Ready:
    return _item(ItemState.RECEIVED)


@state("items.report_down")
def _report_down() -> Ready:
    return _item(ItemState.IN_USE, why="No power")


@state("items.retire")
def _retire() -> Ready:
    return _item(ItemState.IN_USE, why="Worn out")
