"""How many random examples a property is held against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from surroundings import TRIALS


def examples(many: int) -> Callable[[Any], Any]:
    """Hold a property, given as by `@given`, against so many examples in the trials, drawn anew each time; in the tests
    against a quarter of them, always the same ones."""
    held = settings(max_examples=many if TRIALS else many // 4, deadline=None, derandomize=not TRIALS)
    return lambda test: pytest.mark.slow(held(test))
