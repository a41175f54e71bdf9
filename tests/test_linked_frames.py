from __future__ import annotations

import doctest

import polars as pl
import pytest

import reportkit as rk
from reportkit import linking
from reportkit.errors import UsageError

FIELDS = {"name": "person-name", "born": "date"}


def people() -> pl.DataFrame:
    rows = [
        (10 * n, f"{'赵钱孙李周吴'[n % 6]}{'文轩若曦浩然静怡'[n % 7 : n % 7 + 2]}", f"19{50 + n}-0{1 + n % 9}-11")
        for n in range(20)
    ]
    return pl.DataFrame([*rows, (7, rows[4][1], rows[4][2])], schema=["id", "name", "born"], orient="row")


def test_the_example_in_the_docstring_is_what_happens() -> None:
    assert doctest.testmod(linking).failed == 0
    assert doctest.testmod(linking).attempted > 0


def test_a_cluster_bears_the_id_of_its_first_row_and_rows_keep_their_order() -> None:
    out = rk.link(people(), FIELDS, record_id="id")
    assert out.columns == ["record_id", "cluster_id", "score"]
    assert out["record_id"].to_list() == people()["id"].to_list()
    assert out.filter(pl.col("record_id") != pl.col("cluster_id")).rows()[0][:2] == (7, 40)


def test_without_ids_rows_are_numbered() -> None:
    assert rk.link(people(), FIELDS)["cluster_id"].to_list() == [*range(20), 4]


def test_columns_of_dates_and_numbers_are_read_as_people_write_them() -> None:
    frame = people().with_columns(pl.col("born").str.to_datetime(), code=pl.Series([None, *range(1, 21)], dtype=pl.Float64))
    assert linking.canonical(frame["born"], "date").to_list() == people()["born"].to_list()
    assert linking.canonical(frame["code"], "code").to_list()[:3] == [None, "1", "2"]
    assert linking.canonical(pl.Series([0.5, 1e300, float("nan")]), "text").to_list()[0] == "0.5"


def test_organisation_is_another_name_of_organisation_name() -> None:
    assert linking.elements_of({"firm": "organisation"}) == {"firm": "organisation-name"}


@pytest.mark.parametrize(
    ("fields", "record_id", "code"),
    [
        ({"nam": "person-name"}, "id", "link-column"),
        (FIELDS, "key", "link-column"),
        ({"name": "full-name"}, "id", "link-element"),
        ({}, "id", "link-no-field"),
        (FIELDS, "name", "link-id-twice"),
    ],
)
def test_wrong_names_and_ids_are_wrong_usage(fields: dict[str, str], record_id: str, code: str) -> None:
    with pytest.raises(UsageError) as raised:
        rk.link(people(), fields, record_id=record_id)
    assert raised.value.code == code


def test_a_blank_id_is_wrong_usage() -> None:
    frame = people().with_columns(pl.col("id").cast(pl.String).replace("50", " "))
    with pytest.raises(UsageError) as raised:
        rk.link(frame, FIELDS, record_id="id")
    assert (raised.value.code, raised.value.facts["row"]) == ("link-id-blank", "5")


def test_nothing_else_is_promised() -> None:
    assert rk.__all__ == ["link"]
    with pytest.raises(AttributeError):
        rk.nothing  # noqa: B018 - asking is the test


def test_a_column_may_bear_the_name_that_the_engine_uses() -> None:
    frame = people().rename({"name": "_id"})
    assert rk.link(frame, {"_id": "person-name", "born": "date"})["cluster_id"].to_list() == [*range(20), 4]
