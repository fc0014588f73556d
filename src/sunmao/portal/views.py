"""The home page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sunmao.indicators import queries
from sunmao.indicators.figures import REGISTRY, Counted, count
from sunmao.indicators.queries import Answer
from sunmao.kernel import clock
from sunmao.kernel.desk import registry
from sunmao.portal import map as maps
from sunmao.portal.land import LAND_PATH, VIEW_BOX
from sunmao.portal.recognised import AskForm

LUBAN = {"brand": "luban", "kind": "workshop"}
OPERATING = frozenset({"operating"})


def home(request: HttpRequest) -> HttpResponse:
    """Show what is on record: the map with its counts, questions with all their answers, two ways in."""
    leading = queries.answers(queries.leading(), request.user)
    context = {
        "headline": _headline(request.user), "drawn": _drawn(request.user), "land": LAND_PATH, "view_box": VIEW_BOX,
        "answers": [answer for answer in leading if answer.reports], "press": _press(leading),
        "pages": settings.SUNMAO_PUBLIC_PAGES, "ask": AskForm(auto_id="ask-%s"), "today": clock.today(), "search_words": "",
    }  # fmt: skip
    return render(request, "portal/home.html", context)


def _headline(user: Any) -> dict[str, Counted] | None:
    """Return the counts over the map, each with the list it opens to; None before there are workshops."""
    if "workshops" not in registry.by_slug:
        return None
    workshops, countries = REGISTRY["workshops"], REGISTRY["workshop-countries"]
    return {
        "all": count(workshops, user, LUBAN),
        "countries": count(countries, user, LUBAN),
        "operating": count(workshops, user, {**LUBAN, "state": "operating"}),
        "every": count(workshops, user, {}),
        "setting_up": count(workshops, user, {**LUBAN, "building": "true"}),
    }


def _drawn(user: Any) -> maps.Drawn | None:
    desk = registry.by_slug.get("workshops")
    if desk is None:
        return None
    return maps.draw(desk.rows(user).filter(**LUBAN).order_by("id"), OPERATING)


def _press(leading: list[Answer]) -> Answer | None:
    """Return the first question whose reports differ from what is counted here."""
    return next((a for a in leading if a.reports and a.counted), None)
