"""What clusters and scored pairs are worth against the truth in ``entity_id``. Pairwise, on the resulting clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components


@dataclass(frozen=True, slots=True)
class Figures:
    """Pairs in one cluster, pairs of one entity, and those that are both."""

    found: int
    true: int
    both: int

    @property
    def precision(self) -> float:
        return self.both / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.both / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.both / (self.found + self.true) if self.found + self.true else 1.0

    def __str__(self) -> str:
        return f"precision {self.precision:.4f}  recall {self.recall:.4f}  F1 {self.f1:.4f}"


def pairs_within(*keys: pl.Series) -> int:
    """Number of pairs of records that agree on all keys."""
    size = pl.DataFrame({str(n): key for n, key in enumerate(keys)}).group_by(pl.all()).len()["len"].cast(pl.Int64)
    return int((size * (size - 1) // 2).sum())


def figures(entity: pl.Series, cluster: pl.Series) -> Figures:
    """Clusters against entities, one value of each a record."""
    return Figures(pairs_within(cluster), pairs_within(entity), pairs_within(entity, cluster))


def clusters_of(rows: pl.DataFrame, found: pl.DataFrame) -> pl.Series:
    """The cluster of each row, in the order of the rows.

    Raises:
        ValueError: a record has no cluster, or more than one.
    """
    joined = rows.select("record_id").join(found, on="record_id", how="left", maintain_order="left", validate="1:1")
    if joined["cluster_id"].null_count():
        raise ValueError(f"{joined['cluster_id'].null_count()} records have no cluster")
    return joined["cluster_id"]


def numbered(rows: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs with the numbers of their two rows (``i``, ``j``), and whether they are one entity (``same``)."""
    place = rows.select("record_id", "entity_id").with_row_index("i")
    left = pairs.join(place, left_on="left", right_on="record_id")
    both = left.join(place.rename({"i": "j", "entity_id": "other"}), left_on="right", right_on="record_id")
    return both.with_columns((pl.col("entity_id") == pl.col("other")).alias("same"))


def best_cut(rows: pl.DataFrame, pairs: pl.DataFrame) -> tuple[Figures, float]:
    """The best F1 that joining all pairs from some probability on gives, and that probability.

    Only rows that stand in a pair are joined: the others are alone at every cut.
    """
    true, paired = pairs_within(rows["entity_id"]), pl.concat([pairs["left"], pairs["right"]]).unique()
    rows = rows.filter(pl.col("record_id").is_in(paired.implode()))
    made = numbered(rows, pairs)
    one, other, sure = (made[name].to_numpy() for name in ("i", "j", "probability"))
    best = Figures(0, true, 0), 1.0
    for cut in _cuts(sure):
        kept = sure >= cut
        graph = coo_matrix((np.ones(int(kept.sum()), dtype=np.int8), (one[kept], other[kept])), shape=(rows.height, rows.height))
        cluster = pl.Series(connected_components(graph, directed=False)[1])
        reached = Figures(pairs_within(cluster), true, pairs_within(rows["entity_id"], cluster)), float(cut)
        best = max(best, reached, key=lambda pair: pair[0].f1)
    return best


def _cuts(sure: np.ndarray) -> np.ndarray:
    """Some sixty probabilities: a step each doubling of the odds, and the scores' own quantiles."""
    odds = 1 / (1 + np.exp2(-np.arange(-8, 41.0)))
    return np.unique(np.r_[odds, np.quantile(sure, np.linspace(0, 1, 11))] if len(sure) else odds)


def blocked_recall(rows: pl.DataFrame, candidates: pl.DataFrame) -> float:
    """Share of the true pairs that are compared at all."""
    return int(numbered(rows, candidates)["same"].sum()) / max(pairs_within(rows["entity_id"]), 1)


def neighbours(rows: pl.DataFrame, cluster: pl.Series) -> float:
    """False pairs of records that share phone and address, a 100,000 rows."""
    at = rows.with_columns(cluster.alias("cluster")).drop_nulls(["phone", "address"])
    home = (at["cluster"], at["phone"], at["address"])
    return (pairs_within(*home) - pairs_within(*home, at["entity_id"])) * 100_000 / rows.height


def deciles(rows: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """By tenths of the probability: pairs, what they were called on average, and the share that is right."""
    made = numbered(rows, pairs).with_columns((pl.col("probability") * 10).floor().clip(0, 9).cast(pl.Int64).alias("tenth"))
    return (
        made.group_by("tenth")
        .agg(pl.len().alias("pairs"), pl.col("probability").mean().alias("called"), pl.col("same").mean().alias("right"))
        .sort("tenth")
    )
