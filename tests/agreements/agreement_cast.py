"""Three parties and their officers, and an agreement between them at each point of its life."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cast import organisation, user

from sunmao.agreements import actions, queries
from sunmao.agreements.models import Agreement, Clause, ClauseDebtor, Origin, Part, Party
from sunmao.directory.models import Kind as OrganisationKind
from sunmao.directory.models import Organisation
from sunmao.events.models import Event
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When


@dataclass
class World:
    """College, company, host; Lin, Zhao, Alisher are their officers, Sec keeps the register, Bob is a stranger."""

    college: Organisation
    company: Organisation
    host: Organisation
    lin: Any
    zhao: Any
    alisher: Any
    sec: Any
    bob: Any
    agreement: Agreement

    def party(self, place: Organisation) -> Party:
        return self.agreement.parties.get(organisation=place)

    @property
    def digest(self) -> str:
        found = queries.open_version(self.agreement)
        return found.digest if found else ""

    def fresh(self) -> Agreement:
        self.agreement = Agreement.objects.get(pk=self.agreement.pk)
        return self.agreement


def world() -> World:
    college = organisation("Chongqing College", country="CN", zh="重庆学院")
    company = organisation("Telecom Company", country="CN", kind=OrganisationKind.ENTERPRISE)
    host = organisation("Transport University", country="UZ", kind=OrganisationKind.UNIVERSITY)
    lin = user("Lin Example", ("officer", college))
    agreement = Agreement(title=Texts.of(en="Joint telecom college", zh="联合通信学院"), opened_by=college)
    actions.keep_agreement(agreement, by=lin)
    made = World(
        college, company, host, lin, user("Zhao Example", ("officer", company)),
        user("Alisher Example", ("officer", host)), user("Sec Example", ("secretariat", organisation("Register"))),
        user("Bob Example", ("officer", organisation("Elsewhere College"))), agreement,
    )  # fmt: skip
    for number, (place, part) in enumerate(((company, Part.ENTERPRISE), (host, Part.HOST)), 2):
        row = Party(agreement=agreement, number=number, organisation=place, part=part)
        actions.keep_part(row, agreement, by=lin)
    return made


def clause(w: World, promise: str = "Equip two rooms", due: str = "2026-09-30", *owed_by: Organisation) -> Clause:
    made = Clause(
        agreement=w.agreement, number=w.agreement.clauses.count() + 1, promise=Texts.of(promise), due=When.read(due)
    )
    actions.keep_part(made, w.agreement, by=w.lin)
    for place in owed_by:
        actions.keep_part(ClauseDebtor(clause=made, party=w.party(place)), w.agreement, by=w.lin)
    return made


def proposed(w: World, text: str = "The parties agree.") -> World:
    actions.propose_text(w.agreement, text=Texts.of(en=text, zh="各方同意。"), prevails="en", digest=w.digest, by=w.lin)
    return w


def approved(w: World) -> World:
    proposed(w)
    for person in (w.lin, w.zhao, w.alisher):
        actions.approve(w.agreement, digest=w.digest, by=person)
    return w


def signed(w: World) -> World:
    approved(w)
    for person in (w.lin, w.zhao, w.alisher):
        actions.sign(w.agreement, digest=w.digest, by=person)
    return w


def in_force(w: World) -> World:
    signed(w)
    actions.bring_into_force(w.agreement, on=When.read("2026-03-02"), by=w.lin)
    return w


def reported(w: World) -> Agreement:
    ceremony = changes.save(Event(title=Texts.of("Cooperation conference")), by=w.sec)
    made = Agreement(title=Texts.of("Agreement from the press"), origin=Origin.PRESS, event=ceremony)
    actions.keep_agreement(made, by=w.sec)
    for number, place in enumerate((w.college, w.host), 1):
        actions.keep_part(Party(agreement=made, number=number, organisation=place), made, by=w.sec)
    return made
