"""The European Union's authority tables as far as they are needed, and small helpers to name things by them.

Countries and languages stand there in three letters (ISO 3166 alpha-3, ISO 639-3), here in two.
"""

from __future__ import annotations

from functools import cache
from typing import Any

AUTHORITY = "http://publications.europa.eu/resource/authority"
SNB = "http://data.europa.eu/snb"
SCHEME = "25831c2"  # of the tables of data.europa.eu/snb
COUNTRY = f"{AUTHORITY}/country"
LANGUAGE = f"{AUTHORITY}/language"
EQF = f"{SNB}/eqf"
ISCED_F = f"{SNB}/isced-f"
ECTS = f"{SNB}/education-credit/6fcec5c5af"
GENERIC = f"{SNB}/credential/e34929035b"
PNG = f"{AUTHORITY}/file-type/PNG"
BASE64 = f"{SNB}/encoding/6146cde7dd"


@cache
def _countries() -> dict[str, str]:
    """Return {alpha-3: alpha-2}."""
    from babel.core import get_global

    return {
        three: twos[0]
        for three, twos in get_global("territory_aliases").items()
        if len(three) == 3 and three.isalpha() and len(twos) == 1 and len(twos[0]) == 2 and three != "ZZZ"
    } | {"XKX": "XK"}


@cache
def _languages() -> dict[str, str]:
    """Return {three letters: two letters}."""
    from babel.core import get_global

    return {three: two for three, two in get_global("language_aliases").items() if len(three) == 3 and len(two) == 2}


def country_address(alpha_2: str) -> str:
    """Return the address of a country; nothing where the table has none."""
    three = next((three for three, two in reversed(_countries().items()) if two == alpha_2.upper()), "")
    return f"{COUNTRY}/{three}" if three else ""


def country_of(address: str) -> str:
    """Return the two letters of a country's address, else what the address ends with."""
    last = address.rpartition("/")[2]
    return _countries().get(last, last[:12])


def language_address(two: str) -> str:
    """Return the address of a language; nothing where the table has none."""
    # Of the aliases of one language the table of the EU has the terminological code, as zho and not chi.
    known = {"zh": "zho", "fr": "fra", "de": "deu", "nl": "nld", "el": "ell", "fa": "fas", "my": "mya", "cs": "ces",
             "ka": "kat", "hy": "hye", "mk": "mkd", "ms": "msa", "mi": "mri", "ro": "ron", "sk": "slk", "sq": "sqi",
             "is": "isl", "cy": "cym", "eu": "eus", "bo": "bod", "uz": "uzb", "ar": "ara", "sw": "swa", "lv": "lav",
             "et": "est", "mn": "mon", "az": "aze", "ku": "kur", "ps": "pus", "ne": "nep", "no": "nor", "yi": "yid",
             "sr": "srp", "mg": "mlg", "qu": "que", "om": "orm", "ff": "ful", "or": "ori", "za": "zha"}  # fmt: skip
    three = known.get(two) or next((three for three, found in _languages().items() if found == two), "")
    return f"{LANGUAGE}/{three.upper()}" if three else ""


def language_of(address: str) -> str:
    """Return the two letters of a language's address, else what the address ends with."""
    last = address.rpartition("/")[2].lower()
    return _languages().get(last, last[:12])


def concept(address: str, scheme: str, label: dict[str, str] | None = None, notation: str = "") -> dict[str, Any]:
    """Return a term of a table as the application profile has it."""
    held: dict[str, Any] = {"id": address, "type": "Concept", "inScheme": {"id": scheme, "type": "ConceptScheme"}}
    if notation:
        held["notation"] = notation
    return held | ({"prefLabel": label} if label else {})
