"""The story of the Sino-Uzbek telecommunication college, from an empty register to a recognised certificate, each step
by a deed that a person does on a page; what repeats a deed already shown goes through the REST interface in the same
session. `SUNMAO_TOUR=docs` writes docs/tour.md and its pictures from this very run."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from driver import PASSWORD, Someone

from sunmao.directory.models import Organisation
from sunmao.kernel import clock
from sunmao.kernel.changes import System
from sunmao.kernel.text import Texts
from sunmao.people import actions as people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LEARNERS = 12


class Tour:
    """The cast at their browsers, and the story as it is told."""

    def __init__(self, browser: Any, base: str) -> None:
        self.browser, self.base = browser, base
        self.cast: dict[str, Someone] = {}
        self.target = Path(os.environ["SUNMAO_TOUR"]) if os.environ.get("SUNMAO_TOUR") else None
        self.told: list[str] = []
        self.shown: set[str] = set()
        if self.target:
            (self.target / "tour").mkdir(parents=True, exist_ok=True)

    def enter(self, who: str, name: str, role: str, place: str) -> Someone:
        """Open an account as `sunmao person` does on the server, and sign in by the page."""
        by = System("command line")
        organisation = Organisation.objects.filter(code=place).first() or _office(place)
        user = people.invite(f"{who}@example.org", Texts.of(name), organisation, role, password=PASSWORD, by=by)
        secret = people.second_factor(user, by=by)
        self.cast[who] = Someone(self.browser, self.base).sign_in(user.email, secret)
        self.cast[who].shown = self.shown
        return self.cast[who]

    def tell(self, heading: str, text: str, someone: Someone | None = None, picture: str = "") -> None:
        self.told.append(f"## {heading}\n{text}\n")
        if someone and picture and self.target:
            someone.picture(self.target / "tour" / f"{picture}.jpg")
            self.told.append(f"![{heading}](tour/{picture}.jpg)\n")

    def finish(self) -> None:
        if self.target:
            (self.target / "tour.md").write_text(INTRODUCTION + "\n".join(self.told), encoding="utf-8")
        for someone in self.cast.values():
            someone.close()


INTRODUCTION = """# Tour: from a signed agreement to a recognised skill
The agreement to build a Sino-Uzbek telecommunication college was reported by China Daily: the Chongqing Vocational
Institute of Engineering, ZTE and Tashkent State Transport University. What follows here is made up: the people, the
dates, the clauses, the learners and the decisions. Every step was done in a browser by the people named, beginning with
an empty register; what only repeats a step, as the other eleven learners do, was sent through the REST interface by the
same person. The pictures were taken on the way.

