"""Facts that are no two facts."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from reportkit.linkage import LinkField, dependence, link
from reportkit.linkage.patterns import FREE, count
from reportkit.linkage.values import Column, encode

TOWNS, CODES = 20, 100
FIELDS = (
    LinkField("town", "place"),
    LinkField("postcode", "postcode"),
    LinkField("colour", "code"),
    LinkField("account", "account"),
)
CLASSES = np.log2(np.array([0.0001, 0.00001, 0.0001, 0.99979]))


def columns(size: int = 2000, seed: int = 1) -> list[Column]:
    """Every postcode lies in one town; a colour has nothing to do with either."""
    draw = np.random.default_rng(seed)
    code = draw.integers(0, CODES, size)
    values = {
        "town": [f"Town {chr(65 + n % TOWNS)}" for n in code],
        "postcode": [f"{26000 + n}" for n in code],
        "colour": [f"c{n}" for n in draw.integers(0, 10, size)],
        "account": [f"{10**15 + n}" for n in range(size)],
    }
    return encode(pl.DataFrame(values), FIELDS)


def test_who_has_the_same_postcode_has_the_same_town_and_no_likelier_the_same_colour() -> None:
    found = columns()
    given = dependence.implied(found, np.zeros(4, dtype=np.bool_), CLASSES, [0.9] * 4)
    town, postcode, colour, account = range(4)
    assert given[town, postcode] > 0.95
    assert given[colour, postcode] == pytest.approx(0.1, abs=0.03)
    # The commoner does not imply the rarer, and of what no two records hold nothing is known.
    assert given[postcode, town] == 0
    assert not given[:, account].any()


def test_what_a_household_shares_is_not_implied_by_what_is_ones_own() -> None:
    given = dependence.implied(columns(), np.array([True, False, False, False]), CLASSES, [0.9] * 4)
    assert given[0, 1] == 0


def test_records_of_one_thing_do_not_make_fields_look_as_though_one_implied_the_other() -> None:
    """A thousand things, all twice, with an account and a colour each: nobody else has the account."""
    draw = np.random.default_rng(3)
    colour = [f"c{n}" for n in draw.integers(0, 10, 1000)]
    account = [f"{10**15 + n}" for n in range(1000)]
    name = [f"Town {n}" for n in draw.integers(0, 400, 1000)]
    made = encode(
        pl.DataFrame({"colour": colour * 2, "account": account * 2, "name": name * 2}),
        (LinkField("colour", "code"), LinkField("account", "account"), LinkField("name", "place")),
    )
    given = dependence.implied(made, np.zeros(3, dtype=np.bool_), np.log2(np.array([5e-4, 1e-9, 1e-9, 1 - 5e-4])), [0.95] * 3)
    assert given[0, 1] < 0.3
    assert given[0, 2] < 0.3


# -- among records of one thing ------------------------------------------------------------------------------


def patterns_of(made: list[Column], agree: np.ndarray) -> tuple[dependence.Patterns, np.ndarray]:
    """Pairs of one thing by which of their fields agree."""
    levels = [np.where(agree[:, f], column.top, 0).astype(np.uint8) for f, column in enumerate(made)]
    none = np.zeros(len(agree), dtype=np.float32)
    patterns = count(levels, [none, none], np.full(len(agree), FREE, dtype=np.uint8))
    return patterns, patterns.counts


def agreements(bound: bool, number: int = 4000) -> np.ndarray:  # noqa: FBT001 - two worlds
    """Town and postcode change together in one of two worlds; colour and account for themselves."""
    draw = np.random.default_rng(2)
    found = draw.random((number, 4)) < np.array([0.8, 0.8, 0.9, 0.9])
    if bound:
        found[:, 0] = found[:, 1]
    return found


def test_a_field_that_changes_with_a_rarer_one_has_it_for_its_parent() -> None:
    made = columns()
    patterns, matches = patterns_of(made, agreements(bound=True))
    assert dependence.parents(made, patterns, matches) == (1, -1, -1, -1)


def test_fields_that_change_each_for_itself_have_no_parents() -> None:
    made = columns()
    patterns, matches = patterns_of(made, agreements(bound=False))
    assert dependence.parents(made, patterns, matches) == (-1, -1, -1, -1)


def test_a_few_pairs_teach_no_dependence() -> None:
    made = columns()
    patterns, matches = patterns_of(made, agreements(bound=True, number=20))
    assert dependence.parents(made, patterns, matches) == (-1, -1, -1, -1)


# -- what comes of it ----------------------------------------------------------------------------------------


def place_bits(postcodes_of_towns: bool) -> float:  # noqa: FBT001 - two worlds
    """What town and postcode say together of pairs that agree in everything."""
    draw = np.random.default_rng(4)
    size, twice = 2000, 300
    code = draw.integers(0, CODES, size)
    town = code % TOWNS if postcodes_of_towns else draw.integers(0, TOWNS, size)
    records = pl.DataFrame(
        {
            "account": [f"{10**15 + 7919 * n}" for n in range(size)],
            "town": [f"Town {chr(65 + n)}{chr(97 + n)}" for n in town],
            "postcode": [f"{26000 + 7 * n}" for n in code],
        }
    )
    records = pl.concat([records, records.head(twice)]).with_row_index("_id")
    found = link(records, [LinkField("account", "account"), *FIELDS[:2]], "matter")
    assert found.edges.height == twice
    parts = found.weights.filter(pl.col("field").is_in(["town", "postcode"]))
    return float(parts.group_by("left", "right").agg(pl.col("weight").sum())["weight"].median())


def test_a_town_that_follows_from_its_postcode_counts_once() -> None:
    together, apart = place_bits(postcodes_of_towns=True), place_bits(postcodes_of_towns=False)
    # One in a hundred agrees in the postcode by chance, and one in twenty in the town beside it where the two are independent.
    assert together < np.log2(CODES) + 1
    assert apart > np.log2(CODES) + np.log2(TOWNS) - 1.5
