"""The numbers of an address: which is the building's, which the room's; two that contradict each other are two places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from reportkit import arrays as np
from reportkit.elements.characters import Points, lengths, points
from reportkit.elements.numerals import whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

NUMERAL = re.compile(r"[〇零一二三四五六七八九十百]+(?=[号组队栋幢座楼单元室层门弄巷])")
_KINDS = ("lane", "group", "door", "building", "unit", "floor", "room")
_LANE, _GROUP, _DOOR, _BUILDING, _UNIT, _FLOOR, _ROOM = range(7)
_BEHIND_LETTERS = [ord(sign) for sign in "座栋幢区单"]
_BEHIND = {
    "号楼": _BUILDING, "栋": _BUILDING, "幢": _BUILDING, "座": _BUILDING, "#楼": _BUILDING, "#": _BUILDING, "单元": _UNIT, "楼": _FLOOR,
    "层": _FLOOR, "室": _ROOM, "房": _ROOM, "户": _ROOM, "组": _GROUP, "队": _GROUP, "弄": _LANE, "巷": _LANE, "号院": _DOOR, "号": _DOOR,
}  # fmt: skip
#: ``3-2-101``: building, unit, room; ``3-101``: building, room.
_CHAIN = re.compile(r"(?<!\d)(\d{1,3})-(?:(\d{1,2})-)?(\d{2,4})(?:室)?$", re.ASCII)
#: For addresses in which numbers are more than runs of digits: numerals, chains, letters (Rust's pattern).
SPECIAL = r"[〇零一二三四五六七八九十百][号组队栋幢座楼单元室层门弄巷]|[0-9]-[0-9]|[^\u4e00-\u9fff0-9()#,、-]"
NONE = -1
_POWERS = [10**place % 2**64 for place in range(65)]

Codes: TypeAlias = "NDArray[np.int64]"


def figures(address: str) -> str:
    """Chinese numerals of houses in digits: ``三号楼`` → ``3号楼``."""
    return NUMERAL.sub(lambda match: str(whole(match[0]) or match[0]), address)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of addresses as integers, a letter as a negative one; those of more than 18 digits wrap around.

    Attributes:
        table: the first number of each kind, a row a kind and a column an address; ``NONE`` where it is not stated.
        values: all numbers, address by address, as they are read.
        counts: how many an address has.
    """

    table: Codes
    values: Codes
    counts: Codes

    def agree(self, left: Codes, right: Codes) -> NDArray[np.bool_]:
        """Which pairs of addresses have the same numbers one after another, or both none."""
        first = np.cumsum(self.counts) - self.counts
        found: NDArray[np.bool_] = self.counts[left] == self.counts[right]
        rows, at = np.flatnonzero(found), 0
        while (rows := rows[self.counts[left[rows]] > at]).size:
            same = self.values[first[left[rows]] + at] == self.values[first[right[rows]] + at]
            found[rows[~same]] = False
            rows, at = rows[same], at + 1
        return found


def read(addresses: pl.Series) -> Numbers:
    """The numbers of canonical addresses."""
    text = _Text.of(_written(addresses))
    starts, ends, values = _numbers(text)
    counts = np.diff(np.searchsorted(starts, text.offsets))
    rows = np.repeat(np.arange(len(addresses)), counts)
    kinds = _kinds(text.points, ends, np.repeat(np.cumsum(counts) - counts, counts))
    table = np.full((len(_KINDS), len(addresses)), NONE, dtype=np.int64)
    # The last assignment stays, and the first number of a kind counts.
    back = np.arange(len(values))[::-1].copy()
    table[kinds[back], rows[back]] = values[back]
    return Numbers(table, values, counts)


@dataclass(frozen=True, slots=True)
class _Text:
    """Code points of many texts, a line's end behind each and a second one at the end; where each begins, and the last ends."""

    points: Points
    offsets: Codes

    @classmethod
    def of(cls, texts: pl.Series) -> _Text:
        return cls(
            np.append(points(texts, "\n"), np.array([10, 10], dtype=np.int32)),
            np.concatenate(([0], np.cumsum(lengths(texts) + 1, dtype=np.int64))),
        )


def _written(addresses: pl.Series) -> pl.Series:
    """Addresses in capitals, with digits for numerals and signs for chains."""
    special = addresses.str.contains(SPECIAL).arg_true()
    texts = [_CHAIN.sub(_told, figures(text).upper()) for text in addresses.gather(special).to_list()]
    return addresses.clone().scatter(special, texts) if texts else addresses


def _told(match: re.Match[str]) -> str:
    return f"{match[1]}号楼" + (f"{match[2]}单元" if match[2] else "") + f"{match[3]}室"


def _numbers(text: _Text) -> tuple[Codes, Codes, Codes]:
    """Where numbers begin and end, and what they are: runs of digits, and letters before the word for a building."""
    signs = text.points
    digit = (signs >= ord("0")) & (signs <= ord("9"))
    begins, ends = np.flatnonzero(digit[1:] & ~digit[:-1]) + 1, np.flatnonzero(digit[:-1] & ~digit[1:]) + 1
    begins = np.concatenate(([0], begins)) if digit[0] else begins
    letters = np.flatnonzero((signs >= ord("A")) & (signs <= ord("Z")))
    letters = letters[np.isin(signs[letters + 1], _BEHIND_LETTERS)]
    starts = np.concatenate((begins, letters))
    order = np.argsort(starts, kind="stable")
    values = np.concatenate((_values(signs, digit, begins, ends), -signs[letters].astype(np.int64)))
    return starts[order], np.concatenate((ends, letters + 1))[order], values[order]


def _values(signs: Points, digit: NDArray[np.bool_], begins: Codes, ends: Codes) -> Codes:
    """What runs of digits write."""
    if not begins.size:
        return np.zeros(0, dtype=np.int64)
    places, sizes = np.flatnonzero(digit), ends - begins
    behind = np.minimum(np.repeat(ends, sizes) - places - 1, len(_POWERS) - 1)
    terms = (signs[places] - ord("0")).astype(np.uint64) * np.array(_POWERS, dtype=np.uint64)[behind]
    sums = np.add.reduceat(terms, np.cumsum(sizes) - sizes)
    return (sums & np.uint64(2**63 - 1)).astype(np.int64)


def _kinds(signs: Points, ends: Codes, first: Codes) -> Codes:
    """The kind of each number by the word behind it; a bare one is a room behind a building or a unit, else a door.

    ``first``: the place of the first number of each one's address.
    """
    kinds = np.full(len(ends), NONE, dtype=np.int64)
    for sign, kind in sorted(_BEHIND.items(), key=lambda entry: len(entry[0])):
        kinds[np.all([signs[ends + at] == ord(character) for at, character in enumerate(sign)], axis=0)] = kind
    inner = (kinds == _BUILDING) | (kinds == _UNIT)
    before = np.cumsum(inner) - inner
    bare = np.where(before > before[first], _ROOM, _DOOR)
    return np.where(kinds == NONE, bare, kinds)
