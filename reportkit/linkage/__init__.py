"""Records → clusters of records about one thing: encode, block, compare, learn, weigh, join (Fellegi & Sunter 1969)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reportkit.linkage import blocking, clustering, evidence
from reportkit.linkage.comparison import MISSING
from reportkit.linkage.decisions import DECIDED, Decisions
from reportkit.linkage.expectation import marginals
from reportkit.linkage.hashing import contents
from reportkit.linkage.keys import keys_of
from reportkit.linkage.learning import Known, learn
from reportkit.linkage.learnt import Learnt
from reportkit.linkage.scoring import Compared, compare_all, joined
from reportkit.linkage.settlement import shared_of
from reportkit.linkage.values import Column, Flags, LinkField, counted, encode

__all__ = ["DECIDED", "Clusters", "Diagnosis", "Job", "LinkField", "link", "link_columns"]

#: A pair is one thing from here on; from ``_DOUBTFUL`` on a person may have a look.
_JOINED, _DOUBTFUL = 0.5, 0.1


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
        cut: bits of the model's log odds from which a pair is one thing.
        doubtful: pairs that may be one thing and were not joined.
    """

    rules: tuple[tuple[str, int], ...]
    pairs: int
    recall: float
    capped: tuple[tuple[str, int], ...]
    unlinkable: float
    doubts: tuple[str, ...]
    cut: float
    doubtful: int


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
        learnt: what is needed to link other records as these were.
    """

    frame: pl.DataFrame
    edges: pl.DataFrame
    doubtful: pl.DataFrame
    weights: pl.DataFrame
    diagnosis: Diagnosis
    learnt: Learnt


def _silent(_stage: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Job:
    """How records are to be linked.

    Attributes:
        entity: what the rows are about; "" where nobody says.
        decided: pairs as in ``DECIDED``, which stand before any model.
        explain: whether edges and their weights are wanted, not only clusters.
        told: hears the name of each stage as it begins.
    """

    entity: str = ""
    decided: pl.DataFrame | None = None
    explain: bool = True
    told: Callable[[str], None] = _silent


def link(records: pl.DataFrame, fields: Sequence[LinkField], entity: str, decided: pl.DataFrame | None = None) -> Clusters:
    """Clusters of the records. ``records``: ``_id`` (0 …) and one String column a field; null where blank.

    ``decided``: pairs as in ``DECIDED``, which stand before any model. What is one thing depends on what the records hold, not on their
    order.
    """
    return link_columns(encode(records, fields), records["_id"].to_numpy(), Job(entity, decided))


def link_columns(columns: Sequence[Column], ids: NDArray[np.uint32], job: Job) -> Clusters:
    """Clusters of records that are encoded already; ``ids`` are their numbers."""
    columns = counted(columns)
    shared = shared_of(columns, job.entity)
    decisions = Decisions.of(job.decided, ids)
    keys = keys_of(columns)
    job.told("block")
    plan = blocking.plan(keys, len(ids), blocking.usual(columns, shared))
    job.told("compare")
    pairs = _compared(columns, shared, decisions, plan)
    job.told("learn")
    known, patterns = learn(columns, shared, pairs, decisions, job.entity)
    more = blocking.plan(keys, len(ids), blocking.Known(columns, marginals(known.model, patterns), shared), plan)
    if len(more.rules) > len(plan.rules):
        job.told("compare")
        pairs = joined(pairs, _compared(columns, shared, decisions, more, len(plan.rules)))
        job.told("learn")
        known, _ = learn(columns, shared, pairs, decisions, job.entity)
    job.told("join")
    return _clusters(ids, known, pairs, _Ending(more, job.explain))


@dataclass(frozen=True, slots=True)
class _Ending:
    """What clusters are told with."""

    plan: blocking.Plan
    explain: bool


def _compared(columns: Sequence[Column], shared: Flags, decisions: Decisions, plan: blocking.Plan, done: int = 0) -> Compared:
    """Candidate pairs of a plan's rules from number ``done`` on; with the first, what persons have decided."""
    batches = (decisions.without(one) for one in blocking.candidates(plan.rules, done))
    return compare_all(columns, shared, [*([] if done else [decisions.batch()]), *batches] if len(decisions.pairs) else batches)


def _clusters(ids: NDArray[np.uint32], known: Known, pairs: Compared, ending: _Ending) -> Clusters:
    """Joined pairs → clusters, back in the records' own numbers."""
    probability = known.probability(pairs)
    sure = np.flatnonzero(probability >= _JOINED)
    edges = clustering.Edges(pairs.left[sure], pairs.right[sure], probability[sure])
    group = clustering.components(edges, known.identity(), partial(contents, known.columns), known.evidence)
    held = group[edges.left] == group[edges.right]
    score = clustering.weakest(len(ids), edges.where(held))
    frame = pl.DataFrame({"_id": ids, "group": group, "score": score}).with_columns(
        pl.col("_id").min().over("group").cast(pl.UInt32).alias("cluster")
    )
    doubted = np.flatnonzero((probability >= _DOUBTFUL) & (group[pairs.left] != group[pairs.right]))
    diagnosis = _diagnosis(known, pairs, ending.plan, len(doubted))
    if not ending.explain:
        held, doubted = np.zeros(len(sure), dtype=np.bool_), doubted[:0]
    told = [_Told(pairs.where(rows), probability[rows]) for rows in (sure[held], doubted)]
    return Clusters(
        frame.select("_id", "cluster", "score").sort("_id"),
        _edges(ids, known, told[0]),
        _edges(ids, known, told[1]),
        pl.concat([evidence.weights(known, one.pairs, ids) for one in told]),
        diagnosis,
        Learnt.of(known, ending.plan.rules),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """Pairs that are told of, and how sure they are."""

    pairs: Compared
    probability: NDArray[np.float64]


def _edges(ids: NDArray[np.uint32], known: Known, told: _Told) -> pl.DataFrame:
    """Pairs with the fields that agree: ``身份证号= 姓名~``, ``=`` the same, ``~`` alike."""
    pairs = told.pairs
    why = pl.Series([""] * pairs.number, dtype=pl.String)
    for column, level in zip(known.columns, pairs.levels, strict=True):
        name = column.field.name
        mark = np.where(level == MISSING, "", np.where(level == column.top, f"{name}= ", np.where(level > 0, f"{name}~ ", "")))
        why = why + pl.Series(mark.tolist(), dtype=pl.String)
    one, other = ids[pairs.left], ids[pairs.right]
    return pl.DataFrame(
        {
            "left": np.minimum(one, other).astype(np.uint32),
            "right": np.maximum(one, other).astype(np.uint32),
            "probability": told.probability,
            "weight": known.weights(pairs),
            "why": why.str.strip_chars(),
        }
    ).sort("left", "right")


def _diagnosis(known: Known, pairs: Compared, plan: blocking.Plan, doubtful: int) -> Diagnosis:
    rules = tuple((rule.name, rule.pairs) for rule in plan.rules)
    return Diagnosis(rules, pairs.number, plan.recall, plan.capped, known.unlinkable(), known.model.doubts, known.cut, doubtful)
