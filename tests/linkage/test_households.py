"""Who lives together is not one person."""

from __future__ import annotations

from itertools import combinations

import pytest
from villagers import Member, households, linked

from reportkit.linkage import Clusters, LinkField

FIELDS = (
    LinkField("姓名", "person-name", "person.name"),
    LinkField("出生日期", "date", "person.birthday"),
    LinkField("电话", "phone"),
    LinkField("住址", "address"),
)


def pairs(labels: list[int]) -> set[tuple[int, int]]:
    """Pairs of rows with one label."""
    rows: dict[int, list[int]] = {}
    for row, label in enumerate(labels):
        rows.setdefault(label, []).append(row)
    return {pair for some in rows.values() for pair in combinations(some, 2)}


def register(seed: int) -> list[Member]:
    """Two thousand rows: three in ten live with three others of one surname, the rest alone; one in ten stands twice."""
    families = households(136, 4, again=0.1, seed=seed)
    alone = households(1273, 1, again=0.1, seed=seed + 1)
    return families + [Member(one.values, one.who + 10_000, one.home + 10_000) for one in alone]


def told(people: list[Member]) -> tuple[Clusters, set[tuple[int, int]], set[tuple[int, int]]]:
    """What linkage finds, its pairs and the true ones."""
    found = linked([one.values for one in people], FIELDS)
    return found, pairs(found.frame["cluster"].to_list()), pairs([one.who for one in people])


@pytest.mark.parametrize("seed", [1, 11, 12, 13, 2, 10])
def test_two_thousand_rows_with_three_in_ten_kin_are_linked_precisely(seed: int) -> None:
    people = register(seed)
    assert len(people) == pytest.approx(2000, abs=5)
    _, found, true = told(people)
    assert len(found & true) >= 0.95 * len(found)
    assert len(found & true) >= 0.85 * len(true)


@pytest.mark.parametrize("seed", [3, 10, 11, 4])
def test_people_of_one_household_with_other_names_and_birthdays_stay_apart(seed: int) -> None:
    people = households(150, 5, again=0.1, seed=seed)
    _, found, true = told(people)
    kin = {pair for pair in found - true if people[pair[0]].home == people[pair[1]].home}
    assert len(kin) <= 0.02 * len(true)
    assert len(found & true) >= 0.8 * len(true)


def test_a_village_of_households_where_nobody_stands_twice_joins_nobody() -> None:
    people = households(200, 4, again=0.0, seed=5)
    _, found, _ = told(people)
    assert len(found) <= 2


HOME = ("13700000001", "后岭村900号")


def test_one_person_twice_is_one_and_the_brother_is_another() -> None:
    people = [one.values for one in households(100, 4, again=0.1, seed=6)]
    rows = [*people, ("孙佳怡", "2010-05-05", *HOME), ("孙文琪", "2012-08-17", *HOME), ("孙佳怡", "2010-05-05", *HOME)]
    found = linked(rows, FIELDS).frame["cluster"].to_list()
    assert found[-3] == found[-1] != found[-2]


def test_twins_with_names_that_have_nothing_in_common_are_two() -> None:
    people = [one.values for one in households(100, 4, again=0.1, seed=6)]
    found = linked([*people, ("孙佳怡", "2010-05-05", *HOME), ("孙文琪", "2010-05-05", *HOME)], FIELDS).frame["cluster"].to_list()
    assert found[-2] != found[-1]


def test_what_a_household_shares_says_nothing_for_two_rows_that_it_sets_beside_each_other() -> None:
    """Of a pair that may be one household's, the shared phone and address add less than a bit for one person."""
    people = households(150, 4, again=0.15, seed=7)
    found, _, _ = told(people)
    doubtful = {
        pair
        for pair in found.doubtful.select("left", "right").iter_rows()
        if people[pair[0]].home == people[pair[1]].home and people[pair[0]].who != people[pair[1]].who
    }
    lines = [line for line in found.weights.iter_rows() if line[:2] in doubtful and line[2] in ("电话", "住址")]
    assert all(weight < 1 for *_, weight in lines)
