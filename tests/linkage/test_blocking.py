"""Which pairs are compared: all that agree in a rule's key, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from villagers import FIELDS, Person, frame, slipped, villagers

from reportkit.linkage import blocking
from reportkit.linkage.blocking import Pairs, Plan, candidates, plan, usual
from reportkit.linkage.keys import Rule, keys_of, rule
from reportkit.linkage.settlement import shared_of
from reportkit.linkage.values import encode

Pair = tuple[int, int]
KEYS = st.integers(2, 14).flatmap(
    lambda size: st.lists(st.lists(st.integers(-1, 4), min_size=size, max_size=size), min_size=1, max_size=4)
)


def planned(rows: list[Person]) -> Plan:
    columns = encode(frame(rows), FIELDS)
    return plan(keys_of(columns), len(rows), usual(columns, shared_of(columns, "person")))


def listed(batches: Iterable[Pairs]) -> list[Pair]:
    return [pair for one in batches for pair in zip(one.left.tolist(), one.right.tolist(), strict=True)]


# -- pairs ---------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(KEYS, st.sampled_from([1, 3, 1000]), st.integers(0, 3))
def test_pairs_are_those_that_agree_in_a_rule_and_in_none_of_those_that_are_done(
    codes: list[list[int]], batch: int, done: int
) -> None:
    rules = [Rule((), np.array(one, dtype=np.int64)) for one in codes]
    found = listed(candidates(rules, done, batch))
    wanted = set()
    for i, j in combinations(range(len(codes[0])), 2):
        first = next((n for n, one in enumerate(codes) if one[i] == one[j] >= 0), None)
        if first is not None and first >= done:
            wanted.add((i, j))
    assert sorted(found) == sorted(wanted)


# -- rules ---------------------------------------------------------------------------------------------------


def crowded(size: int) -> list[Person]:
    """Villagers of few surnames in few houses, some of them twice."""
    random = Random(size)  # noqa: S311 - made-up people
    people = [(name, number, phone, f"前岭村{random.randrange(9)}号") for name, number, phone, _ in villagers(size)]
    return people + [(name, None, phone, place) for name, _, phone, place in people[: size // 5]]


@pytest.mark.parametrize(("size", "cap"), [(80, 3), (200, 20), (200, 1000)])
def test_pairs_are_all_that_agree_in_a_block_that_is_not_too_large_each_once(
    size: int, cap: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocking, "CAP", cap)
    made = planned(crowded(size))
    wanted: set[Pair] = set()
    large = []
    for one in made.rules:
        blocks: dict[int, list[int]] = {}
        for record, code in enumerate(rule(one.keys).codes.tolist()):
            if code >= 0:
                blocks.setdefault(code, []).append(record)
        small = [block for block in blocks.values() if len(block) <= cap]
        assert one.pairs == sum(len(block) * (len(block) - 1) // 2 for block in small)
        large += [(one.name, len(block)) for block in blocks.values() if len(block) > cap]
        wanted |= {pair for block in small for pair in combinations(block, 2)}
    found = listed(candidates(made.rules))
    assert Counter(found) == Counter(wanted)
    assert sorted(made.capped) == sorted(large)
    assert {len(one.crowds) > 0 for one in made.rules} == {False, True} or cap != 3


def test_a_short_list_is_compared_whole() -> None:
    made = planned(villagers(40))
    assert listed(candidates(made.rules)) == list(combinations(range(40), 2))
    assert (made.recall, made.capped) == (1.0, ())


def test_all_blank_records_are_not_compared_with_one_another_in_a_long_list() -> None:
    rows: list[Person] = [*villagers(100), *[(None, None, None, None)] * 50]
    assert not any(left >= 100 for left, _ in listed(candidates(planned(rows).rules)))


def meets(rows: list[Person]) -> bool:
    """Whether the last row is compared with the first."""
    return (0, len(rows) - 1) in listed(candidates(planned(rows).rules))


def changed(person: Person, what: str) -> Person:
    """Another row about a person that has only one thing right, or nearly right."""
    name, number, phone, place = (value or "" for value in person)
    shared: dict[str, Person] = {
        "number": ("孙" + name[1:], number, None, None),
        "end of the number wrong": (None, slipped(number, 16), None, None),
        "head of the number wrong": (None, slipped(number, 3), None, None),
        "phone": (None, None, phone, None),
        "name": (name, None, None, None),
        "name as it sounds": (name.replace("伟", "维"), None, None, None),
        "name and place in other words": (name, None, None, "石良镇" + place),
    }
    return shared[what]


THINGS = (
    "number",
    "end of the number wrong",
    "head of the number wrong",
    "phone",
    "name",
    "name as it sounds",
    "name and place in other words",
)


@pytest.mark.parametrize("size", [10, 60, 290])
@pytest.mark.parametrize("what", THINGS)
def test_one_thing_in_common_is_enough_to_be_compared(what: str, size: int) -> None:
    people = villagers(size)
    assert meets([*people, changed(people[0], what)])


@pytest.mark.parametrize("number", [slipped, lambda one: one[:16]], ids=["a digit of the birthday wrong", "cut off"])
def test_a_number_that_is_nearly_right_is_enough_to_be_compared(number: Callable[[str], str]) -> None:
    people = villagers(290)
    assert meets([*people, (str(people[0][0])[:-1], number(str(people[0][1])), None, None)])


def test_people_who_share_nothing_are_not_compared() -> None:
    people = villagers(100)
    stranger = ("欧阳询", None, "18877777777", "北大街88号")
    assert not meets([*people, stranger])
    assert len(listed(candidates(planned(people).rules))) < 0.1 * len(people) ** 2


def test_what_the_rules_are_reckoned_to_find_is_what_they_find() -> None:
    """Of villagers written twice, each value by the same chances as are usual, or nearly."""
    random = Random(3)  # noqa: S311 - made-up people
    people = villagers(290)

    def again(person: Person) -> Person:
        name, number, phone, place = (value or "" for value in person)
        return (
            name if random.random() < 0.85 else random.choice("徐孙马朱") + name[1:],
            number if random.random() < 0.9 else random.choice([slipped(number), None]),
            phone if random.random() < 0.75 else f"188{random.randrange(10**8):08}",
            place if random.random() < 0.6 else random.choice(["石良镇" + place, f"后岭村{random.randrange(900)}号"]),
        )

    rows: list[Person] = [*people, *map(again, people)]
    made = planned(rows)
    found = set(listed(candidates(made.rules)))
    share = sum((n, n + 290) in found for n in range(290)) / 290
    assert share >= made.recall - 0.02
    assert made.recall > 0.95


def test_an_office_phone_on_a_tenth_of_the_rows_does_not_double_the_pairs() -> None:
    people = villagers(2500)
    rows: list[Person] = [(*one[:2], "0535-6251234" if n % 10 == 0 else one[2], one[3]) for n, one in enumerate(people)]
    before, after = planned(people), planned(rows)
    assert len(listed(candidates(after.rules))) < 2 * len(listed(candidates(before.rules)))
    assert ("联系电话", 250) in after.capped or "联系电话" not in {one.name for one in after.rules}


def test_the_order_of_rows_does_not_change_rules_nor_pairs() -> None:
    rows = crowded(150)
    order = list(range(len(rows)))
    Random(1).shuffle(order)  # noqa: S311 - any order will do
    straight, other = planned(rows), planned([rows[n] for n in order])
    assert [one.name for one in straight.rules] == [one.name for one in other.rules]
    back = {(min(order[i], order[j]), max(order[i], order[j])) for i, j in listed(candidates(other.rules))}
    assert back == set(listed(candidates(straight.rules)))


def test_a_second_plan_keeps_the_rules_of_the_first_and_adds_to_what_they_find() -> None:
    rows = crowded(200)
    columns = encode(frame(rows), FIELDS)
    shared = shared_of(columns, "person")
    keys = keys_of(columns)
    first = plan(keys, len(rows), usual(columns, shared))
    # Now names are known to be wrong more often than right.
    levels = [np.r_[0.8, np.full(column.top, 0.2 / column.top)] for column in columns]
    more = plan(keys, len(rows), blocking.Known(columns, levels, shared), first)
    assert more.rules[: len(first.rules)] == first.rules
    assert len({one.name for one in more.rules}) == len(more.rules)


def test_a_long_list_without_any_key_is_no_pair_of_everything() -> None:
    some = blocking.plan([], 45_000, blocking.Known([], [], []))
    assert sum(rule.pairs for rule in some.rules) == 0
    assert some.capped == (("", 45_000),)
    assert sum(rule.pairs for rule in blocking.plan([], 100, blocking.Known([], [], [])).rules) == 4950
