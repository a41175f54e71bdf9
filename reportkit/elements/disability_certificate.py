"""Certificates of disabled persons: the identity number, a digit for the category, one for the grade, and a mark of reissue.

``370602 1956 0312 0012 4 3 b1`` → ``37060219560312001243B1``: category 4 (肢体), grade 3, issued again once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from reportkit.elements import account, identity_number, marks
from reportkit.elements.cuts import VALUE, cut
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.writing import capitals, lost_digits, none, settle

#: What the 19th digit says; ``GRADES`` what the 20th says.
CATEGORIES = {"1": "视力", "2": "听力", "3": "言语", "4": "肢体", "5": "智力", "6": "精神", "7": "多重"}
GRADES = {"1": "一级", "2": "二级", "3": "三级", "4": "四级"}

_PLAIN = re.compile(r"\d{17}[\dX][1-7][1-4](?:B\d{1,2})?", re.ASCII)
_SHAPE = re.compile(r"(\d{17}[\dX])(\d)(\d)(B\d{1,2})?", re.ASCII)
_BREAKS = re.compile(r"[-.·_]")


def normalise(raw: str, _scope: Scope) -> str:
    """Capitals without breaks: ``370602195603120012 43`` → ``37060219560312001243``."""
    return raw if _PLAIN.fullmatch(raw) else settle(_step, raw)


def _step(text: str) -> str:
    text = capitals(text)
    if none(text):
        return ""
    return text if lost_digits(text) else _BREAKS.sub("", text)


def check(value: str, _scope: Scope) -> str:
    """Form, category and grade, and the identity number inside."""
    if lost_digits(value) or (value.isdigit() and value[15:] == "00000"):
        return "digits-lost"
    match = _SHAPE.fullmatch(value)
    if match is None:
        return "disability-certificate-form"
    if match[2] not in CATEGORIES or match[3] not in GRADES:
        return "disability-certificate-grade"
    return "" if identity_number.is_valid(match[1]) else "disability-certificate-number"


def _stands(texts: pl.Series, _scope: Scope) -> pl.Series:
    shaped = texts.str.contains("^[0-9]{17}[0-9X][1-7][1-4](?:B[0-9]{1,2})?$")
    return shaped & identity_number.valid(texts.str.slice(0, 18))


def is_right(value: str) -> bool:
    """Whether a canonical text is a certificate with a valid identity number inside."""
    return check(value, Scope()) == ""


def number(value: str) -> str:
    """The identity number inside a right certificate, else ""."""
    return value[:18] if is_right(value) else ""


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """As ``marks``: the same, a slip, near, or not."""
    return marks.compare(left, right)


def mask(value: str) -> str:
    """First six and last four stay, as of the identity number inside."""
    return identity_number.mask(value)


def resembles(raw: str) -> bool:
    """A certificate with a valid identity number inside."""
    return check(normalise(raw, Scope()), Scope()) == ""


ELEMENT = Element(
    "disability-certificate",
    normalise,
    check,
    compare,
    marks.LEVELS,
    mask,
    resembles,
    Linking(
        usual=account.ELEMENT.linking.usual,
        agreement=account.ELEMENT.linking.agreement,
        parts=(Part("number", cut(VALUE.str.extract("^([0-9]{17}[0-9X])"))),),
        plain=r"^[0-9]{17}[0-9X][1-7][1-4]$",
    ),
    stands=_stands,
)
