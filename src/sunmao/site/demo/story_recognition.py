"""The story's end: the law that recognition rests on, and one case that two people of a ministry decide."""

from __future__ import annotations

from sunmao.kernel import changes
from sunmao.recognition import actions
from sunmao.recognition.models import (
    Accreditation,
    Applicant,
    Case,
    Competence,
    DeliveryPermit,
    HomeRight,
    Instrument,
    Qualification,
)
from sunmao.site.demo import story_words as words
from sunmao.site.demo.telling import Story
from sunmao.sources.models import Document

PURPOSES = ("study", "work")


def law(told: Story) -> None:
    """Who is competent, who is accredited, what the programme opens at home, and the order from China to Uzbekistan."""
    keeper, ministry = told.actor("secretariat"), told.actor("authority-uz")
    places = told.world.organisations
    facts = [
        Competence(authority=places["uz-ministry"], country="UZ"),
        Competence(authority=places["cn-moe"], country="CN"),
        *(Accreditation(institution=places[key]) for key in ("cvie", "tstu")),
        *(DeliveryPermit(institution=places["cvie"], country=country, lawful=True) for country in ("CN", "UZ")),
        *(HomeRight(programme=told.made["home"], purpose=purpose, given=True) for purpose in PURPOSES),
    ]
    with told.on(205):
        for fact in facts:
            changes.save(fact, by=keeper)
        document = changes.save(Document(title=words.ORDER, kind="official", reliability="official"), by=ministry)
        instrument = Instrument(
            title=words.ORDER, basis="ministry", authority=places["uz-ministry"], document=document, home="CN",
            host="UZ", purposes=",".join(PURPOSES), fields="0714", missing_percent=20, decide_within_days=60,
            valid_from=told.day(-200), demo=True,
        )  # fmt: skip
        changes.save(instrument, by=ministry)
        actions.publish(instrument, by=ministry)


def case(told: Story) -> None:
    """The demonstration's learner asks for work; one person of the ministry proposes, another confirms."""
    first, second = told.actor("authority-uz"), told.actor("authority-uz-second")
    holder = told.world.cast["learner"].person
    with told.on(28):
        made = actions.open_case(
            Case(authority=told.world.organisations["uz-ministry"], target=told.made["host"], purpose="work",
                 applied_on=told.day(-28), demo=True),
            by=first,
        )  # fmt: skip
        changes.save(Applicant(case=made, name=holder.name, birth_year=2003, person=holder), by=first)
        actions.lay(Qualification(case=made, number=told.made["credential"].number), by=first)
    with told.on(26):
        actions.complete_intake(made, by=first)
        decision = actions.indicate(made, by=first)
    with told.on(20):
        actions.propose(decision, result=decision.indicated, reasons=words.REASONS, by=first)
    with told.on(18):
        actions.confirm(decision, by=second)
    with told.on(17):
        actions.notify(decision, by=first)
    with told.on(16):
        actions.publish_decision(decision, by=second)
    told.made["decision"] = decision


def paper_case(told: Story) -> None:
    """Another applicant brings paper: the apostille came, the sworn translation has not, so that the time stands still."""
    first = told.actor("authority-uz")
    with told.on(14):
        made = actions.open_case(
            Case(authority=told.world.organisations["uz-ministry"], target=told.made["host"], purpose="study",
                 applied_on=told.day(-14), demo=True),
            by=first,
        )  # fmt: skip
        changes.save(
            Applicant(
                case=made, name=words.APPLICANT, passport_name="ZHANG<<WEI", variants="Чжан Вэй", birth_year=2004
            ),
            by=first,
        )
        diploma = actions.lay(
            Qualification(
                case=made, programme=told.made["home"], issuer=told.world.organisations["cvie"], number="DEMO-2026-0017",
                awarded_on=told.day(-40),
            ),
            by=first,
        )  # fmt: skip
        actions.ask_applicant(made, kind="legalisation", qualification=diploma, by=first)
    with told.on(11):
        actions.receive(made.steps.get(kind="legalisation"), by=first)
        actions.complete_intake(made, by=first)
        actions.query_issuer(made, qualification=diploma, note=words.QUERY, by=first)
    with told.on(7):
        actions.record_answer(made, qualification=diploma, authenticity="confirmed", by=first)
    with told.on(5):
        actions.ask_applicant(made, kind="translation", qualification=diploma, note=words.SUPPLEMENT, by=first)
