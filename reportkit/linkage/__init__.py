"""Records → clusters of records about one thing: encode, block, compare, fit, weigh, join (Fellegi & Sunter 1969)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reportkit.linkage import blocking, clustering, evidence, model
from reportkit.linkage.comparison import MISSING
from reportkit.linkage.hashing import contents
from reportkit.linkage.patterns import DIFFERENT, FREE, SAME
from reportkit.linkage.scoring import Compared, compare_all, count_patterns, joined, weigh
from reportkit.linkage.settlement import Settled, Settler, settler, shared_of
from reportkit.linkage.values import Codes, Column, Flags, LinkField, encode

__all__ = ["DECIDED", "Clusters", "Diagnosis", "LinkField", "link"]

#: A pair is one thing from here on; from ``_DOUBTFUL`` on a person may have a look.
_JOINED, _DOUBTFUL = 0.5, 0.2
#: The same valid identifier under names that agree.
_CERTAIN = 0.99
#: What persons have decided of pairs: the same thing or not.
DECIDED = pl.Schema({"left": pl.UInt32(), "right": pl.UInt32(), "same": pl.Boolean()})


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What linkage says of itself.

    Attributes:
        rules: (name, pairs that it alone makes) of each blocking rule.
        pairs: candidate pairs.
        recall: share of the pairs of one thing that blocking is reckoned to find.
        capped: blocks too large to compare: (rule, records).
        unlinkable: share of the records that say too little to match even themselves.
        doubts: why weights are built-in and not learnt; empty where they are.
    """

    rules: tuple[tuple[str, int], ...]
    pairs: int
    recall: float
    capped: tuple[tuple[str, int], ...]
    unlinkable: float
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clusters:
    """What was linked.

    Attributes:
        frame: ``_id`` (UInt32), ``cluster`` (UInt32, its smallest ``_id``), ``score`` (the weakest of the links that hold the row; 1 alone).
        edges: left, right (UInt32), probability, weight (bits), why; the pairs that were joined.
        doubtful: the same columns: pairs that may be one thing and were not joined.
        weights: left, right, field, level, weight (bits): what each field says of the pairs in ``edges`` and ``doubtful``; the prior
            odds stand under the field "" and the level "prior". A pair's weights add up to its weight.
        diagnosis: what linkage says of itself.
    """

    frame: pl.DataFrame
    edges: pl.DataFrame
    doubtful: pl.DataFrame
    weights: pl.DataFrame
    diagnosis: Diagnosis


def link(records: pl.DataFrame, fields: Sequence[LinkField], entity: str, decided: pl.DataFrame | None = None) -> Clusters:
    """Clusters of the records. ``records``: ``_id`` (0 …) and one String column a field; null where blank.

    ``decided``: pairs as in ``DECIDED``, which stand before any model. What is one thing depends on what the records hold, not on their
    order.
    """
    columns = encode(records, fields)
    shared = shared_of(columns, entity)
    names = frozenset(column.field.name for column, one in zip(columns, shared, strict=True) if one)
    plan = blocking.plan(columns, records.height, blocking.Known([column.usual for column in columns], names))
    pairs = compare_all(columns, shared, blocking.candidates(plan.rules))
    rules = settler(columns, entity, pairs)
    patterns = count_patterns(pairs, _told(rules.settle(pairs)))
    fitted = model.fit(columns, patterns, shared, records.height)
    more = blocking.plan(columns, records.height, blocking.Known(model.marginals(fitted, patterns), names), plan)
    if len(more.rules) > len(plan.rules):
        pairs = joined(pairs, compare_all(columns, shared, blocking.candidates(more.rules, len(plan.rules))))
        patterns = count_patterns(pairs, _told(rules.settle(pairs)))
        fitted = model.fit(columns, patterns, shared, records.height)
    plan = more
    probability = _probability(weigh(fitted, pairs, patterns), rules.settle(pairs))
    known = _Known(columns, shared, rules, fitted)
    return _clusters(records["_id"], known, pairs, probability, plan)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was learnt of the records: enough to weigh any pair of them."""

    columns: Sequence[Column]
    shared: Flags
    rules: Settler
    model: model.Model

    def evidence(self, left: Codes, right: Codes) -> clustering.Scores:
        """Bits for and against each pair, from the cut on; ``NEVER`` where they are different things."""
        pairs = compare_all(self.columns, self.shared, [blocking.Pairs(left, right)])
        settled = self.rules.settle(pairs)
        patterns = count_patterns(pairs, _told(settled))
        probability = _probability(weigh(self.model, pairs, patterns), settled)
        with np.errstate(divide="ignore"):
            bits = np.log2(probability) - np.log2(1 - probability) - np.log2(_JOINED / (1 - _JOINED))
        return np.where(settled.other, clustering.NEVER, np.clip(bits, -60, 60))

    def identity(self) -> Codes:
        """The code of each record's valid identifier, -1 for none."""
        identifier = self.rules.identifier
        if identifier is None:
            return np.full(len(self.columns[0].codes) if self.columns else 0, -1, dtype=np.int32)
        valid = np.append(identifier.valid, np.False_)
        return np.where(valid[identifier.codes], identifier.codes, -1).astype(np.int32)


