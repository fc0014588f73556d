"""A story made up for the demonstration: the telecommunication college in Tashkent, from its agreement to a recognised
certificate, done by the made-up people through the rooms' deeds.

Everything here is invented and marked so; what sources report stays as the other steps wrote it.
"""

from __future__ import annotations

from typing import Any

from sunmao.agreements import actions as agreements
from sunmao.agreements import queries as agreement_queries
from sunmao.agreements.models import Agreement, Clause, ClauseDebtor, Origin, Party, Subject
from sunmao.alliances import actions as alliances
from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.site.demo import story_learning, story_proposals, story_recognition
from sunmao.site.demo import story_words as words
from sunmao.site.demo.telling import Story
from sunmao.site.demo.world import World
from sunmao.workshops import actions as workshops
from sunmao.workshops.models import Item

PARTIES = (("cvie", "lead"), ("zte", "enterprise"), ("tstu", "host"))


def story(world: World) -> None:
    """Tell the whole story, chapter by chapter; each rests on those before it."""
    told = Story(world)
    for chapter in (
        agreement, application, building, story_learning.standards, story_learning.teachers, story_learning.trainees,
        story_learning.award, fulfilment, story_recognition.law, story_recognition.case,
        story_recognition.paper_case, story_proposals.proposals,
    ):  # fmt: skip
        chapter(told)


def application(told: Story) -> None:
    """A company applies to join an alliance, and its lead unit has not answered yet."""
    with told.on(9):
        asked = alliances.apply(
            told.world.alliances["uz"], organisation=told.world.organisations["zte"], reason=words.APPLICATION,
            by=told.officer("zte"),
        )  # fmt: skip
        asked.demo = True
        changes.save(asked, by=told.world.by)


def agreement(told: Story) -> None:
    """An agreement between the three parties, signed on paper and recorded here, under the one that was reported."""
    by = told.officer("cvie")
    made = Agreement(
        title=words.AGREEMENT, origin=Origin.RECORDED, opened_by=told.world.organisations["cvie"],
        parent=told.world.agreements["uz-telecom"], demo=True,
    )  # fmt: skip
    with told.on(268):
        agreements.keep_agreement(made, by=by)
        for number, (place, part) in enumerate(PARTIES, 1):
            party = made.parties.filter(number=number).first() or Party(agreement=made, number=number)
            party.organisation, party.part = told.world.organisations[place], part
            agreements.keep_part(party, made, by=by)
        subject = Subject(agreement=made, isced="0714", name=words.SUBJECT)
        changes.save(subject, by=by)
        _clauses(told, made, by)
    signed = When.on(told.day(-265))
    with told.on(262):
        agreements.record_signed(
            made, signed=signed, text=words.WORDING, prevails="en", originals=words.ORIGINALS, by=by
        )
        agreements.bring_into_force(made, on=signed, by=by)
    with told.on(258):
        for place, _part in PARTIES:
            agreements.publish(made, by=told.officer(place))
    told.world.agreements["uz-telecom-school"] = made


def _clauses(told: Story, made: Agreement, by: Any) -> None:
    parties = {row.organisation_id: row for row in made.parties.all()}
    for number, (_key, promise, owed_by, due) in enumerate(words.CLAUSES, 1):
        clause = Clause(agreement=made, number=number, promise=promise, due=When.on(told.day(due)))
        agreements.keep_part(clause, made, by=by)
        for place in owed_by:
            party = parties[told.world.organisations[place].pk]
            agreements.keep_part(ClauseDebtor(clause=clause, party=party), made, by=by)


