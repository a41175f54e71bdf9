"""A report a second time in 万元: balanced figures under labels that say so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from desk import identity
from forms import TODAY, field, grid, submission, table, template
from openpyxl import Workbook, load_workbook
from workbooks import saved

from reportkit.blanks import open_blank
from reportkit.compilation import Heading, Issued
from reportkit.consolidation import Consolidation, Setting, consolidate
from reportkit.messages import Language
from reportkit.money import rounding_problems
from reportkit.scaled import rounded_title, write_rounded
from reportkit.statistics import Statistics, consolidate_grid
from reportkit.templates import GridCell, Rounding, Template
from reportkit.units import Units

HEADING = Heading(None, TODAY, Units(), Language.ZH)
KINDS = ("合计", "一类", "二类", "三类")
COLUMNS = ("人数(人)", "支出金额(元)", "人均(元)")
Lines = Sequence[Sequence[object]]


def blank(lines: Lines, *, merged: Sequence[str] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sheet1"
    for line in lines:
        sheet.append(list(line))
    for area in merged:
        sheet.merge_cells(area)
    return saved(book)


def issued(of: Template, content: bytes) -> Issued:
    return Issued(of, content, open_blank(content, "blank.xlsx"))


# -- statistics --------------------------------------------------------------------------------------------

FORM = blank(
    [
        ["救助支出统计表"],
        ["填报单位:", None, "单位:人、元"],
        ["指标", "计量单位", *COLUMNS],
        *([kind, "人、元" if kind == "合计" else None] for kind in KINDS),
        ["注:人均按元填写。"],
    ]
)


def relief(into: Rounding | None) -> Template:
    cells = [
        GridCell(name=f"{kind}·{column}", row=kind, column=column, at=f"{'CDE'[n]}{row}")
        for row, kind in enumerate(KINDS, 4)
        for n, column in enumerate(COLUMNS)
    ]
    return grid(*cells, title="救助支出统计表").model_copy(update={"rounding": into})


def figures(of: Template, *, wrong: float = 0) -> Statistics:
    """Three units with 5000 元 in each kind, of which the last may state a total that is off."""
    forms = []
    for unit in range(3):
        kinds = [(3, 1600 + unit * 100, 533), (4, 1500 + unit * 200, 375), (1, 1500 + unit * 200, 1500)]
        total = (8, sum(kind[1] for kind in kinds) + (wrong if unit == 2 else 0), 600)
        lines = [[kind, "", *map(str, line)] for kind, line in zip(KINDS, (total, *kinds), strict=True)]
        sheet = table(["指标", "计量单位", *COLUMNS], lines)
        forms.append(submission(f"{unit}.xlsx", sheet, unit=str(unit), of="figures"))
    return consolidate_grid(of, forms)


@pytest.fixture
def relieved(tmp_path: Path) -> Path:
    of = relief(Rounding(unit="万元"))
    assert write_rounded(tmp_path / "万元.xlsx", issued(of, FORM), figures(of), HEADING)
    return tmp_path / "万元.xlsx"


def test_the_parts_of_a_form_add_up_to_its_total_in_ten_thousands(relieved: Path) -> None:
    sheet = load_workbook(relieved)["Sheet1"]
    total, *parts = [sheet[f"D{row}"].value for row in range(4, 8)]
    assert total == 2
    assert sum(parts) == 2
    assert sorted(parts) == [0, 1, 1]


def test_persons_and_what_is_so_much_a_head_stay_as_they_are(relieved: Path) -> None:
    sheet = load_workbook(relieved)["Sheet1"]
    assert [sheet[f"C{row}"].value for row in range(4, 8)] == [24, 9, 12, 3]
    assert sheet["E5"].value == 1599


def test_labels_and_unit_lines_name_the_new_unit_and_nothing_else_changes(relieved: Path) -> None:
    sheet = load_workbook(relieved)["Sheet1"]
    assert sheet["C2"].value == "单位:人、万元"
    assert [sheet[at].value for at in ("C3", "D3", "E3")] == ["人数(人)", "支出金额(万元)", "人均(元)"]
    assert sheet["A8"].value == "注:人均按元填写。"


def test_a_figure_that_was_moved_says_so_and_the_last_sheet_lists_it(relieved: Path) -> None:
    book = load_workbook(relieved)
    commented = {cell.coordinate: cell.comment.text for line in book["Sheet1"] for cell in line if cell.comment}
    (at,) = commented
    assert commented[at] == "四舍五入为 1；为使各分项之和等于合计，取 0"
    lines = list(book.worksheets[-1].values)
    assert "已作舍位平衡" in str(lines[0][0])
    assert "万元" in str(lines[0][0])
    assert [line[0] for line in lines[2:]] == [at]
    assert lines[2][2:] == (5100, 1, 0)


def test_figures_are_shown_with_the_decimals_that_the_spec_asks_for(tmp_path: Path) -> None:
    of = relief(Rounding(unit="千元", decimals=2))
    write_rounded(tmp_path / "a.xlsx", issued(of, FORM), figures(of), HEADING)
    sheet = load_workbook(tmp_path / "a.xlsx")["Sheet1"]
    assert (sheet["D4"].value, sheet["D4"].number_format, sheet["C4"].number_format) == (15.3, "0.00", "General")


def test_a_total_that_its_parts_deny_is_not_forced_and_told(tmp_path: Path) -> None:
    of = relief(Rounding(unit="万元"))
    write_rounded(tmp_path / "a.xlsx", issued(of, FORM), figures(of, wrong=7), HEADING)
    book = load_workbook(tmp_path / "a.xlsx")
    assert "未作平衡" in book["Sheet1"]["D4"].comment.text
    assert [line[:2] for line in list(book.worksheets[-1].values)[2:]] == [("D4", "合计·支出金额(元)")]


def test_where_the_spec_asks_for_nothing_or_nothing_is_money_no_second_report_is_written(tmp_path: Path) -> None:
    for of in (relief(None), relief(Rounding(unit="元"))):
        assert not write_rounded(tmp_path / "a.xlsx", issued(of, FORM), figures(of), HEADING)
    assert list(tmp_path.iterdir()) == []
    assert rounded_title(relief(None)) == ""
    assert rounded_title(relief(Rounding(unit="万元"))) == "救助支出统计表(万元)"


def test_a_form_whose_only_word_of_money_is_the_line_above_it_is_money_but_for_what_it_counts(tmp_path: Path) -> None:
    names = ("支出", "户数")
    cells = [
        GridCell(name=f"{row}·{column}", row=row, column=column, at=f"{'BC'[n]}{at}")
        for at, row in enumerate(("合计", "城", "乡"), 4)
        for n, column in enumerate(names)
    ]
    of = grid(*cells).model_copy(update={"rounding": Rounding(unit="千元")})
    form = blank([["统计表"], ["(单位：元)"], ["指标", *names], ["合计"], ["城"], ["乡"]])
    sheets = [table(["指标", *names], [["合计", "5000", "3"], ["城", "2500", "1"], ["乡", "2500", "2"]])] * 3
    forms = [submission(f"{n}.xlsx", sheet, unit=str(n), of="figures") for n, sheet in enumerate(sheets)]
    assert write_rounded(tmp_path / "a.xlsx", issued(of, form), consolidate_grid(of, forms), HEADING)
    sheet = load_workbook(tmp_path / "a.xlsx")["Sheet1"]
    assert sheet["A2"].value == "(单位：千元)"
    assert [[sheet[f"{column}{row}"].value for column in "BC"] for row in (4, 5, 6)] == [[15, 9], [8, 3], [7, 6]]


# -- lists -------------------------------------------------------------------------------------------------

ROSTER = blank(
    [
        ["困难群众花名册"],
        ["单位：元"],
        ["序号", "姓名", "身份证号", "补助金额(元)"],
        [1],
        [2],
        ["单位负责人："],
    ]
)


def roster(amounts: Sequence[str]) -> tuple[Issued, Consolidation]:
    of = template(
        field("姓名", "person-name"),
        field("身份证号", "identity-number"),
        field("补助金额(元)", "amount", unit="元", total=True),
        key=["身份证号"],
        entity="person",
        rounding=Rounding(unit="万元", decimals=1),
    )
    rows = [(f"王{chr(0x82B1 + n)}", identity(n), amount) for n, amount in enumerate(amounts)]
    sent = submission("a.xlsx", table([one.name for one in of.fields], rows), unit="甲村")
    return issued(of, ROSTER), consolidate(of, [sent], Setting(TODAY, TODAY))


def test_a_lists_rows_add_up_to_its_total_in_ten_thousands(tmp_path: Path) -> None:
    assert write_rounded(tmp_path / "a.xlsx", *roster(["500", "500", "500", "12000"]), HEADING)
    book = load_workbook(tmp_path / "a.xlsx")
    sheet = book["Sheet1"]
    assert [sheet[f"D{row}"].value for row in range(4, 8)] == [0.1, 0.1, 0, 1.2]
    assert sheet["D8"].value == "=SUM(D4:D7)"
    assert load_workbook(tmp_path / "a.xlsx", data_only=True)["Sheet1"]["D8"].value == 1.4
    assert (sheet["A2"].value, sheet["D3"].value, sheet["D4"].number_format) == ("单位：万元", "补助金额(万元)", "0.0")
    assert sheet["D6"].comment.text == "四舍五入为 0.1；为使各分项之和等于合计，取 0"
    assert [line[0] for line in list(book.worksheets[-1].values)[2:]] == ["D6"]


def test_a_wrong_amount_stands_as_its_unit_wrote_it_with_its_old_unit(tmp_path: Path) -> None:
    write_rounded(tmp_path / "a.xlsx", *roster(["5000", "-300", "约400", "2000"]), HEADING)
    sheet = load_workbook(tmp_path / "a.xlsx")["Sheet1"]
    assert [sheet[f"D{row}"].value for row in range(4, 8)] == [0.5, "-300元", "约400元", 0.2]


# -- specs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("into", "codes"),
    [
        (None, []),
        (Rounding(unit="万元", decimals=2), []),
        (Rounding(unit="亿元"), []),
        (Rounding(unit="万"), ["spec-word-unknown"]),
        (Rounding(unit="dollars"), ["spec-word-unknown"]),
        (Rounding(unit="元"), ["spec-word-unknown"]),
        (Rounding(unit="千元", decimals=9), ["spec-value-wrong"]),
        (Rounding(unit="千元", decimals=-1), ["spec-value-wrong"]),
    ],
)
def test_a_unit_that_is_none_and_decimals_past_reason_are_named(into: Rounding | None, codes: list[str]) -> None:
    assert [code for _, code, _ in rounding_problems(relief(into))] == codes


def test_a_unit_that_was_nearly_meant_is_suggested() -> None:
    ((place, _, facts),) = rounding_problems(relief(Rounding(unit="万")))
    assert (place, facts["suggestion"]) == (("rounding", "unit"), "万元")
