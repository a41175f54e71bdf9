"""Statistics forms: cells by their labels, wherever they stand."""

from __future__ import annotations

import pytest
from desk import identity
from forms import grid, table
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.grids import GridReading, grid_cells, looks_like_grid, read_grid
from reportkit.sheets import Line, Table
from reportkit.templates import GridCell, Template

few = settings(max_examples=40, deadline=None)
ROWS = ("热线工单", "信访件", "网上留言", "合计")
COLUMNS = ("受理数", "办结数", "办结>按时", "办结>超时")
BLANK = table(["项目", *COLUMNS], [[row] for row in ROWS])
ROSTER = table(
    ["序号", "姓名", "身份证号", "联系电话", "金额(元)", "备注"],
    [[n, "王李张刘陈杨"[n] + "芳", identity(n), f"1390000000{n}", 100 + n, None] for n in range(6)],
)


def form() -> Template:
    """The template as a blank shows it: every label with every label."""
    return grid(*(GridCell(name=f"{row}·{column}", row=row, column=column, at=at) for row, column, at in grid_cells(BLANK)))


def filled(rows: list[str], columns: list[str], before: list[str] | None = None) -> Table:
    """A unit's form: each cell holds its own labels' numbers, so that a cell taken for another is seen."""
    lines = [[row, *(before or []), *(figure(row, column) for column in columns)] for row in rows]
    return table(["项目", *(["计量单位"] if before else []), *columns], lines)


def figure(row: str, column: str) -> str:
    return str(100 * (1 + ROWS.index(row)) + COLUMNS.index(column))


def right(found: GridReading) -> bool:
    return all(cell.text == figure(*cell.name.split("·")) for cell in found.cells)


def test_every_label_makes_a_cell_with_every_column() -> None:
    assert grid_cells(BLANK)[:2] == (("热线工单", "受理数", "B3"), ("热线工单", "办结数", "C3"))
    assert grid_cells(BLANK)[-1] == ("合计", "办结>超时", "E6")
    assert len(grid_cells(BLANK)) == len(ROWS) * len(COLUMNS)


def test_the_measure_is_no_figure() -> None:
    blank = table(["项目", "计量单位", "行次", "数量"], [["户数", "户", "1", None], ["人数", "人", "2", None]])
    assert grid_cells(blank) == (("户数", "数量", "D3"), ("人数", "数量", "D4"))


def test_a_label_right_under_the_last_row_belongs_to_the_form_a_note_does_not() -> None:
    blank = table(["项目", "数量"], [["户数"], ["人数"]], below=(Line(5, 1, "其中：女"), Line(6, 1, "注：按季报送")))
    assert [row for row, _, _ in grid_cells(blank)] == ["户数", "人数", "其中：女"]
    apart = table(["项目", "数量"], [["户数"], ["人数"]], below=(Line(6, 1, "其中：女"),))
    assert [row for row, _, _ in grid_cells(apart)] == ["户数", "人数"]


@few
@given(st.permutations(ROWS), st.permutations(COLUMNS), st.booleans())
def test_rows_and_columns_are_found_by_their_labels_in_any_order(rows: list[str], columns: list[str], measured: bool) -> None:  # noqa: FBT001 - drawn
    found = read_grid(filled(rows, columns, ["件"] if measured else None), form())
    assert len(found.cells) == len(ROWS) * len(COLUMNS)
    assert right(found)
    assert (found.missing, found.extra) == ((), ())


@few
@given(st.sets(st.sampled_from(ROWS), min_size=1, max_size=3), st.sets(st.sampled_from(COLUMNS), min_size=1, max_size=4))
def test_what_is_left_out_is_missing_and_never_another_labels_figure(rows: set[str], columns: set[str]) -> None:
    found = read_grid(filled(sorted(rows), sorted(columns)), form())
    assert right(found)
    names = {cell.name for cell in found.cells}
    assert names == {f"{row}·{column}" for row in rows for column in columns}
    assert set(found.missing) == {cell.name for cell in form().cells} - names


def test_an_address_is_that_of_the_units_own_sheet() -> None:
    found = read_grid(filled(["合计", "信访件"], ["办结数", "受理数"], ["件"]), form())
    at = {cell.name: f"{cell.column}{cell.row}" for cell in found.cells}
    assert at == {"合计·办结数": "C3", "合计·受理数": "D3", "信访件·办结数": "C4", "信访件·受理数": "D4"}


def test_labels_that_the_template_lacks_are_named() -> None:
    lines = [[row, *(figure(row, column) for column in COLUMNS), "1"] for row in ROWS]
    found = read_grid(table(["项目", *COLUMNS, "满意率"], [*lines, ["来信", "1", "1"]]), form())
    assert set(found.extra) == {"满意率", "来信"}
    assert right(found)


def test_other_spelling_of_a_label_is_the_same_label() -> None:
    labels = zip((" 热线 工单", "信访件", "网上留言", "合  计"), ROWS, strict=True)
    lines = [[written, *(figure(row, column) for column in COLUMNS)] for written, row in labels]
    found = read_grid(table(["项目", "受 理 数", "办结件数", "办结>按时", "办结>超时"], lines), form())
    assert len(found.cells) == len(ROWS) * len(COLUMNS)
    assert right(found)


