"""All that was learnt of a set of records: enough to say of any two of them how surely they are one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reportkit.linkage import clustering, expectation, model
from reportkit.linkage.blocking import Pairs
from reportkit.linkage.cut import valley
from reportkit.linkage.decisions import Decisions
from reportkit.linkage.hashing import sample
from reportkit.linkage.patterns import DIFFERENT, FREE, SAME, Patterns
from reportkit.linkage.scoring import Compared, compare_all, count_patterns, weigh
from reportkit.linkage.settlement import Settled, Settler, settler
from reportkit.linkage.values import Codes, Column, Flags

Bits = NDArray[np.float64]

#: The same valid identifier under names that agree.
_CERTAIN = 0.99
#: A pair that says too little is held just below the cut.
_UNSURE = 0.49
#: Records of which it is asked whether they could match themselves.
_ASKED = 20_000


@dataclass(frozen=True, slots=True)
class Known:
    """What was learnt.

    Attributes:
        columns: the records' values; ``shared`` says which are a household's.
        settler: what settles pairs without the model; ``decisions`` what persons said.
        model: what agreement is worth; from ``cut`` bits on a pair is one thing.
    """

    columns: Sequence[Column]
    shared: Flags
    settler: Settler
    decisions: Decisions
    model: model.Model
    cut: float

    def settle(self, pairs: Compared) -> Settled:
        """What settles pairs before the model is asked."""
        settled = self.settler.settle(pairs)
        if self.decisions.same.any():
            identity = self.identity()
            one, other = identity[pairs.left], identity[pairs.right]
            united = (one >= 0) & (one == other)
            settled = replace(settled, other=settled.other & ~united, named=settled.named | united)
        return self.decisions.over(settled, pairs.left, pairs.right)

    def weights(self, pairs: Compared) -> Bits:
        """Log odds (base 2) of pairs by the model alone, 0 at the cut."""
        patterns = count_patterns(pairs, np.zeros(pairs.number, dtype=np.uint8))
        return weigh(self.model, pairs, patterns) - self.cut

    def probability(self, pairs: Compared) -> Bits:
        """How surely each pair is one thing, by what settles it or else by the model."""
        return self._probability(pairs, self.settle(pairs))

    def _probability(self, pairs: Compared, settled: Settled) -> Bits:
        probability = 1 / (1 + np.exp2(-np.clip(self.weights(pairs), -60, 60)))
        probability[settled.named] = np.maximum(probability[settled.named], _CERTAIN)
        probability[settled.unsure] = np.minimum(probability[settled.unsure], _UNSURE)
        probability[settled.other] = 0.0
        probability[self.decisions.among(pairs.left, pairs.right)[0]] = 1.0
        return probability

    def evidence(self, left: Codes, right: Codes) -> Bits:
        """Bits for and against each pair, 0 at the cut; more than any model says where identifiers or persons have settled it."""
        pairs = compare_all(self.columns, self.shared, [Pairs(left, right)])
        settled = self.settle(pairs)
        probability = self._probability(pairs, settled)
        with np.errstate(divide="ignore"):
            bits = np.log2(probability) - np.log2(1 - probability)
        same, different = self.decisions.among(left, right)
        bits = np.where(settled.other, clustering.CONTRADICTED, np.clip(bits, -60, 60))
        return np.where(same, clustering.ALWAYS, np.where(different, clustering.NEVER, bits))

    def identity(self) -> Codes:
        """The code of each record's valid identifier, -1 for none; of two that persons decided to be one thing's the same."""
        identifier = self.settler.identifier
        if identifier is None:
            return np.full(self.decisions.size, -1, dtype=np.int32)
        valid = np.append(identifier.valid, np.False_)
        return self.decisions.united(np.where(valid[identifier.codes], identifier.codes, -1).astype(np.int32))

    def unlinkable(self) -> float:
        """Share of the records that say too little to match even themselves, on a sample where there are many."""
        size = self.decisions.size
        if not size or not self.columns:
            return 1.0
        some = sample(self.columns, size, _ASKED).astype(np.int32)
        pairs = compare_all(self.columns, self.shared, [Pairs(some, some)])
        return float((self.weights(pairs) < 0).mean())


def learn(columns: Sequence[Column], shared: Flags, pairs: Compared, decisions: Decisions, entity: str) -> tuple[Known, Patterns]:
    """What the candidate pairs teach, and the patterns that taught it."""
    judge = settler(columns, entity, pairs)
    settled = decisions.over(judge.settle(pairs), pairs.left, pairs.right)
    told = np.where(settled.named, SAME, np.where(settled.other, DIFFERENT, FREE)).astype(np.uint8)
    patterns = count_patterns(pairs, told)
    fitted = expectation.fit(columns, patterns, shared, decisions.size)
    bits = weigh(fitted, pairs, patterns)
    same, different = decisions.among(pairs.left, pairs.right)
    cut = valley(bits[~settled.other & ~settled.same], bits[same], bits[different])
    return Known(columns, shared, judge, decisions, fitted, cut), patterns
