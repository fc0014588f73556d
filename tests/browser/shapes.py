"""What is alike on two pages: their bytes apart from tokens, and the shape of what stands on them.

The shape of a part is its elements, their classes, kinds and roles, and whether there are words; not which words, which
addresses, or how often a row is repeated. Two parts of one shape in one language are met alike by every rule that does
not measure; what measures (room, and the size of what one presses) is asked of every page whose bytes differ.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from hashlib import blake2b
from itertools import groupby
from typing import Any

from lxml import html

TOKENS = re.compile(rb'(csrfmiddlewaretoken" value|nonce|data-token)="[^"]*"|(?<=next=)[^"&]*')
BY_VALUE = {"class", "type", "role", "dir", "tabindex", "hreflang", "scope", "autocomplete", "inputmode", "method"}
TITLE = re.compile(rb"(?<=<title>)[^<]+(?=</title>)")
WORD = re.compile(r"[a-z-]{1,12}")
REFERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-details", "aria-owns")


def digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=12).digest()


class Parts:
    """One page, read: what stands in its main part, and the frame around that."""

    def __init__(self, body: bytes) -> None:
        plain = TITLE.sub(b"", TOKENS.sub(b"", body))
        before, opened, rest = plain.partition(b"<main")
        inner, _closed, after = rest.partition(b"</main>")
        self.main, self.frame = digest(opened + inner), digest(before + after)
        self.body = body

    @cached_property
    def tree(self) -> Any:
        return html.document_fromstring(self.body.decode("utf-8", "replace"))

    def shapes(self) -> tuple[bytes, bytes]:
        """Return the shape of the main part and that of the frame."""
        found = self.tree.find(".//main")
        inner = shape(found) if found is not None else ""
        if found is not None:
            found.getparent().replace(found, html.Element("main"))
        return digest(inner.encode()), digest(shape(self.tree).encode())

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with names and references across the page: it does not show in a shape."""
        ids = Counter(self.tree.xpath("//@id"))
        yield from (f"the id {name} stands {count} times" for name, count in ids.items() if count > 1)
        for name in REFERS:
            for value in self.tree.xpath(f"//@{name}"):
                yield from (f"{name} names {one}, which is not there" for one in value.split() if one not in ids)
        for value in self.tree.xpath("//a/@href[starts-with(., '#')] | //*[local-name()='use']/@href"):
            if value[1:] not in ids:
                yield f"a link leads to {value}, which is not there"
        if len(self.tree.xpath("//h1")) != 1:
            yield "has not one h1"
        if self.tree.xpath("//@style | //style"):
            yield "has a style of its own"


def typed(body: bytes) -> dict[str, list[str]] | None:
    """Return what the first form of the main part would send as it stands; None where there is none."""
    forms = html.document_fromstring(body.decode("utf-8", "replace")).xpath("//main//form[@method='post']")
    if not forms:
        return None
    found: dict[str, list[str]] = {}
    for name, value in forms[0].form_values():
        found.setdefault(name, []).append(value)
    return found


def shape(element: Any) -> str:
    """Return the shape of an element and all within it; of alike neighbours only two are told."""
    if not isinstance(element.tag, str):
        return ""
    own = [element.tag, *sorted(_trait(name, value) for name, value in element.attrib.items())]
    inner = [_words(element.text)]
    for child in element:
        inner += [shape(child), _words(child.tail)]
    kept = [one for _key, alike in groupby(filter(None, inner)) for one in list(alike)[:2]]
    return f"<{' '.join(own)}>{''.join(_pairs(kept))}</>"


def _pairs(parts: list[str]) -> list[str]:
    """Leave out whatever repeats the two parts before it: rows divided by words or marks."""
    kept: list[str] = []
    for part in parts:
        kept.append(part)
        if len(kept) >= 6 and kept[-2:] == kept[-4:-2] == kept[-6:-4]:
            del kept[-2:]
    return kept


def _words(text: str | None) -> str:
    return "·" if text and text.strip() else ""


def _trait(name: str, value: str) -> str:
    """Return an attribute as far as it makes a shape: some by their value, the rest by whether they say anything."""
    if name in BY_VALUE or (name.startswith("aria-") and WORD.fullmatch(value)):
        return f"{name}={value}"
    return name if value.strip() else f"{name}-empty"
