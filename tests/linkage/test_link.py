"""Records → clusters: who is one person, who is not, and what nobody can tell."""

from __future__ import annotations

import polars as pl
import pytest
from desk import identity
from hypothesis import given, settings
from hypothesis import strategies as st
from villagers import FIELDS, Person, frame, groups, linked, messy, slipped, villagers

from reportkit.elements.identity_number import is_valid
from reportkit.linkage import DECIDED, blocking, expectation, link
from reportkit.linkage.values import LinkField

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
    assert 0.1 <= found.doubtful["probability"][0] < 0.5
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
    assert scores.is_between(0.5, 1.0).all()


@few
@given(st.integers(0, 10**6))
def test_an_edge_lies_in_a_cluster_and_a_doubt_is_no_edge(seed: int) -> None:
    found = linked(messy(seed))
    cluster = found.frame["cluster"]
    for left, right, sure in found.edges.select("left", "right", "probability").rows():
        assert left < right
        assert cluster[left] == cluster[right]
        assert sure >= 0.5
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


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_blocking_loses_little_of_what_comparing_everything_would_join(seed: int) -> None:
    rows = messy(seed, 150, 60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocking, "_WHOLE", len(rows))
        every = linked(rows)
    assert every.diagnosis.pairs == len(rows) * (len(rows) - 1) // 2
    wanted = set(every.edges.select("left", "right").rows())
    found = linked(rows)
    assert found.diagnosis.pairs < 0.1 * every.diagnosis.pairs
    assert len(wanted - set(found.edges.select("left", "right").rows())) <= 0.05 * len(wanted)


@few
@given(st.integers(0, 10**6))
def test_linking_twice_is_linking_once(seed: int) -> None:
    rows = messy(seed, 80, 40)
    one, other = linked(rows), linked(rows)
    for name in ("frame", "edges", "doubtful", "weights", "diagnosis", "learnt"):
        left, right = getattr(one, name), getattr(other, name)
        assert left.equals(right) if isinstance(left, pl.DataFrame) else left == right


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_what_is_one_thing_does_not_depend_on_the_order_of_rows(seed: int, random: object) -> None:
    rows = messy(seed, 100, 50)
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert groups(shuffled, linked(shuffled)) == groups(rows, linked(rows))


# -- decisions ---------------------------------------------------------------------------------------------


def decided(rows: list[Person], lines: list[tuple[int, int, bool]]) -> list[int]:
    found = link(frame(rows), FIELDS, "person", pl.DataFrame(lines, schema=DECIDED, orient="row"))
    return found.frame["cluster"].to_list()


@few
@given(st.integers(0, 10**6), st.data())
def test_what_persons_decided_stands(seed: int, data: st.DataObject) -> None:
    """Decisions on pairs of which no two share a record, so that none contradicts another."""
    rows = messy(seed)
    order = data.draw(st.permutations(range(len(rows))))
    lines = [(order[2 * n], order[2 * n + 1], data.draw(st.booleans())) for n in range(8)]
    found = decided(rows, lines)
    assert all((found[left] == found[right]) == same for left, right, same in lines)


def test_a_decision_joins_what_the_model_would_not_and_parts_what_it_would() -> None:
    rows = [*PEOPLE, PEOPLE[1], (NAME, None, None, None)]
    assert decided(rows, [])[50:] == [1, 51]
    assert decided(rows, [(0, 51, True), (1, 50, False)])[50:] == [50, 0]


def test_a_decision_joins_two_right_numbers_and_people_who_share_nothing() -> None:
    assert decided(PEOPLE, [(3, 7, True)]) == [3 if n == 7 else n for n in range(50)]


def test_decisions_join_three_right_numbers_in_two_steps() -> None:
    found = decided(PEOPLE, [(3, 7, True), (7, 9, True)])
    assert (found[3], found[7], found[9]) == (3, 3, 3)


def test_a_row_typed_twice_stays_with_its_twin_whatever_that_is_decided_to_be() -> None:
    found = decided([*PEOPLE, PEOPLE[3]], [(3, 7, True)])
    assert (found[3], found[7], found[50]) == (3, 3, 3)


def test_the_last_of_two_decisions_stands() -> None:
    rows = [*PEOPLE, PEOPLE[1]]
    assert decided(rows, [(1, 50, False), (50, 1, True)])[50] == 1
    assert decided(rows, [(50, 1, True), (1, 50, False)])[50] == 50


def test_a_decision_on_a_record_that_is_not_there_says_nothing() -> None:
    rows = [*PEOPLE, PEOPLE[1]]
    assert decided(rows, [(1, 900, True), (901, 50, False)]) == decided(rows, [])


