"""What records meet on: whole values and parts of values, one integer a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reportkit.elements.shape import Part
from reportkit.linkage.hashing import mixed
from reportkit.linkage.values import Codes, Column, numbered

Keys = NDArray[np.int64]


#: Words whose parts are looked at to reckon how often parts agree; a part is cut from all words only for a rule that is chosen.
_ASKED = 10_000


@dataclass(frozen=True)
class Key:
    """A value or a part of it.

    Attributes:
        column: whose values.
        part: the element's part; None for the whole value.
        chance: the probability that two records of different things agree in it.
    """

    column: Column
    part: Part | None
    chance: float

    @property
    def name(self) -> str:
        """``身份证号`` or ``身份证号:head``."""
        return f"{self.column.field.name}:{self.part.name}" if self.part else self.column.field.name

    @cached_property
    def table(self) -> Codes:
        """The part's code of each word and, last, of a blank; -1 for none."""
        if self.part is None:
            return np.append(np.arange(len(self.column.words), dtype=np.int32), np.int32(-1))
        return np.append(_numbered(self.part.cut(self.column.words)), np.int32(-1))

    @property
    def effort(self) -> float:
        """What it costs to cut the part from all words, in pairs that could be compared meanwhile."""
        return float(len(self.column.words)) if self.part and "table" not in vars(self) else 0.0

    def codes_of(self, rows: Codes | None = None) -> Codes:
        """One code a record, of all or of some."""
        codes = self.column.codes if rows is None else self.column.codes[rows]
        found: Codes = self.table[codes]
        return found

    @cached_property
    def sixteenth(self) -> Codes:
        """The records of a sixteenth of the keys: all or none of those that share one."""
        chosen = mixed(self.table.astype(np.int64).view(np.uint64)) % np.uint64(16) == 0
        return np.flatnonzero((chosen & (self.table >= 0))[self.column.codes]).astype(np.int32)


def _numbered(parts: pl.Series) -> Codes:
    return numbered(parts, parts.drop_nulls().unique(maintain_order=True))


def keys_of(columns: Sequence[Column]) -> list[Key]:
    """All keys of the columns that tell records apart at all."""
    return [key for column in columns if len(column.words) > 1 for key in _keys(column)]


def _keys(column: Column) -> list[Key]:
    found = [Key(column, None, column.chance)]
    step = max(1, len(column.words) // _ASKED)
    words, counts = column.words.gather_every(step), column.counts[::step]
    for part in column.element.linking.parts:
        codes = _numbered(part.cut(words))
        sizes = np.bincount(codes[codes >= 0], weights=counts[codes >= 0]).astype(np.float64)
        if len(sizes) > 1:
            found.append(Key(column, part, _chance(sizes, column.chance)))
    return found


def _chance(sizes: NDArray[np.float64], least: float) -> float:
    filled = sizes.sum()
    return max(float((sizes * (sizes - 1)).sum() / max(filled * (filled - 1), 1.0)), least)


@dataclass(frozen=True)
class Rule:
    """Keys of one or two fields that two records must share.

    Attributes:
        keys: what they share.
        codes: one a record, -1 for none and for those of crowded blocks.
        crowds: blocks too large to compare: (a record in it, number of records).
    """

    keys: tuple[Key, ...]
    codes: Keys = field(repr=False)
    crowds: tuple[tuple[int, int], ...] = ()

    @cached_property
    def order(self) -> Codes:
        """The records that have a key, by their keys; those that are alone with theirs are left out."""
        rows = np.flatnonzero(self.codes >= 0).astype(np.int32)
        rows = rows[pl.Series(self.codes[rows]).arg_sort().to_numpy()]
        codes = self.codes[rows]
        shared = np.zeros(len(rows), dtype=np.bool_)
        shared[1:] = codes[1:] == codes[:-1]
        shared[:-1] |= shared[1:]
        return np.asarray(rows[shared], dtype=np.int32)

    @property
    def blocks(self) -> tuple[Keys, Keys]:
        """Where each block begins in ``order``, and how many records it has."""
        return runs(self.codes[self.order])

    @cached_property
    def pairs(self) -> int:
        """How many pairs the rule makes by itself."""
        _, sizes = self.blocks
        return int((sizes * (sizes - 1) // 2).sum())

    @property
    def name(self) -> str:
        """``姓名:sound+出生日期``."""
        return "+".join(key.name for key in self.keys)


def rule(keys: tuple[Key, ...], rows: Codes | None = None) -> Rule:
    """The rule of these keys, of some records or all; records that lack one of them have none."""
    codes = keys[0].codes_of(rows).astype(np.int64)
    for other in keys[1:]:
        more = other.codes_of(rows).astype(np.int64)
        codes = np.where((codes >= 0) & (more >= 0), codes * (int(other.table.max(initial=0)) + 1) + more, -1)
    return Rule(keys, codes)


def runs(order: Keys) -> tuple[Keys, Keys]:
    """Starts and lengths of the runs of sorted keys."""
    starts = np.flatnonzero(np.r_[True, order[1:] != order[:-1]]) if len(order) else np.zeros(0, np.int64)
    return starts, np.diff(np.r_[starts, len(order)])
