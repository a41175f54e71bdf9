"""Unified social credit codes, GB 32100-2015: 18 characters without I, O, S, V, Z and a MOD 31-3 check character."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from reportkit import arrays as np
from reportkit.elements import marks
from reportkit.elements.characters import bytes_of
from reportkit.elements.cuts import piece
from reportkit.elements.pairing import Pairing
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.writing import capitals, lost_digits, none, settle

#: What codes are written in.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PLAIN = re.compile(f"[{ALPHABET}]{{18}}")
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
#: The value of each byte.
_PLACES = [max(ALPHABET.find(chr(byte)), 0) for byte in range(256)]
_WEIGHTS = tuple(3**place % 31 for place in range(17))
#: Registration numbers (15 digits) and organisation codes (8 + check) from before 2015.
_OLD = re.compile(r"\d{15}|[0-9A-Z]{8}-?[\dX]", re.ASCII)


def normalise(raw: str, _scope: Scope) -> str:
    """``91350100 m000100y43`` → ``91350100M000100Y43``."""
    return raw if _PLAIN.fullmatch(raw) else settle(_step, raw)


def _step(text: str) -> str:
    text = capitals(text)
    if none(text):
        return ""
    joined = text.replace("-", "")
    return joined if len(joined) == 18 else text


def check(value: str, _scope: Scope) -> str:
    """Length, alphabet, check character; codes from before 2015 are a warning."""
    if is_valid(value):
        return ""
    if lost_digits(value):
        return "digits-lost"
    if _OLD.fullmatch(value):
        return "credit-code-old"
    if len(value) != 18:
        return "credit-code-length"
    return "credit-code-check-digit" if _PLAIN.fullmatch(value) else "credit-code-character"


def is_valid(value: str) -> bool:
    """Whether a canonical code has the right check character."""
    return _PLAIN.fullmatch(value) is not None and check_character(value[:17]) == value[17]


def valid(values: pl.Series) -> pl.Series:
    """``is_valid`` of many values at once (Boolean, no nulls)."""
    shaped = values.str.contains(f"^[{ALPHABET}]{{18}}$")
    letters = np.array(_PLACES, dtype=np.uint8)[bytes_of(values.filter(shaped)).reshape(-1, 18)]
    sums = letters[:, :17].astype(np.int32) @ np.array(_WEIGHTS, dtype=np.int32)
    found = np.zeros(len(values), dtype=np.bool_)
    found[shaped.to_numpy()] = -sums % 31 == letters[:, 17]
    return pl.Series(values.name, found)


def _stands(texts: pl.Series, _scope: Scope) -> pl.Series:
    return valid(texts)


def check_character(seventeen: str) -> str:
    """The 18th character by MOD 31-3."""
    total = sum(weight * _VALUES[character] for weight, character in zip(_WEIGHTS, seventeen, strict=True))
    return ALPHABET[-total % 31]


def organisation_check(eight: str) -> str:
    """The check character of the organisation code inside a code (its 9th to 16th), by GB 11714: MOD 11."""
    total = sum(weight * int(character, 36) for weight, character in zip((3, 7, 9, 10, 5, 8, 4, 2), eight, strict=True))
    return "0X987654321"[total % 11]


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Two valid codes that differ are two organisations; a slip, or two (near), needs an invalid one."""
    levels = marks.compare(left, right)
    rows = np.flatnonzero((levels == 1) | (levels == 2))
    one, other = Pairing.of(left, right).only(rows).told(is_valid)
    levels[rows[one & other]] = 0
    return levels


def mask(value: str) -> str:
    """Codes of organisations are public."""
    return value


def resembles(raw: str) -> bool:
    """A code with the right check character."""
    return is_valid(normalise(raw, Scope()))


ELEMENT = Element(
    "credit-code",
    normalise,
    check,
    compare,
    marks.LEVELS,
    mask,
    resembles,
    Linking(
        usual=1e-7,
        agreement=(0.02, 0.01, 0.05, 0.92),
        parts=(Part("tail", piece(9, None, of=18)), Part("head", piece(0, 14, of=18))),
        identifies=True,
        plain="^[0-9A-HJ-NP-RTUWXY]{18}$",
        valid=valid,
    ),
    stands=_stands,
)
