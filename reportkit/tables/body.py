"""What each row below a header is: a record, a total, a section, a header again, a footer, or the start of another table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from statistics import median

from reportkit.sheets import Role
from reportkit.tables.cells import Box, Cells, Mark, blank
from reportkit.tables.header import Header, is_preamble, levels, naming
from reportkit.tables.words import (
    Kind,
    amount,
    is_field,
    is_foot,
    is_index,
    is_keyvalue,
    is_running,
    is_section,
    is_title,
    is_zero,
    squeeze,
    sum_word,
)

#: Rows of a long table that are looked at to learn what its columns hold.
SAMPLE = 200
_SUMMING = re.compile(r"[计总共均合]|total|sum|mean|average|avg", re.IGNORECASE)


class Form(StrEnum):
    """What a row looks like by itself, before its neighbours are heard."""

    BLANK = "blank"
    RECORD = "record"
    NUMBERED = "numbered"
    FORMULA = "formula"
    TOTAL = "total"
    SUBTOTAL = "subtotal"
    MEAN = "mean"
    SINGLE = "single"
    FOOT = "foot"
    LOOSE = "loose"
    REPEAT = "repeat"
    ANOTHER = "another"


_SUMS = {Form.TOTAL, Form.SUBTOTAL, Form.MEAN}
_CONTENT = {Form.RECORD, Form.NUMBERED}


@dataclass(frozen=True, slots=True)
class Profile:
    """What a table's columns hold: share of rows filled and, of these, of values; ``typical`` cells a record."""

    left: int
    right: int
    number: int
    filled: tuple[float, ...]
    values: tuple[float, ...]
    typical: float
    words: frozenset[str]
    firsts: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """Rows by what they are. ``end`` is the last row of the table, ``stop`` the first row that may start another."""

    records: list[int]
    numbered: list[int]
    aside: list[tuple[int, Role]]
    end: int
    stop: int
    notes: list[str] = field(default_factory=list)


def profile(cells: Cells, header: Header, box: Box) -> Profile:
    """Learn a table's columns from the first rows below its header."""
    left, right = header.left, header.right
    width = right - left + 1
    filled, valued, counts = [0] * width, [0] * width, []
    for row in range(header.last + 1, box.bottom + 1):
        marks = cells.marks(row, left, right)
        if len(marks) < 2:
            continue
        counts.append(len(marks))
        for mark in marks:
            filled[mark.left - left] += 1
            valued[mark.left - left] += mark.kind == Kind.VALUE
        if len(counts) >= SAMPLE:
            break
    n = max(1, len(counts))
    names = {c: levels(cells, header, c) for c in range(left, right + 1)}
    words = frozenset(w for name in names.values() for w in name)
    firsts = tuple(
        (c, cells.text(r, c)) for r in (header.last, header.first) for c in range(left, right + 1) if cells.kinds(r)[c]
    )[:40]
    return Profile(
        left=left,
        right=right,
        number=_number_column(names, left),
        filled=tuple(f / n for f in filled),
        values=tuple(v / max(1, f) for v, f in zip(valued, filled, strict=True)),
        typical=median(counts) if counts else 0.0,
        words=words,
        firsts=firsts,
    )


def _number_column(names: dict[int, tuple[str, ...]], left: int) -> int:
    """The column of running numbers: the one called so, else the first."""
    for column, name in names.items():
        if name and re.fullmatch(r"序号?|编号|行号|项次|No\.?|#|num(?:ber)?|s/?n", name[-1], re.IGNORECASE):
            return column
    return left


def _is_plain(cells: Cells, row: int, known: Profile, key: int) -> bool:
    """Whether a row is a record beyond doubt: well filled, no word of a sum, a value where values are the rule."""
    values = cells.rows[row][known.left : known.right + 1]
    count = len(values) - values.count(None) - values.count("")
    if count * 2 < known.typical or count < 3 or key < 0 or key >= len(values):
        return False
    one = values[key]
    if one is None or (isinstance(one, str) and not one[:1].isdigit()):
        return False
    return not any(isinstance(v, str) and len(v) <= 30 and _SUMMING.search(v) for v in values[:6])


def _key(known: Profile) -> int:
    """The column, beyond the running number, that holds values most reliably; -1 for none."""
    best, at = 0.9, -1
    for n, (f, v) in enumerate(zip(known.filled, known.values, strict=True)):
        if known.left + n != known.number and v >= 0.9 and f * v > best:
            best, at = f * v, n
    return at


def forms(cells: Cells, header: Header, box: Box, known: Profile) -> list[Form]:
    """The form of each row below the header, up to the header of another table."""
    found: list[Form] = []
    key = _key(known)
    for row in range(header.last + 1, box.bottom + 1):
        form = Form.RECORD if _is_plain(cells, row, known, key) else _form(cells, row, known, found)
        if (form == Form.RECORD and not _is_known_plain(key) and _starts_another(cells, box, row, known, found)) or (
            form == Form.RECORD and key >= 0 and _starts_another(cells, box, row, known, found)
        ):
            form = Form.ANOTHER
        found.append(form)
        if form == Form.ANOTHER:
            break
    return found


