"""Records → clusters: who is one person, who is not, and what nobody can tell."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
import pytest
from desk import identity
from hypothesis import example, given, settings
from hypothesis import strategies as st
from villagers import FIELDS, SURNAMES, Person, frame, groups, linked, slipped, villagers

from reportkit.elements.identity_number import is_valid
from reportkit.linkage import blocking, model
from reportkit.linkage.comparison import confirms, contradicts, levels_of
from reportkit.linkage.values import LinkField, encode

PEOPLE = villagers(50)
NAME, NUMBER, PHONE, PLACE = PEOPLE[0]
few = settings(max_examples=15, deadline=None)


def together(*rows: Person) -> bool:
    """Whether the added rows are all one person, among fifty others."""
    found = linked([*PEOPLE[1:], *rows]).frame["cluster"].to_list()
    return len(set(found[len(PEOPLE) - 1 :])) == 1


def apart(*rows: Person) -> bool:
    found = linked([*PEOPLE[1:], *rows]).frame["cluster"].to_list()
    return len(set(found)) == len(found)


# -- one person --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "again",
    [
        PEOPLE[0],
        ("王玮玮", slipped(str(NUMBER)), PHONE, PLACE),
        ("王玮玮", slipped(str(NUMBER)), None, PLACE),
        (NAME, str(NUMBER)[:-1], PHONE, None),
        (NAME, None, PHONE, PLACE),
        (NAME, NUMBER, "18800000009", "石良镇" + str(PLACE)),
    ],
    ids=[
        "typed twice",
        "slip and homophone",
        "without phone",
        "number cut off",
        "without number",
        "other phone, address in other words",
    ],
)
def test_one_person_is_found_in_spite_of_slips_and_gaps(again: Person) -> None:
    assert together(PEOPLE[0], again)


def test_three_writings_of_one_person_are_one_cluster() -> None:
    assert together(PEOPLE[0], ("王玮玮", slipped(str(NUMBER)), PHONE, PLACE), (NAME, None, PHONE, PLACE))


# -- several persons ---------------------------------------------------------------------------------------


def test_twins_on_one_phone_stay_apart() -> None:
    home = ("13700000001", "后岭村90号")
    assert apart(("孙佳怡", identity(700, "20100505"), *home), ("孙佳琪", identity(701, "20100505"), *home))


def test_a_household_that_shares_phone_and_address_stays_apart() -> None:
    home = ("13700000001", "后岭村90号")
    names = ("孙大海", "周小云", "孙强", "孙丽")
    assert apart(*((name, identity(n, f"19{50 + n}0505"), *home) for n, name in enumerate(names)))
    assert apart(*((name, None, *home) for name in names))


def test_namesakes_with_two_right_numbers_are_two_people_however_much_they_share() -> None:
    home = ("13700000001", "后岭村90号")
    assert apart(("孙佳怡", identity(700, "20100505"), *home), ("孙佳怡", identity(701, "20100505"), *home))


def test_a_name_alone_joins_nobody() -> None:
    assert apart(PEOPLE[0], (NAME, None, None, None))


def test_what_may_be_one_person_is_told_and_not_joined() -> None:
    rows = [*PEOPLE, (NAME, None, None, "前岭村")]
    found = linked(rows)
    assert found.frame["cluster"].n_unique() == len(rows)
    assert found.doubtful.select("left", "right").rows() == [(0, 50)]
    assert 0.5 <= found.doubtful["probability"][0] < 0.9
    assert "姓名" in found.doubtful["why"][0]


@pytest.mark.parametrize("number", [5, 40, 160])
def test_the_same_number_under_the_same_name_is_one_person_whatever_else_changed_and_however_few_rows(number: int) -> None:
    people = villagers(number)
    moved = (people[2][0], people[2][1], "13511112222", "后岭村77号")
    found = linked([*people, people[1], moved]).frame["cluster"].to_list()
    assert found[number:] == [1, 2]
    assert len(set(found)) == number


def test_a_name_and_an_address_are_two_facts_and_a_name_alone_is_one() -> None:
    assert linked([*PEOPLE, (NAME, None, None, PLACE)]).frame["cluster"][50] == 0
    alone = linked([*PEOPLE, (NAME, None, None, None)])
    assert (alone.frame["cluster"][50], alone.doubtful.select("left", "right").rows()) == (50, [(0, 50)])


def test_twins_whose_numbers_are_not_known_stay_two() -> None:
    home = ("13700000001", "后岭村90号")
    found = linked([*villagers(60), ("孙佳怡", None, *home), ("孙佳琪", None, *home)])
    assert found.frame["cluster"].to_list()[60:] == [60, 61]
    assert found.doubtful.select("left", "right").rows() == [(60, 61)]


@few
@given(st.permutations(range(54)))
def test_clusters_and_scores_do_not_depend_on_the_order_of_rows_near_the_cut_either(order: list[int]) -> None:
    rows = [
        *PEOPLE,
        *((name, None, phone, None) for name, _, phone, _ in PEOPLE[:2]),
        *((name, None, None, home) for name, _, _, home in PEOPLE[2:4]),
    ]
    straight = linked(rows).frame["score"].to_list()
    assert linked([rows[n] for n in order]).frame["score"].to_list() == [straight[n] for n in order]


def test_a_row_that_fits_two_people_never_makes_them_one() -> None:
    home = ("13700000001", "后岭村90号")
    rows = [
        *PEOPLE,
        ("孙佳怡", identity(700, "20100505"), *home),
        ("孙佳怡", identity(701, "19500505"), *home),
        ("孙佳怡", None, *home),
    ]
    found = linked(rows).frame["cluster"].to_list()
    assert found[50] != found[51]
    assert found[52] in (found[50], found[51])


def test_another_persons_number_does_not_tell_the_rows_own_thing() -> None:
    # One owner's houses: the key is address and number, so the same number on another address is another house.
    fields = (
        LinkField("坐落", "address", key=True),
        LinkField("房主身份证号", "identity-number", key=True),
        LinkField("房主", "person-name"),
    )
    rows = [(f"后岭村{n + 1}号", identity(n // 2), f"王{'芳强敏洋静磊丽勇'[n // 2 % 8]}") for n in range(40)]
    found = linked(rows, fields, "house").frame["cluster"]
    assert found.n_unique() == len(rows)


# -- laws --------------------------------------------------------------------------------------------------


def messy(seed: int, size: int = 40, again: int = 20) -> list[Person]:
    """Villagers in households, with repetitions that have slips, gaps, and other people's values."""
    random = Random(seed)  # noqa: S311 - made-up people
    rows = [(name, number, f"139{n // 3:08}", f"前岭村{n // 3 + 1}号") for n, (name, number, *_) in enumerate(villagers(size))]
    for _ in range(again):
        name, number, phone, place = random.choice(rows[:size])
        number = random.choice([number, number, None, slipped(str(number)), str(number)[:-2]])
        name = random.choice([name, name, name, str(name)[:-1], random.choice(SURNAMES) + str(name)[1:]])
        phone = random.choice([phone, phone, None, f"188{random.randrange(10**8):08}"])
        rows.append((name, number, phone, random.choice([place, place, None])))
    return rows


