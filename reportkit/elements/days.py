"""How dates compare, whole ones and those of which only the year or the month is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from reportkit import arrays as np
from reportkit.elements.characters import bytes_of
from reportkit.elements.lunar import NONE, lunar
from reportkit.elements.pairing import Flags, Pairing
from reportkit.elements.shape import Levels

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS = ("differ", "distant", "part", "lunar", "near", "same")
_DISTANT, _PART, _LUNAR, _NEAR, _SAME = range(1, 6)
_WRITTEN = "^[0-9]{4}(?:-?[0-9]{2}(?:-?[0-9]{2})?)?$"

Numbers: TypeAlias = "NDArray[np.int32]"


@dataclass(frozen=True, slots=True)
class _Days:
    """Dates as digits (YYYYMMDD, 0 for what is not known), as numbers, by the lunar calendar, and as days since 1970."""

    digits: NDArray[np.uint8]
    year: Numbers
    month: Numbers
    day: Numbers
    moon: Numbers
    since: Numbers

    @property
    def plain(self) -> Numbers:
        return self.year * 10_000 + self.month * 100 + self.day

    def at(self, rows: NDArray[np.int64]) -> _Days:
        return _Days(*(getattr(self, name)[rows] for name in self.__slots__))


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Levels of dates; what is no date is the same or differs."""
    pairs = Pairing.of(left, right)
    levels: Levels = np.where(pairs.equal, _SAME, 0).astype(np.uint8)
    days = _read(pairs.texts)
    known = days.year > 0
    rows = np.flatnonzero(~pairs.equal & known[pairs.left] & known[pairs.right])
    if rows.size:
        levels[rows] = _grade(days.at(pairs.left[rows]), days.at(pairs.right[rows]))
    return levels


def _read(words: pl.Series) -> _Days:
    written = pl.col("word").str.replace_all("-", "", literal=True).str.pad_end(8, "0")
    eight = words.to_frame("word").select(pl.when(pl.col("word").str.contains(_WRITTEN)).then(written).otherwise(pl.lit("0" * 8)))
    digits = bytes_of(eight.to_series()).reshape(-1, 8) - ord("0")
    powers = 10 ** np.arange(3, -1, -1, dtype=np.int32)
    year, month, day = digits[:, :4] @ powers, digits[:, 4:6] @ powers[2:], digits[:, 6:] @ powers[2:]
    months = (year - 1970) * 12 + month - 1
    begin, end = (_since(months + more) for more in (0, 1))
    since = begin + day - 1
    real = (month >= 1) & (month <= 12) & (day >= 1) & (since < end)
    return _Days(digits, year, month, day, np.where(real, lunar(since), NONE), since)


def _since(months: Numbers) -> Numbers:
    """First days of months, both counted from January 1970."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)


def _grade(one: _Days, other: _Days) -> Levels:
    years = np.abs(one.year - other.year)
    same = one.month == other.month, one.day == other.day, years == 0
    whole = (one.month > 0) & (other.month > 0) & (one.day > 0) & (other.day > 0)
    two_of_three = sum(part.astype(np.int8) for part in same) >= 2
    silent = (one.month == 0) | (other.month == 0), (one.day == 0) | (other.day == 0)
    within = same[2] & (silent[0] | (same[0] & silent[1]))
    moon = (one.moon == other.plain) | (other.moon == one.plain)
    return np.select(
        [whole & _near(one, other), whole & moon, (whole & two_of_three) | within, years <= 1],
        [_NEAR, _LUNAR, _PART, _DISTANT],
        0,
    ).astype(np.uint8)


def _near(one: _Days, other: _Days) -> Flags:
    """One digit, two neighbouring digits exchanged, day and month exchanged, the next year, or at most three days apart."""
    differs = one.digits != other.digits
    number = differs.sum(axis=1)
    crossed = (one.digits[:, :-1] == other.digits[:, 1:]) & (one.digits[:, 1:] == other.digits[:, :-1])
    crossed &= differs[:, :-1] & differs[:, 1:]
    turned = (one.month == other.day) & (one.day == other.month) & (one.year == other.year)
    year = (one.month == other.month) & (one.day == other.day) & (np.abs(one.year - other.year) == 1)
    few = np.abs(one.since - other.since) <= 3
    return np.asarray((number == 1) | ((number == 2) & crossed.any(axis=1)) | turned | year | few, dtype=np.bool_)
