"""Surnames: ``van der BERG`` → ``Vanderberg``, ``O'Brien`` → ``Obrien``, ``McDonald`` → ``Macdonald``, ``劉`` → ``刘``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportkit.elements import names
from reportkit.elements.latin import fold_surname
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.spoken import canonical, spoken
from reportkit.elements.writing import settle

_MANNER = names.Manner(fold_surname)
_DIGIT = re.compile(r"\d")


def normalise(raw: str, _scope: Scope) -> str:
    """As given names; a prefix is one word with what follows it."""
    return settle(lambda text: canonical(text, fold_surname), raw)


def check(value: str, _scope: Scope) -> str:
    """No digits."""
    return "name-character" if _DIGIT.search(value) else ""


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """As ``names`` grades them; one of two surnames (Smith, Smith-Jones) is a part; "swapped" is for who sees both columns."""
    levels = names.compare(left, right, _MANNER)
    return levels + (levels > 0)


def mask(value: str) -> str:
    """Shown as it is, as whole names are."""
    return value


def resembles(_raw: str) -> bool:
    """A surname alone looks like any word."""
    return False


ELEMENT = Element(
    "surname",
    normalise,
    check,
    compare,
    ("differ", "swapped", *names.LEVELS[1:]),
    mask,
    resembles,
    Linking(
        usual=5e-3,
        agreement=(0.07, 0.01, 0.02, 0.01, 0.02, 0.06, 0.03, 0.02, 0.76),
        parts=(Part("sound", spoken(fold_surname)),),
    ),
)