@few
@given(st.integers(0, 10**6))
def test_no_cluster_holds_two_right_numbers_and_each_record_is_in_one(seed: int) -> None:
    rows = messy(seed)
    found = linked(rows)
    assert found.frame["_id"].to_list() == list(range(len(rows)))
    members: dict[int, list[int]] = {}
    for record, cluster in enumerate(found.frame["cluster"]):
        members.setdefault(cluster, []).append(record)
    for cluster, records in members.items():
        assert cluster == min(records)
        assert len({rows[n][1] for n in records if rows[n][1] and is_valid(str(rows[n][1]))}) <= 1
    scores = found.frame["score"]
    assert all(score == 1.0 for score, cluster in zip(scores, found.frame["cluster"], strict=True) if len(members[cluster]) == 1)
    assert scores.is_between(0.9, 1.0).all()


@few
@given(st.integers(0, 10**6))
def test_an_edge_lies_in_a_cluster_and_a_doubt_is_no_edge(seed: int) -> None:
    found = linked(messy(seed))
    cluster = found.frame["cluster"]
    for left, right, sure in found.edges.select("left", "right", "probability").rows():
        assert left < right
        assert cluster[left] == cluster[right]
        assert sure >= 0.9
    assert set(found.edges.select("left", "right").rows()).isdisjoint(found.doubtful.select("left", "right").rows())
    joined = {n for pair in found.edges.select("left", "right").rows() for n in pair}
    assert joined == {n for n in range(len(cluster)) if cluster.to_list().count(cluster[n]) > 1}


