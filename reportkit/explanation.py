"""Why two rows are held to be one thing, in plain words: 身份证号相差一位且校验码不符 +9.1; 姓名同音 +4.2; 联系电话不同 -2.0."""

from __future__ import annotations

import polars as pl

from reportkit.holding import DECIDED_BY_PERSON
from reportkit.linkage import Clusters
from reportkit.messages import Language, say
from reportkit.records import ID, Records

#: What each field says of a pair, in bits.
WEIGHTS = pl.Schema(
    {"left": pl.UInt32(), "right": pl.UInt32(), "field": pl.String(), "level": pl.String(), "weight": pl.Float64()}
)
LINKS = ("file", "sheet", "row", "other_file", "other_sheet", "other_row", "joined", "probability", "weight", "why")
#: Levels that are no evidence: a side is blank; and the odds before anything is known of a pair.
_MISSING, _PRIOR = "missing", "prior"


def weights_of(clusters: Clusters) -> pl.DataFrame:
    """The clusters' weights as ``WEIGHTS``, fields that say nothing left out."""
    if not set(WEIGHTS) <= set(clusters.weights.columns):
        return pl.DataFrame(schema=WEIGHTS)
    return (
        clusters.weights.select(list(WEIGHTS)).filter(pl.col("level") != _MISSING).with_columns(pl.col("field").str.strip_chars())
    )


def signed(weight: pl.Expr) -> pl.Expr:
    """9.13 → ``+9.1``, -2 → ``-2.0``."""
    short = weight.round(1)
    return pl.concat_str(pl.when(short < 0).then(pl.lit("-")).otherwise(pl.lit("+")), short.abs().cast(pl.String))


def explain(weights: pl.DataFrame, language: Language) -> pl.DataFrame:
    """``left``, ``right``, ``text``: a pair's evidence, what weighs most first, what holds of any pair last."""
    levels = {level: level_words(level, language) for level in weights["level"].unique()}
    words = pl.col("level").replace_strict(levels, return_dtype=pl.String) if levels else pl.col("level")
    space = pl.lit("" if language is Language.ZH else " ")
    what = pl.when(pl.col("field") == "").then(words).otherwise(pl.concat_str("field", space, words))
    told = weights.select(
        "left",
        "right",
        pl.concat_str(what, pl.lit(" "), signed(pl.col("weight"))).alias("text"),
        (pl.col("field") == "").alias("prior"),
        pl.col("weight").abs().alias("size"),
        "field",
    )
    told = told.sort(["left", "right", "prior", "size", "field"], descending=[False, False, False, True, False])
    return told.group_by("left", "right", maintain_order=True).agg(pl.col("text").str.join("; "))


def level_words(level: str, language: Language) -> str:
    """How a level is called; one that the catalogue lacks is called by its own name."""
    try:
        return say("evidence-prior" if level == _PRIOR else f"level-{level}", language)
    except KeyError:
        return level


def explained(pairs: pl.DataFrame, weights: pl.DataFrame, language: Language) -> pl.DataFrame:
    """``pairs`` (left, right, probability, why) with ``weight`` (null where unknown) and ``text``."""
    text = explain(weights, language)
    found = pairs.join(text, on=["left", "right"], how="left", maintain_order="left")
    if "weight" not in found.columns:
        found = found.with_columns(pl.lit(None, pl.Float64).alias("weight"))
    decided = pl.col("why") == DECIDED_BY_PERSON
    words = pl.when(decided).then(pl.lit(say("evidence-decided", language))).otherwise(pl.coalesce("text", "why"))
    return found.with_columns(words.alias("text"))


def links(records: Records, clusters: Clusters, language: Language) -> pl.DataFrame:
    """``LINKS``: every pair that was joined (1) or may be one thing (0), with its evidence; no value is named."""
    weights = weights_of(clusters)
    parts = [
        explained(pairs, weights, language).select(
            "left", "right", "probability", "weight", "text", pl.lit(joined, pl.Int8).alias("joined")
        )
        for joined, pairs in ((1, clusters.edges), (0, clusters.doubtful))
    ]
    at = records.addresses().with_columns(records.frame[ID].alias("left"))
    other = at.select(pl.col("left").alias("right"), *(pl.col(name).alias(f"other_{name}") for name in ("file", "sheet", "row")))
    told = pl.concat(parts).join(at, on="left", how="left").join(other, on="right", how="left")
    told = told.with_columns(pl.col("probability").round(4), pl.col("weight").round(2), pl.col("text").alias("why"))
    return told.select(LINKS).sort("file", "sheet", "row", "other_file", "other_sheet", "other_row")
