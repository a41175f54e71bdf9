"""Many pairs of values at once: each distinct value is looked at once, and exact bounds in numpy spare rapidfuzz most pairs.

An edit changes at most two counts of characters, so counts that differ by more than ``2 k`` need no distance; the characters in common
bound Jaro's similarity from above. Both hold for characters thrown together in 32 bins as well, and where a bin counts to four only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress
from typing import TYPE_CHECKING, TypeAlias, overload

import polars as pl
from rapidfuzz.distance import OSA, Indel, JaroWinkler
from rapidfuzz.process import cpdist

from reportkit import arrays as np
from reportkit.elements.characters import first, lengths, points

if TYPE_CHECKING:
    from numpy.typing import NDArray

Words = Sequence[str] | pl.Series
Codes: TypeAlias = "NDArray[np.int64]"
Flags: TypeAlias = "NDArray[np.bool_]"
Signs: TypeAlias = "NDArray[np.uint64]"

_BINS, _MOST = 32, 4
#: A count from 0 to 4 as so many bits.
_UNARY = (0, 1, 3, 7, 15)
#: Pairs at a time: their signs stay in the processor's cache.
_BATCH = 1 << 15
#: Values at a time whose characters are counted.
_WORDS = 1 << 14


@dataclass(frozen=True, slots=True)
class Coded(Sequence[str]):
    """A list of values as places in distinct ``words``: an element's ``compare`` takes it as it takes a list, without looking texts up."""

    words: Words
    codes: Codes

    def __len__(self) -> int:
        """The number of values."""
        return len(self.codes)

    def __iter__(self) -> Iterator[str]:
        """The values, one after another."""
        return map(list(self.words).__getitem__, self.codes.tolist())

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Coded: ...
    def __getitem__(self, at: int | slice) -> str | Coded:
        """One value, or some of them."""
        return Coded(self.words, self.codes[at]) if isinstance(at, slice) else self.words[int(self.codes[at])]


