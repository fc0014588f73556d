"""The story's standards, classes and certificates: two profiles side by side, who learned, what both houses award."""

from __future__ import annotations

from typing import Any

from sunmao.cohorts import actions as cohorts
from sunmao.cohorts.models import Cohort, Enrolment, PassRule
from sunmao.credentials import actions as credentials
from sunmao.credentials.models import Award, AwardIssuer
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.keys import actions as keys
from sunmao.site.demo import story_words as words
from sunmao.site.demo.story_endorsing import endorsed
from sunmao.site.demo.telling import Story
from sunmao.standards import actions as standard_actions
from sunmao.standards.ladders import load_eqf
from sunmao.standards.models import Crosswalk, Outcome, Programme, ProgrammeKind, ProgrammeVersion, Unit

GRADES = ("excellent", "good", "good", "satisfactory")


def standards(told: Story) -> None:
    """Two profiles of six outcomes on the same ladder, and their crosswalk: five rows count, one is argued about."""
    level = load_eqf(by=told.world.by).levels.get(step=4)
    cvie, ministry = told.officer("cvie"), told.actor("authority-uz")
    with told.on(220):
        home = _profile(
            Programme(title=words.PROGRAMME, owner=told.world.organisations["cvie"], country="CN"), level, 0, cvie
        )
        host = _profile(
            Programme(
                title=words.STANDARD, kind=ProgrammeKind.OCCUPATIONAL, owner=told.world.organisations["tstu"],
                authority=told.world.organisations["uz-ministry"], country="UZ",
            ),
            level, 1, ministry,
        )  # fmt: skip
    told.made["home"], told.made["host"] = home, host
    for major in told.world.workshops["uz-telecom-college"].majors.all():
        major.version = home
        changes.save(major, by=told.officer("tstu"))
    _crosswalk(told, cvie, ministry)


def _profile(programme: Programme, level: Any, side: int, by: Any) -> ProgrammeVersion:
    programme.field, programme.demo = "0714", True
    changes.save(programme, by=by)
    version = changes.save(
        ProgrammeVersion(programme=programme, label="2026", level=level, credits=60, hours=1800), by=by
    )
    units = [
        changes.save(Unit(version=version, number=number, title=names[side], credits=30), by=by)
        for number, names in enumerate(words.UNITS, 1)
    ]
    seen = {1: 0, 2: 0}
    for kind, critical, unit, *titles, _relation in words.OUTCOMES:
        seen[unit] += 1
        outcome = Outcome(
            version=version, unit=units[unit - 1], number=f"{unit}.{seen[unit]}", title=titles[side], kind=kind,
            critical=critical,
        )  # fmt: skip
        changes.save(outcome, by=by)
    return standard_actions.publish(version, by=by)


def _crosswalk(told: Story, cvie: Any, ministry: Any) -> None:
    """Rows that both sides confirmed; the last was refused by the ministry and is proposed anew, still open."""
    with told.on(150):
        crosswalk = changes.save(Crosswalk(source=told.made["home"], target=told.made["host"], demo=True), by=cvie)
    told.made["crosswalk"] = crosswalk
    pairs = list(
        zip(told.made["home"].outcomes.order_by("order"), told.made["host"].outcomes.order_by("order"), strict=True)
    )
    rows = []
    with told.on(149):
        for (left, right), (*_words, relation) in zip(pairs, words.OUTCOMES, strict=True):
            row = standard_actions.propose(crosswalk, left, right, relation, by=cvie)
            rows.append(standard_actions.confirm(row, by=cvie))
    with told.on(120):
        for row in rows[:-1]:
            standard_actions.confirm(row, note="compared with the curriculum", by=ministry)
        standard_actions.reject(
            rows[-1], note="Ours asks for a permit to work at heights; yours does not.", by=ministry
        )
    with told.on(9):
        again = standard_actions.propose(crosswalk, *pairs[-1], "target_broader", by=cvie)
        standard_actions.confirm(again, note="work at heights is left out", by=cvie)


def _crosswalk_signed(told: Story, cvie: Any) -> None:
    """The five rows as a credential that the college, which keeps its standard, and the host's ministry both signed."""
    ministry = told.actor("authority-uz")
    with told.on(74):
        made = credentials.draw_up(told.made["crosswalk"], by=cvie)
        credentials.sign_crosswalk(made, by=cvie)
    with told.on(72):
        credentials.sign_crosswalk(made, by=ministry)


def _names(pair: tuple[str, str]) -> Texts:
    return Texts.of(en=f"{pair[0]} Example", ru=f"{pair[1]} Пример")


