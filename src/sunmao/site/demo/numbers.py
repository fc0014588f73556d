"""Questions with the numbers that sources report for them."""

from __future__ import annotations

from typing import Any

from sunmao.indicators.models import Question, ReportedFigure
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.site.demo.world import World, facts, keep_all, texts, when

_FIGURES = {
    "workshops": "workshops", "countries": "workshop-countries", "members": "alliance-members",
    "member_countries": "alliance-countries", "agreements": "agreements",
}  # fmt: skip
_BESIDE = {
    "luban-workshops": "luban-countries", "luban-sco-workshops": "luban-sco-countries",
    "ilstc-members": "ilstc-countries", "uz-agreements": "uz-agreement-fields",
    "panda-workshops": "panda-workshop-countries",
}  # fmt: skip
_HOME = ("luban-workshops", "luban-sco-workshops", "ilstc-members", "uz-agreements")


def questions(world: World) -> None:
    """Every question, those said in the same breath tied together, four on the home page."""
    rows = {row["key"]: row for row in facts("figures", "question")}
    for key in sorted(rows, key=lambda key: key in _BESIDE):
        row = rows[key]
        counted = row.get("counted", {})
        world.questions[key] = changes.save(
            Question(
                key_name=key, title=texts(row["titles"]), unit=row["unit"],
                figure=_FIGURES.get(counted.get("of", ""), ""), narrowed=_narrowed(counted, world),
                beside=world.questions.get(_BESIDE.get(key, "")), difference=texts(row.get("difference")),
                place=_HOME.index(key) + 1 if key in _HOME else None,
            ),
            by=world.by,
        )  # fmt: skip


def _narrowed(counted: dict[str, str], world: World) -> dict[str, str]:
    """Return the filters of a count, with the codes that records got in this register."""
    known: dict[str, dict[str, Any]] = {"alliance": world.alliances, "event": world.events}
    taken = {
        name: known[name][value].code if name in known else value for name, value in counted.items() if name != "of"
    }
    return {"kind": "workshop", **taken} if "brand" in taken else taken  # a hall is no workshop of the brand


def reports(world: World) -> None:
    """Every number as it was reported, once per document that says it."""
    rest = {row["remainder_of"]: row for row in facts("agreements", "agreement") if row.get("remainder_of")}
    made = []
    for row in facts("figures", "figure"):
        places = [(row["document"], row["passage"])]
        places += [(also["document"], also.get("passage", "")) for also in row.get("also", ())]
        for document, passage in places:
            made.append(
                ReportedFigure(
                    question=world.questions[row["question"]], value=row["value"], upper=row.get("upper"),
                    bound=row["bound"], as_of=when(row.get("as_of"), row.get("as_of_said")),
                    document=world.documents[document], passage=passage,
                    note=texts(row.get("note")) or _remainder(rest.get(row["question"])),
                )
            )  # fmt: skip
    keep_all(made, world)


def _remainder(row: dict[str, Any] | None) -> Texts:
    """Return what is known of the agreements that are counted and not described: the remark, and their fields."""
    if row is None:
        return Texts()
    mark = {"en": (": ", ", "), "zh": ("：", "、"), "ru": (": ", ", ")}
    return texts(
        {
            language: text.rstrip(".。")
            + mark[language][0]
            + mark[language][1].join(f[language] for f in row["fields"])
            for language, text in row["note"].items()
        }
    )
