"""Telephone numbers: mobiles as 11 digits, landlines as ``0535-1234567``; several in a cell joined by ``/``."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA

from reportkit.elements.cuts import VALUE, cut, piece
from reportkit.elements.distances import edits, equal, one_by_one
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.writing import clean, compact, lost_digits, none, settle

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_PREFIXED = re.compile(r"(?:\+?(?:00)?86)?0?(1[3-9]\d{9})", re.ASCII)
_AREA = re.compile(r"(?:\+?(?:00)?86-?(?=[1-9]))?0?(?<=[06-])(10|2\d|[3-9]\d{2})-?([2-8]\d{6,7})(?:-(\d{1,6}))?", re.ASCII)
_LOCAL = re.compile(r"([2-8]\d{6,7})(?:-(\d{1,6}))?", re.ASCII)
_SHORT = re.compile(r"[48]00\d{7}|1[0-2]\d|1[0-2]\d{3}|9[56]\d{3,4}", re.ASCII)
_ONE = re.compile(rf"{_MOBILE.pattern}|0\d{{2,3}}-\d{{7,8}}(?:-\d{{1,6}})?|{_LOCAL.pattern}|{_SHORT.pattern}", re.ASCII)
_BETWEEN = re.compile(r"[/、;,|\\]|或者?|和|及|(?<=\d{7}) (?=\d{7})")
_EXTENSION = re.compile(r"转|分机|#|\*|ext\.?|x", re.IGNORECASE)
_NOTE = re.compile(r"\([^()\d]*\)|[一-鿿]+[::]?|(?:tel|phone|mobile)\.?:?|:", re.IGNORECASE)


def normalise(raw: str, _scope: Scope) -> str:
    """``+86 138-1234-5678`` → ``13812345678``; ``(0535)1234567转8`` → ``0535-1234567-8``."""
    return raw if _MOBILE.fullmatch(raw) else settle(_step, raw)


def _step(text: str) -> str:
    text = clean(text)
    if none(text):
        return ""
    if found := _single(text):
        return found
    parts = [_single(part) for part in _BETWEEN.split(_NOTE.sub("", _EXTENSION.sub("-", text))) if part.strip()]
    if parts and all(parts):
        return "/".join(dict.fromkeys(parts))
    return compact(text)


def _single(text: str) -> str:
    """One number in canonical form; "" where it is none."""
    text = _EXTENSION.sub("-", compact(text)).replace(")", "-").replace("(", "").replace("--", "-").strip("-.")
    digits = text.replace("-", "").replace(".", "")
    if match := _PREFIXED.fullmatch(digits):
        return match[1]
    if _SHORT.fullmatch(digits):
        return digits
    if match := _AREA.fullmatch(text):
        return "-".join(part for part in ("0" + match[1], match[2], match[3]) if part)
    return text if _LOCAL.fullmatch(text) else _grouped(digits)


def _grouped(digits: str) -> str:
    """A landline whose digits are broken up for reading: ``0535 123 4567``, ``6251-2345``."""
    match = _AREA.fullmatch(digits)
    if match:
        return f"0{match[1]}-{match[2]}"
    return digits if _LOCAL.fullmatch(digits) else ""


def check(value: str, _scope: Scope) -> str:
    """Characters, length and number range."""
    if all(_ONE.fullmatch(part) for part in value.split("/")):
        return ""
    if lost_digits(value):
        return "digits-lost"
    digits = re.sub(r"[-+().]", "", value)
    if not (digits.isascii() and digits.isdigit()):
        return "phone-character"
    return "phone-unknown" if len(digits) == 11 else "phone-length"


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Same: any of several numbers is the same, an area code left out counts as said. Near: one digit of a mobile."""
    apart = edits(left, right, 1, alphabet="0123456789")
    levels: Levels = np.where(apart == 0, 2, np.where(apart == 1, 1, 0)).astype(np.uint8)
    several = np.array([len(one) != 11 or len(two) != 11 for one, two in zip(left, right, strict=True)], dtype=np.bool_)
    rest = np.flatnonzero(several & ~equal(left, right)).tolist()
    levels[rest] = one_by_one([left[at] for at in rest], [right[at] for at in rest], _several)
    return levels


def _several(left: str, right: str) -> int:
    one, two = set(left.split("/")), set(right.split("/"))
    if one & two or any(_without_area(a) == b or _without_area(b) == a for a in one for b in two):
        return 2
    return int(OSA.distance(left, right, score_cutoff=1) <= 1)


def _without_area(number: str) -> str:
    return number.split("-")[1] if number.startswith("0") and "-" in number else number


def mask(value: str) -> str:
    """Three digits before, four behind: ``138****5678``."""
    return "/".join(_hide(part.strip()) for part in value.split("/"))


def _hide(number: str) -> str:
    return number[:3] + "*" * (len(number) - 7) + number[-4:] if len(number) > 7 else "*" * len(number)


def resembles(raw: str) -> bool:
    """A mobile, or a landline with its area code."""
    found = normalise(raw, Scope())
    return all(_MOBILE.fullmatch(part) or part.startswith("0") for part in found.split("/")) and check(found, Scope()) == ""


_FIRST = VALUE.str.extract(r"^(?:0[0-9]{2,3}-)?([0-9]{7,})(?:-[0-9]{1,6})?(?:/|$)")
_DIGITS = pl.coalesce(_FIRST, VALUE.str.replace_all("[^0-9]", ""))
#: Seven digits tell a number with or without its area code or country.
_TAIL = pl.when(_DIGITS.str.len_chars() >= 7).then(_DIGITS.str.tail(7))

ELEMENT = Element(
    "phone",
    normalise,
    check,
    compare,
    ("differ", "near", "same"),
    mask,
    resembles,
    Linking(
        usual=1e-4,
        agreement=(0.2, 0.05, 0.75),
        parts=(Part("tail", cut(_TAIL)), Part("head", piece(0, 8, of=11))),
        shared="household",
        plain=r"^1[3-9][0-9]{9}$",
    ),
)
