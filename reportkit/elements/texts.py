"""Free text: trimmed, white space collapsed, none between Chinese characters; words and punctuation stay as written."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from reportkit import arrays as np
from reportkit.elements.latin import fold
from reportkit.elements.pairing import Pairing
from reportkit.elements.shape import Element, Levels, Linking, Scope
from reportkit.elements.writing import INVISIBLE, settle, trim

_PLAIN = re.compile(rf"[^\s'‘’`\uff10-\uff5a{INVISIBLE}]+")

_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")


def normalise(raw: str, _scope: Scope) -> str:
    """``"  您好，  谢谢 "`` → ``您好，谢谢``."""
    return raw if _PLAIN.fullmatch(raw) else settle(trim, raw)


def _stands(texts: pl.Series, _scope: Scope) -> pl.Series:
    return ~texts.str.contains(rf"[\s'‘’`\uff10-\uff5a{INVISIBLE}]") & (texts != "")


def check(_value: str, _scope: Scope) -> str:
    """Text is never wrong."""
    return ""


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Similar: at least 0.85 of the characters in common, in order, or the same words. Distant: 0.6. Case and punctuation say nothing."""
    pairs = Pairing.of(left, right)
    bare = pairs.by(_bare)
    same = pairs.equal | bare.equal
    alike = bare.likeness(0.6, ~same)
    words = bare.by(lambda text: " ".join(sorted(text.split()))).equal
    return np.select([same, (alike >= 0.85) | words, alike > 0], [3, 2, 1], 0).astype(np.uint8)


def _bare(text: str) -> str:
    return _BETWEEN_HAN.sub("", fold(text)) or text


def mask(value: str) -> str:
    """Shown as it is."""
    return value


def resembles(_raw: str) -> bool:
    """Text is what nothing else is."""
    return False


ELEMENT = Element(
    "text",
    normalise,
    check,
    compare,
    ("differ", "distant", "similar", "same"),
    mask,
    resembles,
    Linking(usual=0.01, agreement=(0.15, 0.1, 0.2, 0.55)),
    stands=_stands,
)
