"""Tells both sides of a dispute of each other: a finding on every row that states what another department's row denies."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from reportkit.disputes.finding import Disputes
from reportkit.elements import element
from reportkit.findings import Findings
from reportkit.units import Units

CODE = "value-disputed"
#: Other rows that a finding names.
_NAMED = 3
_SIDE = ("dispute_id", "template", "file", "sheet", "row")


def told(disputes: Disputes, units: Units) -> Mapping[str, Findings]:
    """Template → ``value-disputed`` on whole rows of its forms.

    ``detail`` names the others with what they state, masked for another unit; ``suggestion`` the one whose word counts.
    """
    sides = disputes.frame
    pairs = sides.join(_others(sides), on="dispute_id", suffix="_other").filter(_against())
    where = pl.concat_str("file_other", pl.lit(" "), "sheet_other", pl.lit("!"), "row_other").str.replace(" !", " ", literal=True)
    words = pl.concat_str("department_other", "title_other", where, separator=" ")
    hidden = pl.when(pl.col("unit") == pl.col("unit_other")).then("value_other").otherwise("hidden")
    pairs = pairs.with_columns(pl.concat_str(words, pl.lit(": "), hidden).alias("other"))
    named = pairs.sort("own_other", "other", descending=[True, False]).group_by(_SIDE, maintain_order=True)
    lines = sides.join(
        named.agg(pl.col("other").unique(maintain_order=True).head(_NAMED).str.join("; ").alias("detail")), on=_SIDE
    )
    names = {to: units.name(to) for to in lines["to"].unique()}
    lines = lines.with_columns(
        pl.lit(CODE).alias("code"), pl.col("to").replace(names).alias("suggestion"), pl.lit("").alias("column")
    ).sort(_SIDE)
    return {str(key[0]): Findings.gather([part]) for key, part in lines.group_by("template", maintain_order=True)}


def _others(sides: pl.DataFrame) -> pl.DataFrame:
    columns = ("dispute_id", "department", "title", "unit", "file", "sheet", "row", "value", "own")
    return sides.with_columns(shown(sides).alias("hidden")).select(*columns, "hidden")


def _against() -> pl.Expr:
    """Another department's row that states another value; where the owner has spoken its word only."""
    heard = pl.col("own").any().over("dispute_id")
    apart = (pl.col("department") != pl.col("department_other")) | (pl.col("own") != pl.col("own_other"))
    return apart & (pl.col("value") != pl.col("value_other")) & (~heard | pl.col("own") | pl.col("own_other"))


def shown(sides: pl.DataFrame) -> pl.Series:
    """The values of sides as others may see them, each as its element masks it."""
    distinct = sides.select("element", "value").unique(maintain_order=True)
    hidden = [element(kind).mask(value) for kind, value in distinct.iter_rows()]
    known = distinct.with_columns(pl.Series("hidden", hidden, dtype=pl.String))
    return sides.join(known, on=["element", "value"], how="left", maintain_order="left")["hidden"]
