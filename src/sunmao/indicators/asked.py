"""What an address asks of figures: narrowed to which brand, country or bloc, as of which day. Read once for the
pages, REST and the command line, and refused in one wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from sunmao.indicators.figures import REGISTRY, Figure, known
from sunmao.indicators.models import Question
from sunmao.indicators.queries import figure_of
from sunmao.kernel import clock


@dataclass(frozen=True)
class Asked:
    """`as_of` is None for today."""

    as_of: date | None = None
    narrowed: Mapping[str, str] = field(default_factory=dict)

    @property
    def day(self) -> date:
        return self.as_of or clock.today()


def day_of(text: str) -> date | None:
    """Read an as-of day; ValidationError says what to write instead. Nothing can be counted for days to come."""
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise ValidationError(
            {"as_of": _("“%(text)s” is not a day. Write it as in 2022-11-04.") % {"text": text}}
        ) from error
    if day > clock.today():
        raise ValidationError({"as_of": _("%(day)s is still to come. Choose today or an earlier day.") % {"day": day}})
    return None if day == clock.today() else day


def read(data: Mapping[str, str]) -> Asked:
    """Read the filters and the day of an address or a command."""
    names = {name for figure in known() for name in figure.takes}
    return Asked(day_of(data.get("as_of") or ""), {n: str(data[n]) for n in sorted(names) if data.get(n)})


def find(key: str) -> tuple[Figure | None, Question | None]:
    """Return the figure or the question under a key; 404 where there is neither."""
    if key in REGISTRY and REGISTRY[key] in known():
        return REGISTRY[key], None
    question = Question.objects.filter(code=key).select_related("beside").first()
    if question is None:
        raise Http404
    return figure_of(question), question


def misfit(figure: Figure, asked: Asked) -> list[str]:
    """Return the filters that were asked for and that the figure does not take."""
    return [name for name in asked.narrowed if name not in figure.takes]
