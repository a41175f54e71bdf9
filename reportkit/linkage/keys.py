"""What records meet on: whole values and parts of values, one integer a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reportkit.linkage.values import Codes, Column

Keys = NDArray[np.int64]


@dataclass(frozen=True)
class Key:
    """A value or a part of it.

    Attributes:
        column: whose values.
        part: the element's name of the part, "" for the whole value.
        table: the part's code of each word and, last, of a blank; -1 for none.
        chance: the probability that two records of different things agree in it.
    """

    column: Column
    part: str
    table: Codes
    chance: float

    @property
    def name(self) -> str:
        """``身份证号`` or ``身份证号:head``."""
        return f"{self.column.field.name}:{self.part}" if self.part else self.column.field.name

    @property
    def codes(self) -> Codes:
        """One code a record."""
        found: Codes = self.table[self.column.codes]
        return found


def keys_of(columns: Sequence[Column]) -> list[Key]:
    """All keys of the columns that tell records apart at all."""
    return [key for column in columns if len(column.words) > 1 for key in _keys(column)]


def _keys(column: Column) -> list[Key]:
    whole = np.append(np.arange(len(column.words), dtype=np.int32), np.int32(-1))
    found = [Key(column, "", whole, column.chance)]
    for part in column.element.linking.parts:
        cut = part.cut(column.words)
        table = cut.rank("dense").cast(pl.Int32).fill_null(0).to_numpy() - 1
        counts = np.bincount(table[table >= 0], weights=column.counts[table >= 0])
        if len(counts) > 1:
            found.append(Key(column, part.name, np.append(table, np.int32(-1)).astype(np.int32), _chance(counts, column.chance)))
    return found


def _chance(counts: NDArray[np.float64], least: float) -> float:
    filled = counts.sum()
    return max(float((counts * (counts - 1)).sum() / max(filled * (filled - 1), 1.0)), least)


@dataclass(frozen=True)
class Rule:
    """Keys of one or two fields that two records must share: one code a record, -1 for none."""

    keys: tuple[Key, ...]
    codes: Keys = field(repr=False)

    @property
    def name(self) -> str:
        """``姓名:sound+出生日期``."""
        return "+".join(key.name for key in self.keys)


def rule(keys: tuple[Key, ...]) -> Rule:
    """The rule of these keys; records that lack one of them have none."""
    codes = keys[0].codes.astype(np.int64)
    for other in keys[1:]:
        more = other.codes.astype(np.int64)
        codes = np.where((codes >= 0) & (more >= 0), codes * (int(other.table.max(initial=0)) + 1) + more, -1)
    return Rule(keys, codes)
