"""What the desks of rooms' own citation rows share, and what a desk of cited records adds to its page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sunmao.kernel.cells import Link
from sunmao.kernel.desk import Desk, shows
from sunmao.kernel.fields import Named
from sunmao.sources.passages import in_words


class CitationDesk(Desk):
    """What the desks of rooms' own citation rows share; a room names model and policy."""

    columns = ("title", "fact", "passage", "as_said", "says", "record")
    form = ("record", "fact", "document", "passage", "as_said", "says")
    facts = ("record", "fact", "document", "passage", "as_said", "says")
    order = ("id",)

    def all(self) -> QuerySet[Any]:
        rows: Any = self.model._default_manager.all()  # the columns are of the rooms' models, not of Record
        return rows.select_related("document", "record")

    @shows(_("passage"))
    def passage(self, record: Any) -> Any:
        """Return the passage in the reader's language; to a machine it stays as written."""
        return Named(record.passage, in_words(record.passage)) if record.passage else ""

    @shows(_("fact"))
    def fact(self, record: Any) -> Any:
        """Return the name of the field in words; to a machine it stays the field's name."""
        return (
            Named(record.fact, record.fact_label or record.fact)
            if record.fact
            else Named("", gettext("the whole record"))
        )


def cited(record: Any) -> Mapping[str, Sequence[Any]]:
    """Return per fact the links to what it was read from; `record.citations` holds the room's rows."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in record.citations.select_related("document").order_by("id"):
        text = str(row.document)
        if row.passage:
            text = gettext("%(document)s, %(passage)s") % {"document": text, "passage": in_words(row.passage)}
        if row.as_said:
            text = gettext("%(place)s: “%(words)s”") % {"place": text, "words": row.as_said}
        found[row.fact].append(Link(text, f"/documents/{row.document.key}/"))
    return found
