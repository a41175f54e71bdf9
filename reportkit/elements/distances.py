"""Levels of agreement of pairs that need a look each, once those that are equal are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reportkit import arrays as np
from reportkit.elements.pairing import Pairing
from reportkit.elements.shape import Levels


def graded(left: Sequence[str], right: Sequence[str], top: int, near: Callable[[str, str], bool]) -> Levels:
    """``top`` where equal; 1 where other pairs, looked at one by one, are near, else 0."""
    pairs = Pairing.of(left, right)
    levels: Levels = np.where(pairs.equal, top, 0).astype(np.uint8)
    rows = np.flatnonzero(~pairs.equal)
    words = pairs.words
    levels[rows] = [near(words[a], words[b]) for a, b in zip(pairs.left[rows].tolist(), pairs.right[rows].tolist(), strict=True)]
    return levels
