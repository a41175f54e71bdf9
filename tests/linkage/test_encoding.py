"""Records as integers."""

from __future__ import annotations

import polars as pl
import pytest
from desk import identity
from hypothesis import given, settings
from hypothesis import strategies as st
from villagers import FIELDS, Person, frame, slipped, villagers

from reportkit.linkage.values import LinkField, encode

PHONE = LinkField("电话", "phone")
VALUES = st.lists(st.sampled_from(["13900000001", "13900000002", "13900000003", None]), max_size=20)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_codes_stand_for_the_values_and_shares_for_their_frequency(values: list[str | None]) -> None:
    columns = encode(pl.DataFrame({"电话": pl.Series(values, dtype=pl.String)}), [PHONE])
    filled = [one for one in values if one is not None]
    if not filled:
        assert columns == []
        return
    (column,) = columns
    assert [None if code < 0 else column.words[code] for code in column.codes] == values
    assert {word: pytest.approx(share) for word, share in zip(column.words, column.share, strict=True)} == {
        word: filled.count(word) / len(filled) for word in set(filled)
    }


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
    credit = encode(pl.DataFrame({"代码": ["91110000600037341L", "91110000600037342L"]}), [LinkField("代码", "credit-code")])[0]
    assert [bool(one) for one in credit.valid] == [True, False]


def test_the_order_of_rows_does_not_change_a_columns_words() -> None:
    rows = villagers(20)
    forward, backward = encode(frame(rows), FIELDS), encode(frame(rows[::-1]), FIELDS)
    assert [column.words for column in forward] == [column.words for column in backward]
    assert [column.codes.tolist() for column in forward] == [column.codes.tolist()[::-1] for column in backward]
