"""Records as integers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from desk import identity
from hypothesis import given, settings
from hypothesis import strategies as st
from villagers import FIELDS, Person, frame, slipped, villagers

from reportkit.elements import element
from reportkit.linkage.values import Column, LinkField, Totals, counted, encode, encode_one, numbered

PHONE = LinkField("电话", "phone")
PLACE = LinkField("town", "place")
VALUES = st.lists(st.sampled_from(["13900000001", "13900000002", "13900000003", None]), max_size=20)
few = settings(max_examples=60, deadline=None)


def column(values: list[str | None], field: LinkField = PLACE) -> Column:
    return encode_one(pl.Series(field.name, values, dtype=pl.String), field)


@few
@given(VALUES)
def test_codes_stand_for_the_values_and_counts_for_how_often_each_occurs(values: list[str | None]) -> None:
    columns = encode(pl.DataFrame({"电话": pl.Series(values, dtype=pl.String)}), [PHONE])
    filled = Counter(one for one in values if one is not None)
    if not filled:
        assert columns == []
        return
    (found,) = columns
    assert [None if code < 0 else found.words[int(code)] for code in found.codes] == values
    assert dict(zip(found.words, found.counts, strict=True)) == dict(filled)
    assert found.filled == filled.total()


@few
@given(VALUES, st.lists(st.sampled_from(["13900000001", "13900000002", "18800000000"]), unique=True))
def test_numbered_is_the_place_among_the_words_and_none_for_what_is_not_there(values: list[str | None], words: list[str]) -> None:
    found = numbered(pl.Series("电话", values, dtype=pl.String), pl.Series(words, dtype=pl.String))
    assert found.tolist() == [words.index(one) if one in words else -1 for one in values]


def test_only_a_right_identity_number_or_credit_code_names_a_thing() -> None:
    rows: list[Person] = [
        ("王芳", identity(1), "13900000001", None),
        ("李强", slipped(identity(2)), None, None),
        ("赵丽", "X12345678", None, None),
    ]
    columns = {column.field.name: column for column in encode(frame(rows), FIELDS)}
    assert set(columns) == {"姓名", "身份证号", "联系电话"}
    number = columns["身份证号"]
    assert {word: bool(valid) for word, valid in zip(number.words, number.valid, strict=True)} == {
        identity(1): True,
        slipped(identity(2)): False,
        "X12345678": False,
    }
    assert not columns["联系电话"].valid.any()
    # The first is the example of python-stdnum's documentation.
    credit = column(["91110000600037341L", "91110000600037342L"], LinkField("代码", "credit-code"))
    assert credit.valid.tolist() == [True, False]


def test_the_order_of_rows_does_not_change_a_columns_words() -> None:
    rows = villagers(20)
    forward, backward = encode(frame(rows), FIELDS), encode(frame(rows[::-1]), FIELDS)
    assert [column.words.to_list() for column in forward] == [column.words.to_list() for column in backward]
    assert [column.codes.tolist() for column in forward] == [column.codes.tolist()[::-1] for column in backward]


# -- how common a value is -----------------------------------------------------------------------------------


def drawn(shares: list[float], number: int = 4000, seed: int = 1) -> Column:
    """Values drawn with known probabilities, no thing twice."""
    pick = np.random.default_rng(seed).choice(len(shares), number, p=shares)
    return column([f"town {n:03}" for n in pick])


@pytest.mark.parametrize("shares", [[0.01] * 100, [0.3, 0.2, *[0.01] * 50], [0.002] * 500], ids=["even", "skewed", "fine"])
def test_the_chance_that_two_things_agree_is_found_again_from_the_values(shares: list[float]) -> None:
    truth = sum(share**2 for share in shares)
    assert drawn(shares).chance == pytest.approx(truth, rel=0.1, abs=2e-4)


@pytest.mark.parametrize("number", [600, 2000])
def test_beside_another_field_names_agree_as_often_by_chance_as_ten_thousand_names_do(number: int) -> None:
    chances = []
    for seed in range(20):
        one, other = (drawn([1e-4] * 10_000, number, draw) for draw in (seed, seed + 100))
        chances.append(counted([one, other])[0].chance)
    assert np.mean(chances) == pytest.approx(1e-4, rel=0.5)


def test_repetitions_do_not_make_a_number_look_common() -> None:
    numbers: list[str | None] = [f"{10**15 + n}" for n in range(2000)]
    field = LinkField("account", "account")
    once, again = column(numbers, field), column(numbers + numbers[:300], field)
    assert once.chance < 1e-5
    assert again.chance < 1e-5


@pytest.mark.parametrize("number", [2, 6, 20])
def test_a_few_rows_think_a_value_as_common_as_is_usual_of_its_element(number: int) -> None:
    usual = element("place").linking.usual
    different = column([f"town {n}" for n in range(number)])
    assert 0.3 * usual < different.chance < 2 * usual
    assert column(["A", "A"]).chance < 0.05


def test_a_rare_value_is_less_likely_in_a_third_record_than_a_common_one() -> None:
    shares = [0.5, 0.2, *[0.003] * 100]
    found = drawn(shares)
    at = {word: n for n, word in enumerate(found.words)}
    for n, share in enumerate(shares[:2]):
        assert found.frequency[at[f"town {n:03}"]] == pytest.approx(share, abs=0.03)
    rare = found.frequency[[at[f"town {n:03}"] for n in range(2, 102) if f"town {n:03}" in at]]
    assert rare.max() < 0.01
    assert (found.frequency > 0).all()


def test_totals_of_all_records_stand_for_those_of_the_few_at_hand() -> None:
    found = replace(column(["A", "B", None]), totals=Totals(filled=10_000.0, chance=0.004))
    assert (found.filled, found.chance) == (10_000.0, 0.004)
    # Among ten thousand records a value held by nobody else is rarer than the field's values are.
    assert (found.frequency < 0.004).all()
