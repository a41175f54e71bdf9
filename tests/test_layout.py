"""How golden records stand in a report."""

from __future__ import annotations

from collections.abc import Sequence

from desk import identity
from forms import HEADER, PEOPLE, TODAY, Row, field, submission, table, template
from hypothesis import given, settings
from hypothesis import strategies as st
from villagers import villagers

from reportkit.consolidation import Consolidation, Setting, consolidate
from reportkit.layout import Body, Group, Total, lay_out
from reportkit.messages import Language
from reportkit.sheets import Area
from reportkit.templates import Template

ROWS: list[Row] = [(*one, "100") for one in villagers(30)]


def round_of(rows: Sequence[Row], of: Template = PEOPLE, merges: Sequence[Area] = ()) -> Consolidation:
    header = [one.name for one in of.fields]
    return consolidate(of, [submission("a.xlsx", table(header, rows, merges=merges), unit="甲村")], Setting(TODAY, TODAY))


def body(rows: Sequence[Row], of: Template = PEOPLE, merges: Sequence[Area] = ()) -> Body:
    return lay_out(round_of(rows, of, merges), Language.ZH)


def test_rows_stand_in_the_order_in_which_they_came() -> None:
    assert body(ROWS).rows.rows() == ROWS
    assert body(ROWS).marks == ()


def test_numbers_and_codes_are_canonical_names_and_addresses_as_written() -> None:
    of = template(*PEOPLE.fields, field("备注"), key=["身份证号"], entity="person")
    row = (" 劉 海芳 ", identity(1).lower(), "139-0000-0001", "前岭村　１号", "１,０００元", " 新 增 2 人 ")
    shown = dict(zip([one.name for one in of.fields], body([row], of).rows.row(0), strict=True))
    assert shown == {
        "姓名": "劉海芳",
        "身份证号": identity(1),
        "联系电话": "13900000001",
        "家庭住址": "前岭村　１号",
        "补助金额(元)": "1000",
        "备注": "新增 2 人",
    }


def test_a_wrong_cell_stands_as_written_marked_and_in_no_total() -> None:
    rows = [*ROWS[:10], (*ROWS[10][:4], " 约100元 "), (ROWS[11][0], "37060219560312", *ROWS[11][2:])]
    found = body(rows)
    assert found.rows["补助金额(元)"][10] == "约100元"
    assert found.rows["身份证号"][11] == "37060219560312"
    assert [(mark.row, mark.field) for mark in found.marks] == [(10, "补助金额(元)"), (11, "身份证号")]
    assert all(mark.comment for mark in found.marks)
    assert found.totals == (Total("补助金额(元)", 1100.0, 1),)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["100", "0.1", "1,234.50元", "", "无", "很多", "-5"]), min_size=1, max_size=12))
def test_a_total_is_the_sum_of_what_is_right_and_counts_what_it_leaves_out(written: list[str]) -> None:
    cents = {"100": 10000, "0.1": 10, "1,234.50元": 123450}
    rows = [(*ROWS[n][:4], one) for n, one in enumerate(written)]
    (total,) = body(rows).totals
    assert total.value == sum(cents.get(one, 0) for one in written) / 100
    # A negative grant is an error as much as words are.
    assert total.left_out == sum(one in {"很多", "-5"} for one in written)


def test_a_person_twice_is_paid_once() -> None:
    found = body([*ROWS, ROWS[0]])
    assert found.rows.height == 30
    assert found.totals == (Total("补助金额(元)", 3000.0, 0),)


def test_numbers_of_several_units_are_added_where_the_spec_says_so() -> None:
    of = PEOPLE.model_copy(update={"survivorship": {"补助金额(元)": "sum"}})
    filed = [
        submission(f"{n}村/a.xlsx", table(HEADER, rows), unit=f"{n}村")
        for n, rows in enumerate(([*ROWS], [(*ROWS[0][:4], "20.5")]))
    ]
    found = lay_out(consolidate(of, filed, Setting(TODAY, TODAY)), Language.ZH)
    assert sorted(set(found.rows["补助金额(元)"])) == ["100", "120.5"]
    assert found.totals == (Total("补助金额(元)", 3020.5, 0),)


FAMILY = template(
    field("户主姓名", "person-name", per="household"),
    field("户主身份证号", "identity-number", per="household"),
    field("保障金", "amount", per="household", total=True),
    field("姓名", "person-name"),
    field("身份证号", "identity-number"),
    key=["身份证号"],
    entity="person",
)


def households(number: int) -> tuple[list[Row], list[Area]]:
    """Three people a household; its head's name, number and grant are merged over them."""
    people = villagers(3 * number)
    rows: list[Row] = []
    for n, (name, own, *_) in enumerate(people):
        head = people[n - n % 3]
        rows.append((head[0], head[1], "600", name, own) if n % 3 == 0 else (None, None, None, name, own))
    return rows, [Area(3 + 3 * n, column, 5 + 3 * n, column) for n in range(number) for column in (1, 2, 3)]


def test_a_households_value_stands_once_is_merged_and_counts_once() -> None:
    rows, merges = households(10)
    found = body(rows, FAMILY, merges)
    assert found.rows.rows() == rows
    wanted = {Group(name, 3 * n, 3 * n + 2) for n in range(10) for name in ("户主姓名", "户主身份证号", "保障金")}
    assert set(found.groups) == wanted
    assert found.totals == (Total("保障金", 6000.0, 0),)


def test_members_of_one_household_from_two_places_stand_together() -> None:
    rows, merges = households(10)
    late: Row = (rows[0][0], rows[0][1], None, "王小宝", identity(900, "20150505"))
    found = body([*rows, late], FAMILY, merges)
    assert found.rows["姓名"].to_list()[:4] == [*(row[3] for row in rows[:3]), "王小宝"]
    assert found.rows["户主姓名"].to_list()[:4] == [rows[0][0], None, None, None]
    assert Group("户主姓名", 0, 3) in found.groups
    assert found.rows.height == 31


def test_no_rows_make_an_empty_body() -> None:
    found = body([])
    assert found.rows.columns == list(HEADER)
    assert (found.rows.height, found.marks, found.groups) == (0, (), ())
    assert found.totals == (Total("补助金额(元)", 0.0, 0),)
