"""How the weights of the marks, and what their chances are worth, are found from pairs people have judged.

A conditional choice model: the chance that a target is the right one rises with the exponential of its
score. The weights make the judged rows likely and are pulled towards zero by the square of their size, each
measured in the spread of its mark.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize


def fit_weights(
    marks: Sequence[NDArray[np.float32]],
    right: Sequence[Sequence[int]],
    *,
    pull: float = 3.0,
) -> NDArray[np.float64]:
    """Return one weight for each mark.

    `marks` holds for each query an array of shape (candidates, marks), `right` the places of the right
    candidates in it; `pull` is the strength of the square penalty.
    """
    spread = np.concatenate(marks).std(axis=0) + 1e-6
    scaled = [array / spread for array in marks]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total = pull * float(weights @ weights)
        slope = 2 * pull * weights
        for array, places in zip(scaled, right, strict=True):
            scores = array @ weights
            scores = scores - scores.max()
            chances = np.exp(scores)
            chances /= chances.sum()
            share = chances[list(places)]
            mass = float(share.sum()) + 1e-12
            total -= np.log(mass)
            slope = slope + chances @ array - (share / mass) @ array[list(places)]
        return total, slope

    found = minimize(loss, np.zeros(len(spread)), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(found.x / spread)


def fit_certainty(judged: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Return slope and shift that make chances of proposals the shares that were right (`confidence.calibrated`).

    `judged` holds (chance, was it right); a weak pull keeps a few rows from bending the line far from the chances.
    """
    chances = np.clip([chance for chance, _ in judged], 1e-6, 1 - 1e-6)
    odds, right = np.log(chances / (1 - chances)), np.array([float(one) for _, one in judged])

    def loss(line: NDArray[np.float64]) -> float:
        said = line[0] * odds + line[1]
        return float(np.sum(np.logaddexp(0, said) - right * said) + 0.5 * ((line[0] - 1) ** 2 + line[1] ** 2))

    slope, shift = minimize(loss, np.array([1.0, 0.0])).x
    return float(slope), float(shift)
