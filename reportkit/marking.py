"""What a marked copy says of a file, and what comes back in it: problems by cell, folded where many are alike; marks and explanations.

A marked copy's first sheet has a title, a header and a line a problem; behind the header's columns each line keeps, hidden, what it is
about as JSON, so that it can be sorted, filtered and saved by any office program and still be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from reportkit.elements.writing import none
from reportkit.messages import Language, say
from reportkit.severity import Severity
from reportkit.sheets import Sheet, Value, text

#: The custom document property that a marked copy bears.
STAMP = "reportkit.marked"
#: The first sheet's columns; their words are ``marked-head-…``.
COLUMNS = ("number", "severity", "place", "field", "value", "message", "mend", "suggestion", "explanation")
#: More problems than this that are alike in one column stand in one line.
_ALIKE = 20
#: The most cells of one line that are kept for reading back.
KEPT = 2_000
#: Rows in which the first sheet's header is looked for; a clerk may put a line above it.
_TOP = 20
#: So many columns of the list somebody may delete, and it is still known as ours.
_LOST = 2
#: What the hidden part of a line begins with.
_KEPT = '{"code":'
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def graver(one: Severity, other: Severity) -> Severity:
    """The graver of two."""
    return min(one, other, key=_RANK.__getitem__)


class Standing(StrEnum):
    """Where a problem stands: of this submission, seen before, explained by the township, or waived by a named person."""

    OPEN = "open"
    NEW = "new"
    STILL = "still"
    EXPLAINED = "explained"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a file, in words.

    ``row`` 0 and an empty ``column`` mean the whole sheet, file, row or column, as in a finding; ``key`` is the row's identity, so that it
    is known again when the row has moved.
    """

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    severity: Severity = Severity.ERROR
    field: str = ""
    value: str = ""
    message: str = ""
    mend: str = ""
    suggestion: str = ""
    key: str = ""
    explanation: str = ""
    standing: Standing = Standing.OPEN

    @property
    def cell(self) -> str:
        """``B7``; ``7`` for a whole row, ``B`` for a column, "" for a sheet or file."""
        return f"{self.column}{self.row or ''}"

    @property
    def settled(self) -> bool:
        """Whether nothing is to be done: explained or waived."""
        return self.standing in {Standing.EXPLAINED, Standing.WAIVED}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list: one problem, or many that are alike, in the order of their rows."""

    number: int
    members: tuple[Problem, ...]

    @property
    def first(self) -> Problem:
        """The one that speaks for all."""
        return self.members[0]

    @property
    def together(self) -> bool:
        """Whether the members stand in rows one below the other."""
        return all(below.row - above.row <= 1 for above, below in pairwise(self.members))


@dataclass(frozen=True, slots=True)
class Marking:
    """A file's problems, the most important first, and what the head of its list says.

    ``file`` and ``sha256`` are of the file as it came in; ``fixed`` counts problems of the revision before that are gone.
    """

    file: str
    sha256: str
    unit: str
    unit_name: str
    template: str
    title: str
    period: str
    problems: tuple[Problem, ...]
    language: Language = Language.ZH
    fixed: int = 0
    deadline: str = ""

    def number(self, severity: Severity) -> int:
        """Unsettled problems of a severity."""
        return sum(one.severity == severity and not one.settled for one in self.problems)

    @property
    def settled(self) -> int:
        """Problems that are explained or waived."""
        return sum(one.settled for one in self.problems)

    @property
    def about(self) -> str:
        """What the copy is of, as JSON: unit, template, period and the original's digest."""
        return _json({STAMP: self.sha256, "period": self.period, "template": self.template, "unit": self.unit})


def listed(problems: Sequence[Problem]) -> tuple[Line, ...]:
    """The list's lines: what is to be done before what is settled, errors before warnings, else as given; many alike in one line."""
    ordered = sorted(problems, key=lambda one: (one.settled, _RANK[one.severity]))
    alike: dict[tuple[object, ...], list[Problem]] = {}
    for one in ordered:
        alike.setdefault(_kind(one), []).append(one)
    many = {kind: members for kind, members in alike.items() if len(members) > _ALIKE}
    return tuple(Line(number, members) for number, members in enumerate(_groups(ordered, many), 1))


def _kind(one: Problem) -> tuple[object, ...]:
    return one.sheet, one.column, one.code, one.field, one.severity, one.standing, one.explanation


def _groups(ordered: Sequence[Problem], many: dict[tuple[object, ...], list[Problem]]) -> Iterator[tuple[Problem, ...]]:
    told = set()
    for one in ordered:
        kind = _kind(one)
        if kind not in many:
            yield (one,)
        elif kind not in told:
            told.add(kind)
            yield tuple(sorted(many[kind], key=lambda member: member.row))


def about(line: Line) -> str:
    """What a line keeps of its problems for reading back, as JSON."""
    first = line.first
    cells = [[one.row, one.key, one.value] for one in line.members[:KEPT]]
    told = {"code": first.code, "sheet": first.sheet, "column": first.column, "field": first.field, "rows": cells}
    return _json(told | {"of": len(line.members), "severity": first.severity.value})


