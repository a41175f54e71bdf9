"""Where another table begins below one: at names of its own, or at the same names under a caption of its own."""

from __future__ import annotations

import re
from dataclasses import replace

from reportkit.tables.cells import Box, Cells, Mark
from reportkit.tables.forms import CONTENT, Form
from reportkit.tables.header import find, is_preamble, naming
from reportkit.tables.names import Header
from reportkit.tables.pairs import is_pairs
from reportkit.tables.profile import Profile
from reportkit.tables.values import Kind, amount, fold, is_year, squeeze
from reportkit.tables.words import is_field, is_keyvalue, is_section, is_title

#: What differs between the captions of two printed pages of one table.
_PAGED = re.compile(
    r"第.{0,4}页|共.{0,4}页|page\d+(?:of\d+)?|\d+/\d+|上?接上?页|转下页|[(（]?(?:续[表一二三四五]?\d*|continued|cont\.?)[)）]?"
    r"|[(（]?[\d一二三四五六七八九十]+[)）]?$|\W",
    re.IGNORECASE,
)
_NUMERAL = re.compile(r"[\d一二三四五六七八九十]+")


def names_others(cells: Cells, box: Box, row: int, known: Profile, before: list[Form]) -> bool:
    """Whether a row names columns of another table: words where values were the rule, in the manner of fields.

    Never the first row below a header: that one may state units, or be a record of words.
    """
    broken = bool(before) and before[-1] not in CONTENT
    if all(form == Form.REPEAT for form in before) or not (broken or _breaks(cells, row, known)):
        return False
    marks = [m for m in cells.marks(row, box.left, box.right) if m.row == row]
    names = naming(marks)
    if len(names) < 2 or len(names) < len(marks) or is_preamble(marks, known.width) or is_pairs(cells, box, row):
        return False
    fields = sum(is_field(m.text) for m in names) / len(names)
    against = sum(m.left in known.valued and not (_is_year(m.text) and _is_year(cells.text(row - 1, m.left))) for m in names)
    if _is_titled(cells, box, row, known, before) and (fields >= 0.3 or _is_laid_out_anew(cells, box, row, known)):
        return True
    different = len({squeeze(m.text) for m in names})
    if different == 1 or (different < len(names) and not against):
        return False
    return (against >= 2 and fields >= 0.4) or (against >= 1 and fields >= 0.6) or (broken and fields >= 0.7 and len(names) >= 3)


def _is_titled(cells: Cells, box: Box, row: int, known: Profile, before: list[Form]) -> bool:
    """Whether a blank row and a title of its own stand above a row, the first lone text of its kind in the table."""
    if before[-2:] != [Form.BLANK, Form.SINGLE] or Form.SINGLE in before[:-1]:
        return False
    marks = cells.marks(row - 1, box.left, box.right)
    if len(marks) != 1 or is_section(marks[0].text):
        return False
    return (marks[0].right - marks[0].left + 1) * 2 > known.width or is_title(marks[0].text)


def _is_laid_out_anew(cells: Cells, box: Box, row: int, known: Profile) -> bool:
    """Whether a row below a long title and the next fill the same columns, more or fewer than the records so far."""
    over, ours, below = (cells.marks(r, box.left, box.right) for r in (row - 1, row, min(row + 1, box.bottom)))
    return len(squeeze(over[0].text)) >= 8 and len(ours) != known.typical and [m.left for m in ours] == [m.left for m in below]


def _breaks(cells: Cells, row: int, known: Profile) -> bool:
    """Whether a row with words has one, or a year, where values are the rule."""
    kinds = cells.kinds(row)
    if Kind.TEXT not in kinds[known.left : known.right + 1]:
        return False
    return any(kinds[c] == Kind.TEXT or _is_year(cells.text(row, c)) for c in known.valued)


def _is_year(text: str) -> bool:
    number = amount(text[:4]) if len(text) <= 6 else None
    return number is not None and is_year(number)


def renames(cells: Cells, box: Box, row: int, known: Profile, before: list[Form]) -> bool:
    """Whether a row that names all columns anew goes on with the same list: right below a record, and the numbers run on."""
    lefts = {m.left for m in cells.marks(row, box.left, box.right) if m.row == row}
    return before[-1:] == [Form.RECORD] and lefts == set(known.words) and runs_on(cells, box, row, known)


def is_header(cells: Cells, box: Box, row: int) -> bool:
    """Whether the search for a header, begun at a row, finds it there."""
    header = find(cells, replace(box, top=row))
    return header is not None and header.first == row


def has_own_caption(cells: Cells, box: Box, header: Header, before: list[Form]) -> bool:
    """Whether what stands right above a header that comes again is said of another table, not of the next printed page."""
    caption: list[Mark] = []
    told = False
    for n in range(len(before) - 1, -1, -1):
        if before[n] not in {Form.BLANK, Form.SINGLE, Form.LOOSE, Form.FOOT}:
            break
        if before[n] != Form.FOOT:
            caption += cells.marks(header.last + 1 + n, box.left, box.right)
            told = told or is_pairs(cells, box, header.last + 1 + n)
    over = cells.marks(header.first - 1, box.left, box.right) if header.first > box.top else []
    told = (
        told or any(is_title(m.text) or is_keyvalue(m.text) for m in caption) or (bool(caption) and _is_series(over, caption[:1]))
    )
    first = {_unpaged(m.text) for r in range(box.top, header.first) for m in cells.marks(r, box.left, box.right)}
    return told and not {_unpaged(m.text) for m in caption} <= first | {""}


def _is_series(one: list[Mark], other: list[Mark]) -> bool:
    """Whether two lone texts number or name things of one kind: 第1考场 and 第2考场, 党政办 and 综治办."""
    if len(one) != 1 or len(other) != 1:
        return False
    a, b = fold(one[0].text), fold(other[0].text)
    return _NUMERAL.sub("", a) == _NUMERAL.sub("", b) or a[-1:] == b[-1:]


def _unpaged(text: str) -> str:
    return _PAGED.sub("", fold(text))


def captions(cells: Cells, area: Box, row: int) -> list[int]:
    """The rows of keys and values right above a header, which by themselves may look like records."""
    found: list[int] = []
    for above in range(row - 1, max(area.top, row - 3) - 1, -1):
        marks = cells.marks(above, area.left, area.right)
        keyed = sum(":" in m.text or "：" in m.text for m in marks)
        if not is_pairs(cells, area, above) and not (len(marks) > 1 and keyed * 2 >= len(marks)):
            break
        found.append(above)
    return found


def runs_on(cells: Cells, area: Box, row: int, known: Profile) -> bool:
    """Whether the running number below a row is the one after the last above it."""
    above = [n for r in range(max(area.top, row - 8), row) if (n := _number(cells, r, known)) is not None]
    below = [n for r in range(row + 1, min(row + 6, area.bottom) + 1) if (n := _number(cells, r, known)) is not None]
    return bool(above and below) and below[0] == above[-1] + 1


def _number(cells: Cells, row: int, known: Profile) -> float | None:
    return amount(cells.text(row, known.number)) if cells.extent(row) > known.number else None
