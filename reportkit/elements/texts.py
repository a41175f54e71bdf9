"""Free text: trimmed, white space collapsed, none between Chinese characters; words and punctuation stay as written."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from reportkit.elements.distances import equal, texts
from reportkit.elements.shape import Element, Levels, Linking, Scope
from reportkit.elements.writing import INVISIBLE, settle, trim

_PLAIN = re.compile(rf"[^\s'‘’`\uff10-\uff5a{INVISIBLE}]+")


def normalise(raw: str, _scope: Scope) -> str:
    """``"  您好，  谢谢 "`` → ``您好，谢谢``."""
    return raw if _PLAIN.fullmatch(raw) else settle(trim, raw)


def check(_value: str, _scope: Scope) -> str:
    """Text is never wrong."""
    return ""


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Similar: at least 0.85 of the characters in common, in order."""
    levels: Levels = np.where(equal(left, right), 2, 0).astype(np.uint8)
    rest = np.flatnonzero(levels == 0)
    if rest.size:
        alike = cpdist(texts(left)[rest], texts(right)[rest], scorer=Indel.normalized_similarity, score_cutoff=0.85)
        levels[rest] = alike > 0
    return levels


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
    ("differ", "similar", "same"),
    mask,
    resembles,
    Linking(usual=0.01, agreement=(0.2, 0.2, 0.6)),
)