@few
@given(st.permutations(range(60)))
def test_the_order_of_rows_is_irrelevant_where_the_evidence_is_clear(order: list[int]) -> None:
    rows = [
        *PEOPLE,
        *(PEOPLE[n] for n in range(5)),
        *((*PEOPLE[n][:1], slipped(str(PEOPLE[n][1])), *PEOPLE[n][2:]) for n in range(5, 10)),
    ]
    shuffled = [rows[n] for n in order]
    wanted = groups(rows, linked(rows))
    assert groups(shuffled, linked(shuffled)) == wanted
    assert [len(group) for group in wanted].count(2) == 10


def everything_compared(rows: list[Person]) -> set[tuple[int, int]]:
    """Pairs that the same model calls a match when nothing is blocked and each record meets each other one."""
    columns = encode(frame(rows), FIELDS)
    made = blocking.rules(columns, len(rows))
    pairs = blocking.candidates(made)
    number = columns[1]
    same, other = confirms(number, pairs.left, pairs.right), contradicts(number, pairs.left, pairs.right)
    blocked = np.array([[c.field.name in rule.fields for c in columns] for rule in made])[pairs.rule]
    fitted = model.fit(columns, levels_of(columns, pairs.left, pairs.right), model.Labels(same, other, blocked), len(rows))
    every = np.array(list(combinations(range(len(rows)), 2)), dtype=np.int64)
    left, right = every[:, 0], every[:, 1]
    bits, _ = model.score(fitted, columns, levels_of(columns, left, right), left)
    sure = (1 / (1 + np.exp2(-bits)) >= 0.9) & ~contradicts(number, left, right) | confirms(number, left, right)
    return set(zip(left[sure].tolist(), right[sure].tolist(), strict=True))


@few
@given(st.integers(0, 10**6))
@example(0)
@example(1)
def test_blocking_loses_no_pair_that_comparing_everything_would_call_a_match(seed: int) -> None:
    rows = frame(messy(seed)).drop("_id").sort([field.name for field in FIELDS], nulls_last=True).rows()
    pairs = blocking.candidates(blocking.rules(encode(frame(rows), FIELDS), len(rows)))
    compared = set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    wanted = everything_compared(rows)
    assert wanted <= compared
    found = linked(rows)
    assert set(found.edges.select("left", "right").rows()) <= wanted


# -- edges of the world ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [[], [PEOPLE[0]], [(None, None, None, None)] * 3, [(None, None, None, PLACE)]])
def test_nothing_and_next_to_nothing_is_linked_with_nobody(rows: list[Person]) -> None:
    found = linked(rows)
    assert found.frame["cluster"].to_list() == list(range(len(rows)))
    assert (found.edges.height, found.doubtful.height) == (0, 0)


def test_a_block_that_is_too_large_to_compare_is_reported() -> None:
    fields = (LinkField("户号", "account"), LinkField("电话", "phone"))
    own = [(f"甲{n:05}", f"139{n:08}") for n in range(2000)]
    shared = [(f"乙{n:05}", "18800000000") for n in range(blocking.CAP + 1)]
    found = linked([*own, *shared], fields, "record")
    assert found.capped == (("电话", blocking.CAP + 1),)
    assert found.frame["cluster"].n_unique() == len(own) + len(shared)


def test_members_of_a_family_stay_apart_in_a_short_list_too() -> None:
    """What the householder's columns say is the same for all; one number is lost in Excel, so that nothing denies but the name."""
    fields = (
        LinkField("户主>姓名", "person-name", "householder.name"),
        LinkField("户主>身份证号", "identity-number", "householder.identity_number"),
        LinkField("成员>姓名", "person-name", "person.name"),
        LinkField("成员>身份证号", "identity-number", "person.identity_number", key=True),
        LinkField("住址", "address", "household.address"),
        LinkField("电话", "phone", "householder.phone"),
    )
    head = ("刘世飞", identity(1, "19830625"))
    home = ("北隋家夼村4组12号", "13920786405")
    rows = [
        (*head, "胡雅婷", "3.79802198806123E+17", *home),
        (*head, "刘紫琪", identity(2, "20100718"), *home),
        (*head, "刘紫琪", identity(2, "20100718"), *home),
    ]
    assert linked(rows, fields).frame["cluster"].to_list() == [0, 1, 1]
