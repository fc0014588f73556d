"""How people meet documents."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from sunmao.kernel.cells import language_name
from sunmao.kernel.desk import Desk, shows
from sunmao.kernel.fields import Named
from sunmao.sources.models import Document
from sunmao.sources.policy import DocumentPolicy


class DocumentDesk(Desk):
    model = Document
    policy = DocumentPolicy()
    columns = ("title", "outlet", "published", "kind", "reliability")
    filters = ("kind", "reliability", "language")
    form = ("title", "outlet", "published", "kind", "reliability", "language", "address", "note", "file")
    facts = ("outlet", "published", "kind", "reliability", "language", "address", "note", "file")
    search = ("title", "outlet", "address")
    order = ("sort", "published")

    @shows(_("language"))
    def language(self, record: Any) -> Any:
        return Named(record.language, language_name(record.language)) if record.language else ""
