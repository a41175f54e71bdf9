"""Postcodes of any country: capitals and digits without spaces: ``sw1a 1aa`` → ``SW1A1AA``, ``264 003`` → ``264003``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportkit import arrays as np
from reportkit.elements.cuts import each
from reportkit.elements.pairing import Pairing
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.standing import matching
from reportkit.elements.writing import compact, none, settle

_PLAIN = re.compile(r"\d{4,6}", re.ASCII)
_BREAKS = re.compile(r"(?<=[0-9A-Z])[-.·_](?=[0-9A-Z])", re.ASCII)
_EXTENDED = re.compile(r"(\d{5})\d{4}", re.ASCII)
_BRITISH = re.compile(r"([A-Z]{1,2}\d[0-9A-Z]?)\d[A-Z]{2}", re.ASCII)
_ANY = re.compile(r"[0-9A-Z]{3,10}", re.ASCII)


def normalise(raw: str, _scope: Scope) -> str:
    """Only capitals and digits; what is none comes back cleaned."""
    return raw if _PLAIN.fullmatch(raw) else settle(_step, raw)


def _step(text: str) -> str:
    text = compact(text)
    if none(text):
        return ""
    return _BREAKS.sub("", text.upper() if text.isascii() else text)


def check(value: str, _scope: Scope) -> str:
    """Three to ten capitals and digits, at least one of them a digit."""
    return "" if _ANY.fullmatch(value) and not value.isalpha() else "postcode-form"


def area(value: str) -> str:
    """What places near one another share: a British outward code, all but the last two digits elsewhere."""
    match = _BRITISH.fullmatch(value)
    return match[1] if match else _bare(value)[: max(len(_bare(value)) - 2, 2)]


def _bare(value: str) -> str:
    """Without the four digits that the United States add; a zero in front that a spreadsheet dropped is no difference."""
    short = _EXTENDED.sub(r"\1", value)
    return short.zfill(5) if short.isdigit() and len(short) == 3 else short


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Slip: one character wrong or two neighbours exchanged. Part: the same area."""
    pairs = Pairing.of(left, right)
    bare = pairs.by(_bare)
    whole = bare.equal | pairs.by(lambda value: _bare(value).lstrip("0")).equal
    slip = bare.edits(1, ~whole) == 1
    return np.select([whole, slip & (bare.shorter >= 3), pairs.by(area).equal], [3, 2, 1], 0).astype(np.uint8)


def mask(value: str) -> str:
    """Shown as it is."""
    return value


def resembles(_raw: str) -> bool:
    """Six digits can be anything."""
    return False


ELEMENT = Element(
    "postcode",
    normalise,
    check,
    compare,
    ("differ", "part", "slip", "same"),
    mask,
    resembles,
    Linking(
        usual=3e-3,
        agreement=(0.12, 0.06, 0.05, 0.77),
        parts=(Part("area", each(area)),),
        shared="place",
        plain="^[0-9]{4,6}$",
    ),
    stands=matching("^[0-9]{4,6}$"),
)
