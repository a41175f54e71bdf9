"""Which pairs of records are worth comparing: those that agree in one of several rules' keys, each pair once.

Rules are chosen from the data: of all keys and pairs of keys, greedily those that find most of what other rules miss for the fewest
pairs, where what a rule finds is reckoned from what is usual between two records of one thing and what the data leaves blank, and
what it costs from the values' frequencies. So the number of pairs is known before one is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from reportkit.linkage.keys import Key, Keys, Rule, rule, runs
from reportkit.linkage.values import REPEATED, Codes, Column, Flags

#: A block of more records than this makes no pairs and is reported.
CAP = 200
#: Lists of so few records are compared whole.
_WHOLE = 60
#: Pairs of one thing that are imagined to reckon what rules find.
_IMAGINED, _SEED = 4_000, 20_261_124
#: So many pairs a record may be compared to find all that is to be found, where there are more records than ``_SHORT``; a rule has to
#: add so much to what is found.
_WORTH, _SHORT, _GAIN = 30.0, 1_000_000, 0.0002
#: Candidate pairs a record that all rules together may make, and for short lists altogether.
_PAIRS, _FEWEST = 12.0, 400_000.0
_MOST_RULES = 40
#: Where there are more records, what a rule costs is counted on a sixteenth of its keys.
_COUNTED = 100_000
#: Two records of one thing of which all shared fields differ: somebody moved.
_MOVED = 0.1
#: Share of records that somebody wrote in haste: there every field goes wrong so many times as often.
_HASTY, _HASTE = 0.5, 3.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Rules in the order in which pairs are made, and the share of the pairs of one thing that they are reckoned to find."""

    rules: tuple[Rule, ...]
    recall: float

    @property
    def capped(self) -> tuple[tuple[str, int], ...]:
        """Blocks left out: (rule, records)."""
        return tuple((rule.name, number) for rule in self.rules for _, number in rule.crowds)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate pairs (left < right)."""

    left: Codes
    right: Codes


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of two records of one thing: per field the probability of each level, and which fields differ together."""

    columns: Sequence[Column]
    levels: Sequence[NDArray[np.float64]]
    shared: Flags


def usual(columns: Sequence[Column], shared: Flags) -> Known:
    """What is known before any pair is seen."""
    return Known(columns, [column.usual for column in columns], shared)


# -- what to block on --------------------------------------------------------------------------------------


def plan(keys: Sequence[Key], size: int, known: Known, first: Plan | None = None) -> Plan:
    """Rules for ``size`` records; with a ``first`` plan its own and those that it needs beside them."""
    if size <= _WHOLE or not keys:
        whole = Rule((), np.zeros(size, dtype=np.int64))
        # Without a key all records are one block: of a long list that says the same in every row that is a pair of everything.
        whole = whole if size <= _WHOLE else _without_crowds(whole)
        return Plan((whole,), 0.0 if whole.crowds else 1.0)
    found = _agreements(keys, size, known)
    rules = list(first.rules) if first else []
    missed = ~_found(rules, keys, found)
    waiting = [one for one in _options(keys, found, size) if one.name not in {made.name for made in rules}]
    budget = max(_PAIRS * size, min(_FEWEST, size * size / 4))
    while waiting and len(rules) < _MOST_RULES:
        best = max(waiting, key=lambda one: (one.gain(missed, size), one.name))
        if best.gain(missed, size) < _GAIN:
            break
        waiting.remove(best)
        if not best.counted:
            waiting.append(best.count(size))
        elif sum(made.pairs for made in rules) + best.cost <= budget:
            rules.append(_without_crowds(rule(best.keys)))
            missed &= ~best.finds
    return Plan(tuple(rules), 1 - float(missed.mean()))


def _found(rules: Sequence[Rule], keys: Sequence[Key], found: Flags) -> Flags:
    """Which imagined pairs the rules find."""
    at = {key.name: n for n, key in enumerate(keys)}
    each = [np.all([found[:, at[key.name]] for key in made.keys], axis=0) for made in rules]
    return np.any(each, axis=0) if each else np.zeros(len(found), dtype=np.bool_)


@dataclass(frozen=True)
class _Option:
    """A rule that might be chosen: which imagined pairs it finds, and what it costs in pairs, reckoned or ``counted``."""

    keys: tuple[Key, ...]
    finds: Flags
    cost: float
    counted: bool = False

    @property
    def name(self) -> str:
        return "+".join(key.name for key in self.keys)

    def gain(self, missed: Flags, size: int) -> float:
        """Share of all imagined pairs that it finds and no rule before it does, less what its cost is worth."""
        effort = sum(key.effort for key in self.keys)
        return float((self.finds & missed).mean()) - (self.cost + effort) / (_WORTH * (size + _SHORT))

    def count(self, size: int) -> _Option:
        """With its cost counted, on a sixteenth of the keys where there are many records."""
        if size <= _COUNTED:
            return _Option(self.keys, self.finds, float(_pairs(rule(self.keys).codes)), counted=True)
        some = rule(self.keys, self.keys[0].sixteenth)
        return _Option(self.keys, self.finds, 16.0 * _pairs(some.codes), counted=True)


