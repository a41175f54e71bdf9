"""A township's workbook with all that a marked copy must keep, and what is wrong in it."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import xlsxwriter
from desk import identity
from openpyxl import Workbook, load_workbook

from reportkit.marking import Marking, Problem, Standing
from reportkit.messages import Language
from reportkit.readers import read
from reportkit.severity import Severity
from reportkit.sheets import text
from reportkit.writers.marked_copy import write_marked

ROSTER, CODES = "花名册", "代码 '表' 一"
#: Of the list's first sheet: where its lines begin in a file without notes beside that of colours.
FIRST_LINE = 6
IDS = [identity(n) for n in range(3)]


def township() -> bytes:
    """Title in row 1, header in row 2, people in rows 3 to 5; a second sheet opens, a name is its own, and two cells have comments."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime(2020, 1, 1), "author": "办公室"})  # noqa: DTZ001 - the library knows no zone
    book.set_custom_property("KSOProductBuildVer", "2052-12.1.0")
    page, codes = book.add_worksheet(ROSTER), book.add_worksheet(CODES)
    page.merge_range("A1:D1", "困难群众补助花名册", book.add_format({"font_size": 16}))
    page.write_row("A2", ["姓名", "身份证号", "认定日期", "补助金额"], book.add_format({"bold": True, "border": 1}))
    money = book.add_format({"num_format": "0.00", "font_color": "#FF0000", "border": 1, "bg_color": "#92D050"})
    plain, day = book.add_format({"border": 1}), book.add_format({"num_format": 'yyyy"年"m"月"d"日"', "border": 1})
    for at, (name, number) in enumerate(zip(("王芳甲", "李强乙", "张敏丙"), IDS, strict=True), 2):
        page.write_row(at, 0, [name, number], plain)
        page.write_datetime(at, 2, datetime(2026, 1, at), day)  # noqa: DTZ001 - the library knows no zone
        page.write_number(at, 3, 100 + at, money)
    page.write_comment("A3", "本人签字见附件", {"author": "经办人"})
    page.write_comment("D5", "已与民政所核对", {"author": "经办人"})
    page.set_column("B:C", 22)
    page.conditional_format("D3:D5", {"type": "data_bar", "data_bar_2010": True})
    codes.write_column("A1", ["男", "女"])
    codes.activate()
    book.define_name("性别", "='代码 ''表'' 一'!$A$1:$A$2")
    codes.print_area("A1:A2")
    page.repeat_rows(1)
    book.close()
    return out.getvalue()


def problem(
    column: str = "B", row: int = 4, code: str = "id-checksum", severity: Severity = Severity.ERROR, **more: object
) -> Problem:
    told: dict[str, Any] = {
        "field": "身份证号",
        "value": IDS[1],
        "message": f"{code} 不对",
        "mend": "请改正",
        "key": f"人{row}",
        "sheet": ROSTER,
    }
    return Problem(code, row=row, column=column, severity=severity, **{**told, **more})


def warning(column: str = "D", row: int = 5, **more: object) -> Problem:
    return problem(column, row, "amount-jump", Severity.WARNING, **{"field": "补助金额", "value": "104", **more})


WRONG = (
    problem(suggestion=IDS[2]),
    warning(standing=Standing.NEW),
    problem("", 3, "deceased", field="", value="王芳甲"),
    problem("", 0, "missing-column", field="联系电话", value=""),
)


def marking(problems: Sequence[Problem] = WRONG, content: bytes = b"", file: str = "花名册.xlsx", **more: object) -> Marking:
    told: dict[str, Any] = {"unit": "370602001", "unit_name": "东山街道", "template": "hardship", "title": "困难群众补助花名册"}
    told |= {"period": "2026-11", "language": Language.ZH} | more
    return Marking(file, sha256(content).hexdigest(), problems=tuple(problems), **told)


def marked(path: Path, content: bytes, problems: Sequence[Problem] = WRONG, file: str = "花名册.xlsx", **more: object) -> bytes:
    """The bytes of a marked copy."""
    target = path / "marked.xlsx"
    write_marked(target, content, marking(problems, content, file, **more))
    return target.read_bytes()


def marked_again(path: Path, content: bytes, first: Sequence[Problem], second: Sequence[Problem]) -> bytes:
    """A marked copy, marked anew as the file that it was made of."""
    write_marked(path / "again.xlsx", marked(path, content, first), marking(second, content))
    return (path / "again.xlsx").read_bytes()


def opened(content: bytes) -> Workbook:
    """As openpyxl has it, which says aloud what it does not know."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(io.BytesIO(content))


def coloured(content: bytes, sheet: str = ROSTER) -> dict[str, str]:
    """Address → colour of the cells that bear a mark's."""
    page = opened(content)[sheet]
    ours = {"FFFFC7CD": "red", "FFFFEB9D": "yellow", "FFDDEBF5": "blue"}
    return {cell.coordinate: ours[cell.fill.fgColor.rgb] for row in page for cell in row if cell.fill.fgColor.rgb in ours}


def commented(content: bytes, sheet: str = ROSTER) -> dict[str, str]:
    page = opened(content)[sheet]
    return {cell.coordinate: cell.comment.text for row in page for cell in row if cell.comment}


def cells(content: bytes, name: str = "x.xlsx") -> dict[str, list[list[str]]]:
    """All sheets' cells as text, without blank ends."""
    return {sheet.name: _trimmed([[text(value) for value in row] for row in sheet.rows]) for sheet in read(content, name).sheets}


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows
