"""Given names: ``JOSÉ-María`` → ``Jose Maria``, ``誌鵬`` → ``志鹏``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportkit.elements import names
from reportkit.elements.latin import fold
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.spoken import canonical, spoken
from reportkit.elements.writing import settle

_MANNER = names.Manner(fold)
_DIGIT = re.compile(r"\d")


def normalise(raw: str, _scope: Scope) -> str:
    """Words in letters without diacritics and punctuation, each with a capital; Chinese characters simplified, without spaces."""
    return settle(lambda text: canonical(text, fold), raw)


def check(value: str, _scope: Scope) -> str:
    """No digits."""
    return "name-character" if _DIGIT.search(value) else ""


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """As ``names`` grades them, short forms and initials among them; "swapped" is for who sees both columns."""
    levels = names.compare(left, right, _MANNER)
    return levels + (levels > 0)


def mask(value: str) -> str:
    """Shown as it is, as whole names are."""
    return value


def resembles(_raw: str) -> bool:
    """A given name alone looks like any word."""
    return False


ELEMENT = Element(
    "given-name",
    normalise,
    check,
    compare,
    ("differ", "swapped", *names.LEVELS[1:]),
    mask,
    resembles,
    Linking(
        usual=1e-2,
        agreement=(0.07, 0.01, 0.03, 0.03, 0.03, 0.06, 0.02, 0.01, 0.74),
        parts=(Part("sound", spoken(fold)),),
        swaps="surname",
    ),
)
