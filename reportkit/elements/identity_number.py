"""Citizen identity numbers, GB 11643-1999: region, birth date, sequence, MOD 11-2 check; 15 digits become 18.

The region is no reason for a finding: codes come and go. A number that lost digits is never repaired.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from operator import mul
from typing import TYPE_CHECKING

import polars as pl

from reportkit import arrays as np
from reportkit.elements.characters import bytes_of
from reportkit.elements.cuts import VALUE, cut, piece
from reportkit.elements.pairing import Pairing
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.writing import compact, lost_digits, none, settle

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PLAIN = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_NUMBER = re.compile(r"\d+[X]?", re.ASCII)
_OLD = re.compile(r"[1-9]\d{14}", re.ASCII)
#: Passports, permits of Hong Kong, Macao and Taiwan residents, residence cards, officers' cards: not judged.
_OTHER = re.compile(r"[A-Z]{1,2}\d{7,10}|[A-Z]{3}\d{12}|[^\dA-Z]{1,8}字第\d+号?", re.ASCII)
_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz×хХΧχ", "ABCDEFGHIJKLMNOPQRSTUVWXYZXXXXX")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
#: What seventeen characters 0 weigh.
_ZEROS = 48 * sum(_WEIGHTS)
#: A number of which nothing is left.
_NOTHING = "0" * 15
#: Nobody alive was born before.
OLDEST = date(1880, 1, 1)


def normalise(raw: str, _scope: Scope) -> str:
    """``' 370602 19761125 935x`` → ``37060219761125935X``."""
    return raw if _PLAIN.fullmatch(raw) else settle(_step, raw)


def _step(text: str) -> str:
    text = compact(text).translate(_UPPER)
    if none(text):
        return ""
    if not lost_digits(text):
        text = text.replace("-", "")
    if _OLD.fullmatch(text) and _date("19" + text[6:12]):
        text = text[:6] + "19" + text[6:]
        return text + check_digit(text)
    return text


def check_digit(seventeen: str) -> str:
    """The 18th character by ISO 7064 MOD 11-2."""
    return "10X98765432"[(sum(map(mul, _WEIGHTS, seventeen.encode("ascii"))) - _ZEROS) % 11]


def check(value: str, scope: Scope) -> str:
    """Form, birth date and check digit."""
    if not _PLAIN.fullmatch(value):
        return _misshapen(value)
    if not is_valid(value):
        if value.endswith("000"):
            return "digits-lost"
        return "identity-number-check-digit" if _born(value, scope.until) else "identity-number-birth-date"
    return "" if _born(value, scope.until) else "identity-number-birth-date"


def _misshapen(value: str) -> str:
    if lost_digits(value):
        return "digits-lost"
    if _OTHER.fullmatch(value):
        return ""
    if _OLD.fullmatch(value):
        return "identity-number-birth-date"
    wrong = not _NUMBER.fullmatch(value) or (len(value) == 18 and value[0] == "0")
    return "identity-number-character" if wrong else "identity-number-length"


def _born(value: str, until: date) -> bool:
    born = _date(value[6:14])
    return born is not None and OLDEST <= born <= until


@lru_cache(maxsize=65536)
def _date(eight: str) -> date | None:
    try:
        return date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        return None


def is_valid(value: str) -> bool:
    """Whether a canonical number has 18 characters, a date and the right check digit."""
    return (
        _PLAIN.fullmatch(value) is not None
        and check_digit(value[:17]) == value[17]
        and (born := _date(value[6:14])) is not None
        and born >= OLDEST
    )


def valid(values: pl.Series) -> pl.Series:
    """``is_valid`` of many values at once (Boolean, no nulls)."""
    shaped = values.str.contains("^[1-9][0-9]{16}[0-9X]$")
    some = values.filter(shaped)
    letters = bytes_of(some).reshape(-1, 18)
    # Sums this small are exact in single precision, and only floats are multiplied fast.
    sums = letters[:, :17].astype(np.float32) @ np.array(_WEIGHTS, dtype=np.float32) - _ZEROS
    right = np.frombuffer(b"10X98765432", dtype=np.uint8)[sums.astype(np.int64) % 11] == letters[:, 17]
    found = np.zeros(len(values), dtype=np.bool_)
    found[shaped.to_numpy()] = right & _days(letters[:, 6:14].astype(np.int32) - 48)
    return pl.Series(values.name, found)


