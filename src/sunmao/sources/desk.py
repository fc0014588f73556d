"""How people meet documents."""

from __future__ import annotations

from sunmao.kernel.desk import Desk
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
