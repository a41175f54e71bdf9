"""Golden records: what survives of a cluster, by which rule, and what loses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import polars as pl
import pytest
from desk import identity
from forms import HEADER, PEOPLE, TODAY, part, table
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.records import ID, Records, gather
from reportkit.survivorship import Golden, survive
from reportkit.templates import Template

few = settings(max_examples=60, deadline=None)
ONE, OTHER = identity(1), identity(2)
Row = tuple[str | None, ...]


def gathered(rows: Sequence[Row], of: Template = PEOPLE) -> Records:
    """Each row in a file of its own: ``0.xlsx`` came first."""
    return gather(of, [part(f"{n}.xlsx", table(HEADER, [row]), of, rank=n) for n, row in enumerate(rows)], TODAY)


def survived(rows: Sequence[Row], clusters: Sequence[int] = (), of: Template = PEOPLE, accepted: Sequence[bool] = ()) -> Golden:
    found = gathered(rows, of)
    groups = found.frame.select(ID).with_columns(pl.Series("cluster", clusters or [0] * len(rows), dtype=pl.UInt32))
    return survive(found, groups, pl.Series(accepted or [True] * len(rows)))


def golden(rows: Sequence[Row], of: Template = PEOPLE) -> dict[str, str | None]:
    return survived(rows, of=of).take(gathered(rows, of).frame).row(0, named=True)


def rules(found: Golden) -> list[tuple[object, ...]]:
    return found.conflicts.select("field", "chosen", "other", "rule").rows()


def by(rule: str) -> Template:
    return PEOPLE.model_copy(update={"survivorship": {"联系电话": rule, "家庭住址": rule}})


def test_a_row_alone_survives_as_it_is() -> None:
    row = ("王芳", ONE, "13900000001", None, "100")
    assert tuple(golden([row]).values()) == row
    assert survived([row]).conflicts.height == 0


def test_the_majority_survives_and_the_loser_is_named_with_its_source() -> None:
    rows = [("王芳", ONE, phone) for phone in ("13900000001", "13900000002", "13900000001")]
    assert golden(rows)["联系电话"] == "13900000001"
    assert survived(rows).conflicts.select("chosen", "other", "other_from", "rule").rows() == [
        ("13900000001", "13900000002", "1.xlsx|Sheet1|3", "majority")
    ]


def test_between_as_many_votes_the_latest_survives() -> None:
    assert golden([("王芳", ONE, "13900000001"), ("王芳", ONE, "13900000002")])["联系电话"] == "13900000002"


def test_a_value_without_an_error_survives_against_any_majority() -> None:
    rows = [("王芳", ONE, "1390000"), ("王芳", ONE, "1390000"), ("王芳", ONE, "13900000001")]
    assert golden(rows)["联系电话"] == "13900000001"
    assert rules(survived(rows)) == [("联系电话", "13900000001", "1390000", "without-error")]


def test_the_spec_may_ask_for_the_latest_or_the_longest() -> None:
    rows: list[Row] = [
        ("王芳", ONE, "13900000001", "前岭村东大街1号"),
        ("王芳", ONE, "13900000001", "前岭村1号"),
        ("王芳", ONE, "13900000002", "前岭1号"),
    ]
    assert golden(rows, by("latest"))["联系电话"] == "13900000002"
    assert golden(rows, by("latest"))["家庭住址"] == "前岭1号"
    assert golden(rows, by("longest"))["家庭住址"] == "前岭村东大街1号"
    assert [rule for name, *_, rule in rules(survived(rows, of=by("longest"))) if name == "家庭住址"] == ["longest"] * 2


def test_the_rule_is_the_one_that_decided() -> None:
    tie: list[Row] = [("王芳", ONE, "13900000001"), ("王芳", ONE, "13900000002")]
    assert rules(survived(tie)) == [("联系电话", "13900000002", "13900000001", "latest")]
    same_time = gather(PEOPLE, [part(f"{n}.xlsx", table(HEADER, [row]), PEOPLE) for n, row in enumerate(tie)], TODAY)
    groups = same_time.frame.select(ID).with_columns(pl.lit(0, dtype=pl.UInt32).alias("cluster"))
    found = survive(same_time, groups, pl.Series([True, True]))
    assert rules(found) == [("联系电话", "13900000001", "13900000002", "first")]
    longer: list[Row] = [("王芳", ONE, "13900000001", "前岭村12号"), ("王芳", ONE, "13900000001", "后岭村12号")]
    assert rules(survived(longer, of=by("longest"))) == [("家庭住址", "后岭村12号", "前岭村12号", "latest")]


def test_the_owners_word_counts_against_any_majority_and_even_with_an_error() -> None:
    rows = [("王芳", ONE, "13900000001"), ("王芳", ONE, "13900000001"), ("王芳", ONE, "1390000")]
    found = gathered(rows)
    groups = found.frame.select(ID).with_columns(pl.lit(0, dtype=pl.UInt32).alias("cluster"))
    golden_one = survive(found, groups, pl.Series([True] * 3), {"联系电话": "2.xlsx", "身份证号": "2.xlsx"})
    assert golden_one.take(found.frame)["联系电话"].to_list() == ["1390000"]
    assert rules(golden_one) == [("联系电话", "1390000", "13900000001", "owner")]
    default = survive(found, groups, pl.Series([True] * 3), {"default": "2.xlsx"})
    assert default.take(found.frame)["联系电话"].to_list() == ["1390000"]
    silent = survive(found, groups, pl.Series([True] * 3), {"联系电话": "9.xlsx"})
    assert silent.take(found.frame)["联系电话"].to_list() == ["13900000001"]


def test_numbers_of_several_units_are_added_and_a_row_typed_twice_counts_once() -> None:
    of = PEOPLE.model_copy(update={"survivorship": {"补助金额(元)": "sum"}})
    row = ("王芳", ONE, "13900000001", "前岭村1号")
    files = {"a.xlsx": [(*row, "100"), (*row, "100")], "b.xlsx": [(*row, "100")], "c.xlsx": [(*row, "0.5"), (*row, "很多")]}
    found = gather(of, [part(file, table(HEADER, lines), of) for file, lines in files.items()], TODAY)
    groups = found.frame.select(ID).with_columns(pl.lit(0, dtype=pl.UInt32).alias("cluster"))
    golden_one = survive(found, groups, pl.Series([True] * 5))
    assert golden_one.take(found.frame)["补助金额(元)"].to_list() == ["200.5"]
    assert golden_one.conflicts.select("chosen", "other", "other_from", "rule").rows() == [
        ("200.5", "100", "a.xlsx|Sheet1|3", "sum"),
        ("200.5", "100", "b.xlsx|Sheet1|3", "sum"),
        ("200.5", "0.5", "c.xlsx|Sheet1|3", "sum"),
        ("200.5", "很多", "c.xlsx|Sheet1|4", "without-error"),
    ]


def test_one_number_alone_is_no_sum() -> None:
    of = PEOPLE.model_copy(update={"survivorship": {"补助金额(元)": "sum"}})
    rows = [("王芳", ONE, None, None, "100"), ("王芳", ONE, None, None, None)]
    assert golden(rows, of)["补助金额(元)"] == "100"
    assert survived(rows, of=of).conflicts.height == 0


def test_a_blank_never_wins_and_never_is_a_conflict() -> None:
    rows: list[Row] = [("王芳", ONE, None, "前岭村1号"), ("王芳", ONE, "13900000001", None), ("王芳", ONE, None, None)]
    assert golden(rows)["联系电话"] == "13900000001"
    assert golden(rows)["家庭住址"] == "前岭村1号"
    assert survived(rows).conflicts.height == 0


def test_the_same_value_in_another_writing_is_no_conflict() -> None:
    rows: list[Row] = [("王芳", ONE, "139-0000-0001"), (" 王 芳", ONE.lower(), "13900000001")]
    assert survived(rows).conflicts.height == 0


def test_fields_of_the_key_come_from_one_row() -> None:
    of = PEOPLE.model_copy(update={"table_schema": PEOPLE.table_schema.model_copy(update={"primaryKey": ("姓名", "身份证号")})})
    rows = [("王芳", ONE), ("王方", OTHER), ("王方", ONE), ("王芳", OTHER)]
    found = survived(rows, of=of)
    assert found.origin.select("姓名", "身份证号").rows() in [[(n, n)] for n in range(4)]
    assert {rule for *_, rule in rules(found)} == {"key"}


def test_the_row_that_is_kept_has_a_right_key() -> None:
    rows = [("王芳", ONE[:-1] + "a"), ("王芳", ONE), ("王芳", None)]
    found = survived(rows)
    assert found.kept.to_list() == [1]
    assert found.origin["身份证号"].to_list() == [1]


def test_rows_that_were_not_accepted_have_no_vote() -> None:
    rows = [("王芳", ONE, phone) for phone in ("13900000001", "13900000002", "13900000002")]
    found = survived(rows, accepted=[True, False, False])
    assert found.kept.to_list() == [0]
    assert found.origin["联系电话"].to_list() == [0]
    assert found.conflicts.height == 0


NAMES = st.sampled_from(["王芳", "王方", None])
NUMBERS = st.sampled_from([ONE, OTHER, ONE[:-2], None])
PHONES = st.sampled_from(["13900000001", "13900000002", "139-0000-0001", "坏", None])
PLACES = st.sampled_from(["前岭村1号", "前岭村 1 号", "后岭村", None])
ROWS = st.lists(st.tuples(NAMES, NUMBERS, PHONES, PLACES, st.sampled_from(["100", "200", None])), min_size=1, max_size=7)
RULES = st.sampled_from([PEOPLE, by("latest"), by("longest")])


def wins(records: Records, members: Sequence[int], name: str, rule: str) -> str | None:
    """The survivor of a field that is no key, by the rule's own words: right before wrong, then the rule, the latest, the first."""
    cells = [n for n in members if records.frame[name][n] is not None]
    votes = Counter(records.frame[name][n] for n in cells)

    def rank(n: int) -> tuple[bool, int, int]:
        value = records.frame[name][n]
        weight = {"majority": votes[value], "latest": n, "longest": len(value)}[rule]
        return records.codes[name][n] is None, weight, n

    return records.frame[name][max(cells, key=rank)] if cells else None


