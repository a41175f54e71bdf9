"""Years: ``2012年``, ``二〇一二年``, any date → ``2012``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

import polars as pl

from reportkit import arrays as np
from reportkit.elements.moments import read
from reportkit.elements.pairing import Pairing
from reportkit.elements.shape import Element, Levels, Linking, Scope
from reportkit.elements.writing import clean, none, settle

_PLAIN = re.compile(r"\d{4}", re.ASCII)
_DIGITS = re.compile(r"\d+(?:年度?)?", re.ASCII)


def normalise(raw: str, scope: Scope) -> str:
    """Four digits; what is no year comes back cleaned."""
    return raw if _PLAIN.fullmatch(raw) else settle(partial(_step, scope), raw)


def _step(scope: Scope, text: str) -> str:
    text = clean(text)
    if none(text):
        return ""
    figures = text.removesuffix("度").removesuffix("年").strip()
    if _PLAIN.fullmatch(figures):
        return figures
    if figures.isascii() and figures.isdigit() and len(figures) not in (6, 8):
        return text
    moment = read(text.replace("年份", "年"), scope.until)
    return f"{moment.year}" if moment and moment.certain and moment.possible else text


def check(value: str, scope: Scope) -> str:
    """Four digits between 1000 and the scope's last day."""
    if not _PLAIN.fullmatch(value):
        return "year-impossible" if _DIGITS.fullmatch(value) else "year-form"
    last = scope.until.year if not scope.future else 2150
    return "" if 1000 <= int(value) <= last else "year-impossible"


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Near: at most two years apart. Slip: one digit wrong or two neighbours exchanged."""
    pairs = Pairing.of(left, right)
    years = np.fromiter(
        (int(word) if _PLAIN.fullmatch(word) else 0 for word in pairs.words), dtype=np.int64, count=len(pairs.words)
    )
    one, other = years[pairs.left], years[pairs.right]
    known = (one > 0) & (other > 0)
    slip = known & (pairs.edits(1, known & ~pairs.equal) == 1) & (pairs.shorter == 4)
    return np.select([pairs.equal, known & (np.abs(one - other) <= 2), slip], [3, 2, 1], 0).astype(np.uint8)


def mask(value: str) -> str:
    """Shown as it is."""
    return value


def resembles(raw: str) -> bool:
    """``1900`` to ``2100``, with or without 年."""
    text = clean(raw).removesuffix("度").removesuffix("年")
    return _PLAIN.fullmatch(text) is not None and 1900 <= int(text) <= 2100


def _stands(texts: pl.Series, scope: Scope) -> pl.Series:
    last = f"{2150 if scope.future else scope.until.year:04}"
    return texts.str.contains(_STANDS) & texts.is_between(pl.lit("1000"), pl.lit(last))


_STANDS = "^[0-9]{4}$"

ELEMENT = Element(
    "year",
    normalise,
    check,
    compare,
    ("differ", "slip", "near", "same"),
    mask,
    resembles,
    Linking(usual=0.03, agreement=(0.03, 0.02, 0.06, 0.89), plain=_STANDS),
    stands=_stands,
)
