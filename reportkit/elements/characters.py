"""Characters of many texts at once, as code points in one row or a few columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from reportkit import arrays as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Points: TypeAlias = "NDArray[np.int32]"


def lengths(texts: pl.Series) -> NDArray[np.int32]:
    """The length of each text."""
    return texts.str.len_chars().to_numpy().astype(np.int32)


def points(texts: pl.Series, between: str = "") -> Points:
    """Code points of all texts, one text behind the other."""
    return np.frombuffer(_joined(texts, between).encode("utf-32-le"), dtype=np.int32)


def bytes_of(texts: pl.Series) -> NDArray[np.uint8]:
    """The bytes of texts in ASCII, one text behind the other."""
    return np.frombuffer(_joined(texts, "").encode("ascii"), dtype=np.uint8)


def _joined(texts: pl.Series, between: str) -> str:
    return str(texts.str.join(between).item()) if len(texts) else ""


def first(texts: pl.Series, number: int) -> Points:
    """Code points of each text's first characters, a row a text, zeros behind its end."""
    sizes = lengths(texts)
    row = np.append(points(texts), np.zeros(number, dtype=np.int32))
    starts, at = np.cumsum(sizes, dtype=np.int64) - sizes, np.arange(number)
    return np.where(at < sizes[:, None], row[starts[:, None] + at], 0)
