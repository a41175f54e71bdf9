"""What a column's values look like: characters, lengths, elements, vocabulary. Headers lie; values seldom do."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reportkit.elements import ELEMENTS
from reportkit.elements.shape import Scope
from reportkit.sheets import Table

_SAMPLE = 20
_TESTED = (
    "identity-number",
    "credit-code",
    "phone",
    "date",
    "month",
    "person-name",
    "address",
    "organisation-name",
    "amount",
    "account",
)
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Profile:
    """Features of a column's distinct values, each 0 to 1, and its vocabulary (value → share of filled cells)."""

    features: tuple[float, ...]
    words: dict[str, float]
    filled: float
    count: int

    @property
    def empty(self) -> bool:
        """Whether there was nothing to look at."""
        return self.count == 0


@lru_cache(maxsize=100_000)
def _looks(value: str) -> tuple[bool, ...]:
    """Which of the tested elements a value looks like; columns of many files hold the same values."""
    return tuple(ELEMENTS[name].resembles(value) for name in _TESTED)


@lru_cache(maxsize=100_000)
def _canonical(value: str) -> str:
    """A date or a month as everybody writes it: a township's own way says nothing about what its column holds."""
    kind = next((name for name in ("date", "month") if ELEMENTS[name].resembles(value)), "")
    return ELEMENTS[kind].normalise(value, Scope()) if kind else value


def profile(values: Sequence[str], rows: int) -> Profile:
    """The profile of a column's filled cells, in a table of ``rows`` rows; looks at a sample of the distinct values."""
    counts = Counter(value.strip() for value in values)
    step = max(1, len(counts) // _SAMPLE)
    sample = [_canonical(value) for value in list(counts)[::step][:_SAMPLE]]
    if not sample:
        return Profile((), {}, 0.0, 0)
    number = len(sample)
    shares = [sum(looks) / number for looks in zip(*map(_looks, sample), strict=True)]
    digits = sum(sum(c.isdigit() for c in v) / max(len(v), 1) for v in sample) / number
    han = sum(len(_HAN.findall(v)) / max(len(v), 1) for v in sample) / number
    length = min(1.0, math.log1p(sum(map(len, sample)) / number) / math.log(40))
    numeric = [abs(float(v)) for v in sample if _NUMBER.fullmatch(v)]
    size = min(1.0, math.log1p(sum(numeric) / len(numeric)) / math.log(1e5)) if numeric else 0.0
    distinct = len(counts) / len(values)
    features = (*shares, digits, han, length, len(numeric) / number, size, distinct)
    top = counts.most_common(40)
    return Profile(features, {value: n / len(values) for value, n in top}, len(values) / max(rows, 1), len(values))


_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d+)?")
_WEIGHTS = (2.0, 2.0, 1.5, 1.2, 1.2, 1.2, 1.0, 0.8, 0.4, 0.6, 0.8, 0.8, 1.0, 0.8, 1.2, 0.6)


def column(table: Table, letter: str) -> Profile:
    """The profile of a column of a table."""
    values = table.body[letter].drop_nulls()
    return profile(
        values.to_list() if values.len() <= 3000 else values.gather_every(values.len() // 3000).to_list(), table.body.height
    )


def together(profiles: Iterable[Profile]) -> Profile:
    """One profile of several columns of one field."""
    parts = [one for one in profiles if not one.empty]
    if not parts:
        return Profile((), {}, 0.0, 0)
    count = sum(one.count for one in parts)
    features = tuple(sum(one.features[i] * one.count for one in parts) / count for i in range(len(parts[0].features)))
    words: Counter[str] = Counter()
    for one in parts:
        for value, share in one.words.items():
            words[value] += share * one.count / count  # type: ignore[assignment]
    filled = sum(one.filled * one.count for one in parts) / count
    return Profile(features, dict(words.most_common(120)), filled, count)


def likeness(one: Profile, other: Profile) -> float:
    """How alike two profiles are, 0 to 1; 0.5 where either is empty."""
    if one.empty or other.empty:
        return 0.5
    pairs = zip(one.features, other.features, _WEIGHTS, strict=True)
    distance = sum(weight * abs(a - b) for a, b, weight in pairs)
    shape = math.exp(-1.1 * distance)
    closed = min(sum(one.words.values()), sum(other.words.values()))
    shared = sum(min(share, other.words.get(value, 0.0)) for value, share in one.words.items())
    vocabulary = shared / closed if closed > 0 else 0.0
    weight = min(1.0, closed) if one.features[-1] < 0.5 or other.features[-1] < 0.5 else 0.15
    return (1 - 0.5 * weight) * shape + 0.5 * weight * vocabulary


def listed(one: Profile, values: Sequence[str]) -> float:
    """The share of a column's cells that stand in a code list, up to spelling."""
    if one.empty or not values:
        return 0.0
    code = ELEMENTS["code"]
    given = Scope(tuple(values))
    inside = sum(share for value, share in one.words.items() if code.normalise(value, given) in values)
    total = sum(one.words.values())
    return inside / total if total else 0.0


def resembling(sample: Sequence[str], element: str) -> float:
    """The share of values that look like an element, 0 where there are none."""
    return sum(map(ELEMENTS[element].resembles, sample)) / len(sample) if sample else 0.0
