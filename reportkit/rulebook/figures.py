"""Figures of rules as people write them."""

from __future__ import annotations

import polars as pl

#: Digits behind the point that a difference is told with; what floats lose lies behind them.
_DIGITS = 6


def plain(values: pl.Series) -> pl.Series:
    """``0.30000000000000004`` → ``0.3``, ``81.0`` → ``81``, a day → ``2026-11-30``; blank → ""."""
    if not values.dtype.is_float():
        return values.cast(pl.String).fill_null("")
    rounded = values.round(_DIGITS)
    texts = rounded.cast(pl.String).str.replace(r"\.0$", "").replace("-0", "0")
    if texts.str.contains("e").any():
        texts = pl.Series(texts.name, [_unfold(text) for text in texts], dtype=pl.String)
    return texts.fill_null("")


def _unfold(text: str | None) -> str | None:
    """``1e20`` → its digits."""
    if text is None or "e" not in text:
        return text
    return f"{float(text):.{_DIGITS}f}".rstrip("0").rstrip(".")
