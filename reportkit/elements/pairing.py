"""Many pairs of values at once: each distinct value is looked at once, and exact bounds in numpy spare rapidfuzz most pairs.

An edit changes at most two counts of characters, so counts that differ by more than ``2 k`` need no distance; the characters in common
bound Jaro's similarity from above. Both hold for characters thrown together in 32 bins as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress
from typing import overload

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, Indel, JaroWinkler
from rapidfuzz.process import cpdist

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]
Bags = NDArray[np.int16]

#: More of one character than any cell of a spreadsheet holds.
_BINS, _MOST = 32, 32_767
#: Pairs at a time: their bins stay in the processor's cache.
_BATCH = 1 << 15
#: Values at a time whose characters are counted.
_WORDS = 1 << 16


@dataclass(frozen=True, slots=True)
class Coded(Sequence[str]):
    """A list of values as places in distinct ``words``: an element's ``compare`` takes it as it takes a list, without looking texts up."""

    words: Sequence[str]
    codes: Codes

    def __len__(self) -> int:
        """The number of values."""
        return len(self.codes)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Coded: ...
    def __getitem__(self, at: int | slice) -> str | Coded:
        """One value, or some of them."""
        return Coded(self.words, self.codes[at]) if isinstance(at, slice) else self.words[int(self.codes[at])]


