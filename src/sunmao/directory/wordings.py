"""How this register words the names of countries and regions, where its secretariat chose other words than CLDR's."""

from __future__ import annotations

from time import monotonic

from django.apps import apps

KEPT = 60.0  # seconds: another process shows a changed name after that at the latest

_words: dict[tuple[str, str], str] = {}
_read_at = float("-inf")


def word(code: str, language: str) -> str:
    """Return this register's own name of a country or region in a language, empty where it has none."""
    read_at()
    return _words.get((code, language), "")


def read_at() -> float:
    """Return when the names in use were read; until that changes, so do they not."""
    if monotonic() - _read_at > KEPT:
        _read()
    return _read_at


def forget(**_signal: object) -> None:
    """Let the names be read again when one is next shown."""
    global _read_at
    _read_at = float("-inf")


def _read() -> None:
    global _words, _read_at
    rows = apps.get_model("directory", "CountryName").objects.values_list("country", "title")
    _words = {(str(code), language): entry["text"] for code, title in rows for language, entry in title.items()}
    _read_at = monotonic()
