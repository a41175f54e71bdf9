"""New records among those that are linked: found as though all were linked at once, and old ids stay."""

from __future__ import annotations

import polars as pl
import pytest
from villagers import FIELDS, Person, frame, slipped, villagers

from reportkit.linkage import link
from reportkit.linkage.blocking import CAP
from reportkit.linkage.growth import CLUSTER, ID, Kept, grow, keep, rekeyed
from reportkit.linkage.kernel import KEY
from reportkit.linkage.learnt import Learnt

PEOPLE = villagers(120)
AGAIN = [(name, slipped(str(number)), phone, place) for name, number, phone, place in PEOPLE[:20]]


def kept_of(rows: list[Person]) -> Kept:
    records = frame(rows)
    found = link(records, FIELDS, "person")
    return keep(pl.Series([f"old{n}" for n in range(len(rows))]), found.frame, records.drop("_id"), found.learnt)


def grown(kept: Kept, rows: list[Person]) -> dict[str, str]:
    found = grow(kept, pl.Series([f"new{n}" for n in range(len(rows))]), frame(rows).drop("_id"))
    return dict(found.kept.frame.select(ID, CLUSTER).iter_rows())


def test_a_new_record_joins_the_thing_that_it_is_about_under_the_old_id() -> None:
    name, number, phone, place = PEOPLE[30]
    cluster = grown(
        kept_of([*PEOPLE, *AGAIN]), [(name, slipped(str(number)), phone, place), ("孙大海", None, "18800000001", "北关村9号")]
    )
    assert cluster["new0"] == cluster["old30"] == "old30"
    assert cluster["new1"] == "new1"


def test_old_clusters_keep_their_ids_whatever_comes() -> None:
    kept = kept_of([*PEOPLE, *AGAIN])
    before = dict(kept.frame.select(ID, CLUSTER).iter_rows())
    after = grown(kept, [PEOPLE[n] for n in range(0, 120, 7)])
    assert {record: after[record] for record in before} == before
    assert len({cluster for record, cluster in before.items() if record in ("old0", "old120")}) == 1


def test_two_new_records_about_somebody_new_are_one() -> None:
    stranger = ("欧阳询", None, "18800000000", "北大街88号")
    cluster = grown(kept_of([*PEOPLE, *AGAIN]), [stranger, stranger])
    assert cluster["new0"] == cluster["new1"] == "new0"


def test_growing_twice_is_growing_once_by_both() -> None:
    kept = kept_of([*PEOPLE, *AGAIN])
    one, two = [PEOPLE[40], PEOPLE[41]], [PEOPLE[40], PEOPLE[50]]
    first = grow(kept, pl.Series(["a0", "a1"]), frame(one).drop("_id")).kept
    twice = dict(grow(first, pl.Series(["b0", "b1"]), frame(two).drop("_id")).kept.frame.select(ID, CLUSTER).iter_rows())
    once = dict(
        grow(kept, pl.Series(["a0", "a1", "b0", "b1"]), frame([*one, *two]).drop("_id"))
        .kept.frame.select(ID, CLUSTER)
        .iter_rows()
    )
    assert twice == once


def test_what_was_learnt_is_the_same_after_it_was_written_down() -> None:
    learnt = kept_of([*PEOPLE, *AGAIN]).learnt
    assert Learnt.model_validate_json(learnt.model_dump_json()) == learnt


def test_keys_of_another_version_are_made_anew_and_crowded_ones_left_out() -> None:
    kept = kept_of([*PEOPLE, *AGAIN])
    foreign = Kept(
        kept.frame.with_columns(pl.lit(7, pl.UInt64).alias(name) for name in kept.frame.columns if name.startswith(KEY)),
        kept.learnt.model_copy(update={"hashes": "0.0"}),
    )
    anew = rekeyed(foreign)
    assert anew.learnt.hashes == kept.learnt.hashes
    assert anew.frame.select(pl.col(f"^{KEY}.*$")).equals(kept.frame.select(pl.col(f"^{KEY}.*$")))


@pytest.mark.parametrize("number", [CAP + 50])
def test_an_office_phone_on_many_rows_brings_no_new_record_together_with_them(number: int) -> None:
    office = "05350000000"
    many = [(name, idn, office, place) for name, idn, _, place in villagers(number)]
    cluster = grown(kept_of([*many, *AGAIN]), [("孙大海", None, office, "北关村9号")])
    assert cluster["new0"] == "new0"
