"""Records: rows in the template's fields, raw beside normalised."""

from __future__ import annotations

import pytest
from desk import identity
from forms import HEADER, PEOPLE, TODAY, field, part, records, table, template
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.records import ID, PART, Records, gather, leftovers
from reportkit.sheets import Area
from reportkit.templates import Kind, Schema, Template

few = settings(max_examples=40, deadline=None)
WANG = ("王芳", identity(1), "13900000001", "前岭村1号", "100")
LI = ("李强", identity(2), "13900000002", "前岭村2号", "200")


def values(of: Records, name: str) -> list[str | None]:
    return of.frame[name].to_list()


@given(st.permutations(range(5)))
@few
def test_rows_are_joined_by_field_never_by_position(order: list[int]) -> None:
    moved = table([HEADER[n] for n in order], [[LI[n] for n in order]])
    found = gather(PEOPLE, [part("a.xlsx", table(HEADER, [WANG]), PEOPLE), part("b.xlsx", moved, PEOPLE)], TODAY)
    assert found.frame.select(HEADER).rows() == [WANG, LI]


CELL = st.sampled_from([None, "王芳", "13900000001", identity(3), "１００", " 前岭村 1 号", "无", "#REF!"])


@given(st.lists(st.lists(st.tuples(*[CELL] * 5), max_size=4), max_size=4))
@few
def test_every_row_of_every_file_is_a_record_under_its_own_address(files: list[list[tuple[str | None, ...]]]) -> None:
    parts = [part(f"{n}.xlsx", table(HEADER, rows), PEOPLE) for n, rows in enumerate(files)]
    found = gather(PEOPLE, parts, TODAY)
    wanted = [(f"{n}.xlsx", "Sheet1", row) for n, rows in enumerate(files) for row in range(3, 3 + len(rows))]
    assert found.addresses().rows() == wanted
    assert found.frame[ID].to_list() == list(range(len(wanted)))
    assert found.raw.rows() == [row for rows in files for row in rows]


@given(st.lists(st.tuples(*[CELL] * 5), max_size=6))
@few
def test_what_is_canonical_stays_itself_when_it_is_read_again(rows: list[tuple[str | None, ...]]) -> None:
    once = records(PEOPLE, *rows)
    twice = records(PEOPLE, *once.frame.select(HEADER).rows())
    assert twice.frame.equals(once.frame)
    assert twice.codes.equals(once.codes)


def test_what_a_township_typed_stands_beside_the_canonical_value() -> None:
    found = records(PEOPLE, (" 王 芳", identity(9).lower(), "139-0000-0001", "前岭村１号", "1,200.00元"))
    assert found.raw.row(0) == (" 王 芳", identity(9).lower(), "139-0000-0001", "前岭村１号", "1,200.00元")
    assert found.frame.select(HEADER).row(0) == ("王芳", identity(9), "13900000001", "前岭村1号", "1200")
    assert found.codes.row(0) == (None,) * 5


def test_a_wrong_value_has_a_code_and_a_blank_has_none() -> None:
    found = records(PEOPLE, ("王芳", identity(1)[:-1], "", None, "很多"))
    codes = dict(zip(HEADER, found.codes.row(0), strict=True))
    assert codes == {
        "姓名": None,
        "身份证号": "identity-number-length",
        "联系电话": None,
        "家庭住址": None,
        "补助金额(元)": "not-a-number",
    }
    assert values(found, "联系电话") == [None]


def test_words_for_nothing_are_blanks() -> None:
    found = records(PEOPLE, ("王芳", identity(1), "无", "/", "—"))
    assert found.frame.select(HEADER).row(0) == ("王芳", identity(1), None, None, None)
    assert found.raw.row(0)[2:] == ("无", "/", "—")


def test_a_cell_knows_its_column_in_its_own_file() -> None:
    parts = [
        part("a.xlsx", table(HEADER, [WANG]), PEOPLE),
        part("b.xlsx", table(["身份证号", "姓名"], [(LI[1], LI[0])]), PEOPLE),
    ]
    cells = gather(PEOPLE, parts, TODAY).cells("身份证号")
    assert cells.select("file", "row", "column", "written").rows() == [("a.xlsx", 3, "B", WANG[1]), ("b.xlsx", 3, "A", LI[1])]
    assert gather(PEOPLE, parts, TODAY).cells("联系电话")["column"].to_list() == ["C", ""]


def test_rows_of_other_files_are_numbered_anew_and_stay_aligned() -> None:
    rows = [("a.xlsx", WANG), ("b.xlsx", LI), ("c.xlsx", ("赵丽", identity(3)))]
    found = gather(PEOPLE, [part(file, table(HEADER, [row]), PEOPLE) for file, row in rows], TODAY).without({"a.xlsx"})
    assert found.frame[ID].to_list() == found.frame[PART].to_list() == [0, 1]
    assert found.addresses()["file"].to_list() == [one.file for one in found.parts] == ["b.xlsx", "c.xlsx"]
    assert found.raw["姓名"].to_list() == values(found, "姓名") == ["李强", "赵丽"]


def test_no_file_gives_no_record() -> None:
    found = gather(PEOPLE, [], TODAY)
    assert found.height == 0
    assert found.cells("姓名").height == 0


# -- one value a group -------------------------------------------------------------------------------------

