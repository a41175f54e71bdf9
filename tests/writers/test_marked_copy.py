"""A marked copy: the file as it was, but for colours, comments and a first sheet."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import (
    CODES,
    FIRST_LINE,
    IDS,
    ROSTER,
    WRONG,
    cells,
    coloured,
    commented,
    marked,
    marked_again,
    opened,
    problem,
    township,
    warning,
)
from openpyxl import Workbook
from openpyxl.styles import PatternFill
from workbooks import parts_of, saved, with_parts, xlsx

from reportkit.marking import Problem, Standing
from reportkit.messages import Language, say
from reportkit.severity import Severity
from reportkit.writers.marked_copy import marked_name
from reportkit.writers.package import Package, parse
from reportkit.writers.stamp import stamp_in

LIST = say("marked-sheet", Language.ZH)


def lines(content: bytes, sheet: str = LIST, first: int = FIRST_LINE) -> list[list[str]]:
    page = opened(content)[sheet]
    return [[str(cell.value or "") for cell in row[:9]] for row in page.iter_rows(min_row=first)]


def targets(content: bytes) -> list[str | None]:
    page = opened(content)[LIST]
    return [cell.hyperlink.location if cell.hyperlink else None for (cell,) in page.iter_rows(FIRST_LINE, min_col=3, max_col=3)]


# -- what stays ---------------------------------------------------------------------------------------------


def test_parts_that_nobody_marks_leave_byte_for_byte(tmp_path: Path) -> None:
    before, after = parts_of(township()), parts_of(marked(tmp_path, township(), [problem()]))
    touched = {"[Content_Types].xml", "docProps/custom.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    touched |= {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}
    assert {name for name, data in before.items() if after[name] != data} == touched
    assert {name.rpartition("/")[2] for name in after.keys() - before.keys()} == {"sheet3.xml"}


def test_of_a_marked_sheet_only_the_rows_with_marks_change(tmp_path: Path) -> None:
    before, after = (
        re.sub(rb' tabSelected="1"', b"", data["xl/worksheets/sheet1.xml"])
        for data in (parts_of(township()), parts_of(marked(tmp_path, township(), [problem()])))
    )
    rows = re.compile(rb'<row r="4".*?</row>')
    assert rows.sub(b"", before) == rows.sub(b"", after)
    assert before != after


def test_values_of_all_sheets_are_as_they_were(tmp_path: Path) -> None:
    after = cells(marked(tmp_path, township()))
    del after[LIST]
    assert after == cells(township())


def test_a_marked_cell_keeps_its_number_format_border_and_font(tmp_path: Path) -> None:
    before, after = (opened(data)[ROSTER]["D5"] for data in (township(), marked(tmp_path, township())))
    assert after.fill.fgColor.rgb == "FFFFEB9D"
    assert after.number_format == before.number_format
    assert (repr(after.border), repr(after.font)) == (repr(before.border), repr(before.font))


def test_names_follow_their_sheets_and_the_list_is_what_opens(tmp_path: Path) -> None:
    book = opened(marked(tmp_path, township()))
    assert book.sheetnames == [LIST, ROSTER, CODES]
    assert book.active is not None
    assert book.active.title == LIST
    assert [page.title for page in book.worksheets if page.sheet_view.tabSelected] == [LIST]
    assert (book[CODES].print_area, book[ROSTER].print_title_rows) == ("'代码 ''表'' 一'!$A$1:$A$2", "$2:$2")
    assert book.defined_names["性别"].attr_text == "'代码 ''表'' 一'!$A$1:$A$2"


def test_own_properties_stay_beside_the_mark(tmp_path: Path) -> None:
    content = marked(tmp_path, township())
    assert b"KSOProductBuildVer" in parts_of(content)["docProps/custom.xml"]
    assert list(stamp_in(content)) == ["reportkit.marked"]


# -- colours and comments -----------------------------------------------------------------------------------


def test_exactly_the_wrong_cells_are_coloured_and_a_whole_row_is_at_its_first_filled_cell(tmp_path: Path) -> None:
    assert coloured(marked(tmp_path, township())) == {"B4": "red", "D5": "yellow", "A3": "red"}
    assert coloured(marked(tmp_path, township()), CODES) == {}


def test_a_comment_says_what_is_wrong_what_to_do_and_what_may_be_meant(tmp_path: Path) -> None:
    told = commented(marked(tmp_path, township()))
    assert told["B4"] == f"【reportkit】● 错误（清单第 1 条）\nid-checksum 不对\n怎么改：请改正\n建议值：{IDS[2]}"
    assert told.keys() == {"A3", "B4", "D5"}


def test_own_comments_stay_and_ours_stands_below(tmp_path: Path) -> None:
    told = commented(marked(tmp_path, township()))
    assert told["A3"].startswith("本人签字见附件\n【reportkit】")
    assert told["D5"].startswith("已与民政所核对\n【reportkit】▲ 核实（新）")


def test_every_comment_has_a_box_of_its_own(tmp_path: Path) -> None:
    drawing = parts_of(marked(tmp_path, township()))["xl/drawings/vmlDrawing1.vml"]
    boxes = re.findall(rb'<v:shape id="(\w+)".*?<x:Row>(\d+)</x:Row>\s*<x:Column>(\d+)</x:Column>', drawing, re.DOTALL)
    assert {(row, column) for _, row, column in boxes} == {(b"2", b"0"), (b"3", b"1"), (b"4", b"3")}
    assert len({name for name, _, _ in boxes}) == 3


def test_pictures_in_a_page_header_are_no_place_for_comments(tmp_path: Path) -> None:
    content, rels = township(), "xl/worksheets/_rels/sheet2.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/vmlDrawing"
    links = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{kind}" Target="../drawings/vmlDrawing9.vml"/></Relationships>'
    picture = '<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape id="CH"/></xml>'
    header = b'<legacyDrawingHF xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"/></worksheet>'
    sheet = parts_of(content)["xl/worksheets/sheet2.xml"].replace(b"</worksheet>", header)
    content = with_parts(content, {rels: links, "xl/drawings/vmlDrawing9.vml": picture, "xl/worksheets/sheet2.xml": sheet})
    after = parts_of(marked(tmp_path, content, [problem("A", 2, sheet=CODES)]))
    assert after["xl/drawings/vmlDrawing9.vml"] == picture.encode()
    assert re.search(rb'<legacyDrawing [^>]*r:id="rId3"/><legacyDrawingHF', after["xl/worksheets/sheet2.xml"])


@pytest.mark.parametrize(
    ("file", "name"),
    [("a.xlsx", "a.xlsx"), ("东山街道/b.csv", "b.csv.xlsx"), ("c.XLSX", "c.XLSX"), ("d.xlsm", "d.xlsm.xlsx"), ("e", "e.xlsx")],
)
def test_a_copy_that_is_another_format_has_a_second_ending(file: str, name: str) -> None:
    assert marked_name(file) == name


def test_a_box_is_as_high_as_its_words_need(tmp_path: Path) -> None:
    drawing = parts_of(marked(tmp_path, township(), [problem("C", 3), problem("C", 4, message="很长" * 200)]))
    short, long = re.findall(rb"height:([\d.]+)pt", drawing["xl/drawings/vmlDrawing1.vml"])[-2:]
    assert float(short) < 80
    assert float(long) > 200


def test_a_thread_of_comments_is_left_alone(tmp_path: Path) -> None:
    content = township()
    notes = parts_of(content)["xl/comments1.xml"].replace("<author>经办人".encode(), b"<author>tc={0A1B}")
    after = marked(tmp_path, with_parts(content, {"xl/comments1.xml": notes}))
    assert commented(after)["A3"] == "本人签字见附件"
    assert coloured(after)["A3"] == "red"


def test_the_gravest_of_several_problems_gives_the_colour_and_all_are_told(tmp_path: Path) -> None:
    content = marked(tmp_path, township(), [warning("C", 3), problem("C", 3), problem("C", 3, severity=Severity.NOTE)])
    assert coloured(content) == {"C3": "red"}
    assert commented(content)["C3"].count("不对") == 3


def test_what_is_explained_or_waived_is_no_longer_red_or_yellow(tmp_path: Path) -> None:
    settled = [warning(standing=Standing.EXPLAINED, explanation="本月补发"), problem(standing=Standing.WAIVED)]
    content = marked(tmp_path, township(), settled)
    assert coloured(content) == {"D5": "blue", "B4": "blue"}
    assert "说明：本月补发" in commented(content)["D5"]


def test_cells_that_do_not_exist_are_made_in_their_place(tmp_path: Path) -> None:
    rows = '<sheetData><row r="2" spans="1:1"><c r="A2"><v>1</v></c><c r="D2"><v>4</v></c></row><row r="7"/></sheetData>'
    wrong = [problem(column, row, sheet="表") for column, row in (("B", 2), ("AA", 2), ("C", 5), ("A", 7), ("B", 9))]
    content = marked(tmp_path, xlsx(rows), wrong)
    assert coloured(content, "表") == dict.fromkeys(("B2", "AA2", "C5", "A7", "B9"), "red")
    order = re.findall(rb'r="([A-Z]*\d+)"', parts_of(content)["xl/worksheets/sheet1.xml"])
    assert order == [b"2", b"A2", b"B2", b"D2", b"AA2", b"5", b"C5", b"7", b"A7", b"9", b"B9"]


def test_rows_and_cells_that_only_count_themselves_are_found(tmp_path: Path) -> None:
    rows = "<sheetData><row><c><v>1</v></c></row><row><c><v>2</v></c><c><v>3</v></c></row></sheetData>"
    content = marked(tmp_path, xlsx(rows), [problem("B", 2, sheet="表"), problem("C", 2, sheet="表")])
    assert coloured(content, "表") == {"B2": "red", "C2": "red"}
    assert cells(content)["表"] == [["1"], ["2", "3"]]


def test_an_empty_cell_takes_the_look_of_its_column(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page["A1"] = 1
    page.column_dimensions["C"].number_format = "0.000"
    page.column_dimensions["C"].width = 12
    content = marked(tmp_path, saved(book), [problem("C", 1, sheet="Sheet")])
    assert opened(content)["Sheet"]["C1"].number_format == "0.000"


def test_what_a_merged_cell_covers_is_marked_where_it_begins(tmp_path: Path) -> None:
    content = marked(tmp_path, township(), [problem("C", 1)])
    assert coloured(content) == {"A1": "red"}
    assert targets(content) == [f"'{ROSTER}'!C1"]


def test_a_sheet_whose_elements_have_a_prefix_is_marked_too(tmp_path: Path) -> None:
    content = township()
    plain = parts_of(content)["xl/worksheets/sheet2.xml"]
    prefixed = re.sub(rb"<(/?)(?=[a-zA-Z])(?!\?)", rb"<\1x:", plain).replace(b"xmlns=", b"xmlns:x=")
    after = marked(tmp_path, with_parts(content, {"xl/worksheets/sheet2.xml": prefixed}), [problem("A", 2, sheet=CODES)])
    assert coloured(after, CODES) == {"A2": "red"}
    assert list(commented(after, CODES)) == ["A2"]
    assert after.count(b"PK\x03\x04") > 3


def test_data_bars_drawings_and_tables_keep_their_order_around_the_comments(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["甲", "乙"])
    page.append([1, 2])
    content = saved(book)
    sheet = parts_of(content)["xl/worksheets/sheet1.xml"]
    nested = (
        b'<conditionalFormatting sqref="A2"><cfRule type="dataBar" priority="1"><dataBar><cfvo type="min"/><cfvo type="max"/>'
        b'<color rgb="FF638EC6"/></dataBar><extLst><ext uri="{1}"/></extLst></cfRule></conditionalFormatting>'
    )
    last = b'<extLst><ext uri="{2}"/></extLst></worksheet>'
    sheet = sheet.replace(b"</sheetData>", b"</sheetData>" + nested).replace(b"</worksheet>", last)
    after = marked(tmp_path, with_parts(content, {"xl/worksheets/sheet1.xml": sheet}), [problem("A", 2, sheet="Sheet")])
    tags = [node.tag.rpartition("}")[2] for node in parse(parts_of(after)["xl/worksheets/sheet1.xml"])]
    assert tags[-4:] == ["conditionalFormatting", "pageMargins", "legacyDrawing", "extLst"]
    assert nested in parts_of(after)["xl/worksheets/sheet1.xml"]


def test_of_very_many_wrong_cells_all_are_coloured_and_the_first_have_comments(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in range(2_100):
        page.append([row])
    content = marked(tmp_path, saved(book), [problem("A", row, sheet="Sheet") for row in range(1, 2_101)])
    assert len(coloured(content, "Sheet")) == 2_100
    assert len(commented(content, "Sheet")) == 2_000
    assert "只有前 2000 个加了批注" in str(lines(content, first=1)[:6])


# -- the first sheet ----------------------------------------------------------------------------------------


def test_the_list_says_whose_form_it_is_what_to_do_and_what_is_counted(tmp_path: Path) -> None:
    told = lines(marked(tmp_path, township(), fixed=3, deadline="2026-12-05"), first=1)
    assert told[0][0] == "问题清单：东山街道 困难群众补助花名册 2026-11"
    assert told[1][0].startswith("有错误，请改正后重新报送")
    assert told[2][0] == "错误 3 处　　需核实 1 处　　提示 0 处　　上次的问题已改正 3 处　　请于 2026-12-05 前发回"
    assert told[4] == ["序号", "程度", "位置", "项目", "填写的值", "问题", "怎么改", "建议值", "说明"]


def test_a_line_has_place_value_problem_mend_and_suggestion(tmp_path: Path) -> None:
    told = lines(marked(tmp_path, township()))
    assert told[0] == ["1", "● 错误", f"{ROSTER} B4", "身份证号", IDS[1], "id-checksum 不对", "请改正", IDS[2], ""]
    assert [line[2] for line in told] == [f"{ROSTER} B4", f"{ROSTER} 第 3 行", ROSTER, f"{ROSTER} D5"]
    assert told[3][1] == "▲ 核实\n（新）"


def test_places_lead_to_their_cells_even_on_sheets_with_quotes(tmp_path: Path) -> None:
    wrong = [*WRONG, problem("", 0, "late", sheet=""), problem("A", 2, sheet=CODES)]
    assert targets(marked(tmp_path, township(), wrong)) == [
        f"'{ROSTER}'!B4",
        f"'{ROSTER}'!A3",
        f"'{ROSTER}'!A1",
        None,
        "'代码 ''表'' 一'!A2",
        f"'{ROSTER}'!D5",
    ]


def test_a_whole_row_leads_to_its_first_filled_cell(tmp_path: Path) -> None:
    rows = '<sheetData><row r="3"><c r="B3"/><c r="C3"><v>1</v></c></row></sheetData>'
    content = marked(tmp_path, xlsx(rows), [problem("", 3, sheet="表")])
    assert (coloured(content, "表"), targets(content)) == ({"C3": "red"}, ["'表'!C3"])


def test_many_alike_are_a_line_with_their_range_and_number(tmp_path: Path) -> None:
    content = marked(tmp_path, township(), [problem(row=row, value=f"值{row}") for row in range(3, 503)])
    (line,) = lines(content)
    assert line[2] == f"{ROSTER} B3–B502（500 处）"
    assert line[4] == "值3\n值4\n值5…"
    assert targets(content) == [f"'{ROSTER}'!B3:B502"]
    assert len(coloured(content)) == 500


def test_no_formula_and_no_outer_link_is_in_the_list_whatever_was_typed(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://x")&<b>\'\x00_x0041_'
    content = marked(tmp_path, township(), [problem(value=evil, message=evil, suggestion=evil, key=evil)])
    sheet = parts_of(content)["xl/worksheets/sheet3.xml"]
    assert b"<f>" not in sheet
    assert b"r:id" not in sheet
    assert lines(content)[0][4] == evil.replace("\x00", "").replace("_x0041_", "_x005F_x0041_")


def test_the_list_is_printed_across_with_its_header_on_every_page_and_can_be_filtered(tmp_path: Path) -> None:
    page = opened(marked(tmp_path, township()))[LIST]
    assert (page.page_setup.orientation, page.sheet_properties.pageSetUpPr.fitToPage, page.page_setup.fitToHeight) == (
        "landscape",
        True,
        0,
    )
    assert (page.print_title_rows, page.freeze_panes, page.auto_filter.ref) == ("$5:$5", "A6", "A5:J9")
    assert page.column_dimensions["J"].hidden


def test_words_are_english_where_english_is_asked_for(tmp_path: Path) -> None:
    told = lines(marked(tmp_path, township(), language=Language.EN), "Problems", 1)
    assert told[0][0] == "Problems found in: 东山街道 困难群众补助花名册 2026-11"
    assert told[4][-1] == "Explanation"
    assert told[5][1] == "● Error"


@pytest.mark.parametrize(
    ("problems", "words"),
    [([warning()], "没有错误，有需要核实的"), ([problem(severity=Severity.NOTE)], "没有必须处理"), ([], "没有发现问题")],
)
def test_the_verdict_fits_what_was_found(tmp_path: Path, problems: list[Problem], words: str) -> None:
    assert lines(marked(tmp_path, township(), problems), first=1)[1][0].startswith(words)


def test_protected_and_hidden_sheets_stay_so_and_the_list_says_it(tmp_path: Path) -> None:
    book = opened(township())
    book[ROSTER].protection.sheet = True
    book[ROSTER].sheet_state = "hidden"
    content = marked(tmp_path, saved(book))
    after = opened(content)
    assert (after[ROSTER].protection.sheet, after[ROSTER].sheet_state) == (True, "hidden")
    told = str(lines(content, first=1)[:7])
    assert f"设有保护的工作表：{ROSTER}" in told
    assert f"隐藏的工作表：{ROSTER}" in told


@pytest.mark.parametrize("where", ["row", "column", "neither"])
def test_the_list_says_where_wrong_cells_cannot_be_seen(tmp_path: Path, where: str) -> None:
    book = opened(township())
    book[ROSTER].row_dimensions[4 if where == "row" else 5].hidden = True
    book[ROSTER].column_dimensions["B" if where == "column" else "C"].hidden = True
    told = str(lines(marked(tmp_path, saved(book), [problem()]), first=1)[:7])
    assert (f"隐藏或被筛选掉的行、列里，工作表：{ROSTER}" in told) == (where != "neither")


def test_a_sheet_of_the_same_name_stays_the_townships(tmp_path: Path) -> None:
    book = opened(township())
    book[CODES].title = LIST
    content = marked(tmp_path, saved(book))
    assert opened(content).sheetnames == [f"{LIST}(2)", ROSTER, LIST]
    again = marked(tmp_path, content)
    assert opened(again).sheetnames == [f"{LIST}(2)", ROSTER, LIST]


# -- twice is once ------------------------------------------------------------------------------------------


def test_marking_a_marked_copy_gives_the_same_bytes(tmp_path: Path) -> None:
    assert marked_again(tmp_path, township(), WRONG, WRONG) == marked(tmp_path, township())


def test_the_same_file_and_problems_give_the_same_bytes(tmp_path: Path) -> None:
    assert marked(tmp_path, township()) == marked(tmp_path, township())


def test_marks_of_before_are_taken_off_and_own_colours_and_comments_come_back(tmp_path: Path) -> None:
    content = marked_again(tmp_path, township(), WRONG, (problem("C", 3),))
    assert coloured(content) == {"C3": "red"}
    assert commented(content).keys() == {"A3", "C3", "D5"}
    assert (commented(content)["A3"], commented(content)["D5"]) == ("本人签字见附件", "已与民政所核对")
    assert opened(content)[ROSTER]["D5"].fill.fgColor.rgb == "FF92D050"
    assert opened(content).sheetnames == [LIST, ROSTER, CODES]


def test_of_own_comments_nothing_of_ours_is_left_when_all_is_mended(tmp_path: Path) -> None:
    content = marked_again(tmp_path, township(), WRONG, ())
    assert commented(content) == {"A3": "本人签字见附件", "D5": "已与民政所核对"}
    assert (coloured(content), lines(content)) == ({}, [])


def test_a_sheet_that_had_no_comments_has_none_when_its_problems_are_mended(tmp_path: Path) -> None:
    content = marked_again(tmp_path, township(), (problem("A", 2, sheet=CODES),), ())
    assert commented(content, CODES) == {}
    assert b"legacyDrawing" not in parts_of(content)["xl/worksheets/sheet2.xml"]
    assert {name for name in parts_of(content) if "omments" in name} == {"xl/comments1.xml"}


columns, rows = st.sampled_from("ABCDF"), st.integers(1, 9)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.builds(problem, columns, rows), max_size=6),
    st.lists(st.builds(warning, columns, rows), max_size=6),
)
def test_whatever_was_marked_before_the_new_marks_are_those_of_a_fresh_copy(
    tmp_path_factory: pytest.TempPathFactory, first: list[Problem], second: list[Problem]
) -> None:
    path = tmp_path_factory.mktemp("again")
    again, fresh = marked_again(path, township(), tuple(first), tuple(second)), marked(path, township(), second)
    assert coloured(again) == coloured(fresh)
    assert commented(again) == commented(fresh)
    assert cells(again) == cells(fresh)


@pytest.mark.parametrize("colour", [PatternFill("solid", start_color="FF00B0F0"), PatternFill()])
def test_a_cells_own_fill_comes_back(tmp_path: Path, colour: PatternFill) -> None:
    book = opened(township())
    book[ROSTER]["B4"].fill = colour
    content = marked_again(tmp_path, saved(book), WRONG, ())
    after = opened(content)[ROSTER]["B4"].fill
    assert (after.fill_type, after.fgColor.rgb) == (colour.fill_type, colour.fgColor.rgb)


# -- what is no .xlsx ---------------------------------------------------------------------------------------


def test_a_csv_gets_a_workbook_with_all_its_text_and_the_same_marks(tmp_path: Path) -> None:
    number = f"{IDS[0][:17]}X"
    content = f"姓名,身份证号,编号\n王芳甲,{number},00012\n李强乙,{IDS[1]},=1+1\n".encode("gb18030")
    wrong = [problem("B", 2, sheet=""), problem("", 3, sheet="")]
    after = marked(tmp_path, content, wrong, "名册.csv")
    rows = cells(after)
    assert rows["Sheet1"] == [["姓名", "身份证号", "编号"], ["王芳甲", number, "00012"], ["李强乙", IDS[1], "=1+1"]]
    assert coloured(after, "Sheet1") == {"B2": "red", "A3": "red"}
    assert opened(after)["Sheet1"]["C3"].data_type == "s"
    assert "名册.csv" in str(lines(after, first=1)[:6])


def test_an_xls_gets_a_workbook_with_its_sheets_numbers_days_and_merged_cells(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("表一")
    page.write_merge(0, 0, 0, 2, "花名册")
    for at, value in enumerate(["张三", 12.5, IDS[0]]):
        page.write(1, at, value)
    other = book.add_sheet("隐")
    other.write(0, 0, 7)
    other.visibility = 1
    out = io.BytesIO()
    book.save(out)
    after = marked(tmp_path, out.getvalue(), [problem("B", 2, sheet="表一")], "名册.xls")
    kept = opened(after)
    assert cells(after)["表一"] == [["花名册"], ["张三", "12.5", IDS[0]]]
    assert kept["表一"]["B2"].value == 12.5
    assert [str(area) for area in kept["表一"].merged_cells.ranges] == ["A1:C1"]
    assert (kept["隐"].sheet_state, coloured(after, "表一")) == ("hidden", {"B2": "red"})


def test_macros_are_left_out_and_the_list_says_so(tmp_path: Path) -> None:
    content = with_parts(township(), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    after = marked(tmp_path, content, file="花名册.xlsm")
    assert "xl/vbaProject.bin" not in parts_of(after)
    assert "宏已去掉" in str(lines(after, first=1)[:7])


def test_a_package_that_is_not_as_it_should_be_is_marked_in_a_copy_of_its_cells(tmp_path: Path) -> None:
    rows = '<sheetData><row r="3"><c r="A3"><v>3</v></c></row><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    after = marked(tmp_path, xlsx(rows), [problem("A", 3, sheet="表")])
    assert coloured(after, "表") == {"A3": "red"}
    assert cells(after)["表"] == [["1"], [], ["3"]]


def test_the_copy_is_a_whole_package(tmp_path: Path) -> None:
    content = marked(tmp_path, township())
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
    types = parts_of(content)["[Content_Types].xml"].decode()
    assert {name for name in parts_of(content) if name.endswith(".xml") and name != "[Content_Types].xml"} <= set(
        re.findall('PartName="/([^"]+)"', types)
    )
    package = Package(content)
    assert all(part in package.parts for part in package.sheets().values())