def _told(settled: Settled) -> NDArray[np.uint8]:
    return np.where(settled.named, SAME, np.where(settled.other, DIFFERENT, FREE)).astype(np.uint8)


def _probability(bits: NDArray[np.float64], settled: Settled) -> NDArray[np.float64]:
    """The model's word, where identifiers and names have not settled the pair."""
    probability = 1 / (1 + np.exp2(-np.clip(bits, -60, 60)))
    probability[settled.named] = np.maximum(probability[settled.named], _CERTAIN)
    probability[settled.unsure] *= _JOINED - 0.01
    probability[settled.other] = 0.0
    return probability


def _clusters(
    ids: pl.Series, known: _Known, pairs: Compared, probability: NDArray[np.float64], plan: blocking.Plan
) -> Clusters:
    """Joined pairs → clusters, back in the records' own numbers."""
    joined = np.flatnonzero(probability >= _JOINED)
    edges = clustering.Edges(pairs.left[joined], pairs.right[joined], probability[joined])
    size = len(ids)
    group = clustering.components(edges, known.identity(), contents(known.columns, size), known.evidence) if known.columns else np.arange(size)
    held = group[edges.left] == group[edges.right]
    score = clustering.weakest(size, edges.where(held))
    frame = pl.DataFrame({"_id": ids, "group": group, "score": score}).with_columns(
        pl.col("_id").min().over("group").cast(pl.UInt32).alias("cluster")
    )
    doubtful = np.flatnonzero((probability >= _DOUBTFUL) & (probability < _JOINED))
    told = pairs.where(np.r_[joined[held], doubtful])
    numbers = ids.to_numpy()
    return Clusters(
        frame.select("_id", "cluster", "score").sort("_id"),
        _edges(numbers, known, pairs, probability, joined[held]),
        _edges(numbers, known, pairs, probability, doubtful),
        evidence.weights(known.model, known.columns, told, numbers),
        Diagnosis(
            tuple((rule.name, number) for rule, number in zip(plan.rules, plan.sizes, strict=True)),
            pairs.number, plan.recall, plan.capped, 0.0, known.model.doubts,
        ),
    )


def _edges(
    ids: NDArray[np.uint32], known: _Known, pairs: Compared, probability: NDArray[np.float64], rows: NDArray[np.int64]
) -> pl.DataFrame:
    """Pairs with the fields that agree: ``身份证号= 姓名~``, ``=`` the same, ``~`` alike."""
    why = pl.Series([""] * len(rows), dtype=pl.String)
    for column, found in zip(known.columns, pairs.levels, strict=True):
        level, name = found[rows], column.field.name
        mark = np.where(level == MISSING, "", np.where(level == column.top, f"{name}= ", np.where(level > 0, f"{name}~ ", "")))
        why = why + pl.Series(mark.tolist(), dtype=pl.String)
    one, other = ids[pairs.left[rows]], ids[pairs.right[rows]]
    return pl.DataFrame(
        {
            "left": np.minimum(one, other).astype(np.uint32),
            "right": np.maximum(one, other).astype(np.uint32),
            "probability": probability[rows],
            "why": why.str.strip_chars(),
        }
    ).sort("left", "right")
