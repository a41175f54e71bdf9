"""What is known of levels before anything is learnt."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from villagers import FIELDS, frame, households, villagers
from weighing import patterns_of

from reportkit.elements import element
from reportkit.linkage.priors import neighbours, share, start, twins
from reportkit.linkage.settlement import shared_of
from reportkit.linkage.values import Column, LinkField, encode

NAMES = [one.values[0] for one in households(150, 4, again=0.0, seed=2)]


def names() -> Column:
    field = LinkField("姓名", "person-name")
    return encode(frame([(name,) for name in NAMES], (field,)), (field,))[0]


def test_the_chance_of_each_level_is_that_of_two_people_picked_from_the_list() -> None:
    u = start([names()], np.array([False]), len(NAMES)).u[0]
    pairs = list(combinations(NAMES, 2))
    levels = element("person-name").compare([one for one, _ in pairs], [other for _, other in pairs])
    truth = np.bincount(levels, minlength=len(u)) / len(pairs)
    assert u.sum() == pytest.approx(1)
    assert u[0] == pytest.approx(truth[0], abs=0.03)
    for level in range(1, len(u) - 1):
        assert u[level] == pytest.approx(truth[level], rel=0.2, abs=0.003)


@pytest.mark.parametrize("size", [2, 5, 40, 400])
def test_a_list_is_expected_to_repeat_some_rows_and_most_pairs_to_be_others(size: int) -> None:
    columns = encode(frame(villagers(min(size, 290))), FIELDS)
    chances = np.exp2(start(columns, shared_of(columns, "person"), size).classes)
    assert chances.sum() == pytest.approx(1)
    assert chances[3] > 0.5
    ones = (chances[0] + chances[1]) * size * (size - 1) / 2
    assert 0 < ones < 0.3 * size


def test_where_nothing_is_a_households_nobody_moved_and_nobody_is_kin() -> None:
    columns = encode(frame(villagers(40)), FIELDS)
    chances = np.exp2(start(columns, shared_of(columns, "enterprise"), 40).classes)
    assert (chances[1], chances[2]) == (0, 0)


def test_what_is_a_persons_alone_is_told_from_the_rest() -> None:
    columns = encode(frame(villagers(40)), FIELDS)
    assert start(columns, shared_of(columns, "person"), 40).alone.tolist() == [True, True, False, False]


def test_kin_agree_a_little_oftener_by_chance_than_strangers() -> None:
    u = np.array([0.9, 0.09, 0.01])
    assert twins(u).sum() == pytest.approx(1)
    assert u[-1] < twins(u)[-1] < u[-1] + 0.05


def test_how_kin_agree_in_what_is_not_theirs_alone_is_seen_where_they_share_and_are_no_one() -> None:
    """A surname stands beside the given name: of those who share a phone and no given name nine in ten have it in common."""
    fields = (LinkField("given", "given-name"), LinkField("family", "surname"), LinkField("phone", "phone"))
    columns = encode(frame([("Ann", "Bell", "13900000001"), ("Tom", "Hay", "13900000002")], fields), fields)
    model = start(columns, np.array([False, False, True]), 400)
    top = [column.top for column in columns]
    kin = [(0, top[1], top[2])] * 900 + [(0, 0, top[2])] * 100
    strangers = [(0, 0, 0)] * 5000 + [(top[0], top[1], top[2])] * 500
    near = neighbours(model, patterns_of([*kin, *strangers]))
    assert near[1][-1] == pytest.approx(0.9, abs=0.03)
    assert near[2] == pytest.approx(model.u[2])


def test_shares_lie_between_what_was_seen_and_what_was_known() -> None:
    levels, prior = np.array([0, 1, 1, 1, 255], dtype=np.uint8), np.array([0.5, 0.5])
    assert share(levels, np.ones(5), prior, 0.0) == pytest.approx([0.25, 0.75])
    assert share(levels, np.ones(5), prior, 4.0) == pytest.approx([0.375, 0.625])
    assert share(levels, np.zeros(5), prior, 4.0) == pytest.approx(prior)
