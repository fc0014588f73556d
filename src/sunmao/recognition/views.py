"""The overviews a ministry asks for: all programmes against all profiles, one pair, and what would unlock learners."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sunmao.kernel.cells import Tag, sentences, tag
from sunmao.kernel.desk import registry
from sunmao.recognition import letters, policy
from sunmao.recognition.models import Decision, Purpose
from sunmao.recognition.queries import INDICATION
from sunmao.recognition.queries.programmes import published


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Show programmes against profiles, a page of the matrix at a time; each cell opens."""
    from sunmao.recognition import asked as asking  # brings numpy along

    form = asking.CountriesForm(request.GET)
    context: dict[str, Any] = {"form": form, "may_count": policy.counts_learners(request.user)}
    try:
        page = asking.matrix(form, request.GET)
    except ValidationError:
        return render(request, "recognition/coverage.html", context, status=422)
    kept = {name: form.cleaned_data[name] for name in ("from", "to", "purpose")}
    steps = {
        name: "?" + urlencode({**kept, "line": page.line, "column": page.column, name.partition("_")[0]: place})
        for name, place in page.steps.items() if place is not None
    }  # fmt: skip
    context |= {
        "page": page, "steps": steps, "purpose": kept["purpose"],
        "targets": page.found.targets,
        "lines": [(home, [_shown(cell) for cell in cells]) for home, cells in page.found.rows()],
        "last_line": page.line + len(page.found.homes), "last_column": page.column + len(page.found.targets),
    }  # fmt: skip
    return render(request, "recognition/coverage.html", context)


def _shown(cell: Any) -> dict[str, Any]:
    """Return a cell with its state as shape, word and colour."""
    if not cell.beside:
        state = None
    elif not cell.missing:
        state = tag(Tag(_("all"), "good"))
    elif cell.critical:
        state = tag(Tag(_("critical missing"), "cross"))
    else:
        state = tag(Tag(_("some missing"), "wait"))
    return {"cell": cell, "state": state}


@require_GET
def pair(request: HttpRequest, source: str, target: str) -> HttpResponse:
    """Show what of a programme covers what of a profile, what is missing, and what it comes to today."""
    from sunmao.recognition import pairs

    home, host = published(source), published(target)
    purpose = request.GET.get("purpose", "")
    if purpose not in Purpose.values:
        purpose = Purpose.STUDY.value
    found = pairs.pair(home, host, purpose)
    context = {
        "pair": found, "home": home, "target": host, "purpose": Purpose(purpose), "purposes": Purpose.choices,
        "note": INDICATION, "groups": pairs.groups(found), "reasons": pairs.reasons(found), "result": pairs.result(found),
    }  # fmt: skip
    return render(request, "recognition/pair.html", context)


@require_GET
def letter(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the letter of a decision to who may see the decision and the applicant's name."""
    desk = registry.by_model[Decision]
    record = desk.rows(request.user).filter(code=code).first()
    if record is None or not desk.may(request.user, "see", record):
        raise Http404
    try:
        return letters.respond(record, by=request.user, into=request.GET.get("in", ""))
    except ValidationError as error:
        context = {"heading": _("No letter can be made"), "says": sentences(error.messages)}
        return render(request, "kernel/error.html", context, status=409)


@require_GET
def unlocking(request: HttpRequest) -> HttpResponse:
    """Show which single row, instrument or module would open recognition to most learners."""
    from sunmao.recognition import asked as asking
    from sunmao.recognition import pairs

    policy.may_count_learners(request.user)
    form = asking.CountriesForm(request.GET, anywhere=True)
    context: dict[str, Any] = {"form": form}
    try:
        found = asking.unlocking(form, request.user)
    except ValidationError:
        return render(request, "recognition/unlocking.html", context, status=422)
    context |= {"parts": pairs.told(found), "purpose": form.cleaned_data["purpose"], "least": asking.overview.LEAST}
    return render(request, "recognition/unlocking.html", context)
