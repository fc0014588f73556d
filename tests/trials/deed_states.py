"""For every deed a state in which it works: the record, who does it, and what the deed's form would bring.

A new deed needs one builder here or in a neighbour `deed_states_*.py`: `@state("desk.deed", ...)` over a function
that writes through the rooms' own doors and returns a `Ready`. A deed without one fails the trials by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from sunmao.kernel.desk import Deed, registry
from sunmao.kernel.pages import do
from sunmao.people.models import User

NEIGHBOURS = ("deed_states_cooperation", "deed_states_learners", "deed_states_recognition", "deed_states_register")


@dataclass
class Ready:
    """A deed that could be done now. `asked` may hold functions, called anew for each attempt (a file is read once)."""

    record: Any
    by: Any
    asked: Mapping[str, Any] = field(default_factory=dict)


BUILDERS: dict[str, Callable[[], Ready]] = {}


def state(*names: str) -> Callable[[Any], Any]:
    """Name a function as the builder of one deed, or of several that begin alike."""

    def keep(build: Any) -> Any:
        for name in names:
            assert name not in BUILDERS, name
            BUILDERS[name] = build
        return build

    return keep


def deeds() -> dict[str, Deed]:
    """Return every deed of the registry by `desk.deed`."""
    return {f"{slug}.{deed.name}": deed for slug, desk in registry.by_slug.items() for deed in desk.deeds}


def upload(name: str = "act.pdf", content: bytes = b"%PDF-1.4 an act") -> Callable[[], Any]:
    """Return what makes an uploaded file, so that each attempt reads it from its beginning."""
    return lambda: SimpleUploadedFile(name, content)


def fresh(value: Any) -> Any:
    """Return a value as a new request would meet it: rows read anew, files at their beginning."""
    if isinstance(value, User):
        again = User.objects.get(pk=value.pk)
        again.bound, again.second_factor = value.bound, value.second_factor
        return again
    if isinstance(value, models.Model):
        return type(value)._base_manager.get(pk=value.pk)
    if type(value) is dict:
        return {fresh(key): fresh(item) for key, item in value.items()}
    if type(value) is list:
        return [fresh(item) for item in value]
    return value() if callable(value) else value


def prepare(name: str, ready: Ready) -> Callable[[], Any]:
    """Return the deed as page, REST and command line do it, with everything read anew; calling it does it once."""
    desk = registry.by_slug[name.partition(".")[0]]
    deed = deeds()[name]
    record, by, asked = fresh(ready.record), fresh(ready.by), {key: fresh(value) for key, value in ready.asked.items()}
    by.actor_name  # noqa: B018  a request has read it before the deed
    return lambda: do(deed, desk, record, asked, by=by)


for neighbour in NEIGHBOURS:
    import_module(neighbour)
