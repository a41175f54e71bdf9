"""Bank accounts, certificates of disabled persons and other long numbers that are kept as text.

The Luhn digit of bank cards is a hint only: passbooks and many local banks' numbers do not have it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from reportkit import arrays as np
from reportkit.elements import marks
from reportkit.elements.cuts import VALUE, cut
from reportkit.elements.pairing import Pairing
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.writing import capitals, lost_digits, none, settle

_PLAIN = re.compile(r"[0-9A-Z]{6,32}", re.ASCII)
_BREAKS = re.compile(r"(?<=[0-9A-Z])[-.·_](?=[0-9A-Z])", re.ASCII)
_CARD = re.compile(r"[3-6]\d{15,18}", re.ASCII)
#: An identity number, kind and degree of the disability, number of the renewal.
_CERTIFICATE = re.compile(r"\d{17}[\dX]\d{2}(?:B\d)?", re.ASCII)
_ROUNDED = re.compile(r"\d{15}0{3,}", re.ASCII)


def normalise(raw: str, _scope: Scope) -> str:
    """``6217 0012-3456 7890 123`` → ``6217001234567890123``."""
    return raw if _PLAIN.fullmatch(raw) and not lost_digits(raw) else settle(_step, raw)


def _step(text: str) -> str:
    text = capitals(text)
    if none(text):
        return ""
    return text if lost_digits(text) else _BREAKS.sub("", text)


def check(value: str, _scope: Scope) -> str:
    """Digits lost to Excel's 15; characters that no account has."""
    if lost_digits(value) or (_ROUNDED.fullmatch(value) and not luhn(value) and value.endswith("0000")):
        return "digits-lost"
    return "" if re.fullmatch(r"[0-9A-Z]+", value, re.ASCII) else "account-character"


def luhn(digits: str) -> bool:
    """Whether the last digit is ISO/IEC 7812's check digit."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return digits.isdigit() and sum(number - 9 * (number > 9) for number in doubled) % 10 == 0


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """As ``marks``; two cards with valid check digits that differ are two cards."""
    levels = marks.compare(left, right)
    rows = np.flatnonzero((levels == 1) | (levels == 2))
    one, other = Pairing.of(left, right).only(rows).told(lambda number: _CARD.fullmatch(number) is not None and luhn(number))
    levels[rows[one & other]] = 0
    return levels


def mask(value: str) -> str:
    """First and last four stay: ``6217***********1234``."""
    value = value.strip()
    return value[:4] + "*" * (len(value) - 8) + value[-4:] if len(value) > 8 else "*" * len(value)


def resembles(raw: str) -> bool:
    """A card number with the right check digit, or 20 digits as certificates have."""
    found = normalise(raw, Scope())
    return (_CARD.fullmatch(found) is not None and luhn(found)) or _CERTIFICATE.fullmatch(found) is not None


def _stands(texts: pl.Series, _scope: Scope) -> pl.Series:
    """Digits and capitals that lost nothing to Excel."""
    return texts.str.contains("^[0-9A-Z]{6,32}$") & ~texts.str.contains("^[0-9]E[0-9]+$|0000$")


ELEMENT = Element(
    "account",
    normalise,
    check,
    compare,
    marks.LEVELS,
    mask,
    resembles,
    Linking(
        usual=1e-6, agreement=(0.06, 0.02, 0.05, 0.87), parts=(Part("tail", cut(VALUE.str.tail(8))),), plain=r"^[0-9]{12,19}$"
    ),
    stands=_stands,
)
