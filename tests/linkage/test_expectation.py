"""Expectation maximisation against parameters that are known, without a label."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from villagers import households
from weighing import patterns_of, weights

from reportkit.linkage import expectation
from reportkit.linkage.blocking import Pairs
from reportkit.linkage.expectation import fit
from reportkit.linkage.model import Model, responsibilities
from reportkit.linkage.patterns import DIFFERENT, FREE, SAME, Patterns
from reportkit.linkage.priors import start
from reportkit.linkage.scoring import Compared, compare_all, count_patterns, weigh
from reportkit.linkage.values import Column, LinkField, counted, encode

#: What the made-up records are drawn with: how many values a field has, and how often a repeated record keeps its value.
SIZES, KEPT = (60, 80, 100, 70, 90), (0.95, 0.8, 0.9, 0.7, 0.85)
TWINS = 150


def simulated(seed: int) -> tuple[list[Column], Compared]:
    """Columns of ``TWINS`` records and as many repetitions; all pairs, twins are those ``TWINS`` apart."""
    draw = np.random.default_rng(seed)
    columns = {}
    for n, (size, kept) in enumerate(zip(SIZES, KEPT, strict=True)):
        first = draw.integers(0, size, TWINS)
        other = (first + draw.integers(1, size, TWINS)) % size
        again = np.where(draw.random(TWINS) < kept, first, other)
        columns[f"f{n}"] = [f"v{value}" for value in (*first, *again)]
    encoded = encode(pl.DataFrame(columns), [LinkField(name, "code") for name in columns])
    return encoded, all_pairs(encoded, np.zeros(len(encoded), dtype=np.bool_))


def all_pairs(columns: list[Column], shared: np.ndarray) -> Compared:
    left, right = np.triu_indices(len(columns[0].codes), 1)
    return compare_all(columns, shared, [Pairs(left.astype(np.int32), right.astype(np.int32))])


def estimated(seed: int) -> tuple[Model, Compared, Patterns]:
    columns, pairs = simulated(seed)
    patterns = count_patterns(pairs, np.full(pairs.number, FREE, dtype=np.uint8))
    return fit(columns, patterns, np.zeros(len(columns), dtype=np.bool_), 2 * TWINS), pairs, patterns


# -- parameters that are known -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_parameters_that_made_the_records_are_found_again_without_a_label(seed: int) -> None:
    fitted, pairs, patterns = estimated(seed)
    twins = pairs.right - pairs.left == TWINS
    assert fitted.doubts == ()
    for m, u, level, size in zip(fitted.m, fitted.u, pairs.levels, SIZES, strict=True):
        top = m.shape[1] - 1
        assert m[:, top] == pytest.approx((level[twins] == top).mean(), abs=0.1)
        assert u[top] == pytest.approx(1 / size, abs=0.01)
    # The field that is kept least is trusted least.
    assert min(range(len(KEPT)), key=lambda n: fitted.m[n][:, -1].max()) == KEPT.index(min(KEPT))
    found = responsibilities(fitted, patterns)[:2].sum()
    assert found == pytest.approx(TWINS, rel=0.15)


def test_m_and_u_are_probabilities() -> None:
    fitted, _, _ = estimated(1)
    for one in (*fitted.m, *fitted.u, *fitted.near):
        assert one.sum(axis=-1) == pytest.approx(1.0)
        assert (one > 0).all()
    assert np.exp2(fitted.classes).sum() == pytest.approx(1.0)


def test_twins_weigh_more_than_others() -> None:
    fitted, pairs, patterns = estimated(4)
    bits = weigh(fitted, pairs, patterns)
    twins = pairs.right - pairs.left == TWINS
    assert np.median(bits[twins]) > np.quantile(bits[~twins], 0.999)


@pytest.mark.parametrize("seed", [1, 2])
def test_odds_are_calibrated(seed: int) -> None:
    """As many pairs are one thing as their probabilities add up to, among the sure, the doubtful and the unlikely."""
    fitted, pairs, patterns = estimated(seed)
    chance = 1 / (1 + np.exp2(-weigh(fitted, pairs, patterns)))
    twins = pairs.right - pairs.left == TWINS
    for low, high in ((0.0, 0.1), (0.1, 0.9), (0.9, 1.01)):
        some = (chance >= low) & (chance < high)
        assert twins[some].sum() == pytest.approx(chance[some].sum(), rel=0.25, abs=8)


def test_what_is_told_is_kept() -> None:
    fitted, _, patterns = estimated(1)
    told = np.where(np.arange(patterns.number) % 3 == 0, SAME, np.where(np.arange(patterns.number) % 3 == 1, DIFFERENT, FREE))
    found = responsibilities(fitted, replace(patterns, told=told.astype(np.uint8)))
    assert found.sum(axis=0) == pytest.approx(patterns.counts)
    assert found[:2, told == DIFFERENT].sum() == 0
    assert found[2:, told == SAME].sum() == 0
    assert found[:2, told == FREE].sum() > 0


def test_where_two_starts_end_apart_weights_are_built_in_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    columns, pairs = simulated(1)
    patterns = count_patterns(pairs, np.full(pairs.number, FREE, dtype=np.uint8))
    shared = np.zeros(len(columns), dtype=np.bool_)
    monkeypatch.setattr(expectation, "_STILL", 1e9)
    learn = expectation._learn
    calls = []

    def astray(model: Model, *rest: object) -> Model:
        """The second start ends where everything is one thing."""
        calls.append(1)
        found = learn(model, *rest)  # type: ignore[arg-type]
        return found if len(calls) != 2 else replace(found, classes=np.log2(np.array([0.4, 0.1, 0.0001, 0.4999])))

    monkeypatch.setattr(expectation, "_learn", astray)
    found = fit(columns, patterns, shared, 2 * TWINS)
    built_in = start(columns, shared, 2 * TWINS)
    assert found.doubts == ("two-starts",)
    assert all(np.array_equal(one, other) for one, other in zip(found.m, built_in.m, strict=True))
    assert np.array_equal(found.classes, built_in.classes)


def test_a_model_without_a_match_in_it_joins_nobody() -> None:
    """All records are things of their own: EM has nothing to find, and finds it."""
    draw = np.random.default_rng(9)
    columns = encode(
        pl.DataFrame({f"f{n}": [f"v{value}" for value in draw.integers(0, size, 300)] for n, size in enumerate(SIZES)}),
        [LinkField(f"f{n}", "code") for n in range(len(SIZES))],
    )
    shared = np.zeros(len(columns), dtype=np.bool_)
    pairs = all_pairs(columns, shared)
    patterns = count_patterns(pairs, np.full(pairs.number, FREE, dtype=np.uint8))
    fitted = fit(columns, patterns, shared, 300)
    assert (weigh(fitted, pairs, patterns) > 0).sum() <= 3


# -- households ----------------------------------------------------------------------------------------------

FIELDS = (
    LinkField("姓名", "person-name"),
    LinkField("出生日期", "date"),
    LinkField("电话", "phone"),
    LinkField("住址", "address"),
)


def families() -> tuple[Model, Compared, Patterns, np.ndarray, np.ndarray]:
    """Four to a household, one in ten twice; which pairs are one person, and which one household."""
    people = households(100, 4, again=0.1, seed=6)
    schema = {field.name: pl.String for field in FIELDS}
    columns = counted(encode(pl.DataFrame([one.values for one in people], schema=schema, orient="row"), FIELDS))
    shared = np.array([False, False, True, True])
    pairs = all_pairs(columns, shared)
    patterns = count_patterns(pairs, np.full(pairs.number, FREE, dtype=np.uint8))
    who, home = (np.array([getattr(one, name) for one in people]) for name in ("who", "home"))
    same = who[pairs.left] == who[pairs.right]
    house = (home[pairs.left] == home[pairs.right]) & ~same
    return fit(columns, patterns, shared, len(people)), pairs, patterns, same, house


def test_households_are_not_learnt_as_matches() -> None:
    fitted, pairs, patterns, same, house = families()
    assert house.sum() > 5 * same.sum()
    # Pairs of one household are hardly counted as one thing, and pairs of one person are.
    ones = responsibilities(fitted, patterns)[:2].sum(axis=0) / patterns.counts
    assert ones[patterns.of[house]].sum() < 0.1 * same.sum()
    assert ones[patterns.of[same]].mean() > 0.95
    # One person's name and birthday agree; a household's do not.
    for f in (0, 1):
        assert fitted.m[f][:, -1].min() > 0.7
        assert fitted.near[f][-1] < 0.2
    bits = weigh(fitted, pairs, patterns)
    assert (bits[house] < 0).mean() > 0.995
    assert (bits[same] > 0).mean() > 0.95


def test_namesakes_with_other_birthdays_in_other_houses_are_not_learnt_as_people_who_moved() -> None:
    fitted, _, patterns, same, _ = families()
    assert responsibilities(fitted, patterns)[:2].sum() == pytest.approx(same.sum(), rel=0.2)
    tops = [one.shape[1] - 1 for one in fitted.m]
    assert weights(fitted, patterns_of([(tops[0], 0, 0, 0)]))[0] < 0


def test_phone_and_address_of_one_household_are_one_fact() -> None:
    """With another name and birthday, the address beside the phone adds next to nothing."""
    fitted, *_ = families()
    tops = [one.shape[1] - 1 for one in fitted.m]
    levels = [(0, 0, tops[2], None), (0, 0, tops[2], tops[3]), (0, 0, None, None)]
    phone, both, neither = weights(fitted, patterns_of(levels))
    assert both - phone < 1.0
    assert max(phone, both, neither) < -5


def test_pairs_of_one_thing_are_all_pairs_of_the_same_person_in_the_made_up_households() -> None:
    people = households(30, 3, again=0.5, seed=1)
    twice = [pair for pair in combinations(people, 2) if pair[0].who == pair[1].who]
    assert 25 <= len(twice) <= 65
    assert all(one.home == other.home for one, other in twice)
