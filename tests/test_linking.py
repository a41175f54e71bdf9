"""Which rows of anyone's table are about one thing."""

from __future__ import annotations

import doctest
from datetime import date
from itertools import combinations
from random import Random

import polars as pl
import pytest
from desk import identity
from hypothesis import given, settings
from hypothesis import strategies as st
from villagers import slipped, villagers

import reportkit as rk
from reportkit import linking
from reportkit.elements import ELEMENTS
from reportkit.elements.shape import Scope
from reportkit.elements.writing import NONE
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


@pytest.mark.parametrize("kind", [pl.List(pl.Int64), pl.Binary])
def test_a_column_of_lists_or_bytes_is_wrong_usage(kind: pl.DataType) -> None:
    frame = people().with_columns(pl.lit(None, dtype=kind).alias("odd"))
    with pytest.raises(UsageError) as raised:
        rk.link(frame, {"odd": "text"})
    assert (raised.value.code, raised.value.facts["column"]) == ("link-column-type", "odd")


# -- values --------------------------------------------------------------------------------------------------

WRITTEN = {
    "person-name": ["张三", "张 三", "劉海芳", "无", "", None],
    "phone": ["13812345678", "+86 138-1234-5678", "/", None],
    "identity-number": [identity(1), f" {identity(1)} ", "无", None],
    "date": ["1956-03-12", "1956年3月12日", "暂无", None],
    "given-name": ["José-María", "jose maria", "n/a", None],
    "postcode": ["sw1a 1aa", "SW1A1AA", "264003", "-", None],
    "address": ["前岭村1号", "前岭村 １ 号", "无", None],
}
CANONICAL = {
    "person-name": ["张三", "张三", "刘海芳", None, None, None],
    "phone": ["13812345678", "13812345678", None, None],
    "identity-number": [identity(1), identity(1), None, None],
    "date": ["1956-03-12", "1956-03-12", None, None],
    "given-name": ["Jose Maria", "Jose Maria", None, None],
    "postcode": ["SW1A1AA", "SW1A1AA", "264003", None, None],
    "address": ["前岭村1号", "前岭村1号", None, None],
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_values_are_written_as_their_element_writes_them_and_none_is_blank(kind: str) -> None:
    assert linking.canonical(pl.Series("x", WRITTEN[kind], dtype=pl.String), kind).to_list() == CANONICAL[kind]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([*ELEMENTS]), st.lists(st.one_of(st.none(), st.text(max_size=12), st.sampled_from(sorted(NONE))), max_size=12)
)
def test_a_column_is_written_as_each_value_by_itself_and_once_is_enough(kind: str, values: list[str | None]) -> None:
    column = pl.Series("x", values, dtype=pl.String)
    wanted = [None if one is None else ELEMENTS[kind].normalise(one, Scope()) or None for one in values]
    found = linking.canonical(column, kind)
    assert found.to_list() == wanted
    assert linking.canonical(found, kind).to_list() == wanted


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([name for name, one in ELEMENTS.items() if one.linking.plain]), st.data())
def test_values_that_are_plain_stay_as_they_stand(kind: str, data: st.DataObject) -> None:
    pattern = ELEMENTS[kind].linking.plain
    words = data.draw(st.lists(st.from_regex(pattern.removesuffix("$") + r"\Z", fullmatch=True), max_size=5))
    words = [word for word in words if word not in NONE and pl.Series([word]).str.contains(pattern)[0]]
    assert linking.canonical(pl.Series("x", words, dtype=pl.String), kind).to_list() == words


def test_numbers_and_days_are_texts_of_themselves() -> None:
    frame = pl.DataFrame({"n": [264003, None], "f": [264003.0, 0.5], "d": [date(1956, 3, 12), None]})
    assert linking.canonical(frame["n"], "postcode").to_list() == ["264003", None]
    assert linking.canonical(frame["f"], "amount").to_list()[0] == "264003"
    assert linking.canonical(frame["d"], "date").to_list() == ["1956-03-12", None]


# -- tables --------------------------------------------------------------------------------------------------

