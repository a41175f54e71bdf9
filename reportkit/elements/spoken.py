"""What the elements of names share: one way of writing, and for record linkage how a name sounds, and how one of its words does."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from reportkit.elements.cuts import Cut
from reportkit.elements.latin import fold_person, keys
from reportkit.elements.sounds import is_han, sounds
from reportkit.elements.writing import clean, none, simplify

_BREAKS = re.compile(r"[\s_,.，。、]+")


def spoken(fold: Callable[[str], str]) -> Cut:
    """Blurred Pinyin of names in Chinese characters, the keys of all words of others: ``张新`` → ``zan xin``, ``Smyth`` → ``smt``."""

    def parts(values: pl.Series) -> pl.Series:
        return _heard(values.to_list(), fold)

    return parts


def words_of(place: int) -> Cut:
    """How the first or last word sounds, in alphabetical order, of names in letters that have several words in full."""

    def parts(values: pl.Series) -> pl.Series:
        return _heard([_word(value, place) for value in values.to_list()], str)

    return parts


def _word(name: str, place: int) -> str:
    if any(map(is_han, name)):
        return ""
    words = [word for word in fold_person(name).split() if len(word) > 1]
    return words[place] if len(words) > 1 else ""


def _heard(names: list[str], fold: Callable[[str], str]) -> pl.Series:
    chinese = [any(map(is_han, name)) for name in names]
    letters = keys(pl.Series(["" if han else fold(name) for name, han in zip(names, chinese, strict=True)], dtype=pl.String))
    found = [sounds(name) if han else key for name, han, key in zip(names, chinese, letters.to_list(), strict=True)]
    return pl.Series("part", [part or None for part in found], dtype=pl.String)


def canonical(text: str, fold: Callable[[str], str]) -> str:
    """One step of a name's normaliser: Chinese names simplified and without spaces, others folded, each word with a capital."""
    text = clean(text)
    if none(text):
        return ""
    if any(map(is_han, text)):
        return simplify(_BREAKS.sub("", text)) or text
    return " ".join(word.capitalize() for word in fold(text).split()) or text
