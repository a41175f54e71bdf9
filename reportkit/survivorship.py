"""What survives of a cluster, field by field, and what loses: the golden record and its conflicts.

Owner's word, else a value without an error, else the majority's, else the latest, else the first by file and row. The fields
of the key never mix rows: they come from one row, the one whose place the golden record takes. Where a spec says ``sum``, the
numbers of the rows are added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from reportkit.records import ADDRESS, FILE, ID, PART, ROW, SHEET, UNIT, Records
from reportkit.templates import Template

_PLACE = pl.concat_str(pl.col(FILE), pl.lit("|"), pl.col(SHEET), pl.lit("|"), pl.col(ROW).cast(pl.String))
_CONFLICTS = ("_cluster", "field", "chosen", "chosen_from", "other", "other_from", "rule")


#: Between values that no rule tells apart the latest counts, then the first by file and row.
_ORDER = (" owned", "wrong", "weight", "rank", *ADDRESS)
_DOWN = (True, False, True, True, False, False, False)


@dataclass(frozen=True, slots=True)
class Golden:
    """One row a cluster.

    Attributes:
        kept: ``ID`` of the row whose place each golden record takes, in the report's order (UInt32).
        origin: the same rows, for each field the ``ID`` (UInt32) of the row whose cell survived; null where all are blank.
        conflicts: ``_cluster`` (UInt32), field, chosen, chosen_from, other, other_from, rule; one line for each value that lost,
            or that a sum was made of.
        sums: field → the same rows, the sum of the units' numbers (String); null where one unit's stands.
    """

    kept: pl.Series
    origin: pl.DataFrame
    conflicts: pl.DataFrame
    sums: Mapping[str, pl.Series] = field(default_factory=dict)

    def take(self, source: pl.DataFrame) -> pl.DataFrame:
        """The surviving cells of a frame that is aligned with the records' rows."""
        return pl.DataFrame([self._taken(source[name]) for name in self.origin.columns])

    def _taken(self, cells: pl.Series) -> pl.Series:
        found = cells.gather(self.origin[cells.name])
        sums = self.sums.get(cells.name)
        return found if sums is None else pl.select(pl.coalesce(sums.alias(cells.name), found)).to_series()


def survive(records: Records, clusters: pl.DataFrame, accepted: pl.Series, owners: Mapping[str, str] | None = None) -> Golden:
    """Golden records of ``clusters`` (``ID``, ``cluster``) over the accepted rows; every such cluster keeps exactly one row.

    ``owners``: field → code of the unit whose word counts for it.
    """
    rows = _rank(records, clusters).filter(accepted)
    rows = rows.with_columns((pl.col("place").rank("ordinal").over("cluster") - 1).alias("place"))
    kept = rows.filter(pl.col("place") == 0)
    several = rows.filter(pl.len().over("cluster") > 1)
    ranked = _ranked(records.template, _values(records, several), owners or {})
    chosen = ranked.unique(["cluster", "field"], keep="first", maintain_order=True)
    added = _added(records, ranked, several)
    lost = _conflicts(records, ranked, chosen, added)
    return Golden(kept[ID], _origins(records, kept, chosen), lost, _sums(kept, added))


def _rank(records: Records, clusters: pl.DataFrame) -> pl.DataFrame:
    """Rows in the records' order with their ``place`` in the cluster; 0 is the row that is kept."""
    key = list(records.template.key)
    faults = pl.sum_horizontal(records.codes[name].is_not_null().cast(pl.Int32) for name in key) if key else pl.lit(0)
    gaps = pl.sum_horizontal(records.filled()[name].is_null().cast(pl.Int32) for name in key) if key else pl.lit(0)
    blanks = pl.sum_horizontal(records.frame[name].is_null().cast(pl.Int32) for name in records.names)
    ranks = pl.Series([part.rank for part in records.parts], dtype=pl.Int64)
    rows = records.frame.select(ID, PART, UNIT, *ADDRESS, faults.alias("faults"), gaps.alias("gaps"), blanks.alias("blanks"))
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


def _ranked(template: Template, values: pl.DataFrame, owners: Mapping[str, str]) -> pl.DataFrame:
    """Values of every cluster and field, the one that survives first."""
    default = template.survivorship.get("default", "majority")
    rule = pl.col("field").replace_strict(template.survivorship, default=default, return_dtype=pl.String)
    rule = pl.when(pl.col("field").is_in(list(template.key))).then(pl.lit("key")).otherwise(rule)
    owner = pl.col("field").replace_strict(owners, default=owners.get("default"), return_dtype=pl.String)
    key = pl.col("rule") == "key"
    ranked = values.with_columns(rule.alias("rule")).with_columns(
        pl.when(key)
        .then(-pl.col("place").cast(pl.Int64))
        .when(pl.col("rule") == "latest")
        .then("rank")
        .when(pl.col("rule") == "longest")
        .then(pl.col("value").str.len_chars().cast(pl.Int64))
        .when(pl.col("rule") == "first")
        .then(0)
        .otherwise(pl.col("votes").cast(pl.Int64))
        .alias("weight"),
        (pl.col("wrong") & ~key).alias("wrong"),
        (~key & (pl.col(UNIT) == owner).fill_null(value=False)).alias(" owned"),
        pl.when(pl.col("rule") == "first").then(0).otherwise("rank").alias("rank"),
    )
    return ranked.sort("cluster", "field", *_ORDER, descending=[False, False, *_DOWN])


