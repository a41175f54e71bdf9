"""Names of places: ``ST. HELENS`` → ``Saint Helens``, ``Nth Sydney`` → ``North Sydney``, ``煙臺 市`` → ``烟台市``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportkit import arrays as np
from reportkit.elements import names
from reportkit.elements.latin import fold
from reportkit.elements.pairing import Pairing
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.spoken import canonical, spoken
from reportkit.elements.standing import matching
from reportkit.elements.writing import SIMPLIFIED, settle

_WORDS = {
    "st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "pt": "point", "n": "north", "s": "south", "e": "east", "w": "west",
    "nth": "north", "sth": "south", "hts": "heights", "vlg": "village", "twp": "township", "ctr": "centre", "center": "centre",
    "bch": "beach", "pk": "park", "vly": "valley", "spgs": "springs", "is": "island", "ck": "creek", "jct": "junction",
}  # fmt: skip
#: Province, city and county before the last name.
_ABOVE = re.compile(r"^.+(?:省|自治区|市|州|盟|县|区|旗)(?=.{2})")
#: Levels of names → levels of places: initials and parts are one, and so are two ways to sound alike.
_LEVELS = (0, 1, 2, 2, 3, 4, 4, 5)
_PART = 2


def _fold(text: str) -> str:
    return " ".join(_WORDS.get(word, word) for word in fold(text).split())


_MANNER = names.Manner(_fold)


def normalise(raw: str, _scope: Scope) -> str:
    """Abbreviations written out, each word with a capital; Chinese names simplified, without spaces."""
    return settle(lambda text: canonical(text, _fold), raw)


def check(_value: str, _scope: Scope) -> str:
    """A place is never wrong by itself."""
    return ""


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """As names; part: with the province or without it, with 市 or without it, the first letters of its words (NSW)."""
    levels = np.array(_LEVELS, dtype=np.uint8)[names.compare(left, right, _MANNER)]
    pairs = Pairing.of(left, right)
    one, other = pairs.told(lambda name: " " in name)
    within = pairs.by(lambda name: _ABOVE.sub("", name)).equal | ((one != other) & pairs.by(_letters).equal)
    return np.maximum(levels, np.where(within, _PART, 0).astype(np.uint8))


def _letters(name: str) -> str:
    return "".join(word[0] for word in name.split()).casefold() if " " in name else name.casefold()


def mask(value: str) -> str:
    """Shown as it is."""
    return value


def resembles(_raw: str) -> bool:
    """A place alone looks like any word."""
    return False


ELEMENT = Element(
    "place",
    normalise,
    check,
    compare,
    ("differ", "distant", "part", "near", "sounds", "same"),
    mask,
    resembles,
    Linking(usual=0.02, agreement=(0.12, 0.03, 0.03, 0.04, 0.02, 0.76), parts=(Part("sound", spoken(_fold)),), shared="place"),
    stands=matching(f"^[{SIMPLIFIED}]+$"),
)
