"""How dates compare, whole ones and those of which only the year or the month is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from reportkit.elements.lunar import lunar
from reportkit.elements.pairing import Flags, Pairing
from reportkit.elements.shape import Levels

LEVELS = ("differ", "distant", "part", "lunar", "near", "same")
_DISTANT, _PART, _LUNAR, _NEAR, _SAME = range(1, 6)
_WRITTEN = re.compile(r"(\d{4})(?:-?(\d\d)(?:-?(\d\d))?)?", re.ASCII)

Digits = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Days:
    """Dates as digits (YYYYMMDD, 0 for what is not known), by the lunar calendar, and as days since 1970."""

    digits: Digits
    moon: NDArray[np.int64]
    since: NDArray[np.int64]

    @property
    def year(self) -> NDArray[np.int64]:
        return np.asarray(self.digits[:, :4] @ np.array([1000, 100, 10, 1]))

    @property
    def month(self) -> NDArray[np.int64]:
        return np.asarray(self.digits[:, 4:6] @ np.array([10, 1]))

    @property
    def day(self) -> NDArray[np.int64]:
        return np.asarray(self.digits[:, 6:] @ np.array([10, 1]))

    @property
    def plain(self) -> NDArray[np.int64]:
        return self.year * 10_000 + self.month * 100 + self.day

    def at(self, rows: NDArray[np.int64]) -> _Days:
        return _Days(self.digits[rows], self.moon[rows], self.since[rows])


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Levels of dates; what is no date is the same or differs."""
    pairs = Pairing.of(left, right)
    levels: Levels = np.where(pairs.equal, _SAME, 0).astype(np.uint8)
    days = _read(pairs.words)
    known = days.year > 0
    rows = np.flatnonzero(~pairs.equal & known[pairs.left] & known[pairs.right])
    if rows.size:
        levels[rows] = _grade(days.at(pairs.left[rows]), days.at(pairs.right[rows]))
    return levels


def _read(words: Sequence[str]) -> _Days:
    matches = map(_WRITTEN.fullmatch, words)
    written = ["".join(part or "00" for part in match.groups()) if match else "00000000" for match in matches]
    digits = np.frombuffer("".join(written).encode("ascii"), dtype=np.uint8).reshape(len(words), 8).astype(np.int64) - 48
    moon = np.fromiter(map(_moon, written), dtype=np.int64, count=len(words))
    years, rest = np.divmod(np.array(written, dtype=np.int64), 10_000)
    months = (years - 1970) * 12 + rest // 100 - 1
    since = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + rest % 100
    return _Days(digits, moon, since)


def _moon(eight: str) -> int:
    """The lunar date of a date of the calendar, as YYYYMMDD; -1 for others."""
    try:
        found = lunar(date(int(eight[:4]), int(eight[4:6]), int(eight[6:])))
    except ValueError:
        return -1
    return -1 if found is None else found[0] * 10_000 + found[1] * 100 + found[2]


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