@dataclass(frozen=True)
class Pairing:
    """Pairs as places ``left`` and ``right`` in distinct ``words``."""

    words: tuple[str, ...]
    left: Codes
    right: Codes

    @classmethod
    def of(cls, left: Sequence[str], right: Sequence[str]) -> Pairing:
        """Pairs of two equally long lists."""
        if isinstance(left, Coded) and isinstance(right, Coded) and left.words is right.words:
            return cls._met(left.words, left.codes, right.codes)
        words = tuple(dict.fromkeys(chain(left, right)))
        place = dict(zip(words, range(len(words)), strict=True)).__getitem__
        one, two = (np.fromiter(map(place, side), dtype=np.int64, count=len(side)) for side in (left, right))
        return cls(words, one, two)

    @classmethod
    def _met(cls, words: Sequence[str], left: Codes, right: Codes) -> Pairing:
        """Pairs with only those words that they need."""
        needed = np.zeros(len(words), dtype=np.bool_)
        needed[left] = needed[right] = True
        table = np.cumsum(needed) - 1
        return cls(tuple(compress(words, needed.tolist())), table[left], table[right])

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self.left)

    def only(self, rows: Codes | Flags) -> Pairing:
        """Some of the pairs."""
        return Pairing(self.words, self.left[rows], self.right[rows])

    def through(self, forms: Iterable[str]) -> Pairing:
        """The same pairs with another form of each word."""
        written = tuple(forms)
        distinct = tuple(dict.fromkeys(written))
        place = dict(zip(distinct, range(len(distinct)), strict=True)).__getitem__
        table = np.fromiter(map(place, written), dtype=np.int64, count=len(written))
        return Pairing(distinct, table[self.left], table[self.right])

    def by(self, form: Callable[[str], str]) -> Pairing:
        """The same pairs with a form of each word that a function gives."""
        return self.through(map(form, self.words))

    def told(self, fact: Callable[[str], bool]) -> tuple[Flags, Flags]:
        """Whether a fact holds of the left values, and of the right ones."""
        table = np.fromiter(map(fact, self.words), dtype=np.bool_, count=len(self.words))
        return table[self.left], table[self.right]

    @cached_property
    def equal(self) -> Flags:
        """Where both are the same and not empty."""
        empty = self.words.index("") if "" in self.words else -1
        return np.asarray((self.left == self.right) & (self.left != empty), dtype=np.bool_)

    @cached_property
    def lengths(self) -> NDArray[np.int32]:
        """Of each word."""
        return np.fromiter(map(len, self.words), dtype=np.int32, count=len(self.words))

    @cached_property
    def shorter(self) -> NDArray[np.int32]:
        """The length of each pair's shorter value."""
        return np.minimum(self.lengths[self.left], self.lengths[self.right])

    @cached_property
    def _first(self) -> NDArray[np.int32]:
        return np.fromiter((ord(word[0]) if word else 0 for word in self.words), dtype=np.int32, count=len(self.words))

    @cached_property
    def _bags(self) -> Bags:
        """Counts of each word's characters in bins."""
        parts = [_bags(self.words[at : at + _WORDS]) for at in range(0, len(self.words), _WORDS)]
        return np.concatenate(parts) if parts else np.zeros((0, _BINS), dtype=np.int16)

    def edits(self, most: int, among: Flags | None = None) -> NDArray[np.int8]:
        """Optimal string alignment distance; ``most + 1`` where it is larger, or the pair is not ``among`` those asked for."""
        found = np.full(len(self), most + 1, dtype=np.int8)
        rows = np.flatnonzero(np.abs(self.lengths[self.left] - self.lengths[self.right]) <= most)
        rows = rows if among is None else rows[among[rows]]
        rows = rows[self._batched(rows, lambda one, two: np.abs(one - two).sum(axis=1, dtype=np.int32) <= 2 * most)]
        if rows.size:
            found[rows] = self._ask(rows, OSA.distance, most, np.int8)
        return found

    def winkler(self, least: float, among: Flags | None = None) -> NDArray[np.float32]:
        """Jaro–Winkler similarity, 0 where it is below ``least`` or the pair is not ``among`` those asked for."""
        found = np.zeros(len(self), dtype=np.float32)
        rows = np.arange(len(self)) if among is None else np.flatnonzero(among)
        # Jaro is at most a third of (c/m + c/n + 1); a prefix of four lifts it to 0.6 Jaro + 0.4, another first character not at all.
        most = np.minimum(self._common(rows), self.shorter[rows])
        inverse = 1 / np.maximum(self.lengths, 1)
        jaro = (most * (inverse[self.left[rows]] + inverse[self.right[rows]]) + 1) / 3
        lift = np.where(self._first[self.left[rows]] == self._first[self.right[rows]], 0.4, 0.0)
        rows = rows[jaro + lift * (1 - jaro) >= least - 1e-6]
        if rows.size:
            found[rows] = self._ask(rows, JaroWinkler.similarity, least, np.float32)
        return found

    def likeness(self, least: float, among: Flags | None = None) -> NDArray[np.float32]:
        """Share of characters in common, in order (normalised Indel); 0 below ``least`` or where the pair is not asked for."""
        found = np.zeros(len(self), dtype=np.float32)
        rows = np.arange(len(self)) if among is None else np.flatnonzero(among)
        both = self.lengths[self.left[rows]] + self.lengths[self.right[rows]]
        rows = rows[2 * self._common(rows) >= (least - 1e-6) * both]
        if rows.size:
            found[rows] = self._ask(rows, Indel.normalized_similarity, least, np.float32)
        return found

    def _common(self, rows: Codes) -> NDArray[np.int32]:
        """At most so many characters has each pair in common."""
        bags = self._bags
        found = np.empty(len(rows), dtype=np.int32)
        for at in range(0, len(rows), _BATCH):
            some = rows[at : at + _BATCH]
            found[at : at + _BATCH] = np.minimum(bags[self.left[some]], bags[self.right[some]]).sum(axis=1, dtype=np.int32)
        return found

    def _batched(self, rows: Codes, test: Callable[[Bags, Bags], Flags]) -> Flags:
        bags = self._bags
        parts = [
            test(bags[self.left[some]], bags[self.right[some]])
            for some in (rows[at : at + _BATCH] for at in range(0, len(rows), _BATCH))
        ]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.bool_)

    def _ask(self, rows: Codes, scorer: Callable[..., float], cutoff: float, kind: type[np.generic]) -> NDArray[np.generic]:
        left, right = ([self.words[at] for at in side[rows].tolist()] for side in (self.left, self.right))
        found: NDArray[np.generic] = cpdist(left, right, scorer=scorer, score_cutoff=cutoff, dtype=kind)
        return found


def _bags(words: Sequence[str]) -> Bags:
    """Counts of each word's characters in bins."""
    points = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    rows = np.repeat(np.arange(len(words)), np.fromiter(map(len, words), dtype=np.int64, count=len(words)))
    counts = np.bincount(rows * _BINS + (points & (_BINS - 1)), minlength=len(words) * _BINS).reshape(len(words), _BINS)
    return np.minimum(counts, _MOST).astype(np.int16)
