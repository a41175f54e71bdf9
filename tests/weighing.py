"""Patterns written out, and what a model says of them."""

from __future__ import annotations

import numpy as np

from reportkit.linkage.comparison import MISSING
from reportkit.linkage.model import Model, class_bits, likelihoods, weight
from reportkit.linkage.patterns import Patterns


def patterns_of(levels: list[tuple[int | None, ...]], own: float = 0.0, shared: float = 0.0) -> Patterns:
    number = len(levels)
    table = np.array([[MISSING if level is None else level for level in one] for one in levels], dtype=np.uint8)
    rare = np.full(number, own), np.full(number, shared)
    return Patterns(tuple(table.T), *rare, np.zeros(number, np.uint8), np.ones(number), np.arange(number))


def weights(model: Model, patterns: Patterns) -> list[float]:
    return weight(class_bits(model, likelihoods(model, patterns), patterns.rare_own, patterns.rare_shared)).tolist()
