"""RDF terms as canonical N-Quads write them (rdf-canon section 5.1): addresses, texts, numbers.

Whoever cannot vouch for a value gives nothing: then the general way (``canon``) decides, which also says why.
"""

import math
import re
from functools import lru_cache
from typing import Any

from sunmao.vc.strict_json import MAX_INTEGER, NONCHARACTERS

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SPECIAL = re.compile(f'["\\\\\x00-\x1f\x7f\ud800-\udfff{NONCHARACTERS}]')
_REFUSED = re.compile(f"[\ud800-\udfff{NONCHARACTERS}]")
_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)} | {
    ord(character): f"\\{letter}" for character, letter in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)
}
_ADDRESS = re.compile(r"(?!_:)[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20]*\Z")
_EXPONENT = re.compile(r"(\d)0*E\+?(-)?0*(\d)")
# Datatypes that need a language or are the default; said by name they go the general way.
_ODD_TYPES = {f"{RDF}{name}" for name in ("langString", "dirLangString", "JSON")} | {f"{XSD}string"}


def take_text(value: Any) -> str | None:
    """Return a text as it stands in canonical N-Quads; nothing where the general path must say why not."""
    if type(value) is not str:
        return None
    if _SPECIAL.search(value) is None:
        return value
    return None if _REFUSED.search(value) else value.translate(_ESCAPES)


def address(value: Any) -> str | None:
    """Return a full address as a term; nothing where it is relative, names a blank node or is not well formed."""
    from pyoxigraph import NamedNode

    if type(value) is not str or not _ADDRESS.match(value):
        return None
    try:
        return str(NamedNode(value))
    except ValueError:
        return None


def type_suffix(datatype: Any) -> str | None:
    """Return what follows the text of a literal of a datatype."""
    name = None if datatype in _ODD_TYPES else address(datatype)
    return None if name is None else f'"^^{name}'


def tag_suffix(language: Any, direction: Any = None) -> str | None:
    """Return what follows a text in a language, and with a direction (as JSON-LD's i18n datatypes have it)."""
    tag = "" if language is None else _tag(language)
    if tag is None or direction not in (None, "ltr", "rtl"):
        return None
    if direction:
        return f'"^^<https://www.w3.org/ns/i18n#{tag}_{direction}>'
    return f'"@{tag}' if tag else None


@lru_cache(maxsize=512)
def _tag(language: Any) -> str | None:
    """Return a language's tag as it is written; nothing where it is none."""
    from pyoxigraph import Literal

    if type(language) is not str or not language.isascii():
        return None
    try:
        return str(Literal("", language=language)).removeprefix('""@')
    except ValueError:
        return None


def number(value: Any, suffix: str = "") -> str | None:
    """Return a number or a truth value as JSON-LD makes it a literal; ``suffix`` is that of its datatype, if it has one."""
    if value is True or value is False:
        return f'"{"true" if value else "false"}' + (suffix or f'"^^<{XSD}boolean>')
    if type(value) is float and not value.is_integer():
        if not math.isfinite(value):
            return None
        return '"' + _EXPONENT.sub(r"\1E\2\3", f"{value:1.15E}") + (suffix or f'"^^<{XSD}double>')
    if type(value) not in (int, float) or abs(value) > MAX_INTEGER or suffix.endswith("#double>"):
        return None
    return f'"{int(value)}' + (suffix or f'"^^<{XSD}integer>')
