"""Samples of questions and reported figures: public, as their room makes them."""

from __future__ import annotations

from typing import Any

from contract.samples import above, document, keep, sample, words
from sunmao.indicators.models import Question, ReportedFigure


def question(world: Any, word: str) -> Question:
    return keep(Question(key_name=word, title=words(word), difference=words(word), figure="organisations"), world)


@sample("questions")
def _question(world: Any, word: str, n: int, parent: Any) -> Any:
    return question(world, word)


@sample("reported-figures", under="questions")
def _reported(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or question(world, above(word))
    made = ReportedFigure(
        question=of, value=100 + n, document=document(world, above(word)), passage=word, as_said=word, note=words(word)
    )
    return keep(made, world)
