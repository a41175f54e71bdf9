"""A blank where the department issued none: title, header of several levels, one prepared row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

import xlsxwriter

SHEET = "汇总"


def fresh_blank(title: str, names: Sequence[str]) -> tuple[bytes, int]:
    """The blank's bytes and its prepared row. ``names``: header names, levels joined by ``>``; 序号 is put before them."""
    return _made(title, ["序号", *names], [""], first_width=6)


def fresh_form(title: str, columns: Sequence[str], rows: Sequence[str]) -> tuple[bytes, int]:
    """A statistics form's bytes and its first row of figures: labels of rows in column A, those of columns above."""
    return _made(title, ["项目", *columns], rows, first_width=max(10, min(40, 2 * max(map(len, rows), default=5) + 2)))


def _made(title: str, names: Sequence[str], stub: Sequence[str], first_width: int) -> tuple[bytes, int]:
    levels = [tuple(name.split(">")) for name in names]
    depth = max(map(len, levels))
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - no clock stands in an output
    page = book.add_worksheet(SHEET)
    look = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "border": 1}
    head = book.add_format({**look, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#EDEDED"})
    body = book.add_format({**look, "text_wrap": True})
    page.merge_range(
        0,
        0,
        0,
        max(len(levels) - 1, 1),
        title,
        book.add_format({"font_name": "宋体", "font_size": 16, "bold": True, "align": "center", "valign": "vcenter"}),
    )
    page.set_row(0, 30)
    _header(page, levels, depth, head)
    for row, label in enumerate(stub, depth + 1):
        for at in range(len(levels)):
            page.write_blank(row, at, None, body)
        if label:
            page.write_string(row, 0, label, body)
    for at in range(len(levels)):
        page.set_column(at, at, first_width if at == 0 else max(10, min(24, 2 * max(map(len, levels[at])) + 4)))
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(1, depth)
    page.freeze_panes(depth + 1, 0)
    book.close()
    return out.getvalue(), depth + 2


def _header(page: xlsxwriter.worksheet.Worksheet, levels: Sequence[tuple[str, ...]], depth: int, look: object) -> None:
    """Parents stand merged over their neighbours, names without children down to the last level."""
    for at, own in enumerate(levels):
        for level, text in enumerate(own):
            same = [
                n for n in range(at, len(levels)) if levels[n][: level + 1] == own[: level + 1] and len(levels[n]) > level + 1
            ]
            before = levels[at - 1] if at else ()
            first = before[: level + 1] != own[: level + 1] or len(before) == level + 1
            is_leaf = level == len(own) - 1
            bottom = depth if is_leaf else level + 1
            right = at if is_leaf else next((n - 1 for n in range(at, len(levels)) if n not in same), len(levels) - 1)
            if not (first or is_leaf):
                continue
            if (bottom, right) != (level + 1, at):
                page.merge_range(level + 1, at, bottom, right, text, look)
            else:
                page.write_string(level + 1, at, text, look)