@dataclass(frozen=True)
class Pairing:
    """Pairs as places ``left`` and ``right`` in distinct ``values``."""

    values: Words
    left: Codes
    right: Codes

    @classmethod
    def of(cls, left: Sequence[str], right: Sequence[str]) -> Pairing:
        """Pairs of two equally long lists."""
        if isinstance(left, Coded) and isinstance(right, Coded) and left.words is right.words:
            return cls._met(left.words, left.codes, right.codes)
        words = list(dict.fromkeys(chain(left, right)))
        place = dict(zip(words, range(len(words)), strict=True)).__getitem__
        one, two = (np.fromiter(map(place, side), dtype=np.int64, count=len(side)) for side in (left, right))
        return cls(words, one, two)

    @classmethod
    def _met(cls, values: Words, left: Codes, right: Codes) -> Pairing:
        """Pairs with only those values that they need."""
        needed = np.zeros(len(values), dtype=np.bool_)
        needed[left] = needed[right] = True
        if needed.all():
            return cls(values, left, right)
        table = np.cumsum(needed) - 1
        some = values.filter(needed) if isinstance(values, pl.Series) else list(compress(values, needed.tolist()))
        return cls(some, table[left], table[right])

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self.left)

    def only(self, rows: Codes | Flags) -> Pairing:
        """Some of the pairs, with only those words that they need."""
        return self._met(self.values, self.left[rows], self.right[rows])

    def through(self, forms: Iterable[str]) -> Pairing:
        """The same pairs with another form of each word."""
        places: dict[str, int] = {}
        table = np.fromiter((places.setdefault(form, len(places)) for form in forms), dtype=np.int64, count=len(self.values))
        return Pairing(list(places), table[self.left], table[self.right])

    def by(self, form: Callable[[str], str], where: str = "") -> Pairing:
        """The same pairs with a form of each word that a function gives.

        ``where``: a pattern (Rust's); a word in which it is not found is its own form.
        """
        if not where:
            return self.through(map(form, self.words))
        others = self.found(where)
        return self.through(_formed(form, self.words, others)) if others.any() else self

    def found(self, pattern: str) -> Flags:
        """In which words a pattern (Rust's) is found."""
        found: Flags = self.texts.str.contains(pattern).to_numpy()
        return found

    def holding(self, pattern: str) -> tuple[Flags, Flags]:
        """Whether a pattern (Rust's) is found in the left values, and in the right ones."""
        table = self.found(pattern)
        return table[self.left], table[self.right]

    def told(self, fact: Callable[[str], bool]) -> tuple[Flags, Flags]:
        """Whether a fact holds of the left values, and of the right ones."""
        table = np.fromiter(map(fact, self.words), dtype=np.bool_, count=len(self.values))
        return table[self.left], table[self.right]

    @cached_property
    def texts(self) -> pl.Series:
        """The values as a column."""
        return self.values if isinstance(self.values, pl.Series) else pl.Series("word", self.values, dtype=pl.String)

    @cached_property
    def words(self) -> Sequence[str]:
        """The values as a list."""
        return self.values.to_list() if isinstance(self.values, pl.Series) else self.values

    @cached_property
    def equal(self) -> Flags:
        """Where both are the same and not empty."""
        return np.asarray((self.left == self.right) & (self.lengths[self.left] > 0), dtype=np.bool_)

    @cached_property
    def lengths(self) -> NDArray[np.int32]:
        """Of each word."""
        return lengths(self.texts)

    @cached_property
    def shorter(self) -> NDArray[np.int32]:
        """The length of each pair's shorter value."""
        return np.minimum(self.lengths[self.left], self.lengths[self.right])

    @cached_property
    def _first(self) -> NDArray[np.int32]:
        return first(self.texts, 1)[:, 0]

    @cached_property
    def _signs(self) -> Signs:
        parts = [_signs(self.texts[at : at + _WORDS]) for at in range(0, len(self.texts), _WORDS)]
        return np.concatenate(parts) if parts else np.zeros((0, 2), dtype=np.uint64)

    def edits(self, most: int, among: Flags | None = None) -> NDArray[np.int8]:
        """Optimal string alignment distance; ``most + 1`` where it is larger, or the pair is not ``among`` those asked for."""
        found = np.full(len(self), most + 1, dtype=np.int8)
        near = np.abs(self.lengths[self.left] - self.lengths[self.right]) <= most
        rows = np.flatnonzero(near if among is None else near & among)
        rows = rows[self._bits(rows, np.bitwise_xor) <= 2 * most]
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

    def _common(self, rows: Codes) -> NDArray[np.int64]:
        """At most so many characters has each pair in common: those counted in both, and what neither counts."""
        signs = self._signs
        beyond = self.lengths - np.bitwise_count(signs).sum(axis=1, dtype=np.int32)
        least: NDArray[np.int32] = np.minimum(beyond[self.left[rows]], beyond[self.right[rows]])
        return self._bits(rows, np.bitwise_and) + least

    def _bits(self, rows: Codes, operation: Callable[[Signs, Signs], Signs]) -> NDArray[np.int64]:
        """How many bits are left of each pair's signs."""
        signs, found = self._signs, np.empty(len(rows), dtype=np.int64)
        for at in range(0, len(rows), _BATCH):
            some = rows[at : at + _BATCH]
            bits = np.bitwise_count(operation(signs[self.left[some]], signs[self.right[some]]))
            found[at : at + _BATCH] = bits[:, 0].astype(np.int64) + bits[:, 1]
        return found

    def _ask(self, rows: Codes, scorer: Callable[..., float], cutoff: float, kind: type[np.generic]) -> NDArray[np.generic]:
        left, right = (self.texts.gather(side[rows]).to_list() for side in (self.left, self.right))
        found: NDArray[np.generic] = cpdist(left, right, scorer=scorer, score_cutoff=cutoff, dtype=kind)
        return found


def _formed(form: Callable[[str], str], words: Sequence[str], others: Flags) -> Iterator[str]:
    """The words, ``others`` in another form."""
    return (form(word) if other else word for word, other in zip(words, others.tolist(), strict=True))


def _signs(words: pl.Series) -> Signs:
    """Counts of each word's characters in 32 bins, in unary: four bits a bin, two numbers a word."""
    rows = np.repeat(np.arange(len(words)), lengths(words))
    bins = rows * _BINS + (points(words) & (_BINS - 1))
    counts = np.bincount(bins, minlength=len(words) * _BINS)
    bits = np.array(_UNARY, dtype=np.uint8)[np.minimum(counts, _MOST)].reshape(-1, 2)
    return (bits[:, 0] | bits[:, 1] << 4).view(np.uint64).reshape(len(words), 2)
