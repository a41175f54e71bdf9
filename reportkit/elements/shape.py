"""The shape that all elements share: normalise, check, compare, mask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from reportkit import arrays as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Scope:
    """What a field and a round say that an element needs to know.

    Attributes:
        values: the code list as the template writes it; empty where there is none.
        unit: unit of measure written in the header: ``元/月``, ``万元``, ``㎡``.
        minimum: smallest allowed number; None for no bound. ``maximum`` likewise.
        until: the last day that a past event can have (period's end or the day of the round).
        future: whether a date after ``until`` is allowed (a due date, an expiry).
    """

    values: tuple[str, ...] = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    until: date = date(2100, 1, 1)
    future: bool = True


Levels: TypeAlias = "NDArray[np.uint8]"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a value on which two records of one thing meet though the whole values differ.

    Attributes:
        name: ``head``, ``sound``.
        cut: distinct canonical values (String, none null) → their parts, equally long; null where a value has no such part.
    """

    name: str
    cut: Callable[[pl.Series], pl.Series]


@dataclass(frozen=True, slots=True)
class Linking:
    """How record linkage uses an element's values.

    Attributes:
        usual: the probability that two different things hold the same value, before any data is seen.
        agreement: the probability of each level between two records of one thing, before any data is seen (as long as
            ``levels``); empty for mostly the same, seldom different.
        parts: on what records meet beside the whole value; from the most telling on.
        identifies: a valid value (``check`` finds nothing) names one thing in the world, so that two that differ are two things.
        shared: what those have in common who live or work at one place: ``household`` (phone, address) or ``place`` (postcode,
            town); "" for what is one's own. Agreement on several shared fields counts as one fact.
        plain: regular expression (of polars) of values that are canonical as they stand; "" for none.
        valid: distinct canonical values → which of them ``check`` finds nothing wrong with, for elements that identify; None to ask
            ``check`` one by one.
        swaps: the element of the column that people take this one for; both have the levels "swapped" and "near" then.
    """

    usual: float = 0.01
    agreement: tuple[float, ...] = ()
    parts: tuple[Part, ...] = ()
    identifies: bool = False
    shared: str = ""
    plain: str = ""
    valid: Callable[[pl.Series], pl.Series] | None = None
    swaps: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """One kind of value.

    Attributes:
        name: as specs write it: ``identity-number``.
        normalise: raw text of a cell → canonical text. Idempotent. What cannot be read comes back cleaned (NFKC, trimmed)
            and is then told apart by ``check``; "" for a blank or for what offices write for "none" (``无``, ``/``, ``—``).
        check: canonical text → "" where it is right, else the code of a finding in the catalogue.
        compare: two equally long lists of canonical texts, none blank → levels of agreement, 0 = differ …
            ``len(levels) - 1`` = the same. Symmetric.
        levels: the levels' names from 0 up.
        mask: canonical or raw text → what may be shown: ``370602********1234``.
        resembles: whether a raw text (not blank) looks like this element, for guessing a column's element; strict enough
            that ordinary text is refused.
        linking: what record linkage knows of it.
        stands: texts (String, no nulls) → which of them ``normalise`` leaves as they are and ``check`` finds nothing wrong with, told of
            all at once; one that it is not sure of it leaves out. None to ask one by one.
    """

    name: str
    normalise: Callable[[str, Scope], str]
    check: Callable[[str, Scope], str]
    compare: Callable[[Sequence[str], Sequence[str]], Levels]
    levels: tuple[str, ...]
    mask: Callable[[str], str]
    resembles: Callable[[str], bool]
    linking: Linking = field(default_factory=Linking)
    stands: Callable[[pl.Series, Scope], pl.Series] | None = None
