"""How one value looks on a page and what it is to a machine: the only place that turns values into HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any

from django.db import models
from django.utils.formats import date_format, number_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info, gettext

from sunmao.kernel.desk import Desk, Value, desk_of
from sunmao.kernel.fields import Named, WhenField
from sunmao.kernel.models import Record, StoredFile
from sunmao.kernel.text import Texts, short
from sunmao.kernel.when import When

ICONS = {
    "good": "done",
    "wait": "half",
    "go": "half",
    "bad": "late",
    "none": "ring",
    "turn": "turn",
    "cross": "cross",
}
TONES = {"turn": "wait", "cross": "bad"}
HTML_LANG = {"zh": "zh-Hans"}


@dataclass(frozen=True)
class Tag:
    """A state: shape, word and colour. Tone: good, wait, go, bad, none, turn, cross."""

    word: Any
    tone: str = "none"
    code: str = ""


@dataclass(frozen=True)
class Figure:
    """A number that opens: its value and where it leads."""

    value: Any
    url: str


@dataclass(frozen=True)
class Link:
    text: Any
    url: str


def icon(name: str) -> SafeString:
    return mark_safe(f'<svg class="i" aria-hidden="true"><use href="#{name}"/></svg>')


def in_language(text: str, language: str) -> SafeString:
    """Wrap a text in its own language where that is not the page's; user text is direction-isolated."""
    if not language or language in ("und", short(get_language())):
        return format_html("<bdi>{}</bdi>", text)
    return format_html('<bdi lang="{}">{}</bdi>', HTML_LANG.get(language, language), text)


def language_name(code: str) -> str:
    """Return what the reader calls a language: "Chinese" for `zh`; the code itself where no word for it is known."""
    try:
        return gettext("Chinese") if code == "zh" else str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def tag(item: Tag) -> SafeString:
    word = str(item.word)
    return format_html(
        '<span class="tag" data-s="{}">{}{}</span>',
        TONES.get(item.tone, item.tone),
        icon(ICONS[item.tone]),
        word[:1].upper() + word[1:],
    )


def tag_of(choice: Any) -> Tag:
    """Return the tag of a state: its class says the tone of each value in `tones`."""
    tones = getattr(type(choice), "tones", {})
    return Tag(choice.label, tones.get(choice.value, "none"), choice.value)


def unknown() -> SafeString:
    return format_html('<span class="faint">{}</span>', gettext("not stated by the source"))


def withheld() -> SafeString:
    """Return what stands where a record may be named that this person does not see, and, so that it tells nothing, where
    none is."""
    return format_html('<span class="faint">{}</span>', gettext("none that you may see"))


def listed(items: Iterable[Any]) -> SafeString:
    """Return a list as the reader's language writes one: "a, b", "a、b"."""
    return mark_safe(gettext(", ").join(str(conditional_escape(item)) for item in items))


def sentences(parts: Iterable[Any]) -> SafeString:
    """Return whole sentences one after another, with a space between them where the language writes one."""
    return format_html_join("" if short(get_language()) == "zh" else " ", "{}", ((part,) for part in parts if part))


def record_link(record: Record) -> SafeString:
    found = desk_of(record)
    text = in_language(*record.title_texts().best())
    return format_html('<a href="{}">{}</a>', found.url(record), text) if found else text


def show(value: Any) -> SafeString:  # one branch per kind of value
    """Return the HTML of a value. None and empty read "not stated by the source"."""
    match value:
        case Named() if label := value.label:  # an empty code may have a word of its own
            return format_html("{}", label)
        case None | "" | [] | ():
            return unknown()
        case SafeString():
            return value
        case Texts():
            return in_language(*value.best()) if value else unknown()
        case Tag():
            return tag(value)
        case Figure():
            return format_html('<a class="fig" href="{}">{}</a>', value.url, show(value.value))
        case Link():
            return format_html('<a href="{}">{}</a>', value.url, conditional_escape(value.text))
        case When():
            said = format_html('<span class="src">“{}”</span>', value.said) if value.said else ""
            return format_html('<span class="num">{}</span>{}', str(value), said)
        case bool():
            return format_html("{}", gettext("yes") if value else gettext("no"))
        case int() | Decimal() | float():
            return format_html(
                '<span class="num">{}</span>', number_format(value, force_grouping=abs(float(value)) >= 10_000)
            )
        case datetime():
            return format_html('<time class="num" datetime="{}">{}</time>', value.isoformat(timespec="seconds"),
                               date_format(value, "SHORT_DATETIME_FORMAT"))  # fmt: skip
        case date():
            return format_html('<time class="num" datetime="{}">{}</time>', value.isoformat(), date_format(value))
        case models.Choices():
            return tag(tag_of(value)) if hasattr(type(value), "tones") else format_html("{}", value.label)
        case Record():
            return record_link(value)
        case list() | tuple():
            return listed(show(item) for item in value)
    return format_html("<bdi>{}</bdi>", str(value))


