"""Where totals don't add up, the fewest cells whose change makes every sum hold.

Error localisation after Fellegi and Holt (JASA 1976): as little as possible is held for wrong. A sum that fails, or one that follows
from several by eliminating the cells already given up, must hold a wrong cell; each of its cells is tried, lightest set first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import heappop, heappush

import numpy as np

#: Smaller coefficients are what is left of one that was eliminated.
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell that is to be the sum of others."""

    total: str
    parts: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """The total and its parts."""
        return (self.total, *self.parts)

    def of_parts(self, values: Mapping[str, float | None]) -> float | None:
        """What the parts add up to; None where one of them is unknown."""
        found = [values.get(name) for name in self.parts]
        return None if None in found else sum(number for number in found if number is not None)


class Verdict(StrEnum):
    """Whether the fewest cells were found, or there are too many ways to be sure."""

    FOUND = "found"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Blame:
    """What is to blame for sums that fail and hang together.

    Attributes:
        failing: the sums that don't hold.
        sets: every smallest set: cell → the value it would need, None where cells without a number leave that open.
        complete: whether ``sets`` are all of them.
    """

    verdict: Verdict
    failing: tuple[Sum, ...]
    sets: tuple[Mapping[str, float | None], ...] = ()
    complete: bool = True

    @property
    def certain(self) -> bool:
        """Whether one set alone explains it."""
        return self.complete and len(self.sets) == 1


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a total may be off, how many sets are tried, and how many of one weight are told."""

    tolerance: float = 0.005
    tries: int = 3000
    sets: int = 60


def locate(
    values: Mapping[str, float | None],
    sums: Sequence[Sum],
    *,
    weights: Mapping[str, float] | None = None,
    bounds: Bounds | None = None,
) -> tuple[Blame, ...]:
    """What is to blame, one ``Blame`` for each group of sums that share cells and of which one fails; () where all hold.

    Args:
        values: cell → its number; None or absent where it has none, and then it is whatever its sums need.
        sums: what has to hold.
        weights: how unlikely a cell is to be wrong, greater than 0; 1 where nothing is said.
        bounds: tolerance, and what the search may cost.
    """
    given = bounds or Bounds()
    found = []
    for group in _groups(sums):
        failing = tuple(one for one in group if _fails(one, values, given.tolerance))
        system = _System.of(group, values, given.tolerance)
        if system.broken() is not None:
            found.append(_search(system, failing, values, weights or {}, given))
    return tuple(found)


def _fails(one: Sum, values: Mapping[str, float | None], tolerance: float) -> bool:
    right, total = one.of_parts(values), values.get(one.total)
    return right is not None and total is not None and abs(total - right) > tolerance


def _groups(sums: Sequence[Sum]) -> list[list[Sum]]:
    """Sums that share cells, directly or by others, in the order of their first."""
    groups: list[tuple[set[str], list[Sum]]] = []
    for one in sums:
        cells, members = set(one.cells), [one]
        for group in [group for group in groups if group[0] & cells]:
            groups.remove(group)
            cells |= group[0]
            members = [*group[1], *members]
        groups.append((cells, members))
    return [members for _, members in groups]


@dataclass(frozen=True, slots=True)
class _System:
    """``matrix`` · change = ``wanted`` for the cells not yet given up; ``slack`` is what each line may be off."""

    names: tuple[str, ...]
    matrix: np.ndarray
    wanted: np.ndarray
    slack: np.ndarray

    @classmethod
    def of(cls, sums: Sequence[Sum], values: Mapping[str, float | None], tolerance: float) -> _System:
        """The sums as they stand; cells without a number are given up from the start."""
        names = tuple(dict.fromkeys(name for one in sums for name in one.cells))
        at = {name: place for place, name in enumerate(names)}
        matrix = np.zeros((len(sums), len(names)))
        for line, one in zip(matrix, sums, strict=True):
            line[at[one.total]] += 1
            for part in one.parts:
                line[at[part]] -= 1
        wanted = -matrix @ np.array([values.get(name) or 0.0 for name in names])
        system = cls(names, matrix, wanted, np.full(len(sums), tolerance))
        for name in names:
            system = system.without(at[name]) if values.get(name) is None else system
        return system

    def without(self, cell: int) -> _System:
        """The lines that hold whatever the cell may be."""
        column = self.matrix[:, cell]
        if not column.size or np.abs(column).max() < _NOTHING:
            return self
        pivot = int(np.abs(column).argmax())
        factors = np.delete(column / column[pivot], pivot)
        matrix = np.delete(self.matrix, pivot, axis=0) - np.outer(factors, self.matrix[pivot])
        matrix[np.abs(matrix) < _NOTHING] = 0
        wanted = np.delete(self.wanted, pivot) - factors * self.wanted[pivot]
        return _System(self.names, matrix, wanted, np.delete(self.slack, pivot) + np.abs(factors) * self.slack[pivot])

    def broken(self) -> list[int] | None:
        """The cells of the shortest line that does not hold; None where all hold."""
        lines = np.flatnonzero(np.abs(self.wanted) > self.slack + _NOTHING)
        found = [np.flatnonzero(self.matrix[line]).tolist() for line in lines]
        return min(found, key=len) if found else None


def _search(
    system: _System, failing: tuple[Sum, ...], values: Mapping[str, float | None], weights: Mapping[str, float], bounds: Bounds
) -> Blame:
    """Sets in the order of their weight until the first that explains all, and the others as light."""
    waiting: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    systems: dict[tuple[int, ...], _System] = {(): system}
    best = float("inf")
    found: list[tuple[int, ...]] = []
    for _ in range(bounds.tries):
        if not waiting or waiting[0][0] > best + _NOTHING or len(found) >= bounds.sets:
            break
        weight, chosen = heappop(waiting)
        here = systems.pop(chosen)
        broken = here.broken()
        if broken is None:
            best, found = weight, [*found, chosen]
            continue
        for cell in broken:
            more = tuple(sorted((*chosen, cell)))
            heavier = weight + weights.get(system.names[cell], 1.0)
            if more not in systems and heavier <= best + _NOTHING:
                systems[more] = here.without(cell)
                heappush(waiting, (heavier, more))
    complete = len(found) < bounds.sets and not (waiting and waiting[0][0] <= best + _NOTHING)
    sets = tuple(_needed(system, chosen, values) for chosen in sorted(found))
    return Blame(Verdict.FOUND if found else Verdict.UNKNOWN, failing, sets, complete)


def _needed(system: _System, chosen: tuple[int, ...], values: Mapping[str, float | None]) -> dict[str, float | None]:
    """The values that the chosen cells need with all others as they stand; None where more than one would do."""
    part = system.matrix[:, chosen]
    change = np.linalg.lstsq(part, system.wanted, rcond=None)[0]
    single = np.linalg.matrix_rank(part) == len(chosen) if chosen else True
    names = [system.names[cell] for cell in chosen]
    return {
        name: round((values.get(name) or 0.0) + float(by), 4) + 0.0 if single else None
        for name, by in zip(names, change, strict=True)
    }
