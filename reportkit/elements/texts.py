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

#: Where so many values are whole numbers, most of the column's are.
_FIRST = 20
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")


def normalise(raw: str, _scope: Scope) -> str:
    """``"  您好，  谢谢 "`` → ``您好，谢谢``."""
    return raw if _PLAIN.fullmatch(raw) else settle(trim, raw)


def _stands(texts: pl.Series, _scope: Scope) -> pl.Series:
    """Phones and other numbers that are kept as text are read as numbers in a quarter of the time that a pattern takes."""
    if not _whole(texts.head(_FIRST)).all():
        return _plain(texts)
    stands = _whole(texts)
    others = (~stands).arg_true()
    return stands.scatter(others, _plain(texts.gather(others))) if len(others) else stands


def _whole(texts: pl.Series) -> pl.Series:
    return texts.cast(pl.Int64, strict=False).is_not_null()


def _plain(texts: pl.Series) -> pl.Series:
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