def machine(value: Any) -> Any:  # one branch per kind of value
    """Return the JSON form of a value: ISO dates, codes of records, texts by language."""
    match value:
        case None | bool() | int() | float():
            return value
        case Decimal():
            return str(value)
        case Texts():
            return {language: entry["text"] for language, entry in value.items()}
        case Tag():
            return value.code or str(value.word)
        case Figure():
            return machine(value.value)
        case Link():
            return str(value.text)
        case When():
            return value.iso()
        case datetime() | date():
            return value.isoformat()
        case models.Choices():
            return value.value
        case Named():
            return str(value)
        case StoredFile():
            return {"name": value.name, "sha256": value.sha256, "size": value.size}
        case Record():
            return {"code": value.key, "name": str(value)}
        case list() | tuple():
            return [machine(item) for item in value]
        case dict():
            return value
    return str(value)


def typed(value: Value, record: Any) -> Any:
    """Return a record's value with its choice class restored, so that states know their tone."""
    raw = value.of(record)
    found = value.field
    if found is not None and found.choices and raw not in (None, ""):
        enum = getattr(found, "state_class", None)
        if enum is not None:
            return enum(raw)
        return Named(raw, dict(found.flatchoices).get(raw, raw))
    return raw


def cell(value: Value) -> Callable[[Any], str]:
    """Return the fastest function from a record to its HTML for this value; made anew for each page."""
    found = value.field
    if found is None:
        return lambda record: show(typed(value, record))
    attname, nothing = found.attname, unknown()
    if not found.choices and type(found) in (models.CharField, models.TextField):
        return lambda record: f"<bdi>{escape(text)}</bdi>" if (text := getattr(record, attname)) else nothing
    if isinstance(found, models.ForeignKey) and (target := desk_of(found.related_model)):  # type: ignore[arg-type]
        link, name = target.list_url(), names()

        def to(record: Any) -> str:
            other = value.of(record) if getattr(record, attname) is not None else None
            return nothing if other is None else f'<a href="{link}{escape(other.key)}/">{name(other)}</a>'

        return to
    if type(found) is models.DateField or (isinstance(found, models.CharField) and not isinstance(found, WhenField)):
        drawn: dict[Any, str] = {}  # codes and days repeat: each is drawn once per page

        def draw(record: Any) -> str:
            raw = getattr(record, attname)
            if raw not in drawn:
                drawn[raw] = show(typed(value, record))
            return drawn[raw]

        return draw
    return lambda record: show(typed(value, record))


def told(desk: Desk, rows: Sequence[Any], columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns in which some row has a value. The first stays in any case, rows are called by it, and so does
    what a desk computes: asking for it twice could cost a query a row."""
    values = [desk.shown.get(name) or desk._value(name) for name in columns[1:]]
    empty = {
        value.name for value in values
        if value.field is not None and all(getattr(row, value.field.attname) in (None, "", {}) for row in rows)
    }  # fmt: skip
    return tuple(name for name in columns if name not in empty)


def name_by(value: Value) -> Callable[[Any], str] | None:
    """Return the function from a row to the name of the record it is called by, without a link to that; None where the
    value is no other record."""
    if not isinstance(value.field, models.ForeignKey):
        return None
    return lambda row: in_language(*value.of(row).title_texts().best()) if value.of(row) else unknown()


def names() -> Callable[[Any], str]:
    """Return the fastest function from a record to its name in the reader's language."""
    page = short(get_language())

    def name(record: Any) -> str:
        text, language = record.title_texts().best(page)
        if not language or language in ("und", page):
            return f"<bdi>{escape(text)}</bdi>"
        return f'<bdi lang="{escape(HTML_LANG.get(language, language))}">{escape(text)}</bdi>'

    return name
