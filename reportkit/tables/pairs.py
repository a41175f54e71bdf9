"""Rows of names and values in turn: 户主 | 卫强 | 住址 | 东石桥村 5 组: a form, or what is said of the table below."""

from __future__ import annotations

import re

from reportkit.tables.cells import Box, Cells, Mark
from reportkit.tables.values import Kind, squeeze
from reportkit.tables.words import is_field

#: A figure, or a place's own name: 东湖村 ends as 村 does, but is a value.
_OWN = re.compile(r".*[0-9０-９*＊].*|.{2,}[村组镇乡县市省区]|.{2,}街道")


def is_label(mark: Mark) -> bool:
    """Whether it may be a name in a form: it ends as fields do and is no place's name."""
    return mark.kind == Kind.TEXT and is_field(mark.text) and not _OWN.fullmatch(squeeze(mark.text))


def in_turn(marks: list[Mark]) -> bool:
    """Whether a row's texts are names and values in turn; the last value may be missing."""
    return len(marks) >= 3 and all(map(is_label, marks[::2])) and not any(map(is_label, marks[1::2]))


def is_pairs(cells: Cells, box: Box, row: int) -> bool:
    """Whether a row names values within itself instead of columns.

    Names that are unknown between known ones look the same; a value among them tells, or a row next to it that does it again
    with other names, or one below that has names only.
    """
    marks = cells.marks(row, box.left, box.right)
    if len(marks) == 2:
        return is_label(marks[0]) and not is_field(marks[1].text) and marks[1].right - marks[1].left >= 2
    if not in_turn(marks):
        return False
    if any(m.kind == Kind.VALUE and not is_field(m.text) for m in marks[1::2]):
        return True
    return _goes_on(cells, box, row, marks) or _stands_over_names(cells, box, row, marks)


def _goes_on(cells: Cells, box: Box, row: int, marks: list[Mark]) -> bool:
    """Whether a row next to it has other names and values in turn."""
    ours = {m.text for m in marks[::2]}
    others = [cells.marks(r, box.left, box.right) for r in (row - 1, row + 1) if box.top <= r <= box.bottom]
    return any(in_turn(other) and ours.isdisjoint(m.text for m in other[::2]) for other in others)


def _stands_over_names(cells: Cells, box: Box, row: int, marks: list[Mark]) -> bool:
    """Whether the row below consists of names, also where this row has names."""
    if row == box.bottom:
        return False
    below = cells.marks(row + 1, box.left, box.right)
    named = {c for m in below if m.row == row + 1 for c in range(m.left, m.right + 1)}
    return len(below) >= 3 and sum(map(is_label, below)) * 5 >= len(below) * 4 and named.issuperset(m.left for m in marks)
