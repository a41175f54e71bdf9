"""What a row below a header looks like by itself, before its neighbours are heard."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import pairwise

from reportkit.tables.cells import Cells, Mark
from reportkit.tables.profile import Profile
from reportkit.tables.sums import is_whole, sum_word
from reportkit.tables.values import Kind, amount, is_running, is_zero, squeeze
from reportkit.tables.words import is_foot, is_index, is_keyvalue, is_section

_SUMMING = re.compile(r"[计計总總共均合全]|total|sum|mean|average|avg|all", re.IGNORECASE)


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


SUMS = {Form.TOTAL, Form.SUBTOTAL, Form.MEAN}
CONTENT = {Form.RECORD, Form.NUMBERED}


def is_plain(cells: Cells, row: int, known: Profile) -> bool:
    """Whether a row is a record beyond doubt: well filled, no word of a sum, a value where values are the rule."""
    count = cells.count(row, known.left, known.right)
    if count * 2 < known.typical or count < 3 or known.key < known.left:
        return False
    one = cells.value(row, known.key)
    if one is None or (isinstance(one, str) and not one[:1].isdigit()):
        return False
    return not any(
        isinstance(v, str) and len(v) <= 30 and _SUMMING.search(v) for v in cells.rows[row][known.left : known.left + 6]
    )


def form_of(cells: Cells, row: int, known: Profile, *, first: bool) -> Form:
    """The form of a row; ``first`` tells that no record and no sum is between it and the header."""
    if cells.extent(row) <= known.left:
        return Form.BLANK
    marks = cells.marks(row, known.left, known.right)
    own = [m for m in marks if m.row == row]
    if not own:
        return Form.BLANK
    summing = _sum_form(own)
    if summing:
        return summing
    if first and known.width > 1 and _is_whole_row(cells, own):
        return Form.TOTAL
    if _repeats(own, known) or (first and _is_index_row(own)):
        return Form.REPEAT
    if len(own) == 1 and (len(marks) == 1 or own[0].kind == Kind.VALUE):
        return _single(own[0], known)
    if _is_foot_row(own, known):
        return Form.FOOT
    return _dragged(own, known) or Form.RECORD


def _sum_form(own: list[Mark]) -> Form | None:
    """Told by the first text, or by the second where it is short: a record may speak of sums further right."""
    texts = [m for m in own if m.kind == Kind.TEXT][:2]
    for n, mark in enumerate(texts):
        word = sum_word(mark.text)
        if word and (n == 0 or len(squeeze(mark.text)) <= 4):
            return Form(word)
    if len(texts) == 2 and "".join(squeeze(m.text) for m in texts) in {"合计", "总计", "小计", "共计", "合計", "總計", "小計"}:
        return Form.TOTAL
    return None


def _is_whole_row(cells: Cells, own: list[Mark]) -> bool:
    """Whether a first row states figures for the whole of which the next rows are parts; not where wholes are compared."""
    head, row = own[0], own[0].row
    if not is_whole(head.text) or len(own) < 2 or any(m.kind != Kind.VALUE for m in own[1:]):
        return False
    return row + 1 < cells.height and not is_whole(cells.text(row + 1, head.left))


def _repeats(own: list[Mark], known: Profile) -> bool:
    """Whether a row says again what the header says over the same columns."""
    same = sum(squeeze(m.text) in known.words.get(m.left, ()) for m in own)
    return same >= min(2, known.width) and same * 10 >= len(own) * 6


def _is_index_row(own: list[Mark]) -> bool:
    if len(own) < 3 or not all(is_index(m.text) for m in own):
        return False
    plain = [n for m in own if (n := amount(m.text)) is not None]
    return all(b - a == 1 for a, b in pairwise(plain)) and (len(plain) >= 3 or len(plain) < len(own))


def _single(mark: Mark, known: Profile) -> Form:
    if mark.kind == Kind.VALUE:
        if mark.left == known.number and is_running(mark.text):
            return Form.NUMBERED if known.width > 1 else Form.RECORD
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
    """Whether a row, filled by half at most, tells who signed, when, or what is to be noted."""
    if own[0].kind != Kind.TEXT or len(own) * 2 > max(4.0, known.typical):
        return False
    if is_foot(own[0].text) or sum(is_foot(m.text) for m in own if m.left not in known.valued) * 2 >= len(own):
        return True
    colon = own[0].text.find("：") + own[0].text.find(":") + 1
    return len(own) * 2 <= known.typical and 0 < colon <= 10 and all(is_keyvalue(m.text) for m in own)


def _dragged(own: list[Mark], known: Profile) -> Form | None:
    """A row that holds only its number, or only what dragged formulas left."""
    rest = [m for m in own if not (m.left == known.number and is_running(m.text) and not is_zero(m.text))]
    if any(not is_zero(m.text) for m in rest):
        return None
    return Form.NUMBERED if len(rest) < len(own) else Form.FORMULA
