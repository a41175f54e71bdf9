"""Constraints of single cells, as the Table Schema standard means them."""

from __future__ import annotations

import polars as pl
import pytest
from forms import TODAY, field, part, records, table, template
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.checks import check
from reportkit.constraints import constraints
from reportkit.findings import Findings
from reportkit.messages import Language, catalogue
from reportkit.records import gather
from reportkit.sheets import Area
from reportkit.templates import Constraints, Field
from reportkit.wording import worded


def of(kind: str = "string", element: str = "text", form: str = "default", **limits: object) -> Field:
    return Field(name="值", type=kind, element=element, format=form, constraints=Constraints.model_validate(limits))


def broken(one: Field, *values: str | None) -> list[tuple[str, str]]:
    """Code and value of every finding on a column of that field."""
    rows = [("行", value) for value in values]
    found = Findings.gather(constraints(records(template(field("名"), one), *rows), {}))
    return found.frame.select("code", "value").rows()


RIGHT_AND_WRONG = {
    "integer": (["0", "-5", "+7", "007"], ["1.5", "3人", "1e3", "一"]),
    "number": (["1", "-1.5", ".5", "1.", "2e3", "INF", "-INF", "NaN"], ["1,200", "abc", "--1", "e5"]),
    "boolean": (["true", "True", "TRUE", "1", "false", "0"], ["yes", "2", "tRUE"]),
    "date": (["2026-03-05", "2024-02-29"], ["2023-02-29", "2026-3-5", "2026/03/05", "20260305"]),
    "datetime": (
        ["2026-03-05T09:30:00Z", "2026-03-05 09:30:00", "2026-03-05", "2026-03-05T09:30:00+08:00"],
        ["2026-03-05 25:00:00", "x"],
    ),
    "time": (["09:30:00", "23:59:59"], ["9:30", "24:10:00", "noon"]),
    "year": (["2026", "-0044"], ["26", "20266"]),
    "yearmonth": (["2026-03"], ["2026-13", "2026-3"]),
    "duration": (["P1Y6M", "PT30M", "P3DT12H", "-P1D"], ["P", "PT", "1Y", "P1DT"]),
}


@pytest.mark.parametrize("kind", sorted(RIGHT_AND_WRONG))
def test_a_value_that_is_none_of_its_type_is_named_and_all_others_pass(kind: str) -> None:
    right, wrong = RIGHT_AND_WRONG[kind]
    assert broken(of(kind), *right, *wrong, None) == [(f"type-{kind}", value) for value in wrong]


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        ("email", "a.b@example.org", "a.b@example"),
        ("uri", "https://example.org/a?b=c", "example.org"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123e4567"),
        ("binary", "aGVsbG8=", "aGVsbG8"),
    ],
)
def test_texts_have_the_format_that_the_spec_names(form: str, right: str, wrong: str) -> None:
    assert broken(of(form=form), right, wrong) == [("type-format", wrong)]


def test_a_date_has_the_pattern_that_the_spec_gives_and_is_compared_as_a_date() -> None:
    one = of("date", form="%d/%m/%Y", minimum="01/02/2026")
    assert broken(one, "31/01/2027", "31/01/2026", "2026-03-05") == [("type-date", "2026-03-05"), ("below-minimum", "31/01/2026")]


def test_any_date_is_whatever_offices_write() -> None:
    assert broken(of("date", form="any", maximum="2026-12-31"), "2026年3月5日", "2027.1.1", "昨天") == [
        ("type-date", "昨天"),
        ("above-maximum", "2027.1.1"),
    ]


def test_what_its_element_has_found_wrong_is_not_found_again() -> None:
    rows = [("行", "王芳"), ("行", "-3"), ("行", "300")]
    one = of("integer", "integer", minimum=0, maximum=130, pattern="[0-9]{1,2}")
    found = check(records(template(field("名"), one), *rows), TODAY)
    assert found.frame.select("row", "code").rows() == [(3, "not-a-number"), (4, "integer-negative"), (5, "number-outside")]


def test_what_is_not_of_its_type_is_held_to_nothing_else() -> None:
    one = of("integer", minimum=10, enum=["10", "20"], pattern="[0-9]+", maxLength=2)
    assert broken(one, "十五", "20") == [("type-integer", "十五")]


def test_a_pattern_speaks_of_the_whole_value() -> None:
    assert broken(of(pattern="[A-Z]{2}|[0-9]{3}"), "AB", "123", "ABC", "x123") == [
        ("pattern-differs", "ABC"),
        ("pattern-differs", "x123"),
    ]


def test_a_list_holds_for_fields_that_are_no_codes() -> None:
    assert broken(of("date", "date", enum=["2026-01-01", "2026/7/1"]), "2026.7.1", "2026-01-02") == [
        ("value-not-listed", "2026-01-02")
    ]


@pytest.mark.parametrize(
    ("one", "low", "inside", "high"),
    [
        (of("number", minimum=1.5, maximum=10), "1.49", ("1.5", "10"), "10.01"),
        (
            of("date", "date", minimum="2026-01-31", maximum="2026-02-28"),
            "2026-01-30",
            ("2026年1月31日", "2026-02-28"),
            "2026-03-01",
        ),
        (of("yearmonth", "month", minimum="2026-01", maximum="2026-03"), "2025-12", ("2026-01", "2026年3月"), "2026-04"),
        (of("year", "year", minimum=1990, maximum=2020), "1989", ("1990", "2020"), "2021"),
        (of("time", minimum="08:00:00", maximum="17:30:00"), "07:59:59", ("08:00:00", "17:30:00"), "17:30:01"),
        (
            of("datetime", minimum="2026-01-01T00:00:00", maximum="2026-01-02 12:00:00"),
            "2025-12-31 23:59:59",
            ("2026-01-01",),
            "2026-01-02T12:00:01Z",
        ),
    ],
)
def test_bounds_belong_to_what_is_allowed(one: Field, low: str, inside: tuple[str, ...], high: str) -> None:
    assert broken(one, low, *inside, high) == [("below-minimum", low), ("above-maximum", high)]


