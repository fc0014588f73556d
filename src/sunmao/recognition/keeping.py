"""Evidence and decisions as canonical JSON, and back from it: what a stored decision is replayed from.

`freeze` writes a value of the core (RFC 8785, sets sorted); `thaw` reads it back into the same type, so that
`thaw(type(value), freeze(value)) == value` for every value of `evidence` and `record`.
"""

from __future__ import annotations

import json
import types
import typing
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

import rfc8785

T = TypeVar("T")
_LATER = frozenset(
    {"unit"}
)  # fields that evidence frozen by earlier versions does not have; their defaults say what held


def freeze(value: Any) -> str:
    """Return canonical JSON of a dataclass of the core. Raises TypeError for what has no form in it."""
    return rfc8785.dumps(_plain(value)).decode()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (str, bool, int)):
        return str(value) if isinstance(value, str) else value
    raise TypeError(f"{type(value).__name__} has no canonical form.")


def thaw(kind: type[T], text: str) -> T:
    """Return the value of a dataclass written by `freeze`, or by `record.canonical`. Raises ValueError, KeyError or
    TypeError where the text is not one."""
    return cast("T", _read(kind, json.loads(text)))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _either(inner, value)
    if origin is tuple:
        whole = inner[1:] == (Ellipsis,)
        return tuple(_read(inner[0] if whole else inner[i], item) for i, item in enumerate(value))
    if origin is frozenset:
        return frozenset(_read(inner[0], item) for item in value)
    if is_dataclass(kind):
        hints = _hints(cast("type", kind))
        known = [f for f in fields(kind) if f.name in value or f.name not in _LATER]
        return kind(**{f.name: _read(hints[f.name], value[f.name]) for f in known})  # type: ignore[operator]
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}.")
    return value


def _either(kinds: tuple[Any, ...], value: Any) -> Any:
    """None where that is allowed; of plain types the one the value has."""
    if value is None and types.NoneType in kinds:
        return None
    others = [kind for kind in kinds if kind is not types.NoneType]
    return value if len(others) > 1 and type(value) in others else _read(others[0], value)
