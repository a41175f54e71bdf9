"""What each row below a header is: a record, a total, a section, a header again, a footer, or the start of another table."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from reportkit.sheets import Role
from reportkit.tables.cells import Box, Cells
from reportkit.tables.forms import CONTENT, SUMS, Form, form_of, is_plain
from reportkit.tables.names import Header
from reportkit.tables.neighbours import settle
from reportkit.tables.profile import Profile, learn
from reportkit.tables.starts import captions, has_own_caption, is_header, names_others, renames, runs_on
from reportkit.tables.unlabelled import mark_sums


@dataclass(frozen=True, slots=True)
class Body:
    """Rows by what they are. ``end`` is the last row of the table, ``stop`` the first row that may start another."""

    records: list[int]
    numbered: list[int]
    aside: list[tuple[int, Role]]
    end: int
    stop: int
    notes: list[str] = field(default_factory=list)


def _forms(cells: Cells, header: Header, box: Box, known: Profile) -> list[Form]:
    """The form of each row below the header, up to the header of another table."""
    area = replace(box, top=header.last + 1)
    found: list[Form] = []
    first = True
    for row in range(area.top, box.bottom + 1):
        plain = not first and is_plain(cells, row, known)
        form = Form.RECORD if plain else form_of(cells, row, known, first=first)
        if form == Form.RECORD and _may_name(cells, row, known, plain=plain) and names_others(cells, box, row, known, found):
            form = Form.REPEAT if renames(cells, area, row, known, found) else Form.ANOTHER
        if form in {Form.REPEAT, Form.ANOTHER}:
            for above in captions(cells, area, row):
                found[above - area.top] = Form.SINGLE
        if form == Form.REPEAT and has_own_caption(cells, box, header, found) and not runs_on(cells, area, row, known):
            form = Form.ANOTHER
        if form == Form.ANOTHER and not is_header(cells, box, row):
            form = Form.RECORD
        found.append(form)
        first = first and form in {Form.BLANK, Form.REPEAT}
        if form == Form.ANOTHER:
            break
    return found


def _may_name(cells: Cells, row: int, known: Profile, *, plain: bool) -> bool:
    """Whether a row may name columns: a plain one only where its key value may be a year."""
    return not plain or len(cells.text(row, known.key)) <= 5


def read(cells: Cells, header: Header, box: Box) -> Body:
    """Classify the rows below a header until the sheet ends or another table starts."""
    known = learn(cells, header, box)
    first = header.last + 1
    shapes = _forms(cells, header, box, known)
    mark_sums(cells, first, shapes, known)
    settle(cells, first, shapes, known)
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
    last = max((n for n, f in enumerate(shapes) if f in CONTENT), default=-1)
    end = last
    for n in range(last + 1, len(shapes)):
        if shapes[n] in SUMS or shapes[n] == Form.FORMULA:
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
