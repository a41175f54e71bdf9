"""New records against those that are linked already: only what they meet is looked at again, and ids of old clusters stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reportkit.linkage import clustering
from reportkit.linkage.blocking import CAP
from reportkit.linkage.hashing import contents
from reportkit.linkage.kernel import COUNT, KEY, count_of, counts_of, edges_of, prepare, values_of
from reportkit.linkage.learnt import Learnt, hashed
from reportkit.linkage.values import Column

#: Columns beside those of the kernel: the record's own name, and its cluster's.
ID, CLUSTER, SCORE = "record_id", "cluster_id", "score"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is linked: ``ID``, ``CLUSTER``, ``SCORE`` and the kernel's columns of every record, and how they were linked."""

    frame: pl.DataFrame
    learnt: Learnt


@dataclass(frozen=True, slots=True)
class Grown:
    """Old records and, behind them, the new; ``renamed``: old records whose cluster is another's now."""

    kept: Kept
    renamed: int


def keep(ids: pl.Series, clusters: pl.DataFrame, records: pl.DataFrame, learnt: Learnt) -> Kept:
    """What to keep of a first linkage. ``clusters``: ``cluster`` (a row's number) and ``score``; ``records``: the fields' values."""
    names = [ids.alias(ID), ids.gather(clusters["cluster"]).alias(CLUSTER), clusters["score"].alias(SCORE)]
    return Kept(pl.concat([pl.DataFrame(names), prepare(records, learnt)], how="horizontal"), learnt)


def rekeyed(kept: Kept) -> Kept:
    """With the keys' hashes as this version of the program makes them."""
    columns = kept.learnt.columns(values_of(kept.frame), counts_of(kept.frame))
    rules, keys = [], []
    for number, rule in enumerate(kept.learnt.rules):
        key = hashed(columns, rule.keys)
        sizes = key.drop_nulls().value_counts(name="size")
        crowds = sizes.filter(pl.col("size") > CAP)[key.name].to_list()
        rules.append(rule.model_copy(update={"crowds": tuple(crowds)}))
        keys.append(pl.select(pl.when(~key.is_in(crowds)).then(key)).to_series().alias(f"{KEY}{number}"))
    learnt = kept.learnt.model_copy(update={"hashes": pl.__version__, "rules": tuple(rules)})
    return Kept(kept.frame.with_columns(keys), learnt)


def grow(kept: Kept, ids: pl.Series, records: pl.DataFrame) -> Grown:
    """The old records and the new. A cluster that new records bring together with others keeps the name of the largest of them."""
    new = pl.concat([pl.DataFrame([ids.alias(ID)]), prepare(records, kept.learnt)], how="horizontal")
    met = _met(kept, new)
    some = pl.concat([kept.frame.filter(met), new], how="diagonal")
    old = int(met.sum())
    columns = kept.learnt.columns(values_of(some), counts_of(some), old)
    groups, score = _joined(some, columns, kept.learnt, old)
    counts = [count_of(column).alias(COUNT + column.field.name) for column in columns]
    named = some.with_columns(_names(some, groups, old), pl.Series(SCORE, score), *counts)
    renamed = int((named[CLUSTER].head(old) != some[CLUSTER].head(old)).sum())
    return Grown(Kept(pl.concat([kept.frame.filter(~met), named.select(kept.frame.columns)]), kept.learnt), renamed)


def _met(kept: Kept, new: pl.DataFrame) -> pl.Series:
    """Old records that share a key with a new one, and all others of their clusters."""
    keys = [f"{KEY}{number}" for number in range(len(kept.learnt.rules))]
    meets = pl.any_horizontal(pl.col(key).is_in(new[key].drop_nulls().unique().implode()) for key in keys).fill_null(value=False)
    clusters = kept.frame.filter(meets)[CLUSTER].unique()
    return kept.frame[CLUSTER].is_in(clusters.implode())


def _joined(
    some: pl.DataFrame, columns: Sequence[Column], learnt: Learnt, old: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Group and score of every record; old clusters stay whole."""
    fresh = np.arange(some.height) >= old
    found = edges_of(columns, some, learnt, fresh)
    known = learnt.known(columns)
    label = some[CLUSTER].head(old).rank("dense").to_numpy().astype(np.int64)
    before = np.append(label, -np.arange(some.height - old) - 1)
    star = _stars(label)
    ends = [np.concatenate([found[side].to_numpy().astype(np.int32), star[n]]) for n, side in enumerate(("left", "right"))]
    sure = clustering.Edges(ends[0], ends[1], np.append(found["probability"].to_numpy(), np.ones(len(star[0]))))

    def evidence(left: NDArray[np.int32], right: NDArray[np.int32]) -> NDArray[np.float64]:
        return np.where(before[left] == before[right], clustering.ALWAYS, known.evidence(left, right))

    group = clustering.components(sure, np.full(some.height, -1, dtype=np.int32), partial(contents, columns), evidence)
    held = sure.where((group[sure.left] == group[sure.right]) & (sure.probability < 1))
    score = clustering.weakest(some.height, held)
    score[:old] = np.minimum(score[:old], some[SCORE].head(old).to_numpy())
    return group, score


def _stars(label: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Every record of a cluster paired with the cluster's first."""
    _, first, of = np.unique(label, return_index=True, return_inverse=True)
    rows = np.arange(len(label))
    others = rows[first[of] != rows]
    return first[of][others].astype(np.int32), others.astype(np.int32)


def _names(some: pl.DataFrame, groups: NDArray[np.int64], old: int) -> pl.Series:
    """The name of each record's cluster: of its largest old cluster, else of its first new record."""
    frame = some.select(ID, CLUSTER).with_columns(pl.Series("group", groups), (pl.int_range(pl.len()) < old).alias("old"))
    sizes = frame.filter("old").group_by("group", CLUSTER).len().sort("group", "len", CLUSTER, descending=[False, True, False])
    names = sizes.group_by("group", maintain_order=True).first().select("group", pl.col(CLUSTER).alias("kept"))
    first = frame.group_by("group").agg(pl.col(ID).min().alias("first"))
    named = frame.join(names, on="group", how="left", maintain_order="left").join(
        first, on="group", how="left", maintain_order="left"
    )
    return named.select(pl.coalesce("kept", "first").alias(CLUSTER)).to_series()
