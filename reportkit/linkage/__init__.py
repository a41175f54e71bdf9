"""Records → clusters of records about one thing: encode, block, compare, fit, score, join (Fellegi & Sunter 1969)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reportkit.linkage import blocking, clustering, model
from reportkit.linkage.comparison import MISSING, Levels, confirms, contradicts, levels_of
from reportkit.linkage.values import IDENTIFIERS, Column, LinkField, encode

__all__ = ["Clusters", "LinkField", "link"]

#: A pair is one thing from here on; from ``_DOUBTFUL`` on a person may have a look.
_JOINED, _DOUBTFUL = 0.9, 0.5
#: Pairs that identifiers settle, needed to learn which column names the row's own person.
_TOLD = 10


@dataclass(frozen=True, slots=True)
class Clusters:
    """What was linked.

    Attributes:
        frame: ``_id`` (UInt32), ``cluster`` (UInt32, its smallest ``_id``), ``score`` (the surest link that holds the row; 1 alone).
        edges: left, right (UInt32), probability, why; the pairs that were joined.
        doubtful: the same columns: pairs that may be one thing and were not joined.
        capped: blocks too large to compare: (key, records).
    """

    frame: pl.DataFrame
    edges: pl.DataFrame
    doubtful: pl.DataFrame
    capped: tuple[tuple[str, int], ...]


def link(records: pl.DataFrame, fields: Sequence[LinkField], entity: str) -> Clusters:
    """Clusters of the records. ``records``: ``_id`` (0 …) and one String column a field; null where blank.

    The result depends on what the records hold, not on their order.
    """
    columns = encode(records, fields)
    made = blocking.rules(columns, records.height)
    pairs = blocking.candidates(made)
    levels = levels_of(columns, pairs.left, pairs.right)
    identifier = _identifier(columns, entity)
    same, other = _settled(columns, identifier, levels, pairs)
    if identifier is not None:
        other |= ~same & _renamed(columns, levels, same, other)
    blocked = np.array([[c.field.name in rule.fields for c in columns] for rule in made], dtype=np.bool_).reshape(
        len(made), len(columns)
    )
    labels = model.Labels(same, other, blocked[pairs.rule])
    fitted = model.fit(columns, levels, labels, records.height)
    bits, _ = model.score(fitted, columns, levels, pairs.left)
    probability = np.where(other, 0.0, 1 / (1 + np.exp2(-np.clip(bits, -60, 60))))
    if identifier is not None:
        probability[_unsupported(columns, identifier, levels, same)] *= _JOINED - 0.01
    return _clusters(records["_id"], columns, pairs, Scored(levels, probability), identity=_identity(identifier, records.height))


def _identifier(columns: Sequence[Column], entity: str) -> Column | None:
    """The column whose valid values name the row's own thing: an identifier in the key, unless the key needs more than it.

    A house's owner has many houses and a hazard's enterprise many hazards: there the identifier is another one's.
    """
    keys = [column for column in columns if column.field.key]
    named = [column for column in keys if column.field.element in IDENTIFIERS]
    if named and (len(keys) == 1 or entity in ("person", "enterprise", "household")):
        return named[0]
    if not keys and entity in ("person", "enterprise"):
        rest = [column for column in columns if column.valid.any()]
        return max(rest, key=lambda column: len(column.words), default=None)
    return None


def _settled(
    columns: Sequence[Column], identifier: Column | None, levels: Sequence[Levels], pairs: blocking.Pairs
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Pairs that identifiers, or a key of several fields, settle as the same or as different things."""
    if identifier is not None:
        return confirms(identifier, pairs.left, pairs.right), contradicts(identifier, pairs.left, pairs.right)
    # One of several key fields denies where it differs; a day where it is another day: what happened then is another event.
    keys = [f for f, column in enumerate(columns) if column.field.key]
    denied = np.zeros(len(pairs.left), dtype=np.bool_)
    for f in keys:
        exact = len(keys) > 1 and columns[f].field.element in ("date", "month")
        least = levels[f][levels[f] != MISSING].max(initial=0) if exact else 1
        denied |= levels[f] < least
    return np.zeros(len(pairs.left), dtype=np.bool_), denied


def _names(columns: Sequence[Column], levels: Sequence[Levels], same: NDArray[np.bool_], other: NDArray[np.bool_]) -> list[int]:
    """Columns of persons' names that name the row's own person: equal where identifiers are the same, seldom where they differ.

    A householder's name is equal for all the family.
    """
    found = []
    for f, column in enumerate(columns):
        if column.field.element == "person-name":
            agree, shared = (levels[f][chosen & (levels[f] != MISSING)] > 0 for chosen in (same, other))
            if agree.size >= _TOLD and shared.size >= _TOLD and agree.mean() > 0.9 and shared.mean() < 0.3:
                found.append(f)
    return found


def _renamed(
    columns: Sequence[Column], levels: Sequence[Levels], same: NDArray[np.bool_], other: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Pairs whose own names have nothing in common: what a family shares does not make its members one person."""
    denied = np.zeros(len(same), dtype=np.bool_)
    for f in _names(columns, levels, same, other):
        denied |= levels[f] == 0
    return denied


def _unsupported(
    columns: Sequence[Column], identifier: Column, levels: Sequence[Levels], same: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Pairs whose names differ by a character while a number is missing or unlike: twins as likely as a slip."""
    number = levels[next(f for f, column in enumerate(columns) if column is identifier)]
    silent = ~same & ((number == MISSING) | (number == 0))
    names = [f for f, column in enumerate(columns) if column.field.element == "person-name"]
    return silent & np.any([levels[f] == 1 for f in names], axis=0) if names else np.zeros(len(same), dtype=np.bool_)


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
    levels, probability = scored.levels, scored.probability
    joined = probability >= _JOINED
    left, right, sure = pairs.left[joined], pairs.right[joined], probability[joined]
    cluster = clustering.components(len(ids), left, right, sure, identity)
    held = cluster[left] == cluster[right]
    best = np.zeros(len(ids))
    np.maximum.at(best, left[held], sure[held])
    np.maximum.at(best, right[held], sure[held])
    frame = pl.DataFrame({"_id": ids, "cluster": cluster.astype(np.uint32), "score": np.where(best == 0, 1.0, best)})
    doubtful = (probability >= _DOUBTFUL) & ~joined
    why = [column.field.name for column in columns]
    return Clusters(
        frame,
        _edges(pairs, np.flatnonzero(joined)[held], probability, levels, why),
        _edges(pairs, np.flatnonzero(doubtful), probability, levels, why),
        pairs.capped,
    )


def _edges(
    pairs: blocking.Pairs,
    rows: NDArray[np.int64],
    probability: NDArray[np.float64],
    levels: Sequence[Levels],
    names: Sequence[str],
) -> pl.DataFrame:
    """Pairs with the fields that agree: ``身份证号= 姓名~``, ``=`` the same or nearly, ``~`` alike."""
    why = pl.Series([""] * len(rows), dtype=pl.String)
    for name, one in zip(names, levels, strict=True):
        level = one[rows]
        top = one[one != MISSING].max(initial=0)
        mark = np.where(level == MISSING, "", np.where(level == top, f"{name}= ", np.where(level > 0, f"{name}~ ", "")))
        why = why + pl.Series(mark.tolist(), dtype=pl.String)
    return pl.DataFrame(
        {
            "left": pairs.left[rows].astype(np.uint32),
            "right": pairs.right[rows].astype(np.uint32),
            "probability": probability[rows],
            "why": why.str.strip_chars(),
        }
    )
