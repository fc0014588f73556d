"""The first half of the story: who takes part, the conference, the agreement, the college that is built."""

from __future__ import annotations

from driver import Someone
from tour import Tour


def enter_organisations(tour: Tour, lin: Someone) -> dict[str, str]:
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


def hold_conference(tour: Tour, lin: Someone, places: dict[str, str]) -> str:
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


def sign_agreement(
    tour: Tour, chen: Someone, zhao: Someone, alisher: Someone, places: dict[str, str], event: str
) -> str:
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


def build_workshop(tour: Tour, chen: Someone, alisher: Someone, places: dict[str, str], agreement: str) -> str:
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
