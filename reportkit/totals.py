"""Totals and subtotals of a list that don't add up, and what explains the difference.

A total is right where it is the sum of all rows, of one row a group, of rows not typed twice, or of the last two together: offices
count in each of these ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl

from reportkit.elements import element
from reportkit.elements.shape import Scope
from reportkit.findings import Finding, Findings
from reportkit.groups import heads
from reportkit.records import LINE, PART, ROW, Part, Records
from reportkit.sheets import Role
from reportkit.templates import Field

#: Differences are sought in ten-thousandths, so that fen and 万元 to the 元 are whole numbers.
_WHOLE = 10_000
#: The digit of the fen in them: those behind it are written only where they are not 0.
_FEN = 2
_SAME = 0.005
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WAYS = ("all", "heads", "once", "heads-once")


class Reason(StrEnum):
    """What explains a difference; in the order of the facts that the message names."""

    TWICE = "twice"
    OMITTED = "omitted"
    SIGN = "sign"
    SWAPPED = "swapped"
    SWAPPED_ROW = "swapped_row"
    SHIFTED = "shifted"
    WRONG = "wrong"
    SUBTOTALS = "subtotals"


@dataclass(frozen=True, slots=True)
class _Column:
    """A numeric column of one table: its rows and their numbers in ``_WHOLE`` parts, its wrong cells and its subtotals by row."""

    letter: str
    rows: np.ndarray
    numbers: np.ndarray
    wrong: Mapping[int, float]
    subtotals: Mapping[int, float]

    def at(self, rows: Sequence[int]) -> str:
        """The addresses of cells."""
        return "/".join(f"{self.letter}{row}" for row in rows)

    def only(self, kept: np.ndarray) -> _Column:
        """The column with some of its rows."""
        return _Column(self.letter, self.rows[kept], self.numbers[kept], self.wrong, self.subtotals)


def check_totals(records: Records, repeated: pl.Series) -> Findings:
    """Totals at the foot of a table, and subtotals between its rows, that don't add up.

    Args:
        records: of one template.
        repeated: Boolean, a row of records: whether it was typed twice.
    """
    numeric = [field for field in records.template.fields if field.element in ("amount", "integer")]
    frame = _numbers(records, numeric, repeated)
    parts = {int(key[0]): part for key, part in frame.group_by(PART, maintain_order=True)}
    found: list[Finding] = []
    for number, part in enumerate(records.parts):
        summed = part.table.aside.filter(pl.col("_role").is_in([Role.TOTAL.value, Role.SUBTOTAL.value]))
        if summed.height and number in parts:
            for field in numeric:
                found += _of_column(part, field, parts[number], summed)
    return Findings.of(found)


def _numbers(records: Records, numeric: Sequence[Field], repeated: pl.Series) -> pl.DataFrame:
    """``PART``, ``ROW``, which rows each way counts, and of every field its number and, where it is wrong, what was written."""
    first = heads(records)
    ways = [pl.repeat(value=True, n=records.height, dtype=pl.Boolean, eager=True), first, ~repeated, first & ~repeated]
    columns = [way.alias(f"\x00{name}") for name, way in zip(_WAYS, ways, strict=True)]
    for field in numeric:
        good = records.codes[field.name].is_null()
        value = records.frame[field.name].cast(pl.Float64, strict=False)
        columns.append(pl.select(pl.when(good).then(value).alias(field.name)).to_series())
        columns.append(pl.select(pl.when(~good).then(records.raw[field.name]).alias(f"\x01{field.name}")).to_series())
    return pl.DataFrame([records.frame[PART], records.frame[ROW], *columns])


def _of_column(part: Part, field: Field, frame: pl.DataFrame, summed: pl.DataFrame) -> Iterator[Finding]:
    letter = part.letters.get(field.name, "")
    if not letter:
        return
    given = {row: _figure(text, field) for row, text in summed.filter(_role=Role.TOTAL.value).select(LINE, letter).iter_rows()}
    between = {
        row: _figure(text, field) for row, text in summed.filter(_role=Role.SUBTOTAL.value).select(LINE, letter).iter_rows()
    }
    column = _column(letter, field, frame, {row: number for row, number in between.items() if number is not None})
    for row, number in given.items() if len(given) == 1 else ():
        masks = [frame[f"\x00{way}"].to_numpy() for way in _WAYS]
        if number is not None and (why := _denied(number, [column.only(mask) for mask in masks])):
            yield _differs(part, field, row, why)
    for row, number, rows in _odd(column):
        if why := _denied(number, [rows]):
            yield _differs(part, field, row, why)


def _column(letter: str, field: Field, frame: pl.DataFrame, subtotals: Mapping[int, float]) -> _Column:
    numbers = np.rint(frame[field.name].fill_null(0).to_numpy() * _WHOLE).astype(np.int64)
    wrong = frame.select(ROW, text=f"\x01{field.name}").drop_nulls()
    stated = {row: float(found[0]) for row, text in wrong.iter_rows() if (found := _NUMBER.search(text))}
    return _Column(letter, frame[ROW].to_numpy(), numbers, stated, subtotals)


def _figure(text: str | None, field: Field) -> float | None:
    value = element("amount").normalise(text, Scope((), field.unit)) if text else ""
    try:
        return float(value)
    except ValueError:
        return None


def _odd(column: _Column) -> Iterator[tuple[int, float, _Column]]:
    """Subtotals and the rows that they are of: those since the one before or, where that holds for more of them, up to the next.

    Where not one holds and at least half of them, what they sum is not known and none is judged.
    """
    ends = sorted(column.subtotals)
    if not ends:
        return
    before = [column.only((column.rows < end) & (column.rows > start)) for start, end in zip([0, *ends], ends, strict=False)]
    behind = [
        column.only((column.rows > start) & (column.rows < end)) for start, end in zip(ends, [*ends[1:], np.inf], strict=True)
    ]
    right = [[_sum(rows) for rows in way] for way in (before, behind)]
    hold = [sum(abs(column.subtotals[end] - one) <= _SAME for end, one in zip(ends, way, strict=True)) for way in right]
    best = int(hold[1] > hold[0])
    if hold[best] and 2 * hold[best] >= len(ends):
        for end, rows in zip(ends, (before, behind)[best], strict=True):
            yield end, column.subtotals[end], rows


# -- what explains a difference ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Why:
    """The total, what the rows add up to, and what explains the difference, each with the cells concerned."""

    given: float
    right: float
    reasons: tuple[tuple[Reason, str], ...]


def _denied(given: float, ways: Sequence[_Column]) -> _Why | None:
    """Why a total is none of the sums that it may be; None where it is one."""
    sums = {_sum(rows): rows for rows in ways}
    if any(abs(given - right) <= _SAME for right in sums):
        return None
    explained = [(right, reason) for right, rows in sums.items() for reason in _reasons(given, right, rows)]
    reasons = tuple(dict.fromkeys(reason for _, reason in explained))
    return _Why(given, explained[0][0] if len(reasons) == 1 else max(sums), reasons)


def _sum(rows: _Column) -> float:
    return int(rows.numbers.sum()) / _WHOLE


def _reasons(given: float, right: float, rows: _Column) -> Iterator[tuple[Reason, str]]:
    """Everything that explains the difference, each with its cells."""
    by = round((given - right) * _WHOLE)
    numbers = rows.numbers
    alike = {
        Reason.TWICE: numbers == by,
        Reason.OMITTED: numbers == -by,
        Reason.SIGN: -2 * numbers == by,
        Reason.SWAPPED_ROW: _swapped(numbers, by),
        Reason.SHIFTED: (9 * numbers == by) | (9 * numbers == -10 * by),
    }
    for reason, found in alike.items():
        yield from ((reason, rows.at([int(row)])) for row in rows.rows[found])
    if _two_digits(given, right):
        yield Reason.SWAPPED, f"{_text(given)}→{_text(right)}"
    for row, number in rows.wrong.items():
        if by in {round(number * _WHOLE), round(abs(number) * _WHOLE)}:
            yield Reason.WRONG, rows.at([row])
    for reason, cells in ((Reason.WRONG, rows.wrong), (Reason.SUBTOTALS, rows.subtotals)):
        several = len(cells) > 1 or (reason is Reason.SUBTOTALS and bool(cells))
        if several and round(sum(cells.values()) * _WHOLE) == by:
            yield reason, rows.at(list(cells))


def _swapped(numbers: np.ndarray, by: int) -> np.ndarray:
    """Whether two neighbouring digits of a number, taken the other way round, change it by so much."""
    shown = np.zeros(len(numbers), dtype=bool)
    size = np.abs(numbers)
    for place in range(14):
        quotient, rest = divmod(by, 9 * 10**place)
        if rest == 0 and quotient != 0 and abs(quotient) <= 9:
            low, high = size // 10**place % 10, size // 10 ** (place + 1) % 10
            written = (place >= _FEN) | (size % 10 ** (place + 1) != 0)
            # Nobody writes a 0 in front.
            begins = (size >= 10 ** (place + 2)) | ((low != 0) & (high != 0))
            shown |= (np.sign(numbers) * (low - high) == quotient) & begins & written
    return shown


def _two_digits(given: float, right: float) -> bool:
    """Whether a number is another with two of its digits exchanged."""
    one, other = _text(given), _text(right)
    if len(one) != len(other):
        return False
    differ = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(differ) == 2 and differ[0] == differ[1][::-1] and "." not in differ[0]


def _text(number: float) -> str:
    return f"{number:.15g}"


def _differs(part: Part, field: Field, row: int, why: _Why) -> Finding:
    """A total that counts what a wrong cell says adds up as it stands: it is to be seen to once the cell is mended."""
    known = dict(why.reasons) if len(why.reasons) == 1 else {}
    number = str(len(why.reasons)) if len(why.reasons) > 1 else ""
    right = _text(why.right)
    at = (part.file, part.table.sheet, row, part.letters[field.name], field.name)
    if Reason.WRONG in known:
        return Finding("total-counts-wrong-cell", *at, _text(why.given), detail=right, facts=(known[Reason.WRONG],))
    facts = (*(known.get(reason, "") for reason in Reason if reason is not Reason.WRONG), number)
    return Finding("total-differs", *at, _text(why.given), right, right, facts)
