"""Clusters worth a look: those that hang by one link, those with few links for their size, those whose link is weak."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from reportkit.linkage import Clusters
from reportkit.records import ID

#: Links from here on are sure, below there weak; a cluster is thin below this share of the links that it could have.
_SURE, _WEAK, _THIN = 0.999, 0.95, 0.5
#: So many clusters are searched for bridges, those with the weakest links first.
_SEARCHED = 5000

Link = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cluster with its records, the number of its links, and its most doubtful link.

    ``kind``: bridge, a link without which it falls apart; thin, few links for its size; weak, a link that is none too sure.
    """

    kind: str
    cluster: int
    members: tuple[int, ...]
    links: int
    link: Link
    probability: float


def suspects(clusters: Clusters) -> list[Suspect]:
    """Bridges first, then thin clusters, then weak ones, each with the weakest link first."""
    links = _links(clusters)
    tables = _tables(clusters, links)
    several = clusters.frame.join(tables, on="cluster", how="semi").sort("cluster", ID)
    members = {cluster: tuple(part) for cluster, part in several.group_by("cluster", maintain_order=True).agg(ID).iter_rows()}
    by_cluster = {
        cluster: list(zip(left, right, sure, strict=True))
        for cluster, left, right, sure in links.join(tables, on="cluster", how="semi")
        .group_by("cluster", maintain_order=True)
        .agg("left", "right", "probability")
        .iter_rows()
    }
    found = [one for cluster in tables["cluster"] if (one := _judged(cluster, members[cluster], by_cluster[cluster]))]
    order = {"bridge": 0, "thin": 1, "weak": 2}
    return sorted(found, key=lambda one: (order[one.kind], one.probability, one.cluster))


def _links(clusters: Clusters) -> pl.DataFrame:
    """Links with their cluster, the weakest first."""
    homes = clusters.frame.select(pl.col(ID).alias("left"), "cluster")
    links = clusters.edges.select("left", "right", "probability").join(homes, on="left", how="left", maintain_order="left")
    return links.sort("probability", "left", "right")


def _tables(clusters: Clusters, links: pl.DataFrame) -> pl.DataFrame:
    """Clusters that hold a link that is not sure, and either a weak one or fewer links than there could be."""
    sizes = clusters.frame.group_by("cluster").agg(pl.len().cast(pl.Int64).alias("rows"))
    found = links.group_by("cluster").agg(pl.len().cast(pl.Int64).alias("links"), pl.col("probability").min().alias("weakest"))
    found = found.join(sizes, on="cluster")
    most = pl.col("rows") * (pl.col("rows") - 1) // 2
    found = found.filter((pl.col("weakest") < _SURE) & ((pl.col("links") < most) | (pl.col("weakest") < _WEAK)))
    return found.sort("weakest", "cluster").head(_SEARCHED)


def _judged(cluster: int, members: tuple[int, ...], links: Sequence[tuple[int, int, float]]) -> Suspect | None:
    """``links``: the weakest first."""
    left, right, sure = links[0]
    if len(members) > 2:
        cut = bridges([(one, other) for one, other, _ in links])
        thread = next(((one, other, how) for one, other, how in links if (one, other) in cut and how < _SURE), None)
        if thread:
            return Suspect("bridge", cluster, members, len(links), thread[:2], thread[2])
    if len(members) > 3 and len(links) < _THIN * len(members) * (len(members) - 1) / 2:
        return Suspect("thin", cluster, members, len(links), (left, right), sure)
    weak = len(members) == 2 and sure < _WEAK
    return Suspect("weak", cluster, members, len(links), (left, right), sure) if weak else None


def bridges(links: Sequence[Link]) -> set[Link]:
    """Links without which two records would hang together no longer (Tarjan 1974)."""
    around: dict[int, list[tuple[int, int]]] = {}
    for at, (left, right) in enumerate(links):
        around.setdefault(left, []).append((right, at))
        around.setdefault(right, []).append((left, at))
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    found: set[Link] = set()
    for root in around:
        if root not in order:
            found |= {links[at] for at in _cuts(root, around, order, low)}
    return found


def _cuts(root: int, around: dict[int, list[tuple[int, int]]], order: dict[int, int], low: dict[int, int]) -> Iterator[int]:
    """Numbers of the links below ``root`` that no way round replaces."""
    order[root] = low[root] = len(order)
    path = [(root, -1, iter(around[root]))]
    while path:
        here, came, rest = path[-1]
        for other, at in rest:
            if at == came:
                continue
            if other in order:
                low[here] = min(low[here], order[other])
                continue
            order[other] = low[other] = len(order)
            path.append((other, at, iter(around[other])))
            break
        else:
            path.pop()
            if path:
                above = path[-1][0]
                low[above] = min(low[above], low[here])
                if low[here] > order[above]:
                    yield came
