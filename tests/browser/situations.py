"""What a rule of axe may read about an element of a page, except which words stand there.

A *situation* is one small fact of that kind: what an element is, within what, with which children, whether it has
words and a name, and whether what it refers to is there and says something. A rule that reads one element, its
ancestors, its children and its references finds the same in two pages of the same situations in one language; which
rules those are stands in docs/decisions/0010-axe.md. A page whose situations were all met before is therefore not
held under all rules again. What the rules read beside them is proven of every page (`faults`) or measured (whole.py).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from hashlib import blake2b
from typing import Any

from lxml import html

TOKENS = re.compile(rb'(csrfmiddlewaretoken" value|nonce|data-token)="[^"]*"|(?<=next=)[^"&]*')
TITLE = re.compile(rb"(?<=<title>)[^<]+(?=</title>)")
BY_VALUE = {
    "type", "role", "dir", "tabindex", "scope", "autocomplete", "inputmode", "method", "hidden", "checked", "disabled",
    "required", "readonly", "multiple", "colspan", "rowspan", "http-equiv", "target", "autofocus", "data-s",
    "data-theme", "style", "accesskey", "contenteditable", "draggable", "selected", "usemap", "ismap",
}  # fmt: skip
REFERS = (
    "for", "form", "list", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-details",
    "aria-owns", "aria-errormessage", "aria-activedescendant", "aria-flowto",
)  # fmt: skip
SAYS = ("aria-label", "alt", "title", "placeholder", "label", "aria-roledescription", "aria-description")
OWN_LOOK = ("zh", "ar")  # the languages the stylesheet names
WRONG = "Nichtsdergleichenwirdhierverlangt" * 3 + " <b>&amp; 2022-13"
LINKS = re.compile(rb"<(/?a)[ >]")
# What no rule reads: where things lead, what is sent and asked for, how a picture is drawn.
UNREAD = re.compile(
    r"hx-.*|data-(?!s$|theme$).*|class|id|name|action|enctype|accept|maxlength|minlength|min|max|step|size|spellcheck|rows"
    r"|cols|pattern|datetime|d|x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|width|height|viewbox|points|transform|rel|download|cite|content"
)
CONTROLS = {"input", "select", "textarea", "meter", "progress", "output"}
NOT_OURS = ("iframe", "frame", "object", "embed", "audio", "video", "area", "marquee", "blink", "style", "base")


def digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=12).digest()


class Page:
    """One page, read."""

    def __init__(self, body: bytes) -> None:
        plain = TITLE.sub(b"", TOKENS.sub(b"", body))
        before, opened, rest = plain.partition(b"<main")
        inner, _closed, after = rest.partition(b"</main>")
        self.main, self.frame = digest(opened + inner), digest(before + after)
        self.body = body

    @cached_property
    def tree(self) -> Any:
        return html.document_fromstring(self.body.decode("utf-8", "replace"))

    @cached_property
    def by_id(self) -> dict[str, Any]:
        return {element.get("id"): element for element in self.tree.xpath("//*[@id]")}

    @cached_property
    def labels(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for label in self.tree.iter("label"):
            found.setdefault(label.get("for", ""), []).append(label)
        return found

    def situations(self) -> set[str]:
        """Return the situations of all elements."""
        found: set[str] = set()
        self._walk(self.tree, "", found)
        return found

    def _walk(self, element: Any, within: str, found: set[str]) -> None:
        own = self._lite(element)
        children = [child for child in element if isinstance(child.tag, str)]
        inner = sorted({f"{child.tag}{child.get('role', '')}" for child in children})
        found.add(f"{within} | {self._trait(element)} | {' '.join(inner)}")
        for before, after in itertools.pairwise(children):
            found.add(f"{self._plain(element)} : {self._plain(before)} + {self._plain(after)}")
        if element.tag == "table":
            found.add(f"{within} | {_grid(element)}")
        if element.tag in {"dl", "select", "ul", "ol"} or element.get("role"):
            found.add(f"{within} | {own} holds {_order(children)}")
        for child in children:
            self._walk(child, f"{within} > {own}", found)

    @staticmethod
    def _plain(element: Any) -> str:
        return f"{element.tag}.{'.'.join(sorted(element.get('class', '').split()))}"

    def _lite(self, element: Any) -> str:
        """Return what an element is to those within it: kind, look, role, and whether it has words of its own."""
        more = [_attribute(name, element.get(name)) for name in sorted(element.keys()) if _inherits(name)]
        more += [f"lang={_language(element.get('lang'))}"] if element.get("lang") else []
        picked = element.tag in {"label", "tr"} and element.xpath("boolean(.//*[@checked])")
        return f"{self._plain(element)}[{' '.join(more)}]{_words(element)}{'✓' * picked}"

    def _trait(self, element: Any) -> str:
        parts = [self._plain(element), _words(element), "named" if _says(element) else ""]
        for name, value in sorted(element.attrib.items()):
            if name in REFERS:
                parts.append(f"{name}→{self._referred(value)}")
            elif not UNREAD.fullmatch(name):
                parts.append(_attribute(name, value))
        if element.tag in CONTROLS:
            by_name = self.labels.get(element.get("id") or "-", [])
            around = [one for one in element.iterancestors("label") if one not in by_name]
            parts.append("labels " + "".join("+" if _says(one) else "-" for one in (*by_name, *around)))
        return " ".join(filter(None, parts))

    def _referred(self, value: str) -> str:
        met = [self.by_id.get(one) for one in value.split()]
        return " ".join("?" if one is None else f"{one.tag}{'+' if _says(one) else '-'}" for one in met)

    def faults(self, language: str, known: frozenset[str]) -> Iterator[str]:
        """Yield what is wrong across the page: what no situation holds, and every rule that is about a page."""
        tree = self.tree
        ids = Counter(tree.xpath("//@id"))
        yield from (f"the id {name} stands {count} times" for name, count in ids.items() if count > 1)
        for name in REFERS:
            for value in tree.xpath(f"//@{name}"):
                yield from (f"{name} names {one}, which is not there" for one in value.split() if one not in ids)
        for value in tree.xpath("//a/@href[starts-with(., '#')] | //*[local-name()='use']/@href"):
            if value[1:] not in ids:
                yield f"a link leads to {value}, which is not there"
        if not "".join(tree.xpath("//head/title/text()")).strip(" ·\n"):
            yield "has no title"
        if tree.get("lang", "").lower() != language:
            yield f"says it is in {tree.get('lang')!r}"
        for value in set(tree.xpath("//@lang | //@hreflang")):
            if value.partition("-")[0].lower() not in known:
                yield f"{value!r} is no language"
        if len(tree.xpath("//h1")) != 1 or len(tree.xpath("//main")) != 1:
            yield "has not one h1 and one main part"
        if not tree.xpath("//body/a[@class='skip' and @href='#main']"):
            yield "has no way past the menu"
        if tree.xpath("//meta[@http-equiv] | //body[@aria-hidden]"):
            yield "reloads itself, or hides its body"
        if tree.xpath("//head/meta[@name='viewport']/@content") != ["width=device-width,initial-scale=1"]:
            yield "has a viewport of its own"
        if tree.xpath("//@style | //@onclick | " + " | ".join(f"//{name}" for name in NOT_OURS)):
            yield "has a style of its own, or an element that no rule was thought of for"
        if any(one == other for one, other in itertools.pairwise(LINKS.findall(self.body))):
            yield "has a link within a link"
        for element in tree.xpath("//a[@aria-label] | //button[@aria-label] | //summary[@aria-label]"):
            if (seen := _text(element)) and seen.lower() not in element.get("aria-label").lower():
                yield f"is named {element.get('aria-label')!r} and reads {seen!r}"


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _words(element: Any) -> str:
    """Return how much an element itself says: a single sign is not measured as words are."""
    own = "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
    return "·" if len(own) > 1 else "'" if own else ""


def _says(element: Any) -> bool:
    """Return whether anything within an element would be read out as its name; what is hidden from reading is not."""
    if element.get("aria-hidden") == "true":
        return False
    if any(element.get(name, "").strip() for name in ("aria-label", "alt", "title")):
        return True
    if (element.text or "").strip() or (element.tag == "input" and element.get("value", "").strip()):
        return True
    return any((isinstance(one.tag, str) and _says(one)) or (one.tail or "").strip() for one in element)


def _inherits(name: str) -> bool:
    return name in {"role", "hidden", "open", "data-s", "data-theme", "tabindex", "href", "disabled", "dir"} or (
        name.startswith("aria-") and name not in SAYS and name not in REFERS
    )


def _attribute(name: str, value: str) -> str:
    """Return an attribute as far as a rule reads it: some by their value, the rest by whether they say anything."""
    if name in {"lang", "hreflang"}:
        return f"{name}={_language(value)}"
    if name in BY_VALUE or (name.startswith("aria-") and name not in SAYS):
        return f"{name}={re.sub(r'[0-9]+([.,][0-9]+)?', '0', value)}"
    if name == "href":
        return f"href={value[:1] if value[:1] == '#' else '/' if value.strip() else ''}"
    return name if value.strip() else f"{name}-empty"


def _language(value: str) -> str:
    main = value.partition("-")[0].lower()
    return main if main in OWN_LOOK else "other"


def _order(children: list[Any]) -> str:
    """Return the kinds of children in their order; what repeats itself is told twice."""
    told: list[str] = []
    for child in children:
        kind = f"{child.tag}{child.get('role', '')}"
        if told[-2:] != [kind, kind]:
            told.append(kind)
    return " ".join(told)


def _grid(table: Any) -> str:
    """Return what the rules on tables read: the kinds of cells of the rows that differ, and which columns say
    nothing at all."""
    rows = [[cell for cell in row if cell.tag in {"th", "td"}] for row in table.iter("tr")]
    kinds = {
        " ".join(f"{c.tag}{c.get('scope', '')}{c.get('colspan', '')}{c.get('rowspan', '')}" for c in row)
        for row in rows
    }
    width = max((len(row) for row in rows), default=0)
    filled = ["+" if any(len(row) > at and row[at].tag == "td" and _says(row[at]) for row in rows) else "-"
              for at in range(width)]  # fmt: skip
    return f"{'; '.join(sorted(kinds))} {''.join(filled)} {min(len(rows), 4)}"


def typed(body: bytes, how: str) -> dict[str, list[str]] | None:
    """Return what the first form of the main part would send: as it stands, with nothing filled in, or filled in with
    what fits nowhere; None where there is none."""
    forms = html.document_fromstring(body.decode("utf-8", "replace")).xpath("//main//form[@method='post']")
    if not forms:
        return None
    found: dict[str, list[str]] = {}
    for name, value in forms[0].form_values():
        found.setdefault(name, []).append(value)
    kept = {"revision", "csrfmiddlewaretoken"}
    if how == "empty":
        return {name: values if name in kept else [""] for name, values in found.items()}
    if how == "wrong":
        every = {one.get("name"): ["nobody@example.org" if one.get("type") == "email" else WRONG]
                 for one in forms[0].xpath(".//*[@name][not(@type='file')]")}  # fmt: skip
        return every | {name: values for name, values in found.items() if name in kept}
    if how == "stale" and "revision" in found:
        typed_over = {name: [WRONG] for one in forms[0].xpath(".//*[@type='text'][@name] | .//textarea[@name]")
                      if (name := one.get("name")) != "why"}  # fmt: skip
        return found | typed_over | {"revision": ["1"]}
    return found
