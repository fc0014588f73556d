"""An item read in the words of the targets: English as it stands, Chinese rendered, the rest as learned."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from .chinese import Chinese
from .items import Item
from .learned import Lexicon, source_words
from .text import grams, plain_title, script_of, words

_ALTERNATES_READ = 24
_LEARNED_READ = 8
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9+#.-]+")
_CONTEXT_WEIGHT = 0.5


@dataclass
class Reading:
    """The words of one item: `labels` are readings of its title, `alternates` of its other titles."""

    labels: list[str]
    alternates: list[str]
    description: str
    context: str = ""
    learned: dict[str, float] = field(default_factory=dict)
    rendered: tuple[tuple[str, str], ...] = ()

    def name_terms(self, cut: bool) -> Counter[str]:
        """Return the terms of all titles: stems where `cut`, else runs of characters."""
        return Counter(_terms(" ".join((*self.labels, *self.alternates)), cut))

    def terms(self, cut: bool) -> dict[str, float]:
        """Return the terms of the whole item with their counts: stems where `cut`, else runs of characters."""
        counted: dict[str, float] = {term: float(count) for term, count in self.name_terms(cut).items()}
        for term in _terms(self.description, cut):
            counted[term] = counted.get(term, 0.0) + 1
        for term in _terms(self.context, cut):
            counted[term] = counted.get(term, 0.0) + _CONTEXT_WEIGHT
        if cut:
            for term, weight in self.learned.items():
                counted[term] = counted.get(term, 0.0) + weight
        return counted


def _terms(text: str, cut: bool) -> list[str]:
    return words(text) if cut else grams(text)


def read(item: Item, chinese: Chinese, lexicon: Lexicon | None = None, *, render: bool = True) -> Reading:
    """Read `item` for targets written in Latin letters; `render` false leaves Chinese as it is.

    Chinese titles become a handful of English ones; what stands beside them in Latin letters is kept.
    """
    learned = lexicon.render(source_words(item)) if lexicon else {}
    by_weight = sorted(learned, key=lambda word: (-learned[word], word))[:_LEARNED_READ]
    taught = [" ".join(by_weight)] if by_weight else []
    if not render or script_of(item.label + item.description) != "zh":
        return Reading(
            labels=[plain_title(item.label), *taught],
            alternates=[plain_title(title) for title in item.alternates[:_ALTERNATES_READ] if title != item.label],
            description=item.description,
            context=item.context,
            learned=learned,
        )
    labels = chinese.titles(item.label) or _latin(item.label)
    alternates = [said for title in item.alternates for said in chinese.titles(title, most=3)]
    pieces = [piece for piece in chinese.cut(item.label) if piece.renderings]
    return Reading(
        labels=[*(labels or [item.label]), *taught],
        alternates=alternates[:_ALTERNATES_READ],
        description=" ".join((chinese.gist(item.label), chinese.gist(item.description), *_latin(item.label))),
        context=chinese.gist(item.context),
        learned=learned,
        rendered=tuple((piece.text, piece.renderings[0]) for piece in pieces),
    )


def _latin(text: str) -> list[str]:
    """Return what stands in Latin letters inside a Chinese text (SQL, PLC, a brand), if anything."""
    kept = " ".join(_LATIN_WORD.findall(text))
    return [kept] if kept else []
