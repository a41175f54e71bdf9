"""Telephone numbers: mobiles as 11 digits, landlines as ``0535-1234567``; several in a cell joined by ``/``."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from reportkit import arrays as np
from reportkit.elements.cuts import VALUE, cut, piece
from reportkit.elements.pairing import Flags, Pairing
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.standing import matching
from reportkit.elements.writing import clean, compact, lost_digits, none, settle

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_PREFIXED = re.compile(r"(?:\+?(?:00)?86)?0?(1[3-9]\d{9})", re.ASCII)
_AREA = re.compile(r"(?:\+?(?:00)?86-?(?=[1-9]))?0?(?<=[06-])(10|2\d|[3-9]\d{2})-?([2-8]\d{6,7})(?:-(\d{1,6}))?", re.ASCII)
_LOCAL = re.compile(r"([2-8]\d{6,7})(?:-(\d{1,6}))?", re.ASCII)
_SHORT = re.compile(r"[48]00\d{7}|1[0-2]\d|1[0-2]\d{3}|9[56]\d{3,4}", re.ASCII)
_ONE = re.compile(rf"{_MOBILE.pattern}|0\d{{2,3}}-\d{{7,8}}(?:-\d{{1,6}})?|{_LOCAL.pattern}|{_SHORT.pattern}", re.ASCII)
_BETWEEN = re.compile(r"[/、;,|\\]|或者?|和|及|(?<=\d{7}) (?=\d{7})")
_NO_DIGIT = re.compile(r"\D+")
_BEHIND = re.compile(r"(?<=\d{7})-\d{1,6}$", re.ASCII)
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
    """Same: any of several numbers is the same, an area or country code left out counts as said. Slip: one digit; near: two of ten or more."""
    pairs = Pairing.of(left, right)
    digits = pairs.by(_digits, "[^0-9]")
    same = pairs.equal | digits.equal
    several = np.logical_or(*pairs.holding("/"))
    rows = np.flatnonzero(~same & (several | _coded(digits)))
    if rows.size:
        same[rows] = _in_common(pairs.only(rows), digits.only(rows), several[rows])
    apart = digits.edits(2, ~same & ~several & (digits.shorter >= 7))
    return np.select([same, apart == 1, (apart == 2) & (digits.shorter >= 10)], [3, 2, 1], 0).astype(np.uint8)


def _digits(number: str) -> str:
    """Digits without those of an extension."""
    return _NO_DIGIT.sub("", _BEHIND.sub("", number))


def _coded(digits: Pairing) -> Flags:
    """Whether one number can be the other with a code before it: they are not as long, or one begins with a zero."""
    zero, sizes = digits.holding("^0"), digits.lengths
    return np.asarray((sizes[digits.left] != sizes[digits.right]) | zero[0] | zero[1], dtype=np.bool_)


def _in_common(pairs: Pairing, digits: Pairing, several: Flags) -> Flags:
    """Whether two values have a number in common; where neither has ``several``, the last seven digits agree first."""
    ends = digits.by(lambda number: number[-7:])
    found = np.asarray(several | (ends.equal & (ends.shorter == 7)), dtype=np.bool_)
    words, rows = pairs.words, np.flatnonzero(found)
    found[rows] = [
        _one_in_common(words[a], words[b]) for a, b in zip(pairs.left[rows].tolist(), pairs.right[rows].tolist(), strict=True)
    ]
    return found


def _one_in_common(left: str, right: str) -> bool:
    one, two = (list(map(_digits, side.split("/"))) for side in (left, right))
    return any(_ends(a, b) or _ends(b, a) for a in one for b in two)


def _ends(long: str, short: str) -> bool:
    """Whether a number is another with a code before it; a mobile is no landline with a code."""
    bare = short.lstrip("0")
    return len(bare) >= 7 and long.endswith(bare) and (len(bare) >= 10 or not _MOBILE.fullmatch(long))


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

_STANDS = "^1[3-9][0-9]{9}$"

ELEMENT = Element(
    "phone",
    normalise,
    check,
    compare,
    ("differ", "near", "slip", "same"),
    mask,
    resembles,
    Linking(
        usual=1e-4,
        agreement=(0.2, 0.01, 0.04, 0.75),
        parts=(Part("tail", cut(_TAIL)), Part("head", piece(0, 8, of=11))),
        shared="household",
        plain=_STANDS,
    ),
    stands=matching(_STANDS),
)
