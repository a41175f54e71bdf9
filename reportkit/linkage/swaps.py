"""Values in each other's columns: a given name where the surname belongs, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from reportkit.linkage.blocking import Pairs
from reportkit.linkage.comparison import MISSING, Levels
from reportkit.linkage.values import Codes, Column, Flags


def turn(columns: Sequence[Column], pairs: Pairs, levels: Sequence[Levels]) -> None:
    """Put the level "swapped" where two columns disagree and each agrees with the other, in place."""
    for f, g in _mixed_up(columns):
        one, other = columns[f], columns[g]
        agree = one.element.levels.index("near")
        rows = np.flatnonzero(_open(one, levels[f]) & _open(other, levels[g]))
        if rows.size:
            left, right = pairs.left[rows], pairs.right[rows]
            turned = _levels(one, other, left, right) >= agree
            turned[turned] = _levels(one, other, right[turned], left[turned]) >= agree
            for column, level in ((one, levels[f]), (other, levels[g])):
                level[rows[turned]] = column.element.levels.index("swapped")


def _mixed_up(columns: Sequence[Column]) -> Iterator[tuple[int, int]]:
    """Columns of the same person that people take for each other."""
    for f, one in enumerate(columns):
        for g, other in enumerate(columns):
            whose = {column.field.concept.partition(".")[0] for column in (one, other)}
            if one.element.linking.swaps == other.element.name and len(whose) == 1:
                yield f, g


def _open(column: Column, levels: Levels) -> Flags:
    return np.asarray((levels < column.element.levels.index("near")) & (levels != MISSING), dtype=np.bool_)


def _levels(one: Column, other: Column, left: Codes, right: Codes) -> Levels:
    """How the left records' values in one column agree with the right records' in the other."""
    a, b = one.words.gather(one.codes[left]).to_list(), other.words.gather(other.codes[right]).to_list()
    return one.element.compare(a, b)