def building(told: Story) -> None:
    """The college's stages: three passed, one to sign off in Chongqing, the teachers late, acceptance to come."""
    workshop, host = told.world.workshops["uz-telecom-college"], told.officer("tstu")
    workshop.demo, workshop.field = True, "0714"
    changes.save(workshop, by=told.world.by)
    for cite in workshop.citations.filter(fact="state"):
        changes.delete(cite, by=told.world.by, why="the state told from here on is made up")
    with told.on(260):
        workshops.plan(workshop, by=host)
        for place, _part in PARTIES:
            workshops.confirm_part(workshop, by=told.officer(place))
        for row in workshop.partners.select_related("organisation"):
            row.brings = next(
                (text for place, text in words.BRINGS.items() if told.world.organisations[place] == row.organisation),
                Texts(),
            )
            changes.save(row, by=host)
    stages = {row.kind: row for row in workshop.stages.all()}
    for stage in stages.values():
        stage.workshop = workshop
    for kind, who, since, due in (
        ("equipment", "tstu", 120, 8),
        ("curriculum", "cvie", 150, 70),
        ("teachers", "cvie", 120, -22),
    ):
        with told.on(since):
            workshops.start(stages[kind], due_on=told.day(due), by=told.officer(who))
    for kind, who, proposed, fact, shown, by, passed in words.STAGES:
        happened = When.on(told.day(-67)) if kind == "unveiling" else None
        with told.on(proposed):
            workshops.propose(stages[kind], fact=fact, evidence_title=shown, happened=happened, by=told.officer(who))
        if by:
            with told.on(passed):
                workshops.sign_off(stages[kind], why="seen with its evidence", by=told.officer(by))
    with told.on(20):
        for kind, fact in words.UNDER_WAY.items():
            stages[kind].fact = fact
            changes.save(stages[kind], by=told.officer("cvie"))
    with told.on(60):
        workshops.publish(stages["site"].evidence.get(), by=host)
    _equipment(told)


def _equipment(told: Story) -> None:
    """Pieces in every state that equipment goes through while a college is being set up."""
    maker, host = told.officer("zte"), told.officer("tstu")
    for number, (title, pieces, customs, received, state) in enumerate(words.ITEMS, 1):
        item = Item(
            workshop=told.world.workshops["uz-telecom-college"], title=title, maker="ZTE", quantity=pieces, hs_code=customs,
            serial=f"DEMO-{number:03d}", owner=told.world.organisations["tstu"],
            donated_under=told.world.agreements["uz-telecom-school"],
        )  # fmt: skip
        with told.on(130):
            changes.save(item, by=maker)
        if state == "ordered":
            continue
        with told.on(100 if received else 12):
            workshops.ship(item, by=maker)
        if received:
            with told.on(received):
                workshops.receive(item, received_on=clock.today(), by=host)
        if state in ("in_use", "down"):
            with told.on(received - 8):
                workshops.put_to_use(item, by=host)
        if state == "down":
            with told.on(9):
                workshops.report_down(item, why="the electrodes are worn and on order", by=host)


def fulfilment(told: Story) -> None:
    """What became of the clauses, told by who owes them and confirmed by another; and an amendment under way."""
    made = told.world.agreements["uz-telecom-school"]
    numbers = {key: number for number, (key, *_rest) in enumerate(words.CLAUSES, 1)}
    workshop = told.world.workshops["uz-telecom-college"]
    led = {
        "college": workshop.code, "rooms": workshop.stages.get(kind="site").code,
        "stations": Item.objects.filter(workshop=workshop).order_by("id").first().code,  # type: ignore[union-attr]
        "teachers": told.made["teachers"].code, "course": told.made["trainees"].code,
        "certificate": told.made["award"].code,
    }  # fmt: skip
    for key, who, answers, ago, whole, text in words.FULFILLED:
        clause = made.clauses.get(number=numbers[key])
        with told.on(ago):
            agreements.fulfil(clause, text=text, led_to=led[key], complete=whole, by=told.officer(who))
        if answers:
            with told.on(ago - 2):
                agreements.confirm(clause.fulfilments.get(), by=told.officer(answers))
    with told.on(12):
        agreements.propose_amendment(made, text=words.AMENDMENT, prevails="en", days=21, by=told.officer("cvie"))
    digest = agreement_queries.open_version(made)
    assert digest is not None
    with told.on(8):
        agreements.approve(made, digest=digest.digest, by=told.officer("cvie"))
