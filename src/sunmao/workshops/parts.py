"""What the workshop's page shows of its stages and equipment."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from django.db.models import Sum
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from sunmao.kernel import clock
from sunmao.kernel.cells import ICONS, TONES, Figure, Tag, show, tag
from sunmao.kernel.desk import desk_of, registry
from sunmao.workshops.models import Item, ItemState, Stage, StageKind, StageState, Workshop


def lateness(stage: Stage, day: date) -> tuple[Tag, ...]:
    """Return the tag that says how late a stage is, if it is."""
    days = stage.late_by(day)
    if not days:
        return ()
    return (Tag(ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}, "bad"),)


def stages(workshop: Workshop, user: Any) -> dict[str, Any]:
    """Return the stages as rows of the list, and as gates of the overview bar."""
    day = clock.today()
    rows = list(
        workshop.stages.select_related("proposed_by", "signed_off_by")
        .prefetch_related("evidence__file")
        .order_by("order")
    )
    desk = desk_of(Stage)
    if desk is None:
        return {"hidden": True}
    evidence_desk = desk_of(rows[0].evidence.model) if rows else None
    seen = set()
    if evidence_desk is not None:
        visible = evidence_desk.policy.visible(user, evidence_desk.all()).filter(stage__workshop=workshop)
        seen = set(visible.values_list("pk", flat=True))
    drawn = []
    for row in rows:
        late = lateness(row, day)
        state = StageState(row.state)
        tone = "bad" if late else StageState.tones[row.state]  # type: ignore[attr-defined]
        deeds = desk.deeds_for(user, row)
        if late and not row.delay:  # first the reason, then what mends it
            deeds.sort(key=lambda deed: deed.name != "explain_delay")
        drawn.append({
            "stage": row, "name": StageKind(row.kind).label, "url": desk.url(row),
            "tag": tag(late[0]) if late else _held() if _was_held(row) else show(state), "icon": ICONS[tone], "tone": TONES.get(tone, tone),
            "evidence": [(item, _refers(item.refers_to)) for item in row.evidence.all() if item.pk in seen],
            "deeds": [(deed.label, desk.url(row, f"do/{deed.name}")) for deed in deeds][:1],
            "lines": _steps(row), "waits_for_another": row.state == StageState.TO_SIGN_OFF and _own(user, row),
        })  # fmt: skip
    return {"rows": drawn, "count": len(rows)}


def _steps(stage: Stage) -> list[SafeString]:
    """Return who proposed the stage and who signed it off, each with the day; else the day it is due."""
    steps: list[tuple[str, Any, date | None]] = []
    if stage.proposed_by:
        proposed = _("Proposed: {who}, {day}") if stage.proposed_on else _("Proposed: {who}")
        steps.append((proposed, stage.proposed_by, stage.proposed_on))
    if stage.signed_off_by:
        steps.append((_("Signed off: {who}, {day}"), stage.signed_off_by, stage.signed_off_on))
    elif stage.due_on:
        steps.append((_("Due: {day}"), None, stage.due_on))
    return [format_html(sentence, who=show(who), day=show(day)) for sentence, who, day in steps]


def _was_held(stage: Stage) -> bool:
    return stage.kind == StageKind.UNVEILING and stage.state == StageState.PASSED


def _held() -> SafeString:
    """Return the tag of an unveiling that took place: a ceremony is held, not passed."""
    return tag(Tag(pgettext("unveiling", "held"), "good"))


def _refers(code: str) -> str:
    """Return where a record's code leads, empty where the code is of no desk."""
    for desk in registry.by_slug.values():
        if desk.model.CODE and code.startswith(desk.model.CODE):
            return f"/{desk.slug}/{quote(code)}/"
    return ""


def _own(user: Any, stage: Stage) -> bool:
    return stage.proposed_by_id in user.seats("officer", "director")


def equipment(workshop: Workshop, user: Any) -> dict[str, Any]:
    """Return the equipment by state, each number opening to its items; hidden from those who are not partners."""
    desk = desk_of(Item)
    if desk is None or not desk.policy.visible(user, Item.objects.filter(workshop=workshop)).exists():
        own = desk is not None and desk.may(user, "add", Item(workshop=workshop))
        return {"add": f"/items/add/?workshop={workshop.key}", "count": 0, "rows": []} if own else {"hidden": True}
    sums = dict(
        Item.objects.filter(workshop=workshop)
        .order_by()
        .values_list("state")
        .annotate(n=Sum("quantity"))
        .values_list("state", "n")
    )
    rows = [
        (show(ItemState(state)), show(Figure(sums[state], f"/items/?workshop={workshop.key}&state={state}")))
        for state in ItemState.values if sums.get(state)
    ]  # fmt: skip
    add = f"/items/add/?workshop={workshop.key}" if desk.may(user, "add", Item(workshop=workshop)) else ""
    return {"rows": rows, "count": sum(sums.values()), "add": add, "caption": _("Equipment by state")}
