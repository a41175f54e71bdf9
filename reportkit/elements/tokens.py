"""Whether the words of one value stand in another, in any order, in full or as initials."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportkit.elements.pairing import Flags, Pairing

#: Words of a value that are looked at.
_WORDS = 4


def within(written: Pairing, least: int) -> tuple[Flags, Flags]:
    """Whether the shorter value's words stand in the other, with initials or in full: at least ``least`` in full, without initials one more."""
    tokens, firsts = _tokens(written.words)
    several = (tokens[:, 1] >= 0) | (written.lengths == 1)
    rows = np.flatnonzero(several[written.left] | several[written.right])
    one, other = written.left[rows], written.right[rows]
    same = tokens[one][:, :, None] == tokens[other][:, None, :]
    same &= tokens[one][:, :, None] >= 0
    begun = same | _begun(firsts[one], firsts[other])
    short = _shorter(tokens[one] >= 0, tokens[other] >= 0)
    number = same.any(axis=2).sum(axis=1)
    within, abbreviated = _covered(same, short, tokens, (one, other)), _covered(begun, short, tokens, (one, other))
    initial, part = np.zeros(len(written), dtype=np.bool_), np.zeros(len(written), dtype=np.bool_)
    part[rows] = within & (number > least)
    initial[rows] = abbreviated & (number >= least)
    return initial, part


def _tokens(words: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Numbers of each name's words, -1 behind the last; and their first letters, negative for a letter alone, 0 for none."""
    numbers: dict[str, int] = {}
    tokens = np.full((len(words), _WORDS), -1, dtype=np.int32)
    firsts = np.zeros((len(words), _WORDS), dtype=np.int32)
    for row, word in enumerate(words):
        for at, token in enumerate(word.split()[:_WORDS]):
            tokens[row, at] = numbers.setdefault(token, len(numbers))
            firsts[row, at] = ord(token[0]) if len(token) > 1 else -ord(token)
    return tokens, firsts


def _begun(one: NDArray[np.int32], other: NDArray[np.int32]) -> Flags:
    """Words of which one is the other's first letter."""
    left, right = one[:, :, None], other[:, None, :]
    return np.asarray((np.abs(left) == np.abs(right)) & ((left < 0) | (right < 0)) & (left != 0), dtype=np.bool_)


def _shorter(one: Flags, other: Flags) -> NDArray[np.int8]:
    """Which name has fewer words: -1 the left, 1 the right, 0 neither."""
    return np.asarray(np.sign(one.sum(axis=1) - other.sum(axis=1)), dtype=np.int8)


def _covered(
    found: Flags, short: NDArray[np.int8], tokens: NDArray[np.int32], pairs: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> Flags:
    """Whether every word of the shorter name, or of both where they are as long, is found in the other."""
    left = (found.any(axis=2) | (tokens[pairs[0]] < 0)).all(axis=1)
    right = (found.any(axis=1) | (tokens[pairs[1]] < 0)).all(axis=1)
    return np.asarray((left | (short > 0)) & (right | (short < 0)), dtype=np.bool_)
