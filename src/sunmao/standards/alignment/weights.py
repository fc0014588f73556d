"""The weights of the marks, found by `fitting.py` on human-validated pairs and kept here as numbers.

WITHIN holds for a query and targets in one language: 835 ESCO occupations against 1,110 of O*NET. BARE was
fitted on the same pairs with nothing but a title left of each query, and holds for such. ACROSS holds where
the query is written in another script: 80 Chinese occupations and 60 Chinese abilities against ESCO.
`benchmarks/alignment.py` fits them anew on four fifths of the pairs and measures on the fifth left out; the
figures of the project are those, never the ones on the pairs a weight was fitted on.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .marks import NAMES

WITHIN: Mapping[str, float] = {
    "text_grams": 11.87,
    "text_words": -1.18,
    "names_words": 0.43,
    "label_title_grams": 0.61,
    "label_best_words": 0.93,
    "label_best_grams": 0.98,
    "alternates_best": 4.87,
    "alternates_mean": 0.33,
    "description": 7.45,
    "group": 2.52,
    "group_above": 0.73,
    "group_broad": 0.66,
    "residual": -2.11,
    "siblings": 0.52,
    "siblings_above": 0.65,
}
BARE: Mapping[str, float] = {
    "text_grams": 2.88,
    "text_words": 2.46,
    "names_words": 2.46,
    "label_title_grams": 1.68,
    "label_best_words": 3.01,
    "label_best_grams": 2.61,
    "alternates_best": 0.00,
    "alternates_mean": 0.00,
    "description": 0.00,
    "group": 2.98,
    "group_above": 0.84,
    "group_broad": 1.16,
    "residual": -2.57,
    "siblings": 0.84,
    "siblings_above": 0.99,
}
ACROSS: Mapping[str, float] = {
    "text_grams": 6.72,
    "text_words": 3.04,
    "names_words": -0.10,
    "label_title_grams": 3.32,
    "label_best_words": 10.66,
    "label_best_grams": 0.36,
    "alternates_best": 0.00,
    "alternates_mean": 0.00,
    "description": 3.96,
    "group": 2.43,
    "group_above": 0.61,
    "group_broad": -0.06,
    "residual": 0.00,
    "siblings": 0.50,
    "siblings_above": 0.69,
}

# Slope and shift by which the chances of the first five proposals become the share that was right, for each of the
# three; fitted by `fitting.fit_certainty` on scores of queries whose fifth the weights had not seen.
WITHIN_CERTAINTY = (0.829, -0.129)
BARE_CERTAINTY = (0.822, -0.170)
ACROSS_CERTAINTY = (0.740, 0.233)

# What a confirmed row adds for the target it led to: the fourth power of the likeness of its source to the
# query, so that the same source is as good as certain and a distant one hardly counts; and a share where
# sources of the same group went to that target.
LIKE_CONFIRMED = 10.0
LIKENESS_POWER = 4
SAME_GROUP_CONFIRMED = 2.0


def as_array(weights: Mapping[str, float]) -> NDArray[np.float64]:
    """Return `weights` in the order of the marks."""
    return np.array([weights[name] for name in NAMES])
