"""All that was learnt of a set of records."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from desk import identity
from villagers import FIELDS, Person, frame, slipped, villagers

from reportkit.linkage import DECIDED, clustering
from reportkit.linkage.blocking import Pairs
from reportkit.linkage.decisions import Decisions
from reportkit.linkage.learning import Known, learn
from reportkit.linkage.patterns import DIFFERENT, SAME
from reportkit.linkage.scoring import Compared, compare_all
from reportkit.linkage.settlement import shared_of
from reportkit.linkage.values import encode

PEOPLE = villagers(40)
Lines = list[tuple[int, int, bool]]


def rows() -> list[Person]:
    """Forty people; the first five again with a slip, the next five under another right number, one person's name alone."""
    again = [(name, slipped(str(number)), phone, place) for name, number, phone, place in PEOPLE[:5]]
    others = [(name, identity(800 + n), phone, place) for n, (name, _, phone, place) in enumerate(PEOPLE[5:10])]
    return [*PEOPLE, *again, *others, (PEOPLE[20][0], None, None, None)]


def known(decided: Lines = []) -> tuple[Known, Compared]:  # noqa: B006 - never changed
    people = rows()
    columns = encode(frame(people), FIELDS)
    shared = shared_of(columns, "person")
    left, right = (np.array(one, dtype=np.int32) for one in zip(*combinations(range(len(people)), 2), strict=True))
    pairs = compare_all(columns, shared, [Pairs(left, right)])
    made = Decisions.of(pl.DataFrame(decided, schema=DECIDED, orient="row"), np.arange(len(people), dtype=np.uint32))
    return learn(columns, shared, pairs, made, "person")[0], pairs


def probability(decided: Lines = []) -> dict[tuple[int, int], float]:  # noqa: B006 - never changed
    found, pairs = known(decided)
    chance = found.probability(pairs)
    return {(int(i), int(j)): float(one) for i, j, one in zip(pairs.left, pairs.right, chance, strict=True)}


def test_one_person_is_likely_and_another_right_number_is_another_person() -> None:
    found = probability()
    assert all(found[n, 40 + n] > 0.5 for n in range(5))
    assert all(found[n, 40 + n] == 0 for n in range(5, 10))
    assert found[20, 50] < 0.5
    assert found[0, 1] < 0.01


def test_what_persons_decided_is_certain() -> None:
    found = probability([(5, 45, True), (0, 40, False), (50, 20, True)])
    assert (found[5, 45], found[0, 40], found[20, 50]) == (1.0, 0.0, 1.0)


def test_a_decision_stands_in_the_evidence_for_clusters_too() -> None:
    found, _ = known([(5, 45, True), (0, 40, False)])
    bits = found.evidence(*(np.array(side, dtype=np.int32) for side in ([5, 0, 6, 1], [45, 40, 46, 41])))
    assert bits[:3].tolist() == [clustering.ALWAYS, clustering.NEVER, clustering.CONTRADICTED]
    assert 0 < bits[3] <= 60


def test_probability_is_of_the_weight_where_nothing_is_settled() -> None:
    found, pairs = known()
    settled = found.settle(pairs)
    free = ~(settled.named | settled.other | settled.unsure)
    assert free.any()
    weights = np.clip(found.weights(pairs), -60, 60)
    assert found.probability(pairs)[free] == pytest.approx(1 / (1 + 2.0 ** -weights[free]))


def test_the_model_is_told_what_identifiers_and_persons_settle() -> None:
    people = rows()
    columns = encode(frame(people), FIELDS)
    shared = shared_of(columns, "person")
    pairs = compare_all(columns, shared, [Pairs(np.array([5, 0], dtype=np.int32), np.array([45, 40], dtype=np.int32))])
    decided = Decisions.of(pl.DataFrame([(0, 40, True)], schema=DECIDED, orient="row"), np.arange(len(people), dtype=np.uint32))
    _, patterns = learn(columns, shared, pairs, decided, "person")
    assert patterns.told[patterns.of].tolist() == [DIFFERENT, SAME]


def test_identity_is_the_right_number_and_nothing_for_a_wrong_one() -> None:
    found, _ = known()
    codes = found.identity()
    assert len(set(codes[:40].tolist())) == 40
    assert codes[40:45].tolist() == [-1] * 5
    assert (codes[45:50] >= 0).all()
    assert codes[50] == -1


def test_the_share_of_records_that_could_not_match_themselves_is_of_those_that_say_too_little() -> None:
    people: list[Person] = [*villagers(60), *[(None, None, None, "前岭村")] * 20]
    columns = encode(frame(people), FIELDS)
    shared = shared_of(columns, "person")
    left, right = (np.array(one, dtype=np.int32) for one in zip(*combinations(range(80), 2), strict=True))
    pairs = compare_all(columns, shared, [Pairs(left, right)])
    found, _ = learn(columns, shared, pairs, Decisions.of(None, np.arange(80, dtype=np.uint32)), "person")
    assert found.unlinkable() == pytest.approx(20 / 80)
