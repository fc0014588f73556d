"""What goes in and what comes out of an alignment: items, proposals, and the reasons for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Item:
    """One entry of a standard.

    `codes` places it in classifications: a scheme ("isco08", "soc", "gbm") to its code there. `language` is
    a hint such as "uz"; the script is found from the text itself. `context` is what stands above the item,
    such as the title of the programme an outcome belongs to.
    """

    id: str
    label: str
    alternates: tuple[str, ...] = ()
    description: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    context: str = ""


@dataclass(frozen=True)
class Reason:
    """Why a target is proposed: a code the page has a sentence for, and the values that fill it.

    Codes: "same_title" and "like_title" (source, target, likeness), "shared_words" (words), "group" (source,
    target: classification codes), "neighbours" (group), "confirmed_before" (source, target, likeness) and
    "rendered" (term, as: the dictionary's reading of a foreign term).
    """

    code: str
    params: Mapping[str, str | float]


@dataclass(frozen=True)
class Proposal:
    """A likely counterpart. It is for a person to judge and never feeds a decision.

    `score` orders the proposals of one query. `confidence` is between 0 and 1: the share of proposals with this much
    certainty that were right, among rows of one's own where the aligner was calibrated with some, else among the judged
    pairs it was fitted on, where every query had a counterpart.
    """

    target: Item
    score: float
    why: tuple[Reason, ...]
    confidence: float


@dataclass(frozen=True)
class Slice:
    """A band of certainty, `low` ≤ certainty < `high`, and how often its first proposals were right."""

    low: float
    high: float
    count: int
    right_count: int

    @property
    def precision(self) -> float:
        """The share that was right; 0 for an empty slice."""
        return self.right_count / self.count if self.count else 0.0
