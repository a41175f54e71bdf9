"""Many pairs at once against one pair at a time."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, Indel, JaroWinkler

from reportkit.elements.pairing import Coded, Pairing

WORDS = st.one_of(
    st.text("abcABC12 王", min_size=1, max_size=9),
    st.text(min_size=1, max_size=8).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)),
)
PAIRS = st.lists(st.tuples(WORDS, WORDS), max_size=8)


@given(PAIRS, st.integers(1, 3))
@settings(max_examples=300, deadline=None)
def test_no_bound_changes_a_distance(pairs: list[tuple[str, str]], most: int) -> None:
    found = Pairing.of([a for a, _ in pairs], [b for _, b in pairs]).edits(most)
    assert found.tolist() == [min(OSA.distance(a, b), most + 1) for a, b in pairs]


@given(PAIRS, st.sampled_from([0.7013, 0.8513, 0.9313]))
@settings(max_examples=300, deadline=None)
def test_no_bound_changes_a_likeness(pairs: list[tuple[str, str]], least: float) -> None:
    pairing = Pairing.of([a for a, _ in pairs], [b for _, b in pairs])
    for found, scorer in (
        (pairing.winkler(least), JaroWinkler.similarity),
        (pairing.likeness(least), Indel.normalized_similarity),
    ):
        wanted = [scorer(a, b) for a, b in pairs]
        assert found.tolist() == pytest.approx([score if score >= least else 0 for score in wanted], abs=1e-6)


@given(PAIRS)
def test_forms_of_words_make_pairs_equal_but_never_empty_ones(pairs: list[tuple[str, str]]) -> None:
    form = Pairing.of([a for a, _ in pairs], [b for _, b in pairs]).by(lambda word: word[:1].lower())
    assert form.equal.tolist() == [a[:1].lower() == b[:1].lower() != "" for a, b in pairs]


def test_pairs_that_are_not_asked_for_are_far_apart() -> None:
    pairing = Pairing.of(["anna", "anna"], ["anna", "anna"])
    among = np.array([True, False])
    assert pairing.edits(1, among).tolist() == [0, 2]
    assert pairing.winkler(0.9, among).tolist() == [1, 0]


@given(PAIRS, st.lists(st.booleans(), min_size=8, max_size=8))
def test_some_of_the_pairs_keep_their_values_and_no_others(pairs: list[tuple[str, str]], kept: list[bool]) -> None:
    some = Pairing.of([a for a, _ in pairs], [b for _, b in pairs]).only(np.array(kept[: len(pairs)], dtype=np.bool_))
    wanted = [pair for pair, keep in zip(pairs, kept, strict=False) if keep]
    assert [(some.words[a], some.words[b]) for a, b in zip(some.left, some.right, strict=True)] == wanted
    assert set(some.words) == {word for pair in wanted for word in pair}


@given(PAIRS)
def test_a_form_is_asked_for_only_where_the_pattern_is_found(pairs: list[tuple[str, str]]) -> None:
    form = Pairing.of([a for a, _ in pairs], [b for _, b in pairs]).by(str.lower, "[A-Z]")
    plain = [[word.lower() if any("A" <= c <= "Z" for c in word) else word for word in pair] for pair in pairs]
    assert form.equal.tolist() == [a == b for a, b in plain]


@given(PAIRS)
def test_a_column_of_values_pairs_as_a_list_of_them(pairs: list[tuple[str, str]]) -> None:
    words = list(dict.fromkeys(word for pair in pairs for word in pair))
    sides = [np.array([words.index(pair[side]) for pair in pairs], dtype=np.int64) for side in (0, 1)]
    listed, column = (
        Pairing.of(Coded(values, sides[0]), Coded(values, sides[1])) for values in (words, pl.Series(words, dtype=pl.String))
    )
    assert column.edits(2).tolist() == listed.edits(2).tolist()
    assert column.by(str.lower).equal.tolist() == listed.by(str.lower).equal.tolist()
    assert list(Coded(pl.Series(words, dtype=pl.String), sides[0])) == [a for a, _ in pairs]
