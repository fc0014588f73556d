"""Finds the words to translate in a room: in Python by its syntax tree, in templates by Django's own lexer.

Works without GNU gettext. Texts in templates become message ids as Django makes them: variables of a
blocktranslate as %(name)s, a percent sign doubled.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split
from django.utils.translation import trim_whitespace

# function of django.utils.translation → what its arguments are: context, singular, plural
FUNCTIONS = {
    "gettext": "s",
    "gettext_lazy": "s",
    "gettext_noop": "s",
    "ngettext": "sp",
    "ngettext_lazy": "sp",
    "pgettext": "cs",
    "pgettext_lazy": "cs",
    "npgettext": "csp",
    "npgettext_lazy": "csp",
}
_INLINE = re.compile(r"""_\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\)""")


@dataclass(frozen=True, order=True)
class Word:
    """One message: its English text, the plural where it has one, the context where one tells it from others."""

    text: str
    plural: str = ""
    context: str = ""


class NotWhole(Exception):
    """A text to translate is not one literal sentence; says where."""


def of_room(room: Path) -> set[Word]:
    """Return the words of a room's Python files and templates; NotWhole where one is pieced together."""
    found: set[Word] = set()
    for path in sorted(room.rglob("*.py")):
        if "migrations" not in path.parts:
            found |= set(of_python(path.read_text(encoding="utf-8"), str(path)))
    for kind in ("*.html", "*.txt"):
        for path in sorted(room.glob(f"templates/**/{kind}")):
            found |= set(of_template(path.read_text(encoding="utf-8"), str(path)))
    return found


def of_python(source: str, place: str = "") -> Iterator[Word]:
    """Yield the words of a Python file, under whatever names it imports the translation functions.

    `N_("…")` marks a text where it stands and leaves the translating to whoever shows it (kernel.text).
    """
    tree = ast.parse(source, place)
    names = {"N_": "s"} | {
        alias.asname or alias.name: FUNCTIONS[alias.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in FUNCTIONS
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in names:
            continue
        kinds = names[node.func.id]
        if any(isinstance(given, ast.JoinedStr | ast.BinOp) for given in node.args[: len(kinds)]):
            raise NotWhole(f"{place}:{node.lineno}: a text to translate is one literal with named placeholders")
        texts = [given.value for given in node.args if isinstance(given, ast.Constant) and isinstance(given.value, str)]
        if len(texts) >= len(kinds):
            yield _word(dict(zip(kinds, texts, strict=False)))


def _word(parts: dict[str, str]) -> Word:
    return Word(parts["s"], parts.get("p", ""), parts.get("c", ""))


def of_template(source: str, place: str = "") -> Iterator[Word]:
    """Yield the words of a template: translate, blocktranslate, and _("…") in any tag or variable."""
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type not in (TokenType.BLOCK, TokenType.VAR):
            continue
        words = list(smart_split(token.contents))
        name = words[0] if token.token_type == TokenType.BLOCK and words else ""
        if name == "comment":
            for inside in tokens:
                if inside.token_type == TokenType.BLOCK and inside.contents == "endcomment":
                    break
        elif name in ("blocktranslate", "blocktrans"):
            yield _block(words, tokens, f"{place}:{token.lineno}")
            yield from _inline(token)
        elif name in ("translate", "trans"):
            text = words[1].split("|")[0]
            if text[0] in "\"'":
                yield Word(_unquoted(text).replace("%", "%%"), context=_context(words))
        else:
            yield from _inline(token)


def _inline(token: Token) -> Iterator[Word]:
    for found in _INLINE.findall(token.contents):
        yield Word(_unquoted(found))


def _block(words: list[str], tokens: Iterator[Token], place: str) -> Word:
    parts: dict[bool, list[str]] = {False: [], True: []}
    plural = False
    for token in tokens:
        if token.token_type == TokenType.TEXT:
            parts[plural].append(token.contents.replace("%", "%%"))
        elif token.token_type == TokenType.VAR:
            parts[plural].append(f"%({token.contents})s")
        elif token.token_type == TokenType.BLOCK and token.contents.strip() == "plural":
            plural = True
        elif token.token_type == TokenType.BLOCK and token.contents.strip().startswith("endblocktrans"):
            break
        elif token.token_type == TokenType.BLOCK:
            raise NotWhole(f"{place}: a blocktranslate holds another tag, {{% {token.contents} %}}")
    trim = trim_whitespace if "trimmed" in words else str
    return Word(trim("".join(parts[False])), trim("".join(parts[True])), _context(words))


def _context(words: list[str]) -> str:
    return _unquoted(words[words.index("context") + 1]) if "context" in words[:-1] else ""


def _unquoted(text: str) -> str:
    return text[1:-1].replace(f"\\{text[0]}", text[0]).replace("\\\\", "\\")