def test_an_end_that_has_no_day_is_beyond_no_bound() -> None:
    assert broken(of("date", "date", maximum="2026-02-28"), "长期") == []


@settings(max_examples=50, deadline=None)
@given(
    values=st.lists(st.integers(-50, 50), min_size=1, max_size=20),
    low=st.integers(-50, 50),
    high=st.integers(-50, 50),
)
def test_bounds_of_numbers_are_arithmetic(values: list[int], low: int, high: int) -> None:
    found = broken(of("integer", minimum=low, maximum=high), *map(str, values))
    wanted = [("below-minimum", str(v)) for v in values if v < low] + [("above-maximum", str(v)) for v in values if v > high]
    assert found == wanted


def test_lengths_count_characters() -> None:
    assert broken(of(minLength=2, maxLength=3), "王", "王芳", "王小芳", "欧阳小芳") == [
        ("too-short", "王"),
        ("too-long", "欧阳小芳"),
    ]


def test_blanks_pass_every_constraint_but_required() -> None:
    limits = {"minimum": 1, "maximum": 2, "enum": ["1"], "pattern": "1", "minLength": 1, "maxLength": 1, "unique": True}
    assert broken(of("integer", **limits), None, None) == []
    assert broken(of("integer", **limits, required=True), None) == [("required-missing", "")]
    assert broken(of("integer", "integer", required=True), "无") == [("required-missing", "无")]


def test_a_required_cell_is_not_missing_where_its_part_has_no_such_column_or_its_group_says_it() -> None:
    form = template(field("户主", per="household", required=True), field("户编号", per="household"), field("备注", required=True))
    rows = [("王大", "1"), (None, None), (None, "2")]
    one = part("a.xlsx", table(["户主", "户编号"], rows, merges=[Area(3, 1, 4, 1), Area(3, 2, 4, 2)]), form)
    other = part("b.xlsx", table(["户主", "户编号", "备注"], [("李大", "3", None)]), form, rank=1)
    found = Findings.gather(constraints(gather(form, [one, other], TODAY), {}))
    assert found.frame.select("code", "file", "row", "column", "field").rows() == [
        ("required-missing", "a.xlsx", 5, "A", "户主"),
        ("required-missing", "b.xlsx", 3, "C", "备注"),
    ]


def test_messages_name_the_bound_in_both_languages() -> None:
    one = of("number", minimum=80)
    found = Findings.gather(constraints(records(template(field("名"), one), ("行", "79")), {}))
    said = {language: worded(found, catalogue(), language)["message"].to_list() for language in Language}
    assert said == {Language.ZH: ["“值”不得小于 80，现为“79”"], Language.EN: ["“值” must not be less than 80; here it is “79”"]}
    assert found.frame["severity"].to_list() == ["error"]


def test_no_record_no_finding() -> None:
    assert isinstance(records(template(field("名"), of("integer", minimum=1))).frame, pl.DataFrame)
    assert broken(of("integer", minimum=1, pattern="x", unique=True)) == []


# -- how the standard lets numbers and truths be written ------------------------------------------------------


def written(kind: str, limits: dict[str, object], **how: object) -> Field:
    return Field.model_validate({"name": "值", "type": kind, "constraints": limits, **how})


def test_truths_are_those_that_the_spec_names() -> None:
    one = written("boolean", {}, trueValues=["是", "有"], falseValues=["否", "无人"])
    assert broken(one, "是", "有", "否", "无人", "true", "1") == [("type-boolean", "true"), ("type-boolean", "1")]
    assert broken(written("boolean", {}, trueValues=[True]), "true", "1") == [("type-boolean", "1")]


@pytest.mark.parametrize(
    ("how", "right", "wrong"),
    [
        ({"groupChar": ","}, ["1,234.5", "1,000", "7"], ["1;234", "一千"]),
        ({"groupChar": ".", "decimalChar": ","}, ["1.234,5", "0,5"], ["1,2,3"]),
        ({"bareNumber": False}, ["12%", "€ 12", "-3 元", "12"], ["若干", "1-2"]),
    ],
)
def test_numbers_are_read_as_the_spec_says_that_they_are_written(
    how: dict[str, object], right: list[str], wrong: list[str]
) -> None:
    assert broken(written("number", {}, **how), *right, *wrong) == [("type-number", value) for value in wrong]


def test_bounds_hold_for_what_a_number_means_however_it_is_written() -> None:
    one = written("number", {"minimum": 1000, "maximum": 2000}, groupChar=",", bareNumber=False)
    assert broken(one, "1,000元", "2,000", "999.5", "2,000.5元") == [("below-minimum", "999.5"), ("above-maximum", "2,000.5元")]


@pytest.mark.parametrize("element", ["text", "amount"])
def test_an_exclusive_bound_is_not_reached(element: str) -> None:
    one = of("number", element, exclusiveMinimum=0, exclusiveMaximum=100)
    assert broken(one, "0.5", "99", "0", "100") == [("not-above", "0"), ("not-below", "100")]
    day = of("date", exclusiveMinimum="2026-01-01")
    assert broken(day, "2026-01-02", "2026-01-01") == [("not-above", "2026-01-01")]
