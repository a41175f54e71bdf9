"""A rule that cannot be used, as facts; its words are in the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class Broken(Exception):  # noqa: N818 - it is the author's rule that is broken, not the program
    """What is wrong with a rule: ``code`` is an entry of the catalogue, ``facts`` what its message names, ``place`` where in the rule."""

    def __init__(self, code: str, /, *place: str | int, **facts: object) -> None:
        """Keep code, place and facts."""
        super().__init__(code, place, facts)
        self.code = code
        self.place = place
        self.facts = facts

    def at(self, *place: str | int) -> Broken:
        """The same, further out."""
        return Broken(self.code, *place, *self.place, **self.facts)


def nearest(word: str, known: Iterable[str], cutoff: float = 0.5) -> str:
    """The known word that was probably meant, or ""; short Chinese names differ in half of themselves."""
    by_small = {one.casefold(): one for one in known}
    near = get_close_matches(word.casefold(), list(by_small), n=1, cutoff=cutoff)
    return by_small[near[0]] if near else ""
