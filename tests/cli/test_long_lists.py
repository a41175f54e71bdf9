"""Lists too long for a workbook: Parquet and texts of several megabytes are held against a template too."""

from __future__ import annotations

import polars as pl
import pytest
from desk import HEADER, Desk, person

SPEC = """\
name: subsidy
title: 困难群众补助花名册
workbook: subsidy.xlsx
kind: list
schema:
  primaryKey: [身份证号]
  fields:
    - {name: 序号, type: integer}
    - {name: 姓名, type: string, element: person-name, constraints: {required: true}}
    - {name: 身份证号, type: string, element: identity-number, constraints: {required: true, unique: true}}
    - {name: 联系电话, type: string, element: phone}
    - {name: 家庭住址, type: string, element: address}
    - {name: 补助金额(元), type: number, element: amount, constraints: {maximum: 500}}
rules:
  - {code: R1, check: '"补助金额(元)" >= 100', message: 不足100元}
"""
ROWS = 60_000


def people() -> pl.DataFrame:
    """So many people, of whom one has no name and one gets too much."""
    rows = [(n + 1, *person(n)) for n in range(1000)]
    frame = pl.DataFrame(rows, schema=list(HEADER), orient="row").cast({HEADER[0]: pl.Int64, HEADER[5]: pl.Float64})
    frame = pl.concat([frame] * (ROWS // 1000)).with_columns(pl.int_range(1, ROWS + 1).alias(HEADER[0]))
    number = pl.col("身份证号") + "-" + pl.col(HEADER[0]).cast(pl.String)
    # Made of few numbers: what tells two of them apart makes each wrong, so the form asks for plain text.
    return frame.with_columns(
        number.alias("身份证号"),
        pl.when(pl.col(HEADER[0]) == 700).then(None).otherwise("姓名").alias("姓名"),
        pl.when(pl.col(HEADER[0]) == 41_000).then(900.0).otherwise(HEADER[5]).alias(HEADER[5]),
    )


@pytest.fixture
def office(desk: Desk) -> Desk:
    desk.workbook("subsidy.xlsx", [])
    desk.file("subsidy.yaml", SPEC.replace("identity-number", "text").encode())
    people().write_parquet(desk.folder / "名单.parquet")
    people().write_csv(desk.folder / "名单.csv")
    return desk


@pytest.mark.parametrize(("name", "first"), [("名单.parquet", 1), ("名单.csv", 2)])
def test_a_long_list_is_judged_and_its_cells_named(office: Desk, name: str, first: int) -> None:
    done = office.run("validate", name, "--template", "subsidy.yaml", "--json")
    assert done.status == 1
    told = {(line["code"], line["cell"], line["file"]) for line in done.document["listed"]}  # type: ignore[attr-defined]
    assert told == {("required-missing", f"B{699 + first}", name), ("number-outside", f"F{40_999 + first}", name)}
    assert done.document["submissions"] == {"accepted": 1}
    # The cell that is wrong is not judged again.
    assert done.document["rules"] == [
        {"template": "subsidy", "code": "R1", "passed": ROWS - 1, "failed": 0, "not_judged": 1},
    ]


def test_a_long_text_with_a_title_or_beside_a_workbook_is_read_as_any_file(office: Desk) -> None:
    text = (office.folder / "名单.csv").read_text(encoding="utf-8")
    office.file("有标题.csv", f"困难群众补助花名册,,,,,\n{text}".encode())
    office.workbook("另一份.xlsx", [person(1)])
    for paths in (["有标题.csv"], ["名单.csv", "另一份.xlsx"]):
        done = office.run("validate", *paths, "--template", "subsidy.yaml", "--json")
        told = {(line["code"], line["field"]) for line in done.document["listed"]}  # type: ignore[attr-defined]
        assert [line["not_judged"] for line in done.document["rules"]] == [1]  # type: ignore[attr-defined]
        assert {("required-missing", "姓名"), ("number-outside", HEADER[5])} <= told


def test_a_data_file_that_does_not_fit_the_template_is_set_aside_and_says_how_to_mend_it(office: Desk) -> None:
    pl.DataFrame({"甲": ["1"], "乙": ["2"]}).write_parquet(office.folder / "别的.parquet")
    done = office.run("validate", "别的.parquet", "--template", "subsidy.yaml", "--json")
    assert done.status == 3
    (told,) = done.document["listed"]  # type: ignore[misc]
    assert (told["code"], told["severity"]) == ("file-columnar", "error")
    assert "--template" in told["mend"]