GIVEN = [
    "Margaret",
    "William",
    "Elizabeth",
    "Robert",
    "Catherine",
    "Edward",
    "Susan",
    "Thomas",
    "Alison",
    "Gregory",
    "Beatrice",
    "Howard",
    "Imogen",
    "Laurence",
]
FAMILY = [
    "Ashworth",
    "Bellamy",
    "Carrington",
    "Dunmore",
    "Eastwick",
    "Fairbairn",
    "Gladwell",
    "Hathersage",
    "Inchbald",
    "Jessop",
    "Kirkbride",
    "Lockhart",
    "Merriman",
    "Nettleton",
]
SHORT = {"Margaret": "Peggy", "William": "Bill", "Elizabeth": "Liz", "Robert": "Bob", "Catherine": "Kate", "Edward": "Ted"}
LATIN = {"given": "given-name", "family": "surname", "born": "date", "street": "address", "code": "postcode"}
Row = tuple[str | None, ...]


def townsfolk() -> tuple[list[Row], list[Row]]:
    """People, and thirty of them as another clerk wrote them: a short form, a slip of the keys, another hand, another house."""
    random = Random(8)  # noqa: S311 - made-up people
    rows: list[Row] = [
        (
            given_name,
            family,
            f"19{random.randrange(30, 99)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}",
            f"{random.randrange(1, 400)} {random.choice(['Mill', 'Church', 'Station', 'Orchard', 'Chapel'])} Road",
            f"{random.randrange(2000, 9000)}",
        )
        for given_name in GIVEN
        for family in FAMILY
    ]
    again = []
    for n, (given_name, family, born, street, code) in enumerate(random.sample(rows, 30)):
        short, slip = SHORT.get(str(given_name), given_name), str(family)[:3] + str(family)[4:]
        again.append(
            [
                (short, family, born, street, code),
                (given_name, slip, born, street, None),
                (str(given_name).upper(), str(family).lower(), born, None, code),
                (given_name, family, born, "17 Harbour Lane", "1234"),
            ][n % 4]
        )
    return rows, again


def test_typos_and_nicknames_in_letters_are_one_person() -> None:
    rows, again = townsfolk()
    found = rk.link(pl.DataFrame([*rows, *again], schema=[*LATIN], orient="row"), LATIN)["cluster_id"].to_list()
    assert found[: len(rows)] == list(range(len(rows)))
    right = 0
    for (given_name, family, born, *_), cluster in zip(again, found[len(rows) :], strict=True):
        who = rows[cluster] if cluster < len(rows) else (None,) * 5
        right += who[2] == born and str(who[1])[:3].lower() == str(family)[:3].lower() and given_name is not None
    assert right >= 28


def test_chinese_columns_are_linked_whatever_they_are_called() -> None:
    people = villagers(80)
    again = [(name.replace("伟", "维"), slipped(str(number)), phone, place) for name, number, phone, place in people[:10] if name]
    frame = pl.DataFrame([*people, *again], schema=["a", "b", "c", "d"], orient="row")
    fields = {"a": "person-name", "b": "identity-number", "c": "phone", "d": "address"}
    assert rk.link(frame, fields)["cluster_id"].to_list() == [*range(80), *range(10)]


def test_a_row_more_or_less_in_another_order_changes_nobodys_companions() -> None:
    rows, again = townsfolk()
    every = [*rows, *again]
    order = list(range(len(every)))
    Random(2).shuffle(order)  # noqa: S311 - any order will do
    one = rk.link(pl.DataFrame(every, schema=[*LATIN], orient="row"), LATIN)["cluster_id"].to_list()
    other = rk.link(pl.DataFrame([every[n] for n in order], schema=[*LATIN], orient="row"), LATIN)["cluster_id"].to_list()
    place = {record: at for at, record in enumerate(order)}
    some = range(len(rows) - 20, len(every))
    assert all((one[i] == one[j]) == (other[place[i]] == other[place[j]]) for i, j in combinations(some, 2))


@pytest.mark.parametrize(
    "rows", [[], [("Ann", "Bell", "1950-01-01", None, None)], [(None,) * 5] * 4], ids=["empty", "one row", "all null"]
)
def test_nothing_and_next_to_nothing_is_linked_with_nobody(rows: list[Row]) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(LATIN, pl.String), orient="row")
    found = rk.link(frame, LATIN)
    assert found.columns == ["record_id", "cluster_id", "score"]
    assert found["cluster_id"].to_list() == list(range(len(rows)))
    assert found["score"].to_list() == [1.0] * len(rows)


def test_a_lazy_frame_is_linked_as_the_frame_is() -> None:
    frame = people()
    assert linking.clusters(frame.lazy(), FIELDS).frame.equals(linking.clusters(frame, FIELDS).frame)
