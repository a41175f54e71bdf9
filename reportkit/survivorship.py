"""What survives of a cluster, field by field, and what loses: the golden record and its conflicts.

Owner's word, else a value without an error, else the majority's, else the latest, else the first by file and row. The fields
of the key never mix rows: they come from one row, the one whose place the golden record takes.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reportkit.records import ADDRESS, FILE, ID, PART, ROW, SHEET, Records
from reportkit.templates import Template

_CONFLICTS = ("_cluster", "field", "chosen", "chosen_from", "other", "other_from", "rule")


@dataclass(frozen=True, slots=True)
class Golden:
    """One row a cluster.

    Attributes:
        kept: ``ID`` of the row whose place each golden record takes, in the report's order (UInt32).
        origin: the same rows, for each field the ``ID`` (UInt32) of the row whose cell survived; null where all are blank.
        conflicts: ``_cluster`` (UInt32), field, chosen, chosen_from, other, other_from, rule; one line for each value that lost.
    """

    kept: pl.Series
    origin: pl.DataFrame
    conflicts: pl.DataFrame

    def take(self, source: pl.DataFrame) -> pl.DataFrame:
        """The surviving cells of a frame that is aligned with the records' rows."""
        return pl.DataFrame([source[name].gather(self.origin[name]) for name in self.origin.columns])


def survive(records: Records, clusters: pl.DataFrame, accepted: pl.Series) -> Golden:
    """Golden records of ``clusters`` (``ID``, ``cluster``) over the accepted rows; every such cluster keeps exactly one row."""
    rows = _rank(records, clusters).filter(accepted)
    rows = rows.with_columns((pl.col("place").rank("ordinal").over("cluster") - 1).alias("place"))
    kept = rows.filter(pl.col("place") == 0)
    several = rows.filter(pl.len().over("cluster") > 1)
    values = _values(records, several)
    chosen = _choose(records.template, values)
    return Golden(kept[ID], _origins(records, kept, chosen), _conflicts(records, values, chosen))


def _rank(records: Records, clusters: pl.DataFrame) -> pl.DataFrame:
    """Rows in the records' order with their ``place`` in the cluster; 0 is the row that is kept."""
    key = list(records.template.key)
    faults = pl.sum_horizontal(records.codes[name].is_not_null().cast(pl.Int32) for name in key) if key else pl.lit(0)
    gaps = pl.sum_horizontal(records.filled()[name].is_null().cast(pl.Int32) for name in key) if key else pl.lit(0)
    blanks = pl.sum_horizontal(records.frame[name].is_null().cast(pl.Int32) for name in records.names)
    ranks = pl.Series([part.rank for part in records.parts], dtype=pl.Int64)
    rows = records.frame.select(ID, PART, *ADDRESS, faults.alias("faults"), gaps.alias("gaps"), blanks.alias("blanks"))
    rows = rows.with_columns(ranks.gather(rows[PART]).alias("rank") if records.parts else pl.lit(0).alias("rank"))
    rows = rows.join(clusters.select(ID, "cluster"), on=ID, how="left", maintain_order="left")
    order = pl.struct("gaps", "faults", "blanks", -pl.col("rank"), FILE, SHEET, ROW)
    return rows.with_columns((order.rank("ordinal").over("cluster") - 1).alias("place"))


def _values(records: Records, several: pl.DataFrame) -> pl.DataFrame:
    """Every cell that is not blank of rows in clusters of two and more: one line a cell."""
    ids = several.select(ID)
    long = _long(records.frame.select(ID, *records.names), ids, "value").drop_nulls("value")
    wrong = records.codes.select(pl.all().is_not_null()).with_columns(records.frame[ID])
    long = long.join(_long(wrong, ids, "wrong"), on=[ID, "field"], how="left", maintain_order="left")
    long = long.join(several, on=ID, how="left", maintain_order="left")
    return long.with_columns(pl.len().over("cluster", "field", "value").alias("votes"))


def _long(rows: pl.DataFrame, ids: pl.DataFrame, name: str) -> pl.DataFrame:
    """``ID``, field and ``name``: one line a cell of the rows that ``ids`` names."""
    mine = rows.join(ids, on=ID, how="semi", maintain_order="left")
    long = mine.unpivot([one for one in rows.columns if one != ID], index=[ID], variable_name=" field", value_name=" value")
    return long.rename({" field": "field", " value": name})


def _choose(template: Template, values: pl.DataFrame) -> pl.DataFrame:
    """The cell that survives of each cluster and field, and the rule that chose it."""
    rule = pl.col("field").replace_strict(template.survivorship, default="majority", return_dtype=pl.String)
    rule = pl.when(pl.col("field").is_in(list(template.key))).then(pl.lit("key")).otherwise(rule)
    ranked = values.with_columns(rule.alias("rule")).with_columns(
        pl.when(pl.col("rule") == "key")
        .then(-pl.col("place").cast(pl.Int64))
        .when(pl.col("rule") == "latest")
        .then("rank")
        .when(pl.col("rule") == "longest")
        .then(pl.col("value").str.len_chars().cast(pl.Int64))
        .otherwise(pl.col("votes").cast(pl.Int64))
        .alias("weight")
    )
    order = ["cluster", "field", "wrong", "weight", "rank", *ADDRESS]
    down = [False, False, False, True, True, False, False, False]
    ranked = ranked.with_columns(pl.when(pl.col("rule") == "key").then(False).otherwise("wrong").alias("wrong"))  # noqa: FBT003
    return ranked.sort(order, descending=down).unique(["cluster", "field"], keep="first", maintain_order=True)


def _origins(records: Records, kept: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """For each golden record and field the row whose cell survived."""
    clusters = kept.select(ID, "cluster")
    columns = []
    for name in records.names:
        own = chosen.filter(pl.col("field") == name).select("cluster", pl.col(ID).alias("from"))
        found = clusters.join(own, on="cluster", how="left", maintain_order="left")
        columns.append(found.select(pl.coalesce("from", ID).alias(name)).to_series())
    return pl.DataFrame(columns)


def _conflicts(records: Records, values: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """Each distinct value that lost to another, with the first row that states it."""
    place = pl.concat_str(pl.col(FILE), pl.lit("|"), pl.col(SHEET), pl.lit("|"), pl.col(ROW).cast(pl.String))
    won = chosen.select("cluster", "field", pl.col("value").alias("chosen"), place.alias("chosen_from"), "rule")
    lost = values.select("cluster", "field", pl.col("value").alias("other"), place.alias("other_from"), *ADDRESS)
    lost = lost.join(won, on=["cluster", "field"]).filter(pl.col("other") != pl.col("chosen"))
    lost = lost.sort("cluster", "field", *ADDRESS).unique(["cluster", "field", "other"], keep="first", maintain_order=True)
    order = {name: at for at, name in enumerate(records.names)}
    lost = lost.sort("cluster", pl.col("field").replace_strict(order, return_dtype=pl.Int64), *ADDRESS)
    return lost.rename({"cluster": "_cluster"}).select(_CONFLICTS)