def by_name_and_address(different: int) -> tuple[list[float], list[int]]:
    """Twenty people twice by name and address alone, a hundred in full: weights of those of the twenty of whom nobody decided; clusters.

    Of the first ``different`` of the twenty it is decided that they are others.
    """
    people: list[Person] = [(name, None, phone, place) for name, _, phone, place in villagers(290)]
    rows = [*people, *people[100:200], *((name, None, None, place) for name, _, _, place in people[:20])]
    lines = pl.DataFrame([(n, 390 + n, False) for n in range(different)], schema=DECIDED, orient="row")
    found = link(frame(rows), FIELDS, "person", lines)
    pairs = pl.concat([found.edges, found.doubtful]).filter(pl.col("right") >= 390 + different)
    return pairs["weight"].to_list(), found.frame["cluster"].to_list()[390 + different :]


def test_what_persons_decide_of_some_pairs_weighs_for_pairs_like_them() -> None:
    before, after = by_name_and_address(0)[0], by_name_and_address(10)[0]
    assert (len(before), len(after)) == (20, 10)
    assert max(after) < min(before) - 3


def test_what_persons_say_of_fifteen_pairs_holds_for_five_like_them() -> None:
    assert by_name_and_address(15)[1] == list(range(405, 410))


# -- edges of the world ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [[], [PEOPLE[0]], [(None, None, None, None)] * 3, [(None, None, None, PLACE)]])
def test_nothing_and_next_to_nothing_is_linked_with_nobody(rows: list[Person]) -> None:
    found = linked(rows)
    assert found.frame["cluster"].to_list() == list(range(len(rows)))
    assert (found.edges.height, found.doubtful.height) == (0, 0)


def test_a_block_that_is_too_large_to_compare_is_reported() -> None:
    fields = (LinkField("户号", "account"), LinkField("电话", "phone"))
    own = [(f"甲{n:05}", f"139{n:08}") for n in range(2000)]
    shared = [(f"乙{n:05}", "18877777777") for n in range(blocking.CAP + 1)]
    found = linked([*own, *shared], fields, "record")
    assert ("电话", blocking.CAP + 1) in {(name.partition(":")[0], number) for name, number in found.diagnosis.capped}
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


@pytest.mark.parametrize("size", [1, 5, 25, 40, 200])
def test_a_list_without_repetitions_joins_nobody(size: int) -> None:
    found = linked(villagers(size))
    assert found.frame["cluster"].to_list() == list(range(size))
    assert (found.edges.height, found.diagnosis.unlinkable) == (0, 0.0)


@pytest.mark.parametrize("size", [5, 25, 40])
def test_a_few_rows_are_linked_as_well_as_many(size: int) -> None:
    """A homophone and a wrong digit, a missing number, and another phone; everybody else stays alone."""
    people = villagers(size)
    name, number, phone, place = (str(value) for value in people[0])
    again: list[Person] = [(name.replace("伟", "维"), slipped(number), phone, place), (people[1][0], None, *people[1][2:])]
    again.append((*people[2][:2], "18812345678", people[2][3]))
    found = linked([*people, *again]).frame["cluster"].to_list()
    assert found == [*range(size), 0, 1, 2]


def test_records_that_say_too_little_to_match_even_themselves_are_counted() -> None:
    rows: list[Person] = [*villagers(90), *[(None, None, None, "前岭村")] * 10]
    found = linked(rows)
    assert found.diagnosis.unlinkable == pytest.approx(0.1)
    assert found.frame["cluster"].to_list() == list(range(100))


def test_rules_and_the_pairs_that_they_make_are_told() -> None:
    rows = messy(1, 150, 60)
    diagnosis = linked(rows).diagnosis
    names = {key.split(":")[0] for name, _ in diagnosis.rules for key in name.split("+")}
    assert names <= {field.name for field in FIELDS}
    most = max(number for _, number in diagnosis.rules)
    assert most <= diagnosis.pairs <= sum(number for _, number in diagnosis.rules)
    assert 0.9 < diagnosis.recall <= 1


def test_where_learning_fails_weights_are_built_in_said_to_be_and_no_worse_than_exact_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(expectation, "_doubts", lambda *_: ("two-starts",))
    rows = [*villagers(150), *villagers(30), ("孙大海", None, "18877777777", "北关村1号")]
    found = linked(rows)
    assert found.diagnosis.doubts == ("two-starts",)
    assert found.frame["cluster"].to_list() == [*range(150), *range(30), 180]
