"""How sure a proposal is: a chance from the scores, calibrated on judged pairs, and precision by slice from judged rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .items import Slice

_LEAST_CHANCE = 1e-6


def certainties(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn the scores of all targets of one query into chances that add up to one."""
    chances = np.exp(scores - scores.max())
    return np.asarray(chances / chances.sum())


def calibrated(chances: NDArray[np.float64], line: tuple[float, float]) -> NDArray[np.float64]:
    """Turn chances into the share of such proposals that were right among judged pairs (Platt 1999).

    `line` is slope and shift on the log-odds, found by `fitting.fit_certainty`; the order of the chances stays.
    """
    slope, shift = line
    kept = np.clip(chances, _LEAST_CHANCE, 1 - _LEAST_CHANCE)
    return np.asarray(1 / (1 + np.exp(-(slope * np.log(kept / (1 - kept)) + shift))))


def expected_error(judged: Sequence[tuple[float, bool]], *, bins: int = 10) -> float:
    """Return the expected calibration error: how far certainty and share of right ones lie apart, over `bins` slices of
    equal width, each counted by its rows (Naeini and others 2015). 0 where nothing was judged."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for certainty, right in judged:
        held[min(int(certainty * bins), bins - 1)].append((certainty, right))
    apart = sum(abs(sum(certainty - right for certainty, right in part)) for part in held)
    return float(apart / len(judged)) if judged else 0.0


def slices(judged: Sequence[tuple[float, bool]], *, most: int = 5, least_rows: int = 10) -> list[Slice]:
    """Cut judged first proposals (certainty, was it right) into bands of about equal count, lowest first.

    There are at most `most` bands of at least `least_rows` rows each (one band where there are fewer rows).
    A band whose precision falls below the band before it is joined to that one: where more certainty did not
    mean more precision, the page does not pretend it did. Together the bands reach from 0 to 1.
    """
    ordered = sorted(judged)
    if not ordered:
        return []
    bands = max(1, min(most, len(ordered) // least_rows))
    cut = [round(place * len(ordered) / bands) for place in range(bands + 1)]
    parts = [ordered[a:b] for a, b in pairwise(cut)]
    found: list[Slice] = []
    for place, part in enumerate(parts):
        low = part[0][0] if place else 0.0
        high = parts[place + 1][0][0] if place + 1 < len(parts) else 1.0
        band = Slice(low, high, len(part), sum(right for _, right in part))
        while found and band.precision < found[-1].precision:
            before = found.pop()
            band = Slice(before.low, band.high, before.count + band.count, before.right_count + band.right_count)
        found.append(band)
    return found


def measured(certainty: float, bands: Sequence[Slice]) -> float:
    """Return the precision measured at this certainty, or the certainty itself where nothing was measured."""
    for band in bands:
        if band.low <= certainty < band.high or (band is bands[-1] and certainty >= band.low):
            return band.precision
    return certainty
