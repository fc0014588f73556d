"""The crosswalk workbench: one outcome after the other, its proposed counterparts, and the word of one's own side."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from sunmao.kernel import changes
from sunmao.kernel.cells import in_language, sentences
from sunmao.kernel.desk import registry
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.pages import do
from sunmao.standards import queries
from sunmao.standards.bench import KEYS, MEANS, SHOWS, Bench, Line, unmeasured
from sunmao.standards.models import Crosswalk, CrosswalkRow, Relation


class Workbench(View):
    """Shows one outcome with its counterparts; takes one side's word and goes on to the next. Works without script."""

    def setup(self, request: HttpRequest, *args: Any, code: str, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        desk = registry.by_model[Crosswalk]
        record = desk.rows(request.user).filter(code=code).first()
        if record is None or not desk.may(request.user, "see", record):
            raise Http404
        self.crosswalk: Any = record
        self.bench = Bench(record, request.user)
        self.url = desk.url(record, "workbench")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.draw()

    def draw(self, error: str = "", status: int = 200) -> HttpResponse:
        asked = self.request.GET
        show = asked.get("show", "") if asked.get("show", "") in SHOWS else ""
        words = asked.get("q", "")[:200]
        lines = self.bench.shown(show, words)
        line = self._line(lines, asked.get("at", ""))
        numbers = [one.outcome.number for one in lines]
        place = numbers.index(line.outcome.number) if line in lines else 0
        desk = registry.by_model[Crosswalk]
        context = {
            "desk": desk, "record": self.crosswalk, "url": desk.url(self.crosswalk), "page": self.url,
            "title": in_language(*self.crosswalk.title_texts().best()),
            "source_side": queries.side(self.crosswalk.source), "target_side": queries.side(self.crosswalk.target),
            "progress": self.bench.progress(), "shows": SHOWS, "show": show, "words": words,
            "kept": urlencode({key: value for key, value in (("show", show), ("q", words)) if value}),
            "lines": lines, "line": line, "place": place + 1, "error": error, "note": self.request.POST.get("note", ""),
            "before": numbers[place - 1] if lines and place else "",
            "after": numbers[place + 1] if place + 1 < len(numbers) else "",
            "candidates": self.bench.candidates(line, self.request.POST.get("row", "")) if line else [],
            "relations": [(one, one.label, MEANS[one], KEYS[one]) for one in Relation],
            "may_align": desk.may(self.request.user, "align", self.crosswalk),
            "may_add": bool(self.bench.sides),
        }  # fmt: skip
        context["unmeasured"] = unmeasured(context["candidates"])
        context["open"] = any(one.open for one in context["candidates"])
        return render(self.request, "standards/workbench.html", context, status=status)

    def _line(self, lines: list[Line], number: str) -> Line | None:
        """Return the outcome asked for, else the first this person must decide, else the first."""
        named = next((one for one in lines if one.outcome.number == number), None)
        return named or next((one for one in lines if one.mine), None) or next(iter(lines), None)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.bench.sides:
            raise NotAllowed("confirm")
        number = request.GET.get("at", "")
        line = next((one for one in self.bench.lines if one.outcome.number == number), None)
        if line is None:
            raise Http404
        try:
            said = self._judge(line, request.POST)
        except ValidationError as error:
            return self.draw(sentences(error.messages), 422)
        place = [one.outcome.number for one in self.bench.lines].index(number) + 1
        told = {"place": place, "all": len(self.bench.lines), "said": said}
        messages.info(request, _("%(place)s of %(all)s: %(said)s, kept.") % told)
        onward = Bench(self.crosswalk, request.user).next_mine(number)
        at = onward.outcome.number if onward else number
        kept = {key: request.GET[key] for key in ("show", "q") if request.GET.get(key)}
        return HttpResponseRedirect(f"{self.url}?{urlencode({**kept, 'at': at})}#bench")

    def _judge(self, line: Line, asked: Any) -> str:
        """Do what was asked with the chosen row, or refuse every open one; return what was said in words."""
        act = asked.get("act", "confirm")
        if act == "none":
            with changes.together():
                for row in line.rows:
                    if self.bench.is_open(row):
                        self._do("reject", row, {"note": asked.get("note", "")})
            return _("no counterpart")
        chosen = next((one for one in line.rows if one.code == asked.get("row")), None)
        if chosen is None:
            raise ValidationError(_("Choose a counterpart first."))
        if act == "reject":
            self._do("reject", chosen, {"note": asked.get("note", "")})
            return _("rejected")
        fields = {name: asked.get(name, "") for name in ("relation", "together", "note")}
        self._do("confirm", chosen, fields)
        return str(Relation(fields["relation"] or chosen.relation).label)

    def _do(self, name: str, row: CrosswalkRow, fields: dict[str, str]) -> None:
        desk = registry.by_model[CrosswalkRow]
        deed = desk.deed(name)
        assert deed is not None
        form = deed.form(fields, record=row, person=self.request.user)
        if not form.is_valid():
            raise ValidationError([text for texts in form.errors.values() for text in texts])
        do(deed, desk, row, form.cleaned_data, by=self.request.user)
