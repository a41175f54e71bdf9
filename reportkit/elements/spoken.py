"""What the elements of names share: one way of writing, and for record linkage how a name sounds, and how one of its words does."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from reportkit.elements.cuts import Cut
from reportkit.elements.latin import fold_person, keys
from reportkit.elements.sounds import HAN, Heard, is_han
from reportkit.elements.writing import clean, none, simplify

_BREAKS = re.compile(r"[\s_,.，。、]+")


def spoken(fold: Callable[[str], str]) -> Cut:
    """Blurred Pinyin of names in Chinese characters, the keys of all words of others: ``张新`` → ``zan xin``, ``Smyth`` → ``smt``."""

    def parts(values: pl.Series) -> pl.Series:
        chinese = values.str.contains(HAN)
        heard = Heard.of(values.filter(chinese)).blurred().written()
        return _placed((heard, chinese), (_keys(values.filter(~chinese), fold), ~chinese))

    return parts


def words_of(place: int) -> Cut:
    """How the first or last word sounds, in alphabetical order, of names in letters that have several words in full."""

    def parts(values: pl.Series) -> pl.Series:
        letters = ~values.str.contains(HAN)
        return _placed((_keys(values.filter(letters), lambda name: _word(name, place)), letters))

    return parts


def _keys(names: pl.Series, word: Callable[[str], str]) -> pl.Series:
    return keys(pl.Series([word(name) for name in names.to_list()], dtype=pl.String))


def _placed(*found: tuple[pl.Series, pl.Series]) -> pl.Series:
    """Parts at the places that flags tell, null at all others and for an empty part."""
    size = len(found[0][1])
    column = pl.Series("part", [None], dtype=pl.String).new_from_index(0, size)
    for parts, where in found:
        column = column.scatter(where.arg_true(), parts.set(parts == "", None))
    return column


def _word(name: str, place: int) -> str:
    words = [word for word in fold_person(name).split() if len(word) > 1]
    return words[place] if len(words) > 1 else ""


def canonical(text: str, fold: Callable[[str], str]) -> str:
    """One step of a name's normaliser: Chinese names simplified and without spaces, others folded, each word with a capital."""
    text = clean(text)
    if none(text):
        return ""
    if any(map(is_han, text)):
        return simplify(_BREAKS.sub("", text)) or text
    return " ".join(word.capitalize() for word in fold(text).split()) or text
