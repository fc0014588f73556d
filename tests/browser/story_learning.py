"""The second half of the story: two standards, a class, its certificates, and what one of them is recognised as."""

from __future__ import annotations

import re

from driver import Someone
from tour import Tour

from sunmao.kernel import clock

LEARNERS = 12
OUTCOMES = (
    ("1.1", {"en": "Install and align a 5G base station", "zh": "安装并调测 5G 基站"}, True),
    ("1.2", {"en": "Find and clear faults in optical networks", "zh": "排除光网络故障"}, True),
    ("2.1", {"en": "Keep a work site safe", "zh": "保障作业现场安全"}, False),
)


def compare_standards(
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


def teach_cohort(tour: Tour, alisher: Someone, places: dict[str, str], workshop: str, version: str) -> str:
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


def printed_number(someone: Someone, credential: str) -> str:
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


def award_together(
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


def recognise(tour: Tour, lin: Someone, places: dict[str, str], versions: dict[str, str], number: str) -> None:
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