def _days(eight: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which rows of eight digits are days of the calendar since 1880."""
    years = eight[:, :4] @ np.array([1000, 100, 10, 1], dtype=np.int32)
    months, days = eight[:, 4] * 10 + eight[:, 5], eight[:, 6] * 10 + eight[:, 7]
    known = (months >= 1) & (months <= 12)
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0)) & (months == 2)
    last = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[np.where(known, months, 0)] + leap
    return np.asarray(known & (days >= 1) & (days <= last) & (years >= OLDEST.year), dtype=np.bool_)


def _stands(texts: pl.Series, scope: Scope) -> pl.Series:
    """Valid numbers of those born by the scope's last day."""
    return valid(texts) & (texts.str.slice(6, 8) <= scope.until.strftime("%Y%m%d"))


def kept(value: str) -> str:
    """The digits that are left of a rounded number: ``3.70602195603121E+17`` → ``370602195603121``; "" of any other."""
    if lost_digits(value):
        return _shown(value)[0]
    return value[:15] if len(value) == 18 and value.endswith("000") and not is_valid(value) else ""


def birth_date(value: str) -> date | None:
    """The birth date that a valid number states."""
    return _date(value[6:14]) if is_valid(value) else None


def sex(value: str) -> str:
    """``男`` or ``女`` as a valid number states, else ""."""
    if not is_valid(value):
        return ""
    return "男" if int(value[16]) % 2 else "女"


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Two valid numbers that differ are two people (MOD 11-2 sees every single slip); otherwise how they differ.

    Slip: one edit from a valid number. Near: two edits, or none of the two is valid. Part: what is left of a number whose digits were lost,
    hidden or cut off agrees.
    """
    pairs = Pairing.of(left, right)
    levels: Levels = np.where(pairs.equal, 4, 0).astype(np.uint8)
    table = valid(pairs.texts).to_numpy()
    rows = np.flatnonzero(~pairs.equal & ~(table[pairs.left] & table[pairs.right]))
    if rows.size:
        levels[rows] = _doubted(pairs.only(rows))
    return levels


def _doubted(pairs: Pairing) -> Levels:
    """Levels of pairs that differ and are not both valid."""
    apart = pairs.edits(2, pairs.shorter >= 15)
    table = valid(pairs.texts).to_numpy()
    slip = (apart == 1) & (table[pairs.left] | table[pairs.right])
    levels = np.where(slip, 3, np.where(apart <= 2, 2, 0)).astype(np.uint8)
    words, size = pairs.words, pairs.lengths
    damaged = (size >= _LEAST) & ((size < 18) | pairs.found(_HIDDEN))
    for at in np.flatnonzero((levels == 0) & (damaged[pairs.left] | damaged[pairs.right])).tolist():
        levels[at] = _left_of(words[pairs.left[at]], words[pairs.right[at]])
    return levels


#: Digits of a damaged number that have to agree.
_LEAST = 10
#: Digits that are hidden or rounded.
_HIDDEN = r"(?s)\*|^[0-9]\.[0-9]+E\+?17$|^.{15}000$"
_MANTISSA = re.compile(r"(\d)\.(\d+)E\+?17", re.ASCII)


def _shown(number: str) -> tuple[str, str]:
    """What a number shows at its beginning and at its end, of eighteen characters."""
    if match := _MANTISSA.fullmatch(number):
        return (match[1] + match[2])[:15], ""
    if "*" in number:
        return number.split("*", maxsplit=1)[0], number.rsplit("*", 1)[-1]
    if len(number) == 18 and number.endswith("000"):
        return number[:15], ""
    return (number, "") if len(number) < 18 else (number, number)


def _left_of(one: str, other: str) -> bool:
    """Whether what a damaged number shows is the other's beginning and end."""
    (head, tail), (start, end) = _shown(one), _shown(other)
    size = min(len(head), len(start))
    ends = min(len(tail), len(end), 18 - size)
    shown = size + ends >= _LEAST and head[:size] == start[:size]
    return shown and (not ends or tail[-ends:] == end[-ends:])


def mask(value: str) -> str:
    """First six and last four stay: ``370602********1234``."""
    value = value.strip()
    return value[:6] + "*" * (len(value) - 10) + value[-4:] if len(value) > 10 else "*" * len(value)


def resembles(raw: str) -> bool:
    """A valid number of 18 characters, or 15 digits with a valid date; or what a spreadsheet left of one, with a birth date in it."""
    value = normalise(raw, Scope())
    return is_valid(value) or bool((left := kept(value).ljust(15, "0")) != _NOTHING and _born(left, Scope().until))


ELEMENT = Element(
    "identity-number",
    normalise,
    check,
    compare,
    ("differ", "part", "near", "slip", "same"),
    mask,
    resembles,
    Linking(
        usual=1e-8,
        agreement=(0.015, 0.015, 0.01, 0.04, 0.92),
        parts=(
            Part("head", piece(0, 15, of=18)),
            Part("tail", piece(6, None, of=18)),
            Part("ends", cut(pl.when(VALUE.str.len_chars() == 18).then(VALUE.str.head(6) + VALUE.str.tail(4)))),
            Part("start", piece(0, 12, of=12, to=18)),
        ),
        identifies=True,
        plain="^[1-9][0-9]{16}[0-9X]$",
        valid=valid,
    ),
    stands=_stands,
)