@few
@given(ROWS, RULES, st.data())
def test_laws_of_survival(rows: list[Row], of: Template, data: st.DataObject) -> None:
    clusters = data.draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows)))
    found, records = survived(rows, clusters, of), gathered(rows, of)
    values = found.take(records.frame)
    # One golden record a cluster, in the place of one of its rows.
    assert sorted(clusters[n] for n in found.kept) == sorted(set(clusters))
    lost = found.conflicts.rows(named=True)
    for line, keeper in enumerate(found.kept):
        members = [n for n, cluster in enumerate(clusters) if cluster == clusters[keeper]]
        for name in HEADER:
            chosen = values[name][line]
            rule = of.survivorship.get(name, "majority")
            # No value is invented, the key is not mixed, and each value that another one beat is told.
            assert chosen in {records.frame[name][n] for n in members}
            if name not in of.key:
                assert chosen == wins(records, members, name, rule)
            stated = {records.frame[name][n] for n in members} - {None, chosen}
            told = [one for one in lost if one["_cluster"] == clusters[keeper] and one["field"] == name]
            assert sorted(one["other"] for one in told) == sorted(stated)
            assert {one["rule"] for one in told} <= ({"key"} if name in of.key else {rule, "without-error", "latest", "first"})
            assert {one["chosen"] for one in told} <= {chosen}


def test_no_record_no_golden_record() -> None:
    found = survive(
        gather(PEOPLE, [], TODAY), pl.DataFrame(schema={ID: pl.UInt32, "cluster": pl.UInt32}), pl.Series([], dtype=pl.Boolean)
    )
    assert (len(found.kept), found.conflicts.height) == (0, 0)


@pytest.mark.parametrize("name", ["身份证号", "姓名", "联系电话"])
def test_a_field_that_all_leave_blank_stays_blank(name: str) -> None:
    row = tuple(None if one == name else value for one, value in zip(HEADER, ("王芳", ONE, "13900000001"), strict=False))
    assert golden([row, row])[name] is None