def _is_known_plain(key: int) -> bool:
    return key >= 0


def _form(cells: Cells, row: int, known: Profile, before: list[Form]) -> Form:
    if cells.extent(row) <= known.left:
        return Form.BLANK
    marks = cells.marks(row, known.left, known.right)
    own = [m for m in marks if m.row == row]
    if not own:
        return Form.BLANK
    summing = _sum_form(own)
    if summing:
        return summing
    if _repeats(own, known) or (not any(f != Form.BLANK for f in before) and _is_index_row(own)):
        return Form.REPEAT
    if len(own) == 1 and (len(marks) == 1 or own[0].kind == Kind.VALUE):
        return _single(own[0], known)
    if _is_foot_row(own, known):
        return Form.FOOT
    return _dragged(own, known) or Form.RECORD


def _sum_form(own: list[Mark]) -> Form | None:
    words = [m for m in own if m.kind == Kind.TEXT][:2]
    for n, mark in enumerate(words):
        word = sum_word(mark.text)
        if word and (n == 0 or len(squeeze(mark.text)) <= 4):
            return Form(word)
    if len(words) == 2 and [squeeze(m.text) for m in words] in (["合", "计"], ["总", "计"], ["小", "计"]):
        return Form.TOTAL
    return None


def _repeats(own: list[Mark], known: Profile) -> bool:
    same = sum(squeeze(m.text) in known.words for m in own)
    return same >= 2 and same * 10 >= len(own) * 6


def _is_index_row(own: list[Mark]) -> bool:
    numbers = [amount(m.text) for m in own]
    plain = [n for n in numbers if n is not None]
    rising = all(b - a == 1 for a, b in pairwise(plain))
    return len(own) >= 3 and all(is_index(m.text) for m in own) and rising and (len(plain) >= 3 or len(plain) < len(own))


def _single(mark: Mark, known: Profile) -> Form:
    if mark.kind == Kind.VALUE:
        if mark.left == known.number and is_running(mark.text):
            return Form.NUMBERED
        return Form.FORMULA if is_zero(mark.text) else Form.LOOSE
    if is_foot(mark.text):
        return Form.FOOT
    return Form.SINGLE if _heads(mark, known) else Form.RECORD


def _heads(mark: Mark, known: Profile) -> bool:
    """Whether a lone text stands over a group of rows; else it is a record with nothing but a name."""
    at = mark.left - known.left
    if mark.right > mark.left or is_section(mark.text) or is_keyvalue(mark.text):
        return True
    textual = known.filled[at] >= 0.5 and known.values[at] < 0.5
    return not textual or len(squeeze(mark.text)) > 12


def _is_foot_row(own: list[Mark], known: Profile) -> bool:
    if own[0].kind != Kind.TEXT or len(own) * 2 > max(4.0, known.typical):
        return False
    return is_foot(own[0].text) or sum(is_foot(m.text) for m in own) * 2 >= len(own)


def _dragged(own: list[Mark], known: Profile) -> Form | None:
    """A row that holds only its number, or only what dragged formulas left."""
    rest = [m for m in own if not (m.left == known.number and is_running(m.text) and not is_zero(m.text))]
    if any(not is_zero(m.text) for m in rest):
        return None
    return Form.NUMBERED if len(rest) < len(own) else Form.FORMULA


def _starts_another(cells: Cells, box: Box, row: int, known: Profile, before: list[Form]) -> bool:
    """Whether a row names columns of another table: words where values were the rule, in the manner of fields."""
    kinds = cells.kinds(row)[known.left : known.right + 1]
    if not any(k == Kind.TEXT for k in kinds):
        return False
    marks = [m for m in cells.marks(row, box.left, box.right) if m.row == row]
    names = naming(marks)
    if len(names) < 2 or len(names) < len(marks) or is_preamble(marks, known.right - known.left + 1):
        return False
    fields = sum(is_field(m.text) for m in names) / len(names)
    against = sum(_against(m, known) for m in names)
    broken = bool(before) and before[-1] not in _CONTENT
    if len({squeeze(m.text) for m in names}) < len(names) and not against:
        return False
    return (against >= 2 and fields >= 0.4) or (against >= 1 and fields >= 0.6) or (broken and fields >= 0.7 and len(names) >= 3)


def _against(mark: Mark, known: Profile) -> bool:
    at = mark.left - known.left
    return 0 <= at < len(known.filled) and known.filled[at] >= 0.3 and known.values[at] >= 0.7


def read(cells: Cells, header: Header, box: Box) -> Body:
    """Classify the rows below a header until the sheet ends or another table starts."""
    known = profile(cells, header, box)
    first = header.last + 1
    shapes = forms(cells, header, box, known)
    _unlabelled_sums(cells, first, shapes, known)
    _settle_strays(cells, first, shapes, known)
    end = _end(shapes)
    stop = first + (_next_start(shapes, end) if Form.ANOTHER in shapes else len(shapes))
    rows = list(enumerate(shapes[: end + 1], first))
    return Body(
        records=[r for r, f in rows if f == Form.RECORD],
        numbered=[r for r, f in rows if f == Form.NUMBERED],
        aside=_aside(rows),
        end=first + end,
        stop=max(stop, first + end + 1),
    )


