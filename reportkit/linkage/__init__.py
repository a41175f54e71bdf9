"""Records → clusters of records about one thing: encode, block, compare, fit, score, join (Fellegi & Sunter 1969)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reportkit.elements import element
from reportkit.linkage import blocking, clustering, model
from reportkit.linkage.comparison import MISSING, Levels, levels_of
from reportkit.linkage.settlement import Settled, identifier_of, settle
from reportkit.linkage.values import Column, LinkField, encode

__all__ = ["Clusters", "LinkField", "link"]

#: A pair is one thing from here on; from ``_DOUBTFUL`` on a person may have a look.
_JOINED, _DOUBTFUL = 0.9, 0.5
#: The same valid identifier under names that agree.
_CERTAIN = 0.99


@dataclass(frozen=True, slots=True)
class Clusters:
    """What was linked.

    Attributes:
        frame: ``_id`` (UInt32), ``cluster`` (UInt32, its smallest ``_id``), ``score`` (the weakest of the links that hold the row; 1 alone).
        edges: left, right (UInt32), probability, weight (bits), why; the pairs that were joined.
        doubtful: the same columns: pairs that may be one thing and were not joined.
        weights: left, right, field, level, weight (bits): what each field says of the pairs in ``edges`` and ``doubtful``; the prior
            odds stand under the field "" and the level "prior". A pair's weights add up to its weight.
        capped: blocks too large to compare: (key, records).
    """

    frame: pl.DataFrame
    edges: pl.DataFrame
    doubtful: pl.DataFrame
    weights: pl.DataFrame
    capped: tuple[tuple[str, int], ...]


#: What persons have decided of pairs: the same thing or not.
DECIDED = pl.Schema({"left": pl.UInt32(), "right": pl.UInt32(), "same": pl.Boolean()})


def link(records: pl.DataFrame, fields: Sequence[LinkField], entity: str, decided: pl.DataFrame | None = None) -> Clusters:
    """Clusters of the records. ``records``: ``_id`` (0 …) and one String column a field; null where blank.

    ``decided``: pairs as in ``DECIDED``, which stand before any model. The result depends on what the records hold, not on their
    order: they are put into one order first.
    """
    records = records.sort([field.name for field in fields], nulls_last=True) if fields else records
    columns = encode(records, fields)
    made = blocking.rules(columns, records.height)
    pairs = blocking.candidates(made)
    levels = levels_of(columns, pairs.left, pairs.right)
    identifier = identifier_of(columns, entity)
    settled = settle(columns, identifier, levels, (pairs.left, pairs.right))
    blocked = np.array([[c.field.name in rule.fields for c in columns] for rule in made], dtype=np.bool_).reshape(
        len(made), len(columns)
    )
    labels = model.Labels(settled.same, settled.other, blocked[pairs.rule])
    fitted = model.fit(columns, levels, labels, records.height)
    bits, _ = model.score(fitted, columns, levels, pairs.left)
    scored = Scored(levels, _probability(bits, settled))
    return _clusters(records["_id"], columns, pairs, scored, identity=_identity(identifier, records.height))


def _probability(bits: NDArray[np.float64], settled: Settled) -> NDArray[np.float64]:
    """The model's word, where identifiers and names have not settled the pair."""
    probability = 1 / (1 + np.exp2(-np.clip(bits, -60, 60)))
    probability[settled.named] = np.maximum(probability[settled.named], _CERTAIN)
    probability[settled.unsure] *= _JOINED - 0.01
    probability[settled.other] = 0.0
    return probability


@dataclass(frozen=True, slots=True)
class Scored:
    """Levels of every field and the probability of every candidate pair."""

    levels: Sequence[Levels]
    probability: NDArray[np.float64]


def _identity(identifier: Column | None, size: int) -> NDArray[np.int64]:
    """The code of each record's valid identifier, -1 for none."""
    if identifier is None:
        return np.full(size, -1, dtype=np.int64)
    valid = np.append(identifier.valid, np.False_)
    return np.where(valid[identifier.codes], identifier.codes, -1)


def _clusters(
    ids: pl.Series, columns: Sequence[Column], pairs: blocking.Pairs, scored: Scored, *, identity: NDArray[np.int64]
) -> Clusters:
    """Joined pairs → clusters, back in the records' own numbers."""
    joined = scored.probability >= _JOINED
    left, right, sure = pairs.left[joined], pairs.right[joined], scored.probability[joined]
    group = clustering.components(len(ids), left, right, sure, identity)
    held = group[left] == group[right]
    score = clustering.weakest(len(ids), left[held], right[held], sure[held])
    frame = pl.DataFrame({"_id": ids, "group": group, "score": score}).with_columns(
        pl.col("_id").min().over("group").cast(pl.UInt32).alias("cluster")
    )
    doubtful = np.flatnonzero((scored.probability >= _DOUBTFUL) & ~joined)
    edges = partial(_edges, ids.to_numpy(), columns, pairs, scored)
    return Clusters(
        frame.select("_id", "cluster", "score").sort("_id"),
        edges(np.flatnonzero(joined)[held]),
        edges(doubtful),
        pl.DataFrame(),
        pairs.capped,
    )


def _edges(
    ids: NDArray[np.uint32], columns: Sequence[Column], pairs: blocking.Pairs, scored: Scored, rows: NDArray[np.int64]
) -> pl.DataFrame:
    """Pairs with the fields that agree: ``身份证号= 姓名~``, ``=`` the same, ``~`` alike."""
    why = pl.Series([""] * len(rows), dtype=pl.String)
    for column, found in zip(columns, scored.levels, strict=True):
        level, name, top = found[rows], column.field.name, len(element(column.field.element).levels) - 1
        mark = np.where(level == MISSING, "", np.where(level == top, f"{name}= ", np.where(level > 0, f"{name}~ ", "")))
        why = why + pl.Series(mark.tolist(), dtype=pl.String)
    one, other = ids[pairs.left[rows]], ids[pairs.right[rows]]
    return pl.DataFrame(
        {
            "left": np.minimum(one, other).astype(np.uint32),
            "right": np.maximum(one, other).astype(np.uint32),
            "probability": scored.probability[rows],
            "why": why.str.strip_chars(),
        }
    ).sort("left", "right")