def _options(keys: Sequence[Key], found: Flags, size: int) -> list[_Option]:
    """Keys and pairs of keys of different fields, with costs reckoned as though fields knew nothing of each other."""
    every = size * (size - 1) / 2
    most = _PAIRS * size
    one = [_Option((key,), found[:, n], key.chance * every) for n, key in enumerate(keys)]
    two = [
        _Option((keys[a], keys[b]), found[:, a] & found[:, b], keys[a].chance * keys[b].chance * every)
        for a, b in combinations(range(len(keys)), 2)
        if keys[a].column is not keys[b].column and min(one[a].cost, one[b].cost) > REPEATED * size
    ]
    return [option for option in one + two if option.cost <= most]


def _agreements(keys: Sequence[Key], size: int, known: Known) -> Flags:
    """Imagined pairs of one thing × keys: whether the two records agree in the key."""
    pick = np.random.default_rng(_SEED)
    moved, hasty = pick.random(_IMAGINED) < _MOVED, pick.random(_IMAGINED) < _HASTY
    levels = {}
    for column, levels_of, one in zip(known.columns, known.levels, known.shared, strict=True):
        careful, sloppy = (pick.choice(column.top + 1, _IMAGINED, p=shape) for shape in (levels_of, _worse(levels_of)))
        blank = pick.random((2, _IMAGINED)) > column.filled / max(size, 1)
        lost = moved & one
        chosen = np.where(hasty, sloppy, careful)
        levels[column.field.name] = np.where(blank.any(axis=0), -1, np.where(lost, 0, chosen))
    luck = pick.random((_IMAGINED, len(keys)))
    found = np.zeros((_IMAGINED, len(keys)), dtype=np.bool_)
    for n, key in enumerate(keys):
        level = levels[key.column.field.name]
        some = (level == 0) & (luck[:, n] < 0.15) | (level > 0) & (luck[:, n] < 0.5)
        found[:, n] = (level == key.column.top) | (some if key.part else False)
    return found


def _worse(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """The levels' probabilities where somebody wrote in haste."""
    wrong = levels[:-1] * min(_HASTE, max(0.7 / levels[:-1].sum(), 1.0))
    found: NDArray[np.float64] = np.append(wrong, 1 - wrong.sum())
    return found


def _without_crowds(made: Rule) -> Rule:
    """The rule without blocks of more than ``CAP`` records."""
    starts, sizes = made.blocks
    crowds = sizes > CAP
    if not crowds.any():
        return made
    first = made.order[starts[crowds]]
    codes = np.where(np.isin(made.codes, made.codes[first]), -1, made.codes)
    return Rule(made.keys, codes, tuple(zip(first.tolist(), sizes[crowds].tolist(), strict=True)))


def _pairs(codes: Keys) -> int:
    _, sizes = runs(np.sort(codes[codes >= 0]))
    return int((sizes * (sizes - 1) // 2).sum())


# -- pairs -------------------------------------------------------------------------------------------------


def candidates(rules: Sequence[Rule], done: int = 0, batch: int = 2_000_000) -> Iterator[Pairs]:
    """Pairs that agree in a rule's key and in no earlier rule's, some ``batch`` at a time; without those of the first ``done`` rules."""
    for number, made in list(enumerate(rules))[done:]:
        for left, right in _agreeing(made, batch):
            new = np.ones(len(left), dtype=np.bool_)
            for earlier in rules[:number]:
                one = earlier.codes[left]
                new &= (one < 0) | (one != earlier.codes[right])
            yield Pairs(np.minimum(left, right)[new], np.maximum(left, right)[new])


def _agreeing(made: Rule, batch: int) -> Iterator[tuple[Codes, Codes]]:
    """All pairs inside every block of a key, by run lengths over the sorted keys."""
    order = made.order
    starts, sizes = made.blocks
    waiting: list[tuple[Codes, Codes]] = []
    for left, right in _blocks(order, starts, sizes, batch):
        waiting.append((left, right))
        if sum(len(one) for one, _ in waiting) >= batch:
            yield _joined(waiting)
            waiting = []
    if waiting:
        yield _joined(waiting)


def _joined(parts: Sequence[tuple[Codes, Codes]]) -> tuple[Codes, Codes]:
    return np.concatenate([left for left, _ in parts]), np.concatenate([right for _, right in parts])


def _blocks(order: Codes, starts: Keys, sizes: Keys, batch: int) -> Iterator[tuple[Codes, Codes]]:
    """Blocks of one size at a time: the same triangle of pairs shifted to each block's start."""
    for size in np.unique(sizes[sizes > 1]):
        one, other = np.triu_indices(int(size), 1)
        heads = starts[sizes == size]
        step = max(1, batch // len(one))
        for first in range(0, len(heads), step):
            at = heads[first : first + step, None]
            yield order[(at + one).ravel()], order[(at + other).ravel()]
