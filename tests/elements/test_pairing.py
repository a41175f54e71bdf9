"""Many pairs at once against one pair at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, Indel, JaroWinkler

from reportkit.elements.pairing import Pairing

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