"""


def _office(name: str) -> Organisation:
    from sunmao.directory import actions

    return actions.keep(Organisation(title=Texts.of(name), kind="association"), by=System("command line"))


@pytest.fixture
def tour(browser, live_server):
    made = Tour(browser, live_server.url)
    yield made
    for someone in made.cast.values():
        someone.context.close()


def test_the_story_runs_from_an_empty_register_to_a_recognised_certificate(tour, tmp_path):
    lin = tour.enter("lin", "Lin Example", "secretariat", "Register office")
    places = _organisations(tour, lin)
    chen = tour.enter("chen", "Chen Example", "officer", places["cvie"])
    zhao = tour.enter("zhao", "Zhao Example", "officer", places["zte"])
    alisher = tour.enter("alisher", "Alisher Example", "officer", places["tstu"])
    event = _conference(tour, lin, places)
    agreement = _agreement(tour, chen, zhao, alisher, places, event)
    workshop = _workshop(tour, chen, alisher, places, agreement)
    versions, outcomes = _standards(tour, chen, alisher, places)
    cohort = _cohort(tour, alisher, places, workshop, versions["source"])
    credential, link = _award(tour, alisher, chen, places, cohort, versions["source"])
    _recognition(tour, lin, places, versions, _number(alisher, credential))
    visitor = Someone(tour.browser, tour.base, width=390)
    tour.cast["visitor"] = visitor
    visitor.open(link)
    said = visitor.text()
    assert "valid" in said.lower()
    tour.tell("Anyone checks the certificate", "Without an account, on a phone.", visitor, "verification")
    visitor.open("/")
    assert re.search(r"of every kind\s+1\b", visitor.text()), visitor.text()
    tour.tell("The last number", "Home counts the college; the number opens to it.", visitor, "home")
    assert outcomes
    tour.finish()


def _organisations(tour: Tour, lin: Someone) -> dict[str, str]:
    add, add_alike = lin.add, lin.add_alike
    places = {
        "cvie": add("organisations", title={"en": "Chongqing Vocational Institute of Engineering", "zh": "重庆工程职业技术学院",
                    "ru": "Чунцинский инженерный профессиональный колледж"}, kind="college", country="CN", city="Chongqing"),
        "zte": add_alike("organisations", title={"en": "ZTE", "zh": "中兴通讯"}, kind="enterprise", country="CN", city="Shenzhen"),
        "tstu": add("organisations", title={"en": "Tashkent State Transport University", "zh": "塔什干国立交通大学",
                    "ru": "Ташкентский государственный транспортный университет"}, kind="university", country="UZ",
                    city="Tashkent", latitude="41.3111", longitude="69.2797"),
        "ministry": add_alike("organisations", title={"en": "Ministry of Higher Education, Science and Innovation of Uzbekistan",
                        "ru": "Министерство высшего образования, науки и инноваций Узбекистана"}, kind="authority", country="UZ"),
        "alliance": add_alike("organisations", title={"en": "China–Uzbekistan Vocational Education Alliance",
                        "zh": "中国—乌兹别克斯坦职业教育联盟"}, kind="alliance", country="CN"),
    }  # fmt: skip
    lin.open("/organisations/")
    tour.tell(
        "An empty register, and its first organisations",
        "Lin of the register's secretariat enters who takes part.",
        lin,
        "organisations",
    )
    return places


def _conference(tour: Tour, lin: Someone, places: dict[str, str]) -> str:
    event = lin.add(
        "events", title={"en": "China–Uzbekistan Vocational Education Cooperation Conference", "zh": "中国—乌兹别克斯坦职业教育合作大会"},
        kind="conference", began="2026-03-02", country="CN", city="Chongqing",
    )  # fmt: skip
    lin.add("event-roles", event=event, role="host", organisation=places["cvie"])
    alliance = lin.add("alliances", organisation=places["alliance"], founded="2025-09")
    lin.add("members", alliance=alliance, organisation=places["cvie"], role="lead", joined="2025-09-20")
    lin.add_alike("members", alliance=alliance, organisation=places["tstu"], role="member", joined="2025-09")
    lin.open(f"/events/{event}/")
    tour.tell(
        "The conference",
        "It is hosted in Chongqing; the alliance's members are on record with the day they joined.",
        lin,
        "event",
    )
    return event


CLAUSES = (
    ({"en": "Found a telecommunication college in Tashkent", "zh": "在塔什干设立通信学院"}, ()),
    ({"en": "Give rooms and a laboratory hall", "zh": "提供教室和实训室"}, ("tstu",)),
    ({"en": "Equip two 5G practice stations", "zh": "配置两套 5G 实训站"}, ("zte",)),
)


def _agreement(tour: Tour, chen: Someone, zhao: Someone, alisher: Someone, places: dict[str, str], event: str) -> str:
    agreement = chen.add(
        "agreements", title={"en": "Sino-Uzbek telecommunication college", "zh": "中乌通信学院合作协议",
        "ru": "Китайско-узбекский колледж связи"}, kind="school_agreement", event=event,
    )  # fmt: skip
    parties = {"cvie": chen.page.query_selector('#parties a[href^="/parties/"]').get_attribute("href").split("/")[2]}
    for number, (who, part) in enumerate((("zte", "enterprise"), ("tstu", "host")), start=2):
        add = chen.add_alike if number > 2 else chen.add
        parties[who] = add("parties", agreement=agreement, number=number, organisation=places[who], part=part)
    clauses: list[str] = []
    for number, (promise, owed_by) in enumerate(CLAUSES, start=1):
        add = chen.add_alike if clauses else chen.add
        clauses.append(add("clauses", agreement=agreement, number=number, promise=promise, due="2026-12"))
        for who in owed_by:
            (chen.add if number == 2 else chen.add_alike)("clause-debtors", clause=clauses[-1], party=parties[who])
    chen.do(
        "agreements",
        agreement,
        "propose_text",
        text={"en": "The parties build a college.", "zh": "各方共建学院。"},
        days=14,
    )
    for person in (chen, zhao, alisher):
        person.do("agreements", agreement, "approve")
    tour.tell(
        "Three parties agree on one text",
        "Chen proposes the text; each party approves the same text, known by its hash.",
        alisher,
        "agreement-approved",
    )
    for person in (chen, zhao, alisher):
        person.do("agreements", agreement, "sign")
    chen.do("agreements", agreement, "bring_into_force", on="2026-03-02")
    chen.do("agreements", agreement, "publish")
    for person in (zhao, alisher):
        person.do_alike("agreements", agreement, "publish")
    zhao.do(
        "clauses",
        clauses[2],
        "fulfil",
        text={"en": "Two stations handed over", "zh": "两套实训站已移交"},
        complete=True,
    )
    chen.open(f"/agreements/{agreement}/")
    assert "force" in chen.text()
    tour.tell(
        "In force, clause by clause",
        "Each signs for his own party with a second factor. ZTE says what it did for its clause.",
        chen,
        "agreement",
    )
    return agreement


def _workshop(tour: Tour, chen: Someone, alisher: Someone, places: dict[str, str], agreement: str) -> str:
    workshop = alisher.add(
        "workshops", title={"en": "Sino-Uzbek telecommunication college", "zh": "中乌通信学院", "ru": "Китайско-узбекский колледж связи"},
        brand="other", kind="industry_college", state="announced", host=places["tstu"], country="UZ", city="Tashkent", latitude="41.3111",
        longitude="69.2797", agreement=agreement, field="0714",
    )  # fmt: skip
    for who, part in (("cvie", "lead"), ("zte", "enterprise"), ("tstu", "host")):
        add = alisher.add if who == "cvie" else alisher.add_alike
        add("partners", workshop=workshop, organisation=places[who], part=part)
    alisher.do("workshops", workshop, "plan")
    stages = [a.get_attribute("href").split("/")[2] for a in alisher.page.query_selector_all("#stages .gates h3 a")]
    for number, stage in enumerate(stages):
        happened = {5: "2026-09-16", 6: "2026-10-20"}.get(number)
        on_pages = number in (0, 6)  # the first as people meet it, and the acceptance; those between are alike
        (alisher.do if on_pages else alisher.do_alike)(
            "stages",
            stage,
            "propose",
            fact={"en": "Done as agreed", "zh": "已按协议完成"},
            evidence_title={"en": "Minutes", "zh": "会议纪要"},
            **({"happened": happened} if happened else {}),
        )
        if number == 3:
            chen.open(f"/workshops/{workshop}/")
            assert "your turn" in chen.text()
            tour.tell(
                "The college is built",
                "Tashkent proposes each stage with its evidence; Chongqing signs it off.",
                chen,
                "workshop-building",
            )
        (chen.do if on_pages else chen.do_alike)("stages", stage, "sign_off", why="seen with the evidence")
    chen.open(f"/workshops/{workshop}/")
    assert "Operating" in chen.text()
    tour.tell("Accepted", "All seven stages are passed; with the acceptance the college operates.", chen, "workshop")
    return workshop


OUTCOMES = (
    ("1.1", {"en": "Install and align a 5G base station", "zh": "安装并调测 5G 基站"}, True),
    ("1.2", {"en": "Find and clear faults in optical networks", "zh": "排除光网络故障"}, True),
    ("2.1", {"en": "Keep a work site safe", "zh": "保障作业现场安全"}, False),
)


def _standards(
    tour: Tour, chen: Someone, alisher: Someone, places: dict[str, str]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    lin = tour.cast["lin"]
    nodira = tour.enter("nodira", "Nodira Example", "authority", places["ministry"])
    framework = lin.add("frameworks", title={"en": "Demonstration framework", "zh": "演示资历框架"})
    level = lin.add("levels", framework=framework, step=5, title={"en": "Level 5", "zh": "5 级"})
    versions: dict[str, str] = {}
    outcomes: dict[str, list[str]] = {}
    for side, person, owner, title, country in (
        ("source", chen, "cvie", {"en": "Modern communication technology", "zh": "现代通信技术"}, "CN"),
        ("target", alisher, "tstu", {"en": "Telecommunication technician", "ru": "Техник связи"}, "UZ"),
    ):
        programme = person.add("programmes", title=title, kind="programme" if side == "source" else "occupational",
                               owner=places[owner], country=country, field="0714",
                               **({"authority": places["ministry"]} if side == "target" else {}))  # fmt: skip
        add = person.add_alike if versions else person.add
        versions[side] = add("programme-versions", programme=programme, label="2026", level=level, credits="12")
        outcomes[side] = []
        for number, text, critical in OUTCOMES:
            add = person.add_alike if outcomes[side] else person.add
            outcomes[side].append(
                add("outcomes", version=versions[side], number=number, title=text, kind="skill", critical=critical)
            )
        person.do("programme-versions", versions[side], "publish")
    crosswalk = chen.add("crosswalks", source=versions["source"], target=versions["target"])
    for number, (left, right) in enumerate(zip(outcomes["source"], outcomes["target"], strict=True)):
        add = chen.add_alike if number else chen.add
        row = add("crosswalk-rows", crosswalk=crosswalk, source=left, target=right, relation="exact")
        for person in (chen, nodira):
            (person.do_alike if number else person.do)("crosswalk-rows", row, "confirm")
    alisher.open(f"/crosswalks/{crosswalk}/")
    tour.tell(
        "Two standards side by side",
        "A row counts once people of both sides have confirmed it: Chongqing for its programme, the ministry for the standard.",
        alisher,
        "crosswalk",
    )
    return versions, outcomes


def _cohort(tour: Tour, alisher: Someone, places: dict[str, str], workshop: str, version: str) -> str:
    cohort = alisher.add(
        "cohorts", title={"en": "First class of technicians", "zh": "首届技术员班"}, workshop=workshop, version=version,
        institution=places["tstu"], co_institution=places["cvie"], country="UZ", kind="trainee", starts_on="2026-03-10", minimum_attendance=80,
        pass_rule="all_critical",
    )  # fmt: skip
    alisher.do("cohorts", cohort, "start")
    for number in range(1, LEARNERS + 1):
        (alisher.do if number == 1 else alisher.do_alike)(
            "cohorts",
            cohort,
            "enrol",
            name={"en": f"Learner Example {number:02d}"},
            number=f"S{number:03d}",
            birth_year=2004,
        )
    alisher.do("cohorts", cohort, "hold_session", held_on="2026-03-11", topic={"en": "Base stations"})
    session = (
        alisher.key if alisher.here.startswith("/sessions/") else _first(alisher, f"/cohorts/{cohort}/", "/sessions/")
    )
    alisher.open(f"/sessions/{session}/do/mark_attendance/")
    _all(alisher, "present")
    outcomes = _options(alisher, f"/cohorts/{cohort}/do/record_results/", "outcome")
    for outcome in outcomes:
        alisher.open(f"/cohorts/{cohort}/do/record_results/")
        alisher.page.select_option('main [name="outcome"]', outcome)
        alisher.page.fill('main [name="assessed_on"]', "2026-10-01")
        _all(alisher, "passed")
    alisher.do("cohorts", cohort, "complete_cohort", completed_on="2026-10-20")
    tour.tell(
        "A class learns and completes",
        "Twelve learners, attendance, results per outcome, completion by rule.",
        alisher,
        "cohort",
    )
    return cohort


def _number(someone: Someone, credential: str) -> str:
    """Return the printed number of a credential, as its page shows it."""
    someone.open(f"/credentials/{credential}/")
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", someone.text())
    assert found, someone.text()
    return found.group(0)


def _first(someone: Someone, address: str, prefix: str) -> str:
    someone.open(address)
    return str(someone.page.query_selector(f'main a[href^="{prefix}"]').get_attribute("href").split("/")[2])


def _options(someone: Someone, address: str, name: str) -> list[str]:
    someone.open(address)
    return [v for v in someone.page.eval_on_selector_all(f'[name="{name}"] option', "o => o.map(x => x.value)") if v]


def _all(someone: Someone, value: str) -> None:
    """Choose the same answer for every learner on a form of a whole class, and send it."""
    for box in someone.page.query_selector_all(f'main form select:has(option[value="{value}"])'):
        box.select_option(value)
    for radio in someone.page.query_selector_all(f'main form input[type=radio][value="{value}"]'):
        radio.check()
    someone.press("main form button:not([name])")
    assert not someone.page.query_selector_all("main .errors"), someone.text()


def _award(
    tour: Tour, alisher: Someone, chen: Someone, places: dict[str, str], cohort: str, version: str
) -> tuple[str, str]:
    chen.add("keys")
    alisher.add_alike("keys", organisation=places["tstu"])
    award = chen.add(
        "awards", title={"en": "Telecommunication technician, joint training certificate", "zh": "通信技术员联合培训证书",
                         "ru": "Техник связи, совместное свидетельство об обучении"}, kind="training", programme=version,
        criteria={"en": "All critical outcomes passed, at least 80 % attended", "zh": "关键学习成果全部通过，出勤率不低于 80%"}, days_to_sign=30,
    )  # fmt: skip
    for number, who in enumerate(("cvie", "tstu"), start=1):
        add = chen.add_alike if number > 1 else chen.add
        add("award-issuers", award=award, number=number, organisation=places[who])
    conferral = chen.do(
        "awards", award, "award", cohort=cohort, awarded_on="2026-10-21", why="Minutes of 20 October 2026"
    )
    alisher.do("conferrals", conferral, "sign")
    alisher.open(f"/conferrals/{conferral}/")
    tour.tell(
        "Awarded together",
        "Chongqing awards the class; Tashkent adds its own proof to each credential.",
        alisher,
        "conferral",
    )
    credential = _first(alisher, "/credentials/", "/credentials/CRD-")
    alisher.do(
        "credentials",
        credential,
        "release",
        shows_name=True,
        shows_results=True,
        why="asked in person, 22 October 2026",
    )
    alisher.open(f"/credentials/{credential}/")
    tour.tell("What one learner holds", "The holder says what the link shows.", alisher, "credential")
    link = alisher.page.query_selector('main a[href*="/v/"]').get_attribute("href")
    return credential, str(link)


def _recognition(tour: Tour, lin: Someone, places: dict[str, str], versions: dict[str, str], number: str) -> None:
    ministry, today = places["ministry"], clock.today().isoformat()
    nodira = tour.cast["nodira"]
    karim = tour.enter("karim", "Karim Example", "authority", ministry)
    lin.add("competences", authority=ministry, country="UZ")
    lin.add("accreditations", institution=places["cvie"])
    for country, add in (("CN", lin.add), ("UZ", lin.add_alike)):
        add("delivery-permits", institution=places["cvie"], country=country, lawful=True)
    for purpose, add in (("study", lin.add), ("work", lin.add_alike)):
        add("home-rights", programme=versions["source"], purpose=purpose, given=True)
    act = nodira.add(
        "documents",
        title={"en": "Order on the recognition of telecommunication training (made up)"},
        kind="official",
        reliability="official",
    )
    instrument = nodira.add(
        "instruments", title={"en": "Order on the recognition of telecommunication training", "ru": "Приказ о признании обучения связи"},
        basis="ministry", authority=ministry, document=act, home="CN", host="UZ", purposes=["study", "work"], valid_from="2026-01-01",
    )  # fmt: skip
    nodira.do("instruments", instrument, "publish")
    case = nodira.add("recognition-cases", target=versions["target"], purpose="work", applied_on=today)
    nodira.add("applicants", case=case, name={"en": "Learner Example 01"}, birth_year=2004)
    nodira.add("qualifications", case=case, number=number)
    nodira.do("recognition-cases", case, "complete_intake")
    nodira.do("recognition-cases", case, "indicate")
    decision = (
        nodira.key
        if nodira.here.startswith("/decisions/")
        else _first(nodira, f"/recognition-cases/{case}/", "/decisions/")
    )
    nodira.open(f"/decisions/{decision}/")
    assert "recognised in full" in nodira.text(), nodira.text()
    tour.tell(
        "The machine indicates, with reasons",
        "What was looked at, in order; nothing is decided yet.",
        nodira,
        "indication",
    )
    nodira.do(
        "decisions",
        decision,
        "propose",
        result="full",
        reasons={"en": "All outcomes are covered", "ru": "Все результаты обучения освоены"},
    )
    karim.do("decisions", decision, "confirm")
    nodira.do("decisions", decision, "notify", on=today)
    nodira.do("decisions", decision, "publish")
    nodira.open(f"/decisions/{decision}/")
    tour.tell(
        "Two people of the ministry decide",
        "Nodira proposes, Karim confirms; the reasons can be replayed.",
        nodira,
        "decision",
    )