def _end(shapes: list[Form]) -> int:
    """The index of the table's last row: its last record, and the sums and dragged formulas that follow it."""
    last = max((n for n, f in enumerate(shapes) if f in _CONTENT), default=-1)
    end = last
    for n in range(last + 1, len(shapes)):
        if shapes[n] in _SUMS or shapes[n] == Form.FORMULA:
            end = n
        elif shapes[n] != Form.BLANK:
            break
    return end


def _next_start(shapes: list[Form], end: int) -> int:
    """Where the next table's title begins: above its header, below the last footer."""
    start = shapes.index(Form.ANOTHER)
    while start - 1 > end and shapes[start - 1] in {Form.BLANK, Form.SINGLE, Form.LOOSE}:
        start -= 1
    return start


def _aside(rows: list[tuple[int, Form]]) -> list[tuple[int, Role]]:
    """Rows that are no records, by role; what stands directly above a repeated header belongs to it."""
    found: list[tuple[int, Role]] = []
    heading = False
    records = [r for r, f in rows if f == Form.RECORD]
    for row, form in reversed(rows):
        if form in {Form.RECORD, Form.BLANK}:
            heading = heading and form == Form.BLANK
            continue
        heading = form == Form.REPEAT or (heading and form in {Form.SINGLE, Form.LOOSE})
        found.append((row, Role.HEADER if heading else _role(row, form, records)))
    return found[::-1]


def _role(row: int, form: Form, records: list[int]) -> Role:
    if form == Form.TOTAL:
        return Role.SUBTOTAL if records and records[0] < row < records[-1] else Role.TOTAL
    roles = {Form.SINGLE: Role.SECTION, Form.LOOSE: Role.SECTION, Form.FOOT: Role.FOOTER}
    return roles.get(form) or Role(form.value)


def _unlabelled_sums(cells: Cells, first: int, shapes: list[Form], known: Profile) -> None:
    """Rows of figures alone that state the sums of the records above them."""
    for n, form in enumerate(shapes):
        if form != Form.RECORD or not any(f == Form.RECORD for f in shapes[:n]):
            continue
        if _is_plain_text_row(cells, first + n, known):
            continue
        marks = cells.marks(first + n, known.left, known.right)
        if marks and all(m.kind == Kind.VALUE for m in marks) and _adds_up(cells, first, n, shapes, marks):
            shapes[n] = Form.TOTAL


def _is_plain_text_row(cells: Cells, row: int, known: Profile) -> bool:
    return Kind.TEXT in cells.kinds(row)[known.left : known.right + 1]


def _adds_up(cells: Cells, first: int, n: int, shapes: list[Form], marks: list[Mark]) -> bool:
    since = max((i for i in range(n) if shapes[i] in _SUMS), default=-1)
    for start in {0, since + 1}:
        rows = [first + i for i in range(start, n) if shapes[i] == Form.RECORD]
        sums = [_column_sum(cells, rows, m.left) for m in marks]
        if len(rows) > 1 and all(
            s is not None and abs(s - (amount(m.text) or 0.0)) < 0.01 + 1e-6 * abs(s) for s, m in zip(sums, marks, strict=True)
        ):
            return any(amount(m.text) for m in marks)
    return False


def _column_sum(cells: Cells, rows: list[int], column: int) -> float | None:
    figures = [f for r in rows if (f := amount(cells.text(r, column))) is not None]
    return sum(figures) if figures else None


def _settle_strays(cells: Cells, first: int, shapes: list[Form], known: Profile) -> None:
    """Past a total, a footer or a wide gap a row is a record only if it looks like the ones above."""
    seen, gap, doubtful = 0, 0, False
    for n, form in enumerate(shapes):
        gap = gap + 1 if form == Form.BLANK else 0
        doubtful = doubtful or (seen > 0 and (form in {Form.TOTAL, Form.FOOT} or gap >= 2))
        if form == Form.REPEAT:
            doubtful = False
        if form != Form.RECORD:
            continue
        if doubtful and not _is_like(cells, first + n, known):
            shapes[n] = Form.LOOSE
        else:
            seen, doubtful = seen + 1, doubtful and not _is_like(cells, first + n, known)


def _is_like(cells: Cells, row: int, known: Profile) -> bool:
    """Whether a row is filled like the table's records: half as much, words where they have words."""
    marks = cells.marks(row, known.left, known.right)
    if len(marks) * 2 < known.typical or (marks and is_title(marks[0].text) and len(marks) <= 2):
        return False
    worded = [known.left + i for i, f in enumerate(known.filled) if f >= 0.7 and known.values[i] < 0.3]
    kinds = cells.kinds(row)
    return not worded or sum(kinds[c] == Kind.TEXT or cells.covered(row, c) for c in worded) * 2 >= len(worded)


def blank_row(cells: Cells, row: int) -> bool:
    """Whether a row holds nothing at all."""
    return all(blank(v) for v in cells.rows[row])