def test_a_blank_cell_is_found_and_empty() -> None:
    found = read_grid(table(["项目", *COLUMNS], [[row, None, "", "0", None] for row in ROWS]), form())
    assert {cell.text for cell in found.cells} == {"", "0"}


def test_a_total_that_the_table_set_aside_is_a_row_of_the_form() -> None:
    *lines, total = [[row, *(figure(row, column) for column in COLUMNS)] for row in ROWS]
    found = read_grid(table(["项目", *COLUMNS], lines, total=total), form())
    assert found.missing == ()
    assert right(found)


def test_a_sheet_without_labels_lacks_every_cell() -> None:
    found = read_grid(table(["受理数", "办结数"], [["1", "2"]]), form())
    assert found.cells == ()
    assert len(found.missing) == len(ROWS) * len(COLUMNS)


@pytest.mark.parametrize(
    ("sheet", "statistics"),
    [
        (BLANK, True),
        (table(["项目", "一月", "二月"], [["收入", "12", "1,300"], ["支出", "7.5", "-3"]]), True),
        (table(["序号", "姓名", "电话"]), False),
        (table(["姓名", "住址", "备注"], [["王芳", "前岭村", "无"], ["李强", "后岭村", "新"]]), False),
        (table(["姓名", "金额"], [["王芳", "100"], ["王芳", "100"]]), False),
        (table(["姓名", "金额"], [[f"王{n}", "100"] for n in range(61)]), False),
        (table(["序号", "金额"], [["1", "100"], ["2", "200"]]), False),
        (ROSTER, False),
        (table(["项目", "受理数"], below=(Line(3, 1, "热线工单"), Line(4, 1, "信访件"), Line(5, 1, "合计"))), True),
        (table(["序号", "企业名称", "地址"], below=(Line(3, 1, "负责人"), Line(4, 1, "联系电话"))), False),
        (table(["企业名称", "地址"], below=(Line(3, 1, "经办人：王芳"), Line(4, 1, "电话：12345"))), False),
        (table(["企业名称", "地址"], below=(Line(9, 1, "甲"), Line(10, 1, "乙"))), False),
        (table(["对象", "一月", "二月"], [["王芳", "1", "2"], ["李强", "3", "4"], ["张敏", "5", "6"]]), False),
        (table(["村居", "户数", "人数"], [["石湾村", "1", "2"], ["王庄", "3", "4"], ["合计", "4", "6"]]), True),
        (table(["项目", "档案编号"], [["收入", "2026001"], ["支出", "2026002"], ["结余", "2026003"]]), False),
        (table(["项目", "本年(元)"], [["收入", "1234567"], ["支出", "2026002.5"], ["结余", "-3003"]]), True),
    ],
)
def test_few_labelled_rows_under_columns_of_figures_are_a_statistics_form(sheet: Table, statistics: bool) -> None:  # noqa: FBT001 - the answer
    assert looks_like_grid(sheet) is statistics


# -- labels that are none of the template's ----------------------------------------------------------------


def form_of(rows: list[str], columns: list[str] | None = None) -> Table:
    names = columns or list(COLUMNS)
    return table(["项目", *names], [[row, *(str(10 * n + m) for m in range(len(names)))] for n, row in enumerate(rows)])


def test_a_single_label_in_other_words_goes_by_its_place_and_says_so() -> None:
    found = read_grid(form_of(["热线工单", "来信", "网上留言", "合计"]), form())
    assert [(one.row, one.column, one.found, one.expected) for one in found.placed] == [(4, "", "来信", "信访件")]
    assert (found.missing, found.extra) == ((), ())
    hows = {cell.name.split("·")[0]: (cell.how, cell.label.split("·")[0]) for cell in found.cells}
    assert hows["信访件"] == ("fuzzy", "来信")
    assert hows["热线工单"] == ("exact", "热线工单")
    assert all(cell.score < 0.6 for cell in found.cells if cell.how == "fuzzy")


def test_a_column_in_other_words_goes_by_its_place_too() -> None:
    found = read_grid(form_of(list(ROWS), ["受理数", "回访家数", "办结>按时", "办结>超时"]), form())
    assert [(one.row, one.column, one.found, one.expected) for one in found.placed] == [(0, "C", "回访家数", "办结数")]


@pytest.mark.parametrize(
    "rows",
    [
        ["热线工单", "来信", "信访来访", "走访", "合计"],
        ["热线工单", "网上留言", "来信", "合计"],
        ["热线工单", "来信", "走访", "合计"],
        ["来信", "热线工单", "信访件", "网上留言"],
    ],
)
def test_where_more_than_one_label_is_lost_nothing_goes_by_its_place(rows: list[str]) -> None:
    found = read_grid(form_of(rows), form())
    assert found.placed == ()
    for cell in found.cells:
        assert cell.label.split("·")[0] in {cell.name.split("·")[0], "信访来访"}
    assert "来信" in found.extra
