"""Rows about one thing: typed twice by a unit, reported by several, stated differently, or perhaps the same.

What several units report is told to each of them on its whole row: with whom, how sure, why, and what would count twice. Another
unit's values are masked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from reportkit.elements import element
from reportkit.fields.headers import attribute, word
from reportkit.findings import Finding, Findings
from reportkit.groups import heads
from reportkit.linkage import Clusters
from reportkit.records import FILE, ID, PART, ROW, SHEET, UNIT, Records
from reportkit.survivorship import Golden
from reportkit.templates import Field

#: Where a row is, as a message says it: ``a.xlsx Sheet1!5``; a sheet of a CSV file has no name.
_PLACE = pl.concat_str("file", pl.lit(" "), pl.concat_str("sheet", pl.lit("!"), "row").str.strip_chars_start("!"))
_BETWEEN = "；"
#: So many fields that agree are named; the rest are counted.
_FEW = 5


@dataclass(frozen=True, slots=True)
class Shared:
    """What is known of things that several units report.

    Attributes:
        rows: ``ID``, file, sheet, row, ``UNIT``, cluster, score, name (the unit's) of every row of such a thing.
        pairs: ``ID`` and the first row of each other unit in its cluster: ``other``, name, at, probability, why; one line a row and unit.
    """

    rows: pl.DataFrame
    pairs: pl.DataFrame


def check_repeats(records: Records, clusters: pl.DataFrame) -> tuple[Findings, pl.Series]:
    """Rows that one unit typed twice, the later of each two; and for every row whether it repeats an earlier one of its unit.

    A finding stands at the cell of the key; where several fields make the key, no one cell is repeated, and it stands on the row.
    """
    rows = _rows(records, clusters)
    first = rows.sort("file", PART, "row").group_by("cluster", UNIT, maintain_order=True)
    heads = first.agg(
        pl.col(ID).first().alias("head"),
        pl.concat_str("sheet", pl.lit("!"), "row").first().str.strip_chars_start("!").alias("detail"),
    )
    rows = rows.join(heads, on=["cluster", UNIT], how="left", maintain_order="left")
    repeated = rows[ID] != rows["head"]
    key = [name for name in records.template.key if name in records.names]
    later = rows.filter(repeated)
    if len(key) == 1:
        cells = records.cells(key[0]).select(ID, "column", pl.col("written").alias("value"))
        later = later.join(cells, on=ID, how="left", maintain_order="left").with_columns(pl.lit(key[0]).alias("field"))
    return Findings.gather([later.with_columns(pl.lit("row-repeated").alias("code"))]), repeated


def _rows(records: Records, clusters: pl.DataFrame) -> pl.DataFrame:
    rows = records.addresses().with_columns(records.frame[ID], records.frame[PART], records.frame[UNIT])
    return rows.join(clusters, on=ID, how="left", maintain_order="left")


# -- what several units report -----------------------------------------------------------------------------


def check_shared(records: Records, clusters: Clusters, golden: Golden, names: Mapping[str, str]) -> Findings:
    """Things that several units report, and what these state differently; both on the whole row of each.

    ``names``: a unit's code → its name.
    """
    shared = _shared(records, clusters, names)
    if not shared.rows.height:
        return Findings.empty()
    return Findings.gather([_reported(records, shared, golden), _differing(records, shared, golden)])


def _shared(records: Records, clusters: Clusters, names: Mapping[str, str]) -> Shared:
    rows = _rows(records, clusters.frame)
    rows = rows.filter(pl.col(UNIT).n_unique().over("cluster") > 1)
    rows = rows.with_columns(pl.col(UNIT).replace(dict(names)).alias("name")).sort("file", PART, "row")
    mine = rows.select(ID, UNIT, "cluster", "score")
    heads = rows.unique(["cluster", UNIT], keep="first", maintain_order=True)
    theirs = heads.select("cluster", "name", pl.col(ID).alias("other"), pl.col(UNIT).alias("unit"), _PLACE.alias("at"))
    pairs = mine.join(theirs, on="cluster", maintain_order="left_right").filter(pl.col(UNIT) != pl.col("unit"))
    return Shared(rows, pairs.join(_edges(clusters), on=[ID, "other"], how="left", maintain_order="left"))


def _edges(clusters: Clusters) -> pl.DataFrame:
    """``ID``, other, probability, why: every pair that was joined, both ways; ``why``: 身份证号、姓名≈, five fields at most."""
    names = pl.col("why").str.replace_all("~", "≈").str.replace_all("=( |$)", "$1").str.split(" ")
    more = pl.when(names.list.len() > _FEW).then(pl.concat_str(pl.lit("…("), names.list.len(), pl.lit(")"))).otherwise(pl.lit(""))
    why = pl.concat_str(names.list.head(_FEW).list.join("、"), more).alias("why")
    one = clusters.edges.select(pl.col("left").alias(ID), pl.col("right").alias("other"), "probability", why)
    return pl.concat([one, one.select(pl.col("other").alias(ID), pl.col(ID).alias("other"), "probability", "why")])


def _reported(records: Records, shared: Shared, golden: Golden) -> pl.DataFrame:
    """One finding a row, with each other unit: 乙镇（乙镇/b.xlsx Sheet1!5，98%，身份证号、姓名）; by its file where it has no name."""
    sure = pl.coalesce("probability", "score").mul(100).floor().cast(pl.Int64).cast(pl.String)
    why = pl.when(pl.col("why").fill_null("") != "").then(pl.concat_str(pl.lit("，"), "why")).otherwise(pl.lit(""))
    alone = pl.col("at").str.starts_with(pl.concat_str("name", pl.lit(" ")))
    known = pl.when(alone).then("at").otherwise(pl.concat_str("name", pl.lit("（"), "at"))
    between = pl.when(alone).then(pl.lit("（")).otherwise(pl.lit("，"))
    one = pl.concat_str(known, between, sure, pl.lit("%"), why, pl.lit("）"))
    told = shared.pairs.group_by(ID, maintain_order=True).agg(one.str.join(_BETWEEN).alias("detail"))
    found = shared.rows.join(told, on=ID, how="inner", maintain_order="left")
    twice = _counted_twice(records, shared, golden)
    found = found.join(twice, on="cluster", how="left", maintain_order="left")
    return found.with_columns(
        pl.lit("reported-by-several-units").alias("code"), pl.col("twice").fill_null("0").alias("suggestion")
    )


def _counted_twice(records: Records, shared: Shared, golden: Golden) -> pl.DataFrame:
    """``cluster`` and ``twice``, what its amounts would add up to beyond what the report shows: 补助金额(元) 100.

    A group's amount counts where the group begins, not again on each of its rows.
    """
    kept = pl.DataFrame({ID: golden.kept}).join(shared.rows.select(ID, "cluster"), on=ID, how="left", maintain_order="left")
    parts = [pl.DataFrame(schema={"cluster": pl.UInt32, "twice": pl.String})]
    values = golden.take(records.frame)
    first = heads(records)
    for field in amounts(records.template.fields):
        good = records.right(field.name)
        good = good.set(~first, None) if field.per else good
        own = shared.rows.select("cluster", good.gather(shared.rows[ID]).cast(pl.Float64, strict=False).alias("number"))
        stands = kept.select("cluster", values[field.name].cast(pl.Float64, strict=False).alias("stands")).drop_nulls("cluster")
        over = own.group_by("cluster", maintain_order=True).agg(pl.col("number").sum())
        over = over.join(stands.unique("cluster"), on="cluster", how="inner", maintain_order="left")
        extra = (pl.col("number") - pl.col("stands").fill_null(0)).round(2)
        over = over.with_columns(extra.alias("extra")).filter(pl.col("extra") > 0)
        amount = pl.col("extra").cast(pl.String).str.replace(r"\.0$", "")
        parts.append(over.select("cluster", pl.concat_str(pl.lit(f"{field.name} "), amount).alias("twice")))
    return pl.concat(parts).group_by("cluster", maintain_order=True).agg(pl.col("twice").str.join("、"))


def amounts(fields: tuple[Field, ...]) -> list[Field]:
    """What a report adds up; where a spec names nothing, all amounts."""
    return [one for one in fields if one.total] or [one for one in fields if one.element == "amount"]


# -- what they state differently ---------------------------------------------------------------------------


def _differing(records: Records, shared: Shared, golden: Golden) -> pl.DataFrame:
    """One finding a row, with every field that another unit states differently: 家庭住址：后岭村2号（乙镇）."""
    lost = golden.conflicts.select(pl.col("_cluster").alias("cluster"), "field").unique()
    parts = [_stated(records, shared, one, lost) for one in records.template.fields if not _is_remark(one)]
    told = pl.concat(parts)
    folded = told.group_by(ID, maintain_order=True).agg(
        pl.col("text").str.join(_BETWEEN).alias("detail"), pl.col("name").str.join("、").alias("field")
    )
    rows = shared.rows.select(ID, "file", "sheet", "row").join(folded, on=ID, how="inner", maintain_order="left")
    return rows.with_columns(pl.lit("conflict").alias("code"))


def _is_remark(field: Field) -> bool:
    return attribute(word(field.name.split(">")[-1]).name)[0] == "remark"


def _stated(records: Records, shared: Shared, field: Field, lost: pl.DataFrame) -> pl.DataFrame:
    """``ID``, text, name: rows whose value of a field differs from another unit's, with the first such unit's, masked."""
    clusters = lost.filter(pl.col("field") == field.name)["cluster"]
    pairs = shared.pairs.filter(pl.col("cluster").is_in(clusters.implode()))
    values = records.frame[field.name]
    pairs = pairs.with_columns(values.gather(pairs[ID]).alias("mine"), values.gather(pairs["other"]).alias("theirs"))
    pairs = pairs.filter(pl.col("mine") != pl.col("theirs"))
    pairs = pairs.filter(~_one_place(field, pairs)).unique(ID, keep="first", maintain_order=True)
    mask = element(field.element).mask
    words = pairs["theirs"].unique()
    masked = {value: mask(value) for value in words}
    shown = pl.col("theirs").replace_strict(masked, return_dtype=pl.String) if masked else pl.col("theirs")
    text = pl.concat_str(pl.lit(f"{field.name}："), shown, pl.lit("（"), "name", pl.lit("）"))
    return pairs.select(ID, text.alias("text"), pl.lit(field.name).alias("name"))


#: From so many rows on, a share of rows that could not match even themselves says something about the form.
_MANY, _TOO_MANY = 20, 0.1
#: The level from which on two values name one place.
_ONE_PLACE = {"address": "contained", "organisation-name": "core"}


def _one_place(field: Field, pairs: pl.DataFrame) -> pl.Series:
    """Whether two addresses or names of organisations are one, written with more or less around it."""
    if field.element not in _ONE_PLACE or not pairs.height:
        return pl.repeat(value=False, n=pairs.height, dtype=pl.Boolean, eager=True)
    kind = element(field.element)
    levels = kind.compare(pairs["mine"].to_list(), pairs["theirs"].to_list())
    return pl.Series(levels >= kind.levels.index(_ONE_PLACE[field.element]))


# -- what may be one thing, and what was not compared --------------------------------------------------------


def check_doubtful(records: Records, clusters: Clusters) -> list[Finding]:
    """Pairs that may be one thing, a note at the later row; and what linkage says of itself."""
    told = _diagnosed(records, clusters)
    pairs = clusters.doubtful
    if not pairs.height:
        return told
    addresses = records.frame.select(FILE, SHEET, ROW)
    left, right = addresses[pairs["left"].to_list()], addresses[pairs["right"].to_list()]
    lines = zip(left.iter_rows(), right.iter_rows(), pairs["why"], strict=True)
    return told + [
        Finding("maybe-repeated", file, sheet, row, detail=f"{other_file} {other_sheet}!{other_row}", value=why)
        for (other_file, other_sheet, other_row), (file, sheet, row), why in lines
    ]


def _diagnosed(records: Records, clusters: Clusters) -> list[Finding]:
    """Values too common to compare; a form that asks too little to tell its rows apart; weights that could not be learnt."""
    diagnosis = clusters.diagnosis
    found = [
        Finding("block-not-compared", "", value=key, detail=str(size)) for key, size in diagnosis.capped if key in records.names
    ]
    if records.frame.height >= _MANY and diagnosis.unlinkable >= _TOO_MANY:
        found.append(Finding("form-asks-too-little", "", detail=f"{diagnosis.unlinkable:.0%}"))
    if diagnosis.doubts:
        found.append(Finding("weights-built-in", "", detail=str(diagnosis.pairs)))
    return found
