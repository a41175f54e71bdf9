"""The Fellegi–Sunter model against its own formula and against parameters that are known."""

from __future__ import annotations

from itertools import combinations
from math import log2

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.elements import element
from reportkit.linkage.comparison import MISSING, levels_of
from reportkit.linkage.model import Labels, Model, fit, score
from reportkit.linkage.values import Column, LinkField, encode

#: What the made-up records are drawn with: how many values a field has, and how often a repeated record keeps its value.
SIZES, KEPT = (60, 80, 100, 70, 90), (0.95, 0.8, 0.9, 0.7, 0.85)
TWINS = 150


def simulated(seed: int) -> tuple[list[Column], np.ndarray, np.ndarray]:
    """Columns of ``TWINS`` records and as many repetitions; all pairs, twins are those ``TWINS`` apart."""
    draw = np.random.default_rng(seed)
    columns = {}
    for n, (size, kept) in enumerate(zip(SIZES, KEPT, strict=True)):
        first = draw.integers(0, size, TWINS)
        other = (first + draw.integers(1, size, TWINS)) % size
        again = np.where(draw.random(TWINS) < kept, first, other)
        columns[f"f{n}"] = [f"v{value}" for value in (*first, *again)]
    every = np.array(list(combinations(range(2 * TWINS), 2)), dtype=np.int64)
    return encode(pl.DataFrame(columns), [LinkField(name, "code") for name in columns]), every[:, 0], every[:, 1]


def estimated(seed: int) -> tuple[Model, list[np.ndarray], np.ndarray]:
    columns, left, right = simulated(seed)
    levels = levels_of(columns, left, right)
    nothing = np.zeros(len(left), dtype=np.bool_)
    labels = Labels(nothing, nothing, np.zeros((len(left), len(columns)), dtype=np.bool_))
    return fit(columns, levels, labels, 2 * TWINS), levels, right - left == TWINS


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_parameters_that_made_the_records_are_found_again_without_a_label(seed: int) -> None:
    fitted, levels, twins = estimated(seed)
    for m, u, level, size in zip(fitted.m, fitted.u, levels, SIZES, strict=True):
        assert m[-1] == pytest.approx((level[twins] == len(m) - 1).mean(), abs=0.1)
        assert u[-1] == pytest.approx(1 / size, abs=0.01)
    # The field that is kept least is trusted least.
    assert min(range(len(KEPT)), key=lambda n: fitted.m[n][-1]) == KEPT.index(min(KEPT))


def test_m_and_u_are_probabilities() -> None:
    fitted, _, _ = estimated(1)
    for one in (*fitted.m, *fitted.u):
        assert one.sum() == pytest.approx(1.0)
        assert (one > 0).all()


def test_twins_score_higher_than_others() -> None:
    columns, left, right = simulated(4)
    levels = levels_of(columns, left, right)
    fitted, _, twins = estimated(4)
    bits, _ = score(fitted, columns, levels, left)
    assert np.median(bits[twins]) > np.quantile(bits[~twins], 0.999)


# -- the paper's formula -----------------------------------------------------------------------------------

FIELDS = (LinkField("姓名", "person-name"), LinkField("电话", "phone"), LinkField("性别", "code"))


def made_up(kind: str, differ: float) -> np.ndarray:
    """Some probabilities of an element's levels, rising from the lowest but one."""
    rest = np.arange(1.0, len(element(kind).levels))
    return np.r_[differ, (1 - differ) * rest / rest.sum()]


MODEL = Model(
    m=tuple(made_up(field.element, 0.05) for field in FIELDS),
    u=tuple(made_up(field.element, 0.97) for field in FIELDS),
    prior=-6.0,
)
VALUES = (["王芳", "王方", "李强", None], ["13900000001", "13900000002", "18800000009", None], ["男", "女", None])
ROWS = st.lists(st.tuples(*map(st.sampled_from, VALUES)), min_size=2, max_size=8)


def weighed(rows: list[tuple[str | None, ...]]) -> tuple[list[Column], list[np.ndarray], np.ndarray, np.ndarray]:
    schema = {field.name: pl.String for field in FIELDS}
    columns = encode(pl.DataFrame(rows, schema=schema, orient="row"), FIELDS)
    every = np.array(list(combinations(range(len(rows)), 2)), dtype=np.int64)
    levels = levels_of(columns, every[:, 0], every[:, 1])
    return columns, levels, every[:, 0], every[:, 1]


def third(rows: list[tuple[str | None, ...]], column: Column, row: tuple[str | None, ...]) -> float:
    """How often a third record holds a value, with ten records of the usual frequency added."""
    at = [field.name for field in FIELDS].index(column.field.name)
    values = [other[at] for other in rows if other[at] is not None]
    return (max(values.count(row[at]) - 2, 0) + 10 * column.chance) / (max(len(values) - 2, 0) + 10)


def model_of(columns: list[Column]) -> Model:
    at = [[field.name for field in FIELDS].index(column.field.name) for column in columns]
    return Model(tuple(MODEL.m[n] for n in at), tuple(MODEL.u[n] for n in at), MODEL.prior)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_a_pairs_score_is_the_prior_and_the_log_likelihood_ratios_of_its_levels(rows: list[tuple[str | None, ...]]) -> None:
    columns, levels, left, right = weighed(rows)
    fitted = model_of(columns)
    bits, weights = score(fitted, columns, levels, left)
    for pair, (i, j) in enumerate(zip(left, right, strict=True)):
        expected = fitted.prior
        for f, column in enumerate(columns):
            level = levels[f][pair]
            if level == MISSING:
                assert weights[pair, f] == 0.0
                continue
            u = fitted.u[f][level]
            if level == len(fitted.u[f]) - 1:
                # A value that agrees counts by how often a third record holds it, against the field's values on the average.
                u *= min(max(third(rows, column, rows[i]) / column.chance, 0.2), 50.0)
            weight = log2(fitted.m[f][level] / u)
            expected += max(weight, 0.0) if level == len(fitted.u[f]) - 1 else weight
        assert bits[pair] == pytest.approx(expected), (rows[i], rows[j])


def test_missing_is_neutral() -> None:
    whole = [("王芳", "13900000001", "女"), ("王方", "13900000001", "女"), ("李强", "18800000009", "男"), ("王方", None, None)]
    columns, levels, left, _ = weighed(whole)
    bits, weights = score(model_of(columns), columns, levels, left)
    # The pair of row 0 and row 3 has only its names to go by.
    assert bits[2] == pytest.approx(MODEL.prior + weights[2, 0])
    assert weights[2, 1:].tolist() == [0.0, 0.0]


def test_a_rare_value_that_agrees_weighs_more_than_a_common_one() -> None:
    rows = [("王芳", None, None)] * 2 + [("李强", None, None)] * 10
    columns, levels, left, right = weighed(rows)
    _, weights = score(model_of(columns), columns, levels, left)
    rare = weights[(left == 0) & (right == 1), 0]
    common = weights[(left == 10) & (right == 11), 0]
    assert rare[0] > common[0] > 0
    # Ten records besides the pair: none of them holds the rare name, eight the common one.
    ratio = [(n + 10 * columns[0].chance) / 20 for n in (0, 8)]
    assert rare[0] - common[0] == pytest.approx(log2(ratio[1] / max(ratio[0], 0.2 * columns[0].chance)), abs=1e-9)
