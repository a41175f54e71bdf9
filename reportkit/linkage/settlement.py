"""What identifiers and names settle of a pair before the model is asked: the same thing, different things, or not to be joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportkit.linkage.comparison import MISSING, Levels, confirms, contradicts
from reportkit.linkage.scoring import Compared
from reportkit.linkage.values import Column, Flags

#: Pairs that identifiers settle, needed to learn which column names the row's own person.
_TOLD = 10
#: Elements of names of persons.
_PERSONAL = ("person-name", "given-name", "surname")
#: A value that two things share this often is no fact about them.
_SHARED = 0.3
#: Two things agree in a telling value less often than this.
_TELLING = 0.01


@dataclass(frozen=True, slots=True)
class Settled:
    """One flag a pair.

    Attributes:
        same: both rows hold the same valid identifier.
        other: different things: identifiers that contradict each other, a key field that differs, names that have nothing in common.
        named: of ``same``, those whose names agree as well or are not known: one thing, whatever else was changed.
        unsure: too little to join two rows: one fact that agrees, names that have nothing in common, or names that differ by a character
            while a number is missing or agrees in no more than twins' numbers do, where twins are as likely as a slip.
    """

    same: Flags
    other: Flags
    named: Flags
    unsure: Flags


def identifier_of(columns: Sequence[Column], entity: str) -> Column | None:
    """The column whose valid values name the row's own thing: an identifier in the key, unless the key needs more than it.

    A house's owner has many houses and a hazard's enterprise many hazards: there the identifier is another one's.
    """
    keys = [column for column in columns if column.field.key]
    named = [column for column in keys if column.element.linking.identifies]
    if named and (len(keys) == 1 or entity in ("person", "enterprise", "household")):
        return named[0]
    if not keys and entity in ("", "person", "enterprise"):
        rest = [column for column in columns if column.valid.any()]
        return max(rest, key=lambda column: len(column.words), default=None)
    return None


def shared_of(columns: Sequence[Column], entity: str) -> Flags:
    """Which columns hold what people of one household share: only where the rows are about persons, and something says where they live."""
    named = any(column.field.element in _PERSONAL for column in columns)
    person = entity == "person" or (not entity and named)
    shares = [column.element.linking.shared for column in columns]
    return np.array([person and "household" in shares and one != "" for one in shares], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Settler:
    """What settles pairs: the row's own identifier, and the columns of names that name the row's own person."""

    columns: Sequence[Column]
    identifier: Column | None
    names: tuple[int, ...]

    def settle(self, pairs: Compared) -> Settled:
        """Flags of every pair."""
        levels = pairs.levels
        none = np.zeros(pairs.number, dtype=np.bool_)
        alone = (_agreeing(self.columns, levels, none) < 2) | _strange(self.columns, levels, none)
        if self.identifier is None:
            return Settled(none, _denied(self.columns, levels, none), none, alone)
        number = _levels_of(self.identifier, self.columns, levels)
        same, other = _told(self.identifier, pairs, number)
        apart = none.copy()
        for f in self.names:
            apart |= levels[f] == 0
        silent = ~same & ((number == MISSING) | (number < self.identifier.top - 1))
        names = [levels[f] == 1 for f, column in enumerate(self.columns) if column.field.element == "person-name"]
        twins = silent & np.any(names, axis=0) if names else none
        return Settled(same, other | (~same & apart), same & ~apart, twins | (alone & ~same))


def settler(columns: Sequence[Column], entity: str, pairs: Compared) -> Settler:
    """What settles pairs like these candidates."""
    identifier = identifier_of(columns, entity)
    if identifier is None:
        return Settler(columns, None, ())
    same, other = _told(identifier, pairs, _levels_of(identifier, columns, pairs.levels))
    return Settler(columns, identifier, tuple(_names(columns, identifier, pairs.levels, same, other)))


def _levels_of(identifier: Column, columns: Sequence[Column], levels: Sequence[Levels]) -> Levels:
    return next(level for column, level in zip(columns, levels, strict=True) if column is identifier)


def _told(identifier: Column, pairs: Compared, levels: Levels) -> tuple[Flags, Flags]:
    """Pairs that the identifier says to be one thing, and those that it says to be two."""
    return confirms(identifier, pairs.left, pairs.right), contradicts(identifier, pairs.left, pairs.right, levels)


def _agreeing(columns: Sequence[Column], levels: Sequence[Levels], none: Flags) -> NDArray[np.int64]:
    """How many fields agree that two rows do not share anyway, as they share a sex."""
    number = none.astype(np.int64)
    for column, level in zip(columns, levels, strict=True):
        if column.chance < _SHARED:
            number += (level > 0) & (level != MISSING)
    return number


def _strange(columns: Sequence[Column], levels: Sequence[Levels], none: Flags) -> Flags:
    """Where whole names have nothing in common, nor does anything else of one's own but a birthday: twins, sooner than one person."""
    names = [level for column, level in zip(columns, levels, strict=True) if column.field.element in _PERSONAL]
    if not any(column.field.element == "person-name" for column in columns):
        return none
    own = none.copy()
    for column, level in zip(columns, levels, strict=True):
        if column.element.linking.shared == "" and column.field.element not in (*_PERSONAL, "date") and column.chance < _TELLING:
            own |= level == column.top
    said = np.any([level != MISSING for level in names], axis=0)
    return np.asarray(~own & said & np.all([(level == 0) | (level == MISSING) for level in names], axis=0), dtype=np.bool_)


def _denied(columns: Sequence[Column], levels: Sequence[Levels], none: Flags) -> Flags:
    """One of several key fields denies where it differs; a day where it is another day: what happened then is another event."""
    keys = [f for f, column in enumerate(columns) if column.field.key]
    denied = none.copy()
    for f in keys:
        exact = len(keys) > 1 and columns[f].field.element in ("date", "month")
        least = levels[f][levels[f] != MISSING].max(initial=0) if exact else 1
        denied |= levels[f] < least
    return denied


def _names(columns: Sequence[Column], identifier: Column, levels: Sequence[Levels], same: Flags, other: Flags) -> list[int]:
    """Columns of persons' names that name the row's own person: alike where identifiers are the same, seldom where they differ.

    A householder's name is equal for all the family. Where too little is settled to tell, the name of whom the identifier is, else the
    only name.
    """
    names = [f for f, column in enumerate(columns) if column.field.element == "person-name"]
    told = [f for f in names if min(((levels[f] != MISSING) & chosen).sum() for chosen in (same, other)) >= _TOLD]
    if len(told) < len(names):
        whose = identifier.field.concept.partition(".")[0]
        own = [f for f in names if whose and columns[f].field.concept.partition(".")[0] == whose]
        return own or (names if len(names) == 1 else [])
    return [f for f in names if _alike(levels[f], same) > 0.9 and _alike(levels[f], other) < 0.3]


def _alike(levels: Levels, chosen: Flags) -> float:
    return float((levels[chosen & (levels != MISSING)] > 0).mean())
