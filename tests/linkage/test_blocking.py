"""Which pairs are compared: all that agree in a key, each once."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from villagers import FIELDS, Person, frame, slipped, villagers

from reportkit.linkage import blocking
from reportkit.linkage.blocking import Rule, candidates, rules
from reportkit.linkage.values import encode

KEYS = st.integers(2, 14).flatmap(
    lambda size: st.lists(st.lists(st.integers(-1, 4), min_size=size, max_size=size), min_size=1, max_size=4)
)


@settings(max_examples=150, deadline=None)
@given(KEYS, st.sampled_from([3, 200]))
def test_pairs_are_those_that_agree_in_a_block_that_is_not_too_large_by_the_first_such_rule(
    keys: list[list[int]], cap: int
) -> None:
    made = [Rule(f"r{n}", np.array(one, dtype=np.int64), frozenset()) for n, one in enumerate(keys)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocking, "CAP", cap)
        found = candidates(made)
    wanted = {}
    for i, j in combinations(range(len(keys[0])), 2):
        agreeing = [n for n, one in enumerate(keys) if one[i] == one[j] >= 0 and one.count(one[i]) <= cap]
        if agreeing:
            wanted[i, j] = agreeing[0]
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == sorted(wanted)
    assert found.rule.tolist() == [wanted[pair] for pair in sorted(wanted)]
    large = [(f"r{n}", one.count(key)) for n, one in enumerate(keys) for key in sorted(set(one) - {-1}) if one.count(key) > cap]
    assert sorted(found.capped) == sorted(large)


def meets(rows: list[Person]) -> bool:
    """Whether the last row is compared with the first."""
    found = candidates(rules(encode(frame(rows), FIELDS), len(rows)))
    return (0, len(rows) - 1) in set(zip(found.left.tolist(), found.right.tolist(), strict=True))


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


@pytest.mark.parametrize("size", [10, 60, 300])
@pytest.mark.parametrize("what", THINGS)
def test_one_thing_in_common_is_enough_to_be_compared(what: str, size: int) -> None:
    people = villagers(size)
    assert meets([*people, changed(people[0], what)])


def test_people_who_share_nothing_are_not_compared() -> None:
    people = villagers(60)
    stranger = ("欧阳询", None, "18800000000", "北大街88号")
    assert not meets([*people, stranger])
    found = candidates(rules(encode(frame(people), FIELDS), len(people)))
    assert len(found.left) < 0.1 * len(people) ** 2
