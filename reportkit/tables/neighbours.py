"""What rows turn out to be once their neighbours are heard: strays, headings, formulas dragged too far."""

from __future__ import annotations

from reportkit.tables.cells import Cells, Mark
from reportkit.tables.forms import Form
from reportkit.tables.profile import NUMBERING, Profile
from reportkit.tables.values import Kind, is_zero
from reportkit.tables.words import is_title


def settle(cells: Cells, first: int, shapes: list[Form], known: Profile) -> None:
    """Put forms right, in place; ``first`` is the row of the first shape."""
    _settle_strays(cells, first, shapes, known)
    _settle_headings(cells, first, shapes, known)
    _settle_dragged(cells, first, shapes, known)


def _settle_headings(cells: Cells, first: int, shapes: list[Form], known: Profile) -> None:
    """Where records are numbered, a lone name without a number stands over the records that follow; the last may be a record."""
    at = known.number - known.left
    numbered = any(NUMBERING.fullmatch(word) for word in known.words.get(known.number, ()))
    if not numbered or known.filled[at] < 0.8 or known.typical < 5:
        return
    follows = False
    for n in range(len(shapes) - 1, -1, -1):
        if shapes[n] != Form.RECORD:
            follows = follows and shapes[n] == Form.BLANK
            continue
        count = cells.count(first + n, known.left, known.right)
        if follows and count == 1 and not cells.kinds(first + n)[known.number]:
            shapes[n] = Form.SINGLE
        follows = count * 2 >= known.typical


def _settle_dragged(cells: Cells, first: int, shapes: list[Form], known: Profile) -> None:
    """Last rows that hold nothing but what the last full record holds in the same columns, or zeros: a balance dragged down."""
    last = next((n for n in range(len(shapes) - 1, -1, -1) if shapes[n] == Form.RECORD and _is_full(cells, first + n, known)), -1)
    rows = [n for n in range(last + 1, len(shapes)) if shapes[n] == Form.RECORD]
    if last < 0 or len(rows) < 2:
        return
    held = {m.left: m.text for m in cells.marks(first + last, known.left, known.right)}
    if all(_is_carried(m, held) for n in rows for m in cells.marks(first + n, known.left, known.right)):
        for n in rows:
            shapes[n] = Form.FORMULA


def _is_full(cells: Cells, row: int, known: Profile) -> bool:
    return len(cells.marks(row, known.left, known.right)) * 2 > known.typical


def _is_carried(mark: Mark, held: dict[int, str]) -> bool:
    return mark.kind == Kind.VALUE and (is_zero(mark.text) or held.get(mark.left) == mark.text)


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
    if known.valued and not any(m.kind == Kind.VALUE for m in marks):
        return False
    worded = [known.left + i for i, f in enumerate(known.filled) if f >= 0.7 and known.values[i] < 0.3]
    kinds = cells.kinds(row)
    return not worded or sum(kinds[c] == Kind.TEXT or cells.covered(row, c) for c in worded) * 2 >= len(worded)