HOUSEHOLDS = template(
    field("户主姓名", "person-name", per="household"),
    field("户编号", "account", per="household"),
    field("姓名", "person-name"),
    key=["姓名"],
)
FAMILY = [("王大", "1001", "王大"), (None, None, "王二"), ("李大", "1002", "李大"), (None, None, "李二")]


def grouped(rows: list[tuple[str | None, ...]], *merges: Area) -> Records:
    return records(HOUSEHOLDS, *rows, merges=merges)


def test_a_merged_value_counts_for_the_rows_below_but_only_once_in_the_table() -> None:
    found = grouped(FAMILY, *(Area(row, column, row + 1, column) for row in (3, 5) for column in (1, 2)))
    assert values(found, "户主姓名") == ["王大", None, "李大", None]
    assert found.filled()["户主姓名"].to_list() == ["王大", "王大", "李大", "李大"]
    assert found.inherited["户主姓名"].to_list() == [False, True, False, True]


def test_nothing_is_taken_from_the_group_above() -> None:
    rows = [("王大", "1001", "王大"), (None, None, "王二"), (None, "1002", "李大"), (None, None, "李二")]
    found = grouped(rows, *(Area(row, column, row + 1, column) for row in (3, 5) for column in (1, 2)))
    assert found.filled()["户主姓名"].to_list() == ["王大", "王大", None, None]


def test_a_row_inserted_into_a_broken_merge_continues_its_group() -> None:
    rows = [("王大", "1001", "王大"), (None, None, "王二"), (None, None, "王三")]
    found = grouped(rows, Area(3, 1, 4, 1), Area(3, 2, 4, 2))
    assert found.filled()["户编号"].to_list() == ["1001"] * 3


def test_without_any_merge_a_blank_is_a_blank() -> None:
    assert grouped(FAMILY).filled()["户主姓名"].to_list() == ["王大", None, "李大", None]


def test_a_group_ends_with_its_file() -> None:
    merges = [Area(3, 1, 4, 1), Area(3, 2, 4, 2)]
    first = part("a.xlsx", table(["户主姓名", "户编号", "姓名"], FAMILY[:2], merges=merges), HOUSEHOLDS)
    second = part(
        "b.xlsx", table(["户主姓名", "户编号", "姓名"], [(None, None, "孙涛"), (None, None, "吴杰")], merges=merges), HOUSEHOLDS
    )
    assert gather(HOUSEHOLDS, [first, second], TODAY).filled()["户主姓名"].to_list() == ["王大", "王大", None, None]


# -- dates -------------------------------------------------------------------------------------------------

DATED = template(field("姓名", "person-name"), field("检查日期", "date"), key=["姓名"])


@pytest.mark.parametrize(
    ("past", "code"),
    [
        ([f"20{year}-0{month}-15" for year in range(20, 26) for month in range(1, 8)], "date-future"),
        ([f"20{year}-0{month}-15" for year in range(23, 29) for month in range(1, 8)], None),
    ],
)
def test_a_date_to_come_is_wrong_only_where_the_column_tells_of_the_past(past: list[str], code: str | None) -> None:
    rows = [(f"王{chr(0x4E00 + n)}", day) for n, day in enumerate(past)]
    found = records(DATED, *rows, ("赵丽", "2036-01-01"))
    assert found.codes["检查日期"][-1] == code
    assert found.codes["检查日期"][:-1].null_count() == len(past)


def test_many_rows_of_one_past_day_tell_of_the_past_as_many_days_do() -> None:
    rows = [(f"王{chr(0x4E00 + n)}", "2026-03-15") for n in range(40)]
    found = records(DATED, *rows, ("赵丽", "2036-01-01"))
    assert found.codes["检查日期"][-1] == "date-future"


# -- columns that map to nothing ---------------------------------------------------------------------------


def test_values_of_unknown_columns_are_kept_whole_with_their_address() -> None:
    sheet = table([*HEADER, "村里的备忘"], [(*WANG, " 明年再看 "), (*LI, None)])
    one = part("a.xlsx", sheet, PEOPLE)
    assert leftovers([one]).rows() == [("a.xlsx", "Sheet1", 3, "F", "村里的备忘", " 明年再看 ")]


@given(st.lists(st.sampled_from(["备忘", "ZZ", "其它情况", *HEADER]), min_size=1, max_size=6, unique=True))
@few
def test_every_cell_is_in_a_field_or_left_over(header: list[str]) -> None:
    rows = [[f"{name}{n}" for name in header] for n in range(3)]
    one = part("a.xlsx", table(header, rows), PEOPLE)
    kept = [cell for row in gather(PEOPLE, [one], TODAY).raw.rows() for cell in row if cell is not None]
    assert sorted([*kept, *leftovers([one])["value"]]) == sorted(cell for row in rows for cell in row)


def test_what_the_spec_says_stands_for_nothing_is_a_blank_but_stays_as_written() -> None:
    schema = Schema(primaryKey=("姓名",), fields=(field("姓名"), field("备注")), missingValues=("", "缺"))
    of = Template(name="people", title="花名册", workbook="blank.xlsx", kind=Kind.LIST, schema=schema)
    found = records(of, ("王芳", "缺"), ("缺", "缺席"))
    assert found.frame.select("姓名", "备注").rows() == [("王芳", None), (None, "缺席")]
    assert found.raw.select("姓名", "备注").rows() == [("王芳", "缺"), ("缺", "缺席")]
