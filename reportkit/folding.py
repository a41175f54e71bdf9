"""Findings that are alike as one: five hundred impossible dates in a column are one line with a count."""

from __future__ import annotations

import polars as pl

from reportkit.effects import ranked

#: So many findings alike stay single; so many further values are shown of more.
SINGLE, EXAMPLES = 5, 3
#: What findings have in common that are alike.
ALIKE = ("file", "sheet", "column", "code", "severity")
#: The columns of folded findings.
FOLDED = (
    *("code", "severity", "unit", "file", "sheet", "column", "field", "count", "first", "last"),
    *("message", "mend", "examples", "effect", "share", "total"),
)
_FIRST = ("unit", "field", "message", "mend")


def fold(listed: pl.DataFrame) -> pl.DataFrame:
    """``FOLDED``, ranked: findings alike as one line where there are more than ``SINGLE``, all others one line each.

    ``first`` and ``last`` are cells; the words are the first one's; ``examples`` (List(String)) are the next values that differ from its
    own, or fields where the findings are about no value; ``effect`` and ``share`` are sums, ``total`` the one that moves most.

    Args:
        listed: findings with ``unit``, ``cell``, ``value``, ``message``, ``mend``, ``effect``, ``share`` and ``total`` beside their address.
    """
    alone = pl.when(pl.len().over(ALIKE) <= SINGLE).then(pl.int_range(pl.len())).otherwise(-1).alias("alone")
    ordered = listed.sort("file", "sheet", "row", "field", "message", maintain_order=True).with_columns(alone)
    folded = ordered.group_by(*ALIKE, "alone", maintain_order=True).agg(
        *(pl.col(name).first() for name in (*_FIRST, "row")),
        pl.len().cast(pl.Int64).alias("count"),
        pl.col("cell").first().alias("first"),
        pl.col("cell").last().alias("last"),
        _others().alias("examples"),
        pl.col("effect", "share").sum(),
        pl.col("total").sort_by("share", descending=True, maintain_order=True).first(),
    )
    return ranked(folded).select(FOLDED)


def _others() -> pl.Expr:
    """The next values that are not the first one's."""
    shown = pl.when(pl.col("value") != "").then("value").otherwise("field")
    return shown.filter((shown != shown.first()) & (shown != "")).unique(maintain_order=True).head(EXAMPLES)