def _json(told: Mapping[str, object]) -> str:
    """One line; nothing in it looks like ``_x0041_``, which programs read as a character."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace("_x", "\\u005fx")


# -- reading back -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """A problem as the copy that came back tells it, and what was typed beside it. ``line``: its number in the list.

    ``alone``: false where it stood in a line with others alike, whose explanation is all of theirs.
    """

    code: str
    sheet: str
    row: int
    column: str
    field: str = ""
    value: str = ""
    key: str = ""
    explanation: str = ""
    severity: str = ""
    line: int = 0
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Marks:
    """What a marked copy brings back. ``sheet`` is its list, which is no table; texts are "" where nothing is left to say them."""

    sheet: str
    marks: tuple[Mark, ...] = ()
    unit: str = ""
    template: str = ""
    period: str = ""
    sha256: str = ""

    @property
    def explained(self) -> tuple[Mark, ...]:
        """Those with an explanation."""
        return tuple(mark for mark in self.marks if mark.explanation)


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a sheet has the list's header; of each of ``COLUMNS`` its place, -1 where somebody deleted it."""

    sheet: Sheet
    row: int
    columns: tuple[int, ...]
    top: str = field(default="")

    def lines(self) -> Iterator[tuple[list[str], str]]:
        """The lines' shown cells, and what stands behind them."""
        behind = max(self.columns) + 1
        for cells in self.sheet.rows[self.row + 1 :]:
            texts = [text(value) for value in cells]
            if any(one.strip() for one in texts):
                yield [texts[at] if 0 <= at < len(texts) else "" for at in self.columns], "".join(texts[behind:])


def marks_in(sheets: Sequence[Sheet], stamp: Mapping[str, str]) -> Marks | None:
    """What a workbook's sheets bring back of a marked copy; None where none of them is its list.

    Args:
        sheets: as the readers give them.
        stamp: the program's own document properties, which an office program may have lost.
    """
    found = next((one for sheet in sheets if (one := _find(sheet))), None)
    if found is None:
        return None
    told = _parsed(stamp.get(STAMP, "")) or _parsed(found.top)
    marks = tuple(mark for shown, hidden in found.lines() for mark in _marks(shown, _parsed(hidden)))
    unit, template, period, digest = (str(told.get(name, "")) for name in ("unit", "template", "period", STAMP))
    return Marks(found.sheet.name, marks, unit, template, period, digest)


def head(language: Language) -> tuple[str, ...]:
    """The header's words."""
    return tuple(say(f"marked-head-{name}", language) for name in COLUMNS)


def _find(sheet: Sheet) -> _Found | None:
    """By its title, or where that is gone by what a line keeps; and by its header."""
    leads = tuple(say("marked-lead", language) for language in Language)
    titled = [text(value) for cells in sheet.rows[:_TOP] for value in cells if isinstance(value, str)]
    top = next((one for one in titled if f'"{STAMP}"' in one), "")
    if not any(one.startswith((*leads, _KEPT)) for one in titled):
        return None
    heads = [head(language) for language in Language]
    places = ((at, _where(cells, words)) for at, cells in enumerate(sheet.rows[:_TOP]) for words in heads)
    return next((_Found(sheet, at, columns, top) for at, columns in places if columns), None)


def _where(cells: Sequence[Value], words: tuple[str, ...]) -> tuple[int, ...]:
    """The place of each word, wherever somebody moved it; nothing where more than two are missing."""
    texts = [text(value).strip() for value in cells]
    places = tuple(texts.index(word) if word in texts else -1 for word in words)
    return places if sum(at < 0 for at in places) <= _LOST else ()


def _parsed(hidden: str) -> Mapping[str, object]:
    """The JSON object that a text begins with; empty where it is none."""
    try:
        told, _ = json.JSONDecoder().raw_decode(hidden)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _marks(shown: Sequence[str], told: Mapping[str, object]) -> Iterator[Mark]:
    """A line's marks; one that lost what it kept is known by its place, as far as that is one cell."""
    number = int(shown[0]) if shown[0].isdecimal() else 0
    explanation = shown[-1].strip()
    if none(explanation) or not any(character.isalnum() for character in explanation):
        explanation = ""  # a dash or 无 in an empty cell explains nothing
    rows = told.get("rows")
    if not isinstance(rows, list):
        yield from _shown(shown, number, explanation)
        return
    code, sheet, column, name, severity = (str(told.get(one, "")) for one in ("code", "sheet", "column", "field", "severity"))
    for one in rows:
        if isinstance(one, list) and len(one) == 3 and isinstance(one[0], int):
            row, key, value = one[0], str(one[1]), str(one[2])
            yield Mark(code, sheet, row, column, name, value, key, explanation, severity, number, alone=told.get("of") == 1)


def _shown(shown: Sequence[str], number: int, explanation: str) -> Iterator[Mark]:
    sheet, _, cell = shown[2].strip().rpartition(" ")
    column = cell.rstrip("0123456789")
    if cell[len(column) :].isdecimal() and column.isascii() and (not column or column.isupper()):
        yield Mark("", sheet, int(cell[len(column) :]), column, shown[3], shown[4], explanation=explanation, line=number)
