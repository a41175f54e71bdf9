"""Characters of many texts at once, as code points in one row or a few columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.int32]


def lengths(texts: Sequence[str]) -> NDArray[np.int32]:
    """The length of each text."""
    return np.fromiter(map(len, texts), dtype=np.int32, count=len(texts))


def points(texts: Sequence[str], between: str = "") -> Points:
    """Code points of all texts, one text behind the other."""
    return np.frombuffer(between.join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.int32)


def first(texts: Sequence[str], number: int) -> Points:
    """Code points of each text's first characters, a row a text, zeros behind its end."""
    sizes = lengths(texts)
    row = np.append(points(texts), np.zeros(number, dtype=np.int32))
    starts, at = np.cumsum(sizes, dtype=np.int64) - sizes, np.arange(number)
    return np.where(at < sizes[:, None], row[starts[:, None] + at], 0)
