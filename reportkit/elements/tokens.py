"""Whether the words of one value stand in another, in any order, in full or as initials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportkit import arrays as np
from reportkit.elements.pairing import Flags, Pairing

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Words of a value that are looked at.
_WORDS = 4


def within(written: Pairing, least: int) -> tuple[Flags, Flags]:
    """Whether the shorter value's words stand in the other, with initials or in full: at least ``least`` in full, without initials one more."""
    tokens, firsts = _tokens(written.words)
    several = (tokens[1] >= 0) | (written.lengths == 1)
    rows = np.flatnonzero(several[written.left] | several[written.right])
    one, other = tokens[:, written.left[rows]], tokens[:, written.right[rows]]
    same = (one[:, None] == other[None]) & (one[:, None] >= 0)
    number = same.any(axis=1).sum(axis=0)
    initial, part = np.zeros(len(written), dtype=np.bool_), np.zeros(len(written), dtype=np.bool_)
    part[rows] = _covered(same, one, other) & (number > least)
    hopeful = np.flatnonzero(number >= least)
    begun = same[:, :, hopeful] | _begun(firsts[:, written.left[rows[hopeful]]], firsts[:, written.right[rows[hopeful]]])
    initial[rows[hopeful]] = _covered(begun, one[:, hopeful], other[:, hopeful])
    return initial, part


def _tokens(words: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Numbers of each value's words, a column a value, -1 behind the last; and first letters, negative for a letter alone, 0 for none."""
    numbers: dict[str, int] = {}
    tokens = np.full((_WORDS, len(words)), -1, dtype=np.int32)
    firsts = np.zeros((_WORDS, len(words)), dtype=np.int32)
    for column, word in enumerate(words):
        for at, token in enumerate(word.split()[:_WORDS]):
            tokens[at, column] = numbers.setdefault(token, len(numbers))
            firsts[at, column] = ord(token[0]) if len(token) > 1 else -ord(token)
    return tokens, firsts


def _begun(one: NDArray[np.int32], other: NDArray[np.int32]) -> Flags:
    """Words of which one is the other's first letter."""
    left, right = one[:, None], other[None]
    return np.asarray((np.abs(left) == np.abs(right)) & ((left < 0) | (right < 0)) & (left != 0), dtype=np.bool_)


def _covered(found: Flags, one: NDArray[np.int32], other: NDArray[np.int32]) -> Flags:
    """Whether every word of the shorter value, or of both where they are as long, is found in the other."""
    longer = (one >= 0).sum(axis=0) - (other >= 0).sum(axis=0)
    left = (found.any(axis=1) | (one < 0)).all(axis=0)
    right = (found.any(axis=0) | (other < 0)).all(axis=0)
    return np.asarray((left | (longer > 0)) & (right | (longer < 0)), dtype=np.bool_)
