"""Which pairs of records are worth comparing: those that agree in one of several keys, each pair once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportkit.elements import address, person_name
from reportkit.linkage.values import Codes, Column

#: A block of more records than this makes no pairs and is reported.
CAP = 200
#: A field's own values block where two random cells agree this seldom, times the number of records.
_TELLING = 20.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A blocking key: one code a record, -1 for none; ``fields`` are those that the key is made of."""

    name: str
    keys: Codes
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate pairs (left < right), and the rule that made each."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    rule: NDArray[np.int64]
    capped: tuple[tuple[str, int], ...]


def rules(columns: Sequence[Column], size: int) -> list[Rule]:
    """Keys from the values' own behaviour: whole values that tell, parts of identifiers, sounds of names with one more fact."""
    telling = [c for c in columns if c.chance * size <= _TELLING and len(c.words) > 1]
    made = [
        Rule(c.field.name, c.codes, frozenset({c.field.name})) for c in sorted(telling, key=lambda c: (not c.field.key, c.chance))
    ]
    for column in columns:
        name = column.field.name
        parts = _PARTS.get(column.field.element, ())
        made += [Rule(f"{name}:{part}", _recode(column, cut), frozenset({name})) for part, cut in parts]
    names = [c for c in columns if c.field.element == "person-name"]
    for named in names:
        sound = _recode(named, person_name.sounds)
        for other in columns:
            if other is not named and other.chance < 0.05 and other not in telling:
                made.append(
                    Rule(
                        f"{named.field.name}+{other.field.name}",
                        _both(sound, other.codes),
                        frozenset({named.field.name, other.field.name}),
                    )
                )
    keys = [c for c in columns if c.field.key]
    if len(keys) > 1:
        made += [
            Rule(f"{a.field.name}+{b.field.name}", _both(a.codes, b.codes), frozenset({a.field.name, b.field.name}))
            for n, a in enumerate(keys)
            for b in keys[n + 1 :]
        ]
    return made


def _slice(start: int, end: int | None) -> Callable[[str], str]:
    return lambda value: value[start:end] if len(value) == 18 else ""


_PARTS: dict[str, tuple[tuple[str, Callable[[str], str]], ...]] = {
    "identity-number": (("head", _slice(0, 15)), ("tail", _slice(6, None))),
    "credit-code": (("tail", _slice(9, None)), ("head", _slice(0, 14))),
    "person-name": (("sound", person_name.sounds),),
    "address": (("tail", lambda value: address.tail(value) if len(address.tail(value)) > 2 else ""),),
    "organisation-name": (("core", lambda value: value[-12:-4] if len(value) > 12 else value[:6]),),
}


def _recode(column: Column, cut: Callable[[str], str]) -> Codes:
    """The records' codes of a part of each word; words without the part have none."""
    parts = [cut(word) for word in column.words]
    numbers = {part: n for n, part in enumerate(sorted({part for part in parts if part}))}
    table = np.array([numbers.get(part, -1) for part in parts] + [-1], dtype=np.int64)
    return table[column.codes]


def _both(one: Codes, other: Codes) -> Codes:
    return np.where((one >= 0) & (other >= 0), one * (int(other.max(initial=0)) + 1) + other, -1)


def candidates(made: Sequence[Rule]) -> Pairs:
    """Pairs that agree in a rule's key and in no earlier rule's."""
    parts: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []
    capped: list[tuple[str, int]] = []
    for number, rule in enumerate(made):
        left, right = _agreeing(rule, capped)
        new = np.ones(len(left), dtype=np.bool_)
        for earlier in made[:number]:
            if any(name == earlier.name for name, _ in capped):
                continue
            new &= (earlier.keys[left] != earlier.keys[right]) | (earlier.keys[left] < 0)
        parts.append((left[new], right[new], np.full(int(new.sum()), number, dtype=np.int64)))
    left, right, rule_of = (np.concatenate([part[i] for part in parts]) if parts else np.zeros(0, np.int64) for i in range(3))
    low, high = np.minimum(left, right), np.maximum(left, right)
    order = np.lexsort((high, low))
    once = np.ones(len(order), dtype=np.bool_)
    once[1:] = (low[order][1:] != low[order][:-1]) | (high[order][1:] != high[order][:-1])
    order = order[once]
    return Pairs(low[order], high[order], rule_of[order], tuple(capped))


def _agreeing(rule: Rule, capped: list[tuple[str, int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All pairs inside every block of a key, by run lengths over the sorted keys."""
    rows = np.flatnonzero(rule.keys >= 0)
    order = rows[np.argsort(rule.keys[rows], kind="stable")]
    keys = rule.keys[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, np.int64)
    sizes = np.diff(np.r_[starts, len(keys)])
    capped += [(rule.name, int(size)) for size in sizes[sizes > CAP]]
    found = list(_blocks(order, starts, sizes))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate([a for a, _ in found]), np.concatenate([b for _, b in found])


def _blocks(order: Codes, starts: Codes, sizes: Codes) -> Iterator[tuple[Codes, Codes]]:
    """Blocks of one size at a time: the same triangle of pairs shifted to each block's start."""
    for size in np.unique(sizes[(sizes > 1) & (sizes <= CAP)]):
        one, other = np.triu_indices(int(size), 1)
        at = starts[sizes == size][:, None]
        yield order[(at + one).ravel()], order[(at + other).ravel()]
