"""Columns to fields, one to one, so that the scores add up to the most there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportkit import arrays as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def assign(scores: NDArray[np.float64]) -> list[tuple[int, int]]:
    """(row, column) of the one-to-one assignment with the largest total."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - a quarter of a second that headers in known words never need

    return [(int(row), int(column)) for row, column in zip(*linear_sum_assignment(scores, maximize=True), strict=True)]
