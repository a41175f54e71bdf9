"""What given names and surnames have in common: all but how letters are written and how common a name is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from reportkit.elements import names
from reportkit.elements.shape import Element, Levels, Linking, Scope
from reportkit.elements.spoken import canonical
from reportkit.elements.standing import matching
from reportkit.elements.writing import SIMPLIFIED, settle

#: "swapped" is for who sees both columns.
LEVELS = ("differ", "swapped", *names.LEVELS[1:])
_DIGIT = re.compile(r"\d")


def name_part(name: str, fold: Callable[[str], str], linking: Linking) -> Element:
    """The element of a part of persons' names. ``fold``: how its letters are written for comparing."""
    manner = names.Manner(fold)

    def normalise(raw: str, _scope: Scope) -> str:
        return settle(lambda text: canonical(text, fold), raw)

    def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
        levels = names.compare(left, right, manner)
        return levels + (levels > 0)

    return Element(
        name,
        normalise,
        _check,
        compare,
        LEVELS,
        mask=str,
        resembles=_any_word,
        linking=linking,
        stands=matching(f"^[{SIMPLIFIED}]+$"),
    )


def _check(value: str, _scope: Scope) -> str:
    """No digits."""
    return "name-character" if _DIGIT.search(value) else ""


def _any_word(_raw: str) -> bool:
    """A part of a name alone looks like any word."""
    return False
