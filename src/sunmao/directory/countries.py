"""Names of countries and regions by ISO 3166-1 code, from the Unicode CLDR as Babel ships it. No Django."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError

_LOCALES = {"zh": "zh_Hans", "uz-cyrl": "uz_Cyrl"}
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "DG", "EA", "IC", "TA", "CQ", "XK"})


@lru_cache(maxsize=64)
def _names(language: str) -> dict[str, str]:
    try:
        locale = Locale.parse(_LOCALES.get(language, language.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en")
    return dict(locale.territories)


@lru_cache(maxsize=1)
def codes() -> tuple[str, ...]:
    """Return the two-letter codes of all countries and regions, in order."""
    return tuple(sorted(c for c in _names("en") if len(c) == 2 and c.isalpha() and c not in _NOT_COUNTRIES))


def name(code: str, language: str) -> str:
    """Return CLDR's name of a country or region in a language, in English where that has none, else the code."""
    return _names(language).get(code) or _names("en").get(code) or code
