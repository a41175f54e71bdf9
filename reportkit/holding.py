"""Clusters that keep to what persons decided, whatever a model says: must-links first, then the surest links that part nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from reportkit.linkage import Clusters

#: What a link says for itself where a person made it.
DECIDED_BY_PERSON = "decided"

Link = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Held:
    """Clusters, and the pairs (left, right) that were decided to be one thing though other decisions keep them apart."""

    clusters: Clusters
    refused: pl.DataFrame


@dataclass(slots=True)
class _Groups:
    """Records that are joined one link after the other; none joins whom a decision keeps apart."""

    apart: dict[int, set[int]]
    home: dict[int, int]
    members: dict[int, list[int]] = field(default_factory=dict)
    score: dict[int, float] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[int], apart: Iterable[tuple[int, int]]) -> _Groups:
        """Every record on its own."""
        alone = list(records)
        groups = cls({}, {one: one for one in alone}, {one: [one] for one in alone}, dict.fromkeys(alone, 1.0))
        for left, right in apart:
            groups.apart.setdefault(left, set()).add(right)
            groups.apart.setdefault(right, set()).add(left)
        return groups

    def join(self, left: int, right: int, sure: float) -> bool:
        """Whether the two are in one group now."""
        one, other = sorted((self.home[left], self.home[right]))
        if one == other:
            return True
        if self._parted(one, other):
            return False
        for record in self.members[other]:
            self.home[record] = one
        self.members[one] += self.members.pop(other)
        for record in (left, right):
            self.score[record] = min(self.score[record], sure)
        return True

    def _parted(self, one: int, other: int) -> bool:
        few, many = sorted((self.members[one], self.members[other]), key=len)
        against = {enemy for record in few for enemy in self.apart.get(record, ())}
        return bool(against) and not against.isdisjoint(many)


def hold(clusters: Clusters, decided: pl.DataFrame) -> Held:
    """Join what was decided to be the same and part what was decided to be different; other clusters stay as they are.

    ``decided``: pairs as in ``linkage.DECIDED``, the latest first: of decisions that contradict each other the earlier one gives way.
    """
    if not decided.height:
        return Held(clusters, decided.select("left", "right"))
    named = pl.concat([decided["left"], decided["right"]]).unique()
    touched = clusters.frame.filter(
        pl.col("cluster").is_in(clusters.frame.filter(pl.col("_id").is_in(named.implode()))["cluster"].implode())
    )
    different = decided.filter(~pl.col("same")).select("left", "right")
    groups = _Groups.of(touched["_id"], different.iter_rows())
    same = decided.filter("same").select("left", "right")
    refused = [(left, right) for left, right in same.iter_rows() if not groups.join(left, right, 1.0)]
    for left, right, sure in _links(clusters.edges, touched["_id"]):
        groups.join(left, right, sure)
    frame = _regrouped(clusters.frame, groups)
    kept = same.join(_frame(refused), on=["left", "right"], how="anti", maintain_order="left")
    edges = _edges(clusters.edges, frame, kept)
    return Held(replace(clusters, frame=frame, edges=edges, doubtful=_open(clusters.doubtful, frame, different)), _frame(refused))


def _frame(found: list[tuple[int, int]]) -> pl.DataFrame:
    return pl.DataFrame(found, schema={"left": pl.UInt32, "right": pl.UInt32}, orient="row")


def _links(edges: pl.DataFrame, among: pl.Series) -> Iterator[Link]:
    """Links between records, the surest first."""
    mine = edges.filter(pl.col("left").is_in(among.implode()) & pl.col("right").is_in(among.implode()))
    yield from (
        mine.sort(["probability", "left", "right"], descending=[True, False, False])
        .select("left", "right", "probability")
        .iter_rows()
    )


def _regrouped(frame: pl.DataFrame, groups: _Groups) -> pl.DataFrame:
    anew = pl.DataFrame(
        {"_id": list(groups.home), "home": list(groups.home.values()), "sure": [groups.score[one] for one in groups.home]},
        schema={"_id": pl.UInt32, "home": pl.UInt32, "sure": pl.Float64},
    )
    found = frame.join(anew, on="_id", how="left", maintain_order="left")
    return found.select("_id", pl.coalesce("home", "cluster").alias("cluster"), pl.coalesce("sure", "score").alias("score"))


def _edges(edges: pl.DataFrame, frame: pl.DataFrame, same: pl.DataFrame) -> pl.DataFrame:
    """Links inside the clusters as they are now, those that persons made among them."""
    said = {"probability": pl.lit(1.0), "why": pl.lit(DECIDED_BY_PERSON)}
    rest = [
        said.get(name, pl.lit(None, kind)).alias(name) for name, kind in edges.schema.items() if name not in ("left", "right")
    ]
    told = edges.join(same, on=["left", "right"], how="anti", maintain_order="left")
    every = pl.concat([told, same.with_columns(rest).select(edges.columns)])
    return _housed(every, frame).filter(pl.col("home") == pl.col("other home")).select(edges.columns).sort("left", "right")


def _open(doubtful: pl.DataFrame, frame: pl.DataFrame, different: pl.DataFrame) -> pl.DataFrame:
    """Pairs that nobody has settled: of two clusters, and those not kept apart by any decision."""
    parted = _housed(different, frame).select(pl.col("home", "other home"))
    back = parted.select(pl.col("other home").alias("home"), pl.col("home").alias("other home"))
    open_still = _housed(doubtful, frame).filter(pl.col("home") != pl.col("other home"))
    both = pl.concat([parted, back]).unique()
    return open_still.join(both, on=["home", "other home"], how="anti", maintain_order="left").select(doubtful.columns)


def _housed(pairs: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Pairs with the clusters of both sides."""
    homes = frame.select("_id", "cluster")
    found = pairs.join(homes.rename({"_id": "left", "cluster": "home"}), on="left", how="left", maintain_order="left")
    return found.join(homes.rename({"_id": "right", "cluster": "other home"}), on="right", how="left", maintain_order="left")
