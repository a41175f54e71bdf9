"""What persons have decided of pairs."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.linkage.blocking import Pairs
from reportkit.linkage.decisions import DECIDED, Decisions
from reportkit.linkage.settlement import Settled

IDS = [7, 3, 11, 5]
LINE = st.tuples(st.sampled_from([*IDS, 99]), st.sampled_from([*IDS, 99]), st.booleans())
LINES = st.lists(LINE, max_size=10)
few = settings(max_examples=100, deadline=None)
Line = tuple[int, int, bool]


def decisions(lines: list[Line]) -> Decisions:
    return Decisions.of(pl.DataFrame(lines, schema=DECIDED, orient="row"), np.array(IDS, dtype=np.uint32))


def corners() -> tuple[np.ndarray, np.ndarray]:
    left, right = np.triu_indices(len(IDS), 1)
    return left.astype(np.int32), right.astype(np.int32)


def last_words(lines: list[Line]) -> dict[frozenset[int], bool]:
    """The last decision on each pair of places of records that are there."""
    return {
        frozenset((IDS.index(one), IDS.index(other))): same
        for one, other, same in lines
        if one != other and one in IDS and other in IDS
    }


@few
@given(LINES)
def test_of_two_decisions_on_a_pair_the_last_stands_whichever_way_round_it_is_written(lines: list[Line]) -> None:
    left, right = corners()
    same, different = decisions(lines).among(left, right)
    wanted = [last_words(lines).get(frozenset((i, j))) for i, j in zip(left.tolist(), right.tolist(), strict=True)]
    assert [one is True for one in wanted] == same.tolist()
    assert [one is False for one in wanted] == different.tolist()


@few
@given(LINES)
def test_decided_pairs_and_the_others_are_all_pairs_each_once(lines: list[Line]) -> None:
    left, right = corners()
    made = decisions(lines)
    batch, rest = made.batch(), made.without(Pairs(left, right))
    decided = set(zip(batch.left.tolist(), batch.right.tolist(), strict=True))
    free = set(zip(rest.left.tolist(), rest.right.tolist(), strict=True))
    assert {frozenset(pair) for pair in decided} == set(last_words(lines))
    assert all(one < other for one, other in decided)
    assert len(decided) + len(free) == len(left)
    assert decided.isdisjoint(free)


def test_what_is_decided_stands_before_what_identifiers_and_names_settle() -> None:
    left, right = corners()
    yes, no = np.ones(len(left), dtype=np.bool_), np.zeros(len(left), dtype=np.bool_)
    made = decisions([(IDS[0], IDS[1], True), (IDS[0], IDS[2], False)])
    denied = made.over(Settled(no, yes, no, yes), left, right)
    assert (denied.same.tolist(), denied.named.tolist()) == ([True, *[False] * 5], [True, *[False] * 5])
    assert (denied.other.tolist(), denied.unsure.tolist()) == ([False, *[True] * 5], [False, *[True] * 5])
    confirmed = made.over(Settled(yes, no, yes, no), left, right)
    assert confirmed.other.tolist() == [False, True, *[False] * 4]
    assert confirmed.same.tolist() == confirmed.named.tolist() == [True, False, *[True] * 4]


def test_without_decisions_nothing_is_decided() -> None:
    left, right = corners()
    made = Decisions.of(None, np.array(IDS, dtype=np.uint32))
    assert not any(one.any() for one in made.among(left, right))
    assert len(made.batch().left) == 0
    assert made.without(Pairs(left, right)).left.tolist() == left.tolist()
