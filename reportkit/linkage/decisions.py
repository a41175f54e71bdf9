"""What persons have decided of pairs: it stands before any model, and tells it where one thing begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from reportkit.linkage.blocking import Pairs
from reportkit.linkage.settlement import Settled
from reportkit.linkage.values import Codes, Flags

#: Pairs of record numbers, and whether they are the same thing.
DECIDED = pl.Schema({"left": pl.UInt32(), "right": pl.UInt32(), "same": pl.Boolean()})


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decided pairs by their places among ``size`` records, each once; of two decisions on a pair the last stands."""

    size: int
    pairs: NDArray[np.int64]
    same: Flags

    @classmethod
    def of(cls, decided: pl.DataFrame | None, ids: NDArray[np.uint32]) -> Decisions:
        """From ``DECIDED`` and the records' own numbers; pairs of which a record is not there say nothing."""
        frame = DECIDED.to_frame() if decided is None else decided
        places = pl.DataFrame({"id": ids, "at": np.arange(len(ids), dtype=np.int64)})
        for side in ("left", "right"):
            frame = frame.join(places.rename({"id": side, "at": f"{side}_at"}), on=side, how="inner", maintain_order="left")
        low, high = pl.min_horizontal("left_at", "right_at"), pl.max_horizontal("left_at", "right_at")
        frame = frame.filter(low != high).select((low * len(ids) + high).alias("pair"), "same")
        frame = frame.unique("pair", keep="last").sort("pair")
        return cls(len(ids), frame["pair"].to_numpy(), frame["same"].to_numpy())

    def batch(self) -> Pairs:
        """The decided pairs."""
        return Pairs((self.pairs // self.size).astype(np.int32), (self.pairs % self.size).astype(np.int32))

    def among(self, left: Codes, right: Codes) -> tuple[Flags, Flags]:
        """Which of these pairs (left < right) are decided to be the same, and which not to be."""
        if not len(self.pairs):
            none = np.zeros(len(left), dtype=np.bool_)
            return none, none
        key = left.astype(np.int64) * self.size + right
        at = np.minimum(np.searchsorted(self.pairs, key), len(self.pairs) - 1)
        known = self.pairs[at] == key
        return known & self.same[at], known & ~self.same[at]

    def without(self, pairs: Pairs) -> Pairs:
        """Pairs that nobody has decided."""
        if not len(self.pairs):
            return pairs
        same, different = self.among(pairs.left, pairs.right)
        return Pairs(pairs.left[~(same | different)], pairs.right[~(same | different)])

    def united(self, identity: Codes) -> Codes:
        """The records' identifiers (-1 for none), those made one that belong to records decided to be the same thing."""
        pairs = self.batch()
        one, other = identity[pairs.left[self.same]], identity[pairs.right[self.same]]
        both = (one >= 0) & (other >= 0)
        if not both.any():
            return identity
        size = int(identity.max()) + 1
        _, label = connected_components(
            coo_array((np.ones(int(both.sum()), dtype=np.int8), (one[both], other[both])), shape=(size, size))
        )
        return np.where(identity >= 0, label[identity], -1).astype(np.int32)

    def over(self, settled: Settled, left: Codes, right: Codes) -> Settled:
        """What is settled, with what persons have decided before everything else."""
        same, different = self.among(left, right)
        return Settled(
            (settled.same | same) & ~different,
            (settled.other | different) & ~same,
            (settled.named | same) & ~different,
            settled.unsure & ~same,
        )
