"""The assembly as a Django application: makes the desks known and keeps the search index in step."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "sunmao.site"
    label = "site"

    def ready(self) -> None:
        from sunmao.kernel import changes, desk, search
        from sunmao.site import desks, following, panels

        desk.install(desks.GROUPS)
        desk.registry.panels = panels.PANELS

        def index(sender: type, record: Any, rows: Any, gone: bool = False, before: Any = None, **_: Any) -> None:
            found = desk.desk_of(sender)
            if found is None:
                return
            if gone and found.search:
                search.drop(found, record)
            touched = list(found.indexed([] if gone and found.search else [record] if record is not None else rows))
            if before is not None and _moved(
                before, record
            ):  # a part that moved to another record is no longer found under the first
                known = {row.pk for row in touched}
                touched += [row for row in found.indexed([before]) if row.pk not in known]
            if touched:
                search.put(desk.desk_of(touched[0]) or found, touched)
            if record is not None:
                for other, followers in following.followers(touched):
                    search.put(other, followers)

        changes.written.connect(index, weak=False, dispatch_uid="search")


def _moved(before: Any, record: Any) -> bool:
    """True where a record now points at other records than before."""
    names = [column.attname for column in record._meta.concrete_fields if column.is_relation]
    return any(getattr(before, name) != getattr(record, name) for name in names)
