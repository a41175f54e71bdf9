"""A long list in one file: read as the table finder would read it, held against everything the template demands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from forms import TODAY, field, part, table, template
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.findings import Findings
from reportkit.flatlist import is_long, read_flat, validate_list
from reportkit.periods import Period
from reportkit.records import gather
from reportkit.rules import Rule
from reportkit.templates import Constraints, Field, Kind, Template

NOVEMBER = Period.parse("2026-11")
FORM = template(
    Field(name="编号", constraints=Constraints(required=True, unique=True)),
    field("姓名", "person-name", required=True),
    field("性别", "text", "男", "女"),
    field("人数", "integer", type="integer"),
    field("男", "integer", type="integer"),
    Field(name="联系电话", aliases=("手机",), constraints=Constraints(pattern="1[0-9]{10}")),
    rules=(Rule(code="R1", left='"人数"', op=">=", right='"男"', message="{left} < {right}"),),
)
HEADER = "编号,姓名,性别,人数,男,联系电话"
ROWS = ("1,王芳,女,3,1,13900000001", "2,,男,3,4,13900000002", "2,李强,中,三人,1,139", "4,赵敏,女,x,1,")
WRONG = [
    ("code-unknown", 4, "C", "性别", "中"),
    ("not-a-number", 5, "D", "人数", "x"),
    ("required-missing", 3, "B", "姓名", ""),
    ("pattern-differs", 4, "F", "联系电话", "139"),
    ("value-repeated", 3, "A", "编号", "2"),
    ("value-repeated", 4, "A", "编号", "2"),
    ("R1", 3, "D", "人数", "3"),
]


def found(path: Path, of: Template = FORM) -> Findings | None:
    told = validate_list(path, of, NOVEMBER, TODAY)
    return told and told.findings


def lines(path: Path, of: Template = FORM) -> list[tuple[object, ...]]:
    told = found(path, of)
    assert told is not None
    return told.frame.select("code", "row", "column", "field", "value").rows()


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_cell_that_is_not_as_demanded_is_named_whatever_the_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "\r\n".join((HEADER, *ROWS)).replace(",", delimiter)
    assert lines(written(tmp_path, text, encoding)) == WRONG


def test_gb18030_far_behind_the_beginning_is_read_too(tmp_path: Path) -> None:
    many = [f"{n},A,,1,1," for n in range(10, 120_000)]
    path = tmp_path / "list.csv"
    header = (
        HEADER.replace("编号", "No").replace("姓名", "Name").replace("性别", "Sex").replace("人数", "Count").replace("男", "Men")
    )
    of = template(*(field(name) for name in ("No", "Name", "Sex", "Count", "Men")))
    path.write_bytes("\n".join((header.replace(",联系电话", ",Phone"), *many, "9,王芳,女,1,1,")).encode("gb18030"))
    records = read_flat(path, of, TODAY)
    assert records is not None
    assert records.frame["Name"][-1] == "王芳"


def test_a_cell_of_several_lines_and_blank_lines_leave_the_rows_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    of = template(field("编号", required=True), field("备注"))
    path = written(tmp_path, '编号,备注\n1,"a\nb"\n\n2,c\n,d\n')
    assert lines(path, of) == [("required-missing", 5, "A", "编号", "")]


def test_parquet_is_read_as_its_cells_would_be_written(tmp_path: Path) -> None:
    frame = pl.DataFrame({"编号": [1.0, 2.5], "日期": [date(2026, 3, 5), None], "是否": [True, False]})
    frame.write_parquet(tmp_path / "list.parquet")
    of = template(field("编号"), field("日期", "date"), field("是否", type="boolean"))
    records = read_flat(tmp_path / "list.parquet", of, TODAY)
    assert records is not None
    assert records.frame.select("编号", "日期", "是否").rows() == [("1", "2026-03-05", "TRUE"), ("2.5", None, "FALSE")]


def test_columns_in_another_order_under_other_names_are_found(tmp_path: Path) -> None:
    path = written(tmp_path, "手机,姓名,人数,编号,性别,男\n139,王芳,1,1,女,1\n")
    assert lines(path) == [("pattern-differs", 2, "A", "联系电话", "139")]


@pytest.mark.parametrize("text", ["困难群众花名册\n" + HEADER + "\n1,王芳,女,3,1,\n", "a,b\n1,2\n", "编号,编号\n1,2\n", ""])
def test_what_has_no_header_of_the_template_in_its_first_line_is_left_to_the_table_finder(tmp_path: Path, text: str) -> None:
    assert found(written(tmp_path, text)) is None


def test_a_row_with_too_many_cells_is_left_to_the_table_finder(tmp_path: Path) -> None:
    assert found(written(tmp_path, HEADER + "\n1,王芳,女,3,1,,,,,x\n")) is None


def test_only_long_texts_and_parquet_go_this_way(tmp_path: Path) -> None:
    short, long = written(tmp_path, HEADER), tmp_path / "long.csv"
    long.write_bytes(b"x" * (5 << 20))
    book = tmp_path / "long.xlsx"
    book.write_bytes(b"PK\x03\x04" + b"x" * (5 << 20))
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "short.parquet")
    told = {path.name: is_long(path, FORM) for path in (short, long, book, tmp_path / "short.parquet", tmp_path / "none.csv")}
    assert told == {"list.csv": False, "long.csv": True, "long.xlsx": False, "short.parquet": True, "none.csv": False}
    assert not is_long(long, FORM.model_copy(update={"kind": Kind.GRID}))


CELL = st.one_of(st.none(), st.sampled_from(["1", "２", "王芳", "无", "x y", "2026-03-05", "2026.3.5", "139"]))


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(CELL, CELL, CELL).filter(any), min_size=1, max_size=8))
def test_values_are_those_that_the_table_finder_gives(
    rows: list[tuple[str | None, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    of = template(field("甲", "integer"), field("乙", "date"), field("丙"))
    path = tmp_path_factory.mktemp("list") / "list.csv"
    pl.DataFrame(rows, schema=["甲", "乙", "丙"], orient="row").cast(pl.String).write_csv(path)
    flat = read_flat(path, of, TODAY)
    assert flat is not None
    usual = gather(of, [part("list.csv", table(["甲", "乙", "丙"], rows), of)], TODAY)
    assert flat.frame.select("甲", "乙", "丙").rows() == usual.frame.select("甲", "乙", "丙").rows()
    assert flat.codes.rows() == usual.codes.rows()