def _sessions(told: Story, cohort: Cohort, rows: list[Enrolment], first: int, by: Any, absent: dict[int, int]) -> None:
    """Hold ten lessons, a week apart; `absent` says how many of the last ones a learner missed, by place."""
    for number in range(10):
        marks = {row: "absent" if number >= 10 - absent.get(place, 0) else "present" for place, row in enumerate(rows)}
        with told.on(first - 7 * number):
            cohorts.hold_session(
                cohort, held_on=told.day(7 * number - first), topic=words.TOPICS[number // 2], marks=marks, by=by
            )


def _assess(told: Story, cohort: Cohort, rows: list[Enrolment], days_ago: int, by: Any, failed: dict[int, str]) -> None:
    """Assess every outcome; `failed` names the outcome that a learner did not reach, by place."""
    with told.on(days_ago):
        for shift, outcome in enumerate(cohort.version.outcomes.order_by("order")):
            marks = {
                row: (False, "fail") if failed.get(place) == outcome.number else (True, GRADES[(place + shift) % 4])
                for place, row in enumerate(rows)
            }
            cohorts.record_results(cohort, outcome=outcome, assessed_on=told.day(-days_ago), marks=marks, by=by)


def teachers(told: Story) -> None:
    """Six teachers learn in Chongqing; four have completed, two have not passed everything yet."""
    by = told.officer("cvie")
    with told.on(122):
        cohort = Cohort(
            title=words.TEACHERS, workshop=told.world.workshops["uz-telecom-college"], version=told.made["home"],
            institution=told.world.organisations["cvie"], co_institution=told.world.organisations["tstu"],
            country="CN", kind="teacher", starts_on=told.day(-120), minimum_attendance=80, pass_rule=PassRule.ALL,
            demo=True,
        )  # fmt: skip
        cohorts.open_cohort(cohort, by=by)
        cohorts.confirm_co(cohort, by=told.officer("tstu"))
    with told.on(120):
        cohorts.start(cohort, by=by)
        rows = [
            cohorts.enrol(cohort, name=_names(pair), number=f"T{number:03d}", birth_year=1980 + number, by=by)
            for number, pair in enumerate(words.TEACHER_NAMES, 1)
        ]
    _sessions(told, cohort, rows, 118, by, {})
    _assess(told, cohort, rows, 48, by, {4: "2.2", 5: "1.2"})
    with told.on(45):
        for row in rows[:4]:
            cohorts.complete(row, by=by)
    told.made["teachers"] = cohort


def trainees(told: Story) -> None:
    """Twelve technicians learn in Tashkent; one misses lessons and an outcome, so that the rule says no."""
    by, teacher = told.officer("tstu"), told.actor("teacher")
    with told.on(150):
        cohort = Cohort(
            title=words.TRAINEES, workshop=told.world.workshops["uz-telecom-college"], version=told.made["home"],
            institution=told.world.organisations["tstu"], co_institution=told.world.organisations["cvie"],
            country="UZ", kind="trainee", starts_on=told.day(-140), ends_on=told.day(-60), minimum_attendance=80,
            pass_rule=PassRule.ALL_CRITICAL, demo=True,
        )  # fmt: skip
        cohorts.open_cohort(cohort, by=by)
        cohorts.confirm_co(cohort, by=told.officer("cvie"))
    bobur = told.world.cast["learner"].person
    with told.on(140):
        cohorts.start(cohort, by=by)
        rows = [
            cohorts.enrol(
                cohort, name=bobur.name if number == 1 else _names(pair), number=f"S{number:03d}",
                birth_year=2002 + number % 4, person=bobur if number == 1 else None, by=by,
            )
            for number, pair in enumerate(words.TRAINEE_NAMES, 1)
        ]  # fmt: skip
    _sessions(told, cohort, rows, 138, teacher, {3: 1, 7: 2, 11: 4})
    _assess(told, cohort, rows, 64, teacher, {5: "2.3", 11: "2.1"})
    with told.on(58):
        cohorts.complete_cohort(cohort, completed_on=told.day(-58), by=by)
    told.made["trainees"] = cohort


def award(told: Story) -> None:
    """Both houses award the class; one holder opens his certificate to whoever has the link, one is revoked, one is
    being looked at again."""
    cvie, tstu = told.officer("cvie"), told.officer("tstu")
    with told.on(210):
        for place, by in (("cvie", cvie), ("tstu", tstu)):
            keys.make(told.world.organisations[place], by=by, test=True)
    with told.on(90):
        made = changes.save(
            Award(title=words.AWARD, programme=told.made["home"], criteria=words.CRITERIA, days_to_sign=30, demo=True),
            by=cvie,
        )
        for number, place in enumerate(("cvie", "tstu"), 1):
            changes.save(AwardIssuer(award=made, number=number, organisation=told.world.organisations[place]), by=cvie)
    endorsed(told, made)
    _crosswalk_signed(told, cvie)
    with told.on(50):
        conferral = credentials.confer(
            made, cohort=told.made["trainees"], awarded_on=told.day(-50), by=cvie, why="minutes of the joint board"
        )
    with told.on(47):
        credentials.sign(conferral, by=tstu)
    learner = told.actor("learner")
    held = conferral.credentials.get(learner__person=learner.person)
    with told.on(45):
        credentials.release(held, shows_name=True, shows_results=True, shown_until=None, by=learner)
    with told.on(30):
        wrong = conferral.credentials.exclude(pk=held.pk).order_by("id").last()
        assert wrong is not None
        credentials.revoke(wrong, why="the result sheets of two learners had been exchanged", by=tstu)
    with told.on(20):
        asked = conferral.credentials.exclude(pk__in=(held.pk, wrong.pk)).order_by("id").first()
        assert asked is not None
        credentials.remark(
            asked, remark="review", why="the learner asked for one result to be looked at again", by=tstu
        )
    told.made["award"], told.made["credential"], told.made["revoked"] = made, held, wrong
