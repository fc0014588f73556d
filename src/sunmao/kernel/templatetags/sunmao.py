"""Template words of the frame: the menu, a value shown, a deed's name, a page's query."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sunmao.kernel import cells
from sunmao.kernel import desk as desks
from sunmao.kernel.forms import _names
from sunmao.kernel.menu import rooms

register = template.Library()


@register.filter
def html_lang(code: str) -> str:
    """Return the language tag of a page: zh-Hans, not zh-hans."""
    return "zh-Hans" if code.startswith("zh") else code


@register.filter
def show(value: Any) -> SafeString:
    return cells.show(value)


@register.filter
def listed(items: Any) -> SafeString:
    return cells.listed(items)


@register.filter
def deed_name(name: str, desk: desks.Desk) -> str:
    """Return a logged deed in words: the kernel's own, else the label the desk gives it, its room, or any other."""
    known = {"add": _("added"), "edit": _("edited"), "delete": _("deleted"), "import": _("imported")}
    if name in known:
        return known[name]
    room = desk.meta.app_label
    for item in (desk, *sorted(desks.registry.by_slug.values(), key=lambda other: other.meta.app_label != room)):
        found = item.deed(name)
        if found is not None:
            return str(found.label)
    return name.replace("_", " ")


@register.filter
def pick_line(record: Any) -> SafeString:
    """Return one line that tells a record from its namesakes: names, code, and what its desk lists."""
    names = format_html_join(" · ", "{}", ((cells.in_language(*pair),) for pair in _names(record)[:3]))
    found = desks.desk_of(record)
    rest = []
    for name in found.columns[1:4] if found else ():
        value = cells.typed(found.shown[name], record)  # type: ignore[union-attr]
        if value:
            rest.append(cells.show(value))
    return format_html('{} <span class="code">{}</span> {}', names, record.code, cells.listed(rest))


class _Same(template.Node):
    def __init__(self, inner: template.NodeList) -> None:
        self.inner, self.drawn = inner, dict[str, SafeString]()

    def render(self, context: template.Context) -> SafeString:
        code = get_language() or ""
        if code not in self.drawn:
            bare = template.Context({"LANGUAGE_CODE": code})
            bare.template = context.template
            self.drawn[code] = self.inner.render(bare)
        return self.drawn[code]


@register.tag
def same(parser: Any, token: Any) -> _Same:
    """What stands between `same` and `endsame` is the same on every page and for everybody, so it is drawn once per
    language and process. It knows nothing but `LANGUAGE_CODE`: nothing of a page or a person can get into it."""
    inner = parser.parse(("endsame",))
    parser.delete_first_token()
    return _Same(inner)


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> SafeString:
    """Return the rail: Today, then the desks this person is led to, grouped, the current one marked."""
    request = context["request"]
    here = "/" + request.path.split("/")[1] + "/"
    drawn = _rail(rooms(request.user), get_language() or "")
    return SafeString(drawn.replace(f'<a href="{here}">', f'<a href="{here}" aria-current="page">', 1))


@lru_cache(maxsize=200)
def _rail(visible: tuple[str, ...], language: str) -> str:
    """Return the rail of those who are led to these desks, nothing marked; the same for all of them."""
    groups = []
    for label, items in desks.registry.groups:
        links = [(item.list_url(), _capital(item.plural)) for item in items if label and item.slug in visible]
        if links:
            groups.append((_capital(str(label)), format_html_join("", '<li><a href="{}">{}</a></li>', links)))
    today = format_html('<ul><li><a href="/today/">{}</a></li></ul>', _("Today"))
    rest = format_html_join("", "<h2>{}</h2><ul>{}</ul>", groups)
    return format_html('<nav class="rail" id="rooms" aria-label="{}">{}{}</nav>', _("Rooms"), today, rest)


@register.simple_tag(takes_context=True)
def public_menu(context: dict[str, Any]) -> SafeString:
    """Return the public bar's links; the site says which."""
    here = context["request"].path if "request" in context else ""
    links = [(url, _current(here, url), label) for url, label in settings.SUNMAO_PUBLIC_LINKS]
    inner = format_html_join("", '<li><a href="{}"{}>{}</a></li>', links)
    return format_html('<nav aria-label="{}"><ul>{}</ul></nav>', _("Main"), inner)


@register.simple_tag(takes_context=True)
def languages(context: dict[str, Any]) -> SafeString:
    """Return the links to the same page in the other languages."""
    here, code = _next(context), get_language()
    links = "".join(
        f'<a href="/language/{other}/{here}" lang="{other}" hreflang="{other}" rel="nofollow">{name}</a>'
        for other, name in settings.LANGUAGES if other != code
    )  # fmt: skip
    return SafeString(f'<span class="langs" role="group" aria-label="{_("Language")}">{links}</span>')


@register.simple_tag(takes_context=True)
def themes(context: dict[str, Any]) -> SafeString:
    """Return the links to the same page, light and dark, without the one that is chosen."""
    here, chosen = _next(context), context.get("theme")
    words = {"light": _("Light theme"), "dark": _("Dark theme")}
    return SafeString("".join(
        f'<a class="to-{theme}" href="/theme/{theme}/{here}" rel="nofollow">{word}</a>'
        for theme, word in words.items() if theme != chosen
    ))  # fmt: skip


def _next(context: dict[str, Any]) -> str:
    return f"?next={quote(context['request'].get_full_path())}" if "request" in context else ""


def _current(here: str, url: str) -> SafeString:
    return SafeString(' aria-current="page"') if here.startswith(url) else SafeString("")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@register.simple_tag
def register_name() -> str:
    return str(settings.SUNMAO_REGISTER_NAME)


@register.simple_tag
def language() -> str:
    return get_language() or "en"