def _decided(rule: pl.Expr) -> pl.Expr:
    """What really told a value from the one that survived: the first in which the two differ."""
    apart = {name: pl.col(name) != pl.col(f"{name}:won") for name in (" owned", "wrong", "weight", "rank")}
    weighed = pl.when(rule.is_in(["latest", "longest", "key"])).then(rule).otherwise(pl.lit("majority"))
    return (
        pl.when(rule == "key")
        .then(pl.lit("key"))
        .when(apart[" owned"])
        .then(pl.lit("owner"))
        .when(apart["wrong"])
        .then(pl.lit("without-error"))
        .when(apart["weight"])
        .then(weighed)
        .when(apart["rank"])
        .then(pl.lit("latest"))
        .otherwise(pl.lit("first"))
    )


# -- numbers that are added ---------------------------------------------------------------------------------


def _added(records: Records, ranked: pl.DataFrame, several: pl.DataFrame) -> pl.DataFrame:
    """Cells whose numbers add up (``survivorship: sum``) with the sum as ``chosen``: a row that a unit typed twice counts once."""
    numbers = ranked.filter((pl.col("rule") == "sum") & ~pl.col("wrong")).with_columns(
        pl.col("value").cast(pl.Float64, strict=False).alias("number")
    )
    alike = records.frame.select(ID, UNIT, *records.names).filter(pl.col(ID).is_in(several[ID].implode()))
    hashes = alike.select(ID, alike.drop(ID).hash_rows().alias("same"))
    numbers = numbers.drop_nulls("number").join(hashes, on=ID, how="left", maintain_order="left")
    numbers = numbers.sort("cluster", "field", *ADDRESS).unique(["cluster", "field", "same"], keep="first", maintain_order=True)
    numbers = numbers.filter(pl.len().over("cluster", "field") > 1)
    total = pl.col("number").sum().over("cluster", "field").round(6)
    whole = total.cast(pl.Int64).cast(pl.String)
    return numbers.with_columns(pl.when(total == total.round(0)).then(whole).otherwise(total.cast(pl.String)).alias("chosen"))


def _sums(kept: pl.DataFrame, added: pl.DataFrame) -> dict[str, pl.Series]:
    sums = {}
    for name in added["field"].unique().sort():
        own = added.filter(pl.col("field") == name).select("cluster", "chosen").unique()
        sums[name] = kept.select("cluster").join(own, on="cluster", how="left", maintain_order="left")["chosen"]
    return sums


# -- where all came from ------------------------------------------------------------------------------------


def _origins(records: Records, kept: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """For each golden record and field the row whose cell survived."""
    clusters = kept.select(ID, "cluster")
    columns = []
    for name in records.names:
        own = chosen.filter(pl.col("field") == name).select("cluster", pl.col(ID).alias("from"))
        found = clusters.join(own, on="cluster", how="left", maintain_order="left")
        columns.append(found.select(pl.coalesce("from", ID).alias(name)).to_series())
    return pl.DataFrame(columns)


def _conflicts(records: Records, ranked: pl.DataFrame, chosen: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Each distinct value that lost to another, with the first row that states it; and each that a sum was made of."""
    won = chosen.select("cluster", "field", pl.col("value").alias("chosen"), _PLACE.alias("chosen_from"), *_told(":won"))
    lost = ranked.join(won, on=["cluster", "field"], maintain_order="left").filter(pl.col("value") != pl.col("chosen"))
    lost = lost.join(added.select("cluster", "field").unique(), on=["cluster", "field"], how="anti", maintain_order="left")
    best = pl.col(" owned", "wrong", "weight", "rank").first().over("cluster", "field", "value")
    lost = lost.with_columns(best).sort("cluster", "field", *ADDRESS).with_columns(_decided(pl.col("rule")).alias("rule"))
    lost = lost.unique(["cluster", "field", "value"], keep="first", maintain_order=True)
    places = added.select("cluster", "field", _PLACE.alias("at")).group_by("cluster", "field", maintain_order=True).agg("at")
    places = places.with_columns(pl.col("at").list.join("; ").alias("chosen_from"))
    parts = added.join(places, on=["cluster", "field"])
    sums = parts.select("cluster", "field", "chosen", "chosen_from").unique()
    bad = ranked.filter("wrong").join(sums, on=["cluster", "field"]).with_columns(pl.lit("without-error").alias("rule"))
    names = ["cluster", "field", "chosen", "chosen_from", "value", "rule", *ADDRESS]
    told = pl.concat([lost.select(names), parts.select(names), bad.select(names)]).with_columns(_PLACE.alias("other_from"))
    order = {name: at for at, name in enumerate(records.names)}
    told = told.sort("cluster", pl.col("field").replace_strict(order, return_dtype=pl.Int64), *ADDRESS)
    return told.rename({"cluster": "_cluster", "value": "other"}).select(_CONFLICTS)


def _told(mark: str) -> list[pl.Expr]:
    """What decided for the survivor, under other names."""
    return [pl.col(name).alias(name + mark) for name in (" owned", "wrong", "weight", "rank")]
