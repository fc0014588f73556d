"""The home page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

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
    leading, headline = queries.answers(queries.leading(), request.user), _headline(request.user)
    context = {
        "headline": headline, **_map(request.user, headline), "land": LAND_PATH, "view_box": VIEW_BOX,
        "answers": [answer for answer in leading if answer.reports], "press": _press(leading),
        "pages": settings.SUNMAO_PUBLIC_PAGES, "ask": AskForm(auto_id="ask-%s"), "today": clock.today(), "search_words": "",
    }  # fmt: skip
    return render(request, "portal/home.html", context)


def _headline(user: Any) -> dict[str, Counted] | None:
    """Return the counts over the map, each with the list it opens to: of the Luban Workshops, or of every kind
    (`every` is then left out) where none of that brand is on record; None before there are workshops."""
    if "workshops" not in registry.by_slug:
        return None
    workshops, countries = REGISTRY["workshops"], REGISTRY["workshop-countries"]
    every = count(workshops, user, {})
    led = count(workshops, user, LUBAN)
    kind = LUBAN if led.value else {}
    found = {
        "all": led if led.value else every,
        "countries": count(countries, user, kind),
        "operating": count(workshops, user, {**kind, "state": "operating"}),
        "setting_up": count(workshops, user, {**kind, "building": "true"}),
    }
    return {**found, "every": every} if led.value else found


def _map(user: Any, headline: dict[str, Counted] | None) -> dict[str, Any]:
    """Return the map of what the headline counts, and its countries and regions with the lists they open to, for
    screens on which no name fits beside a point."""
    if headline is None:
        return {}
    kind = LUBAN if "every" in headline else {}
    rows = list(registry.by_slug["workshops"].rows(user).filter(**kind).order_by("id"))
    places = [
        (label, number, "/workshops/?" + urlencode({**kind, "country": code}))
        for label, code, number in maps.places(rows)
    ]
    return {"drawn": maps.draw(rows, OPERATING), "places": places}


def _press(leading: list[Answer]) -> Answer | None:
    """Return the first question whose reports differ from what is counted here."""
    return next((a for a in leading if a.reports and a.counted), None)
