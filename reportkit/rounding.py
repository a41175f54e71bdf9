"""Controlled rounding (舍位平衡): a report's figures in 千元 or 万元 with the parts still adding up to their totals.

After Cox and Ernst (INFOR 1982): every figure goes to the multiple below or above it, exact ones stay, every sum that held still
holds, and the figures move as little as that allows beyond ordinary rounding. Trees and two-way tables always have such a rounding;
where sums cross in other ways some figures may have to move one multiple further.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import floor

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

from reportkit.localisation import Sum

#: Further than so many multiples nothing is sought.
_FURTHEST = 64
_DECIMALS, _HALF, _NODES = 6, 0.5, 100_000


@dataclass(frozen=True, slots=True)
class Balanced:
    """Rounded figures.

    Attributes:
        figures: every name with its figure; None stays None.
        moved: the figures that are not what ordinary rounding gives, with what that is.
        broken: sums that the figures did not have before, which are not kept either.
    """

    figures: Mapping[str, float | None]
    moved: Mapping[str, float]
    broken: tuple[Sum, ...] = ()


def balance(
    values: Mapping[str, float | None], sums: Sequence[Sum], factor: float, decimals: int = 0, *, written: int | None = None
) -> Balanced:
    """Figures divided by a factor and rounded so that every sum that held before holds.

    Args:
        values: name → figure; a sum with a figure that is None or absent is left alone.
        sums: which figures are sums of others.
        factor: 10000 for 元 → 万元.
        decimals: of the rounded figures.
        written: decimals of the figures as they stand; else as many as any of them has. A sum holds within half a unit of the last.
    """
    exact = {name: Decimal(repr(float(value))) for name, value in values.items() if value is not None}
    places = max((-_exponent(value) for value in exact.values()), default=0) if written is None else written
    known = [one for one in sums if all(name in exact for name in one.cells)]
    holding = [one for one in known if _holds(one, exact, Decimal(10) ** -places / 2)]
    scaled = {name: value.scaleb(decimals) / Decimal(repr(float(factor))) for name, value in exact.items()}
    usual = {name: int(value.to_integral_value(ROUND_HALF_UP)) for name, value in scaled.items()}
    chosen = usual | _chosen(scaled, usual, holding)
    figures = {name: _shown(chosen[name], decimals) if name in chosen else None for name in values}
    moved = {name: _shown(usual[name], decimals) for name in exact if chosen[name] != usual[name]}
    return Balanced(figures, moved, tuple(one for one in known if one not in holding))


def _exponent(value: Decimal) -> int:
    exponent = round(value, _DECIMALS).normalize().as_tuple().exponent
    return min(0, exponent) if isinstance(exponent, int) else 0


def _holds(one: Sum, values: Mapping[str, Decimal], tolerance: Decimal) -> bool:
    off = abs(values[one.total] - sum((values[part] for part in one.parts), Decimal(0)))
    return off == 0 or off < tolerance or round(off, _DECIMALS) == 0


def _shown(multiple: int, decimals: int) -> float:
    return float(Decimal(multiple).scaleb(-decimals))


def _chosen(scaled: Mapping[str, Decimal], usual: Mapping[str, int], sums: Sequence[Sum]) -> dict[str, int]:
    """Multiples of the figures that stand in sums; only where ordinary rounding breaks one is a program solved."""
    if all(usual[one.total] == sum(usual[part] for part in one.parts) for one in sums):
        return {}
    names = list(dict.fromkeys(name for one in sums for name in one.cells))
    at = {name: place for place, name in enumerate(names)}
    lines = [(line, at[name], sign) for line, one in enumerate(sums) for name, sign in _signed(one)]
    rows, columns, signs = zip(*lines, strict=True)
    matrix = csr_array((signs, (rows, columns)), shape=(len(sums), len(names)))
    wanted = [scaled[name] for name in names]
    for further, loose in _steps():
        found = _solved(matrix, wanted, further, loose=loose)
        if found is not None:
            return dict(zip(names, found, strict=True))
    raise ValueError(len(names))


def _signed(one: Sum) -> list[tuple[str, float]]:
    return [(one.total, 1.0), *((part, -1.0) for part in one.parts)]


def _steps() -> list[tuple[int, bool]]:
    """How far figures may go beyond their neighbours, and whether exact ones may too: as little as will do."""
    steps = [(0, False)]
    width = 1
    while width <= _FURTHEST:
        steps += [(width, False), (width, True)]
        width *= 2
    return steps


def _solved(matrix: csr_array, wanted: Sequence[Decimal], further: int, *, loose: bool) -> list[int] | None:
    """The nearest multiples of which every sum holds; None where there are none.

    A figure is the multiple below it, one more or not, so many further down and so many further up. The sizes of the figures
    themselves are in no constraint, so that the solver stays exact; and written so, a tree's or a two-way table's program has whole
    solutions without branching.
    """
    size = len(wanted)
    low = np.array([floor(value) for value in wanted], dtype=object)
    share = np.array([float(value - below) for value, below in zip(wanted, low, strict=True)])
    base = np.array([-number for number in _times(matrix, low)], dtype=float)
    spare = np.where((share == 0) & (not loose), 0, further)
    # Of roundings as near as each other the one that takes halves away from 0, then the one that serves the first figures first.
    half = np.where((share == _HALF) & (low >= 0), -1e-4, 0)
    first = -1e-5 * np.arange(size, 0, -1) / size
    cost = np.concatenate([1 - 2 * share + half + first, np.ones(2 * size)])
    found = milp(
        cost,
        constraints=LinearConstraint(hstack([matrix, -matrix, matrix]).tocsc(), base, base),
        bounds=Bounds(0, np.concatenate([np.where(share == 0, 0, 1), spare, spare])),
        integrality=np.ones(3 * size),
        options={"node_limit": _NODES, "mip_rel_gap": 0},
    )
    if found.x is None:
        return None
    up, down, more = np.rint(found.x).astype(int).reshape(3, size)
    return [int(below) + int(by) for below, by in zip(low, up - down + more, strict=True)]


def _times(matrix: csr_array, low: np.ndarray) -> list[int]:
    """What each sum of the multiples below is off, in whole numbers of any size."""
    return [
        sum(int(sign) * low[column] for sign, column in zip(matrix.data[a:b], matrix.indices[a:b], strict=True))
        for a, b in zip(matrix.indptr, matrix.indptr[1:], strict=False)
    ]


def apportion(values: np.ndarray, factor: int, decimals: int = 0) -> np.ndarray:
    """A column rounded so that it adds up to its total, which is rounded ordinarily.

    The largest remainders: what is cut off goes to the rows that lose most by it, the upper ones first where they lose as much.
    Reckoned in whole numbers, exactly.

    Args:
        values: Float64 of at most six decimals, NaN where there is none.
        factor: 10000 for 元 → 万元.
        decimals: of the rounded figures.
    """
    fine, unit, known = _fine(values, factor, decimals)
    low, rest = np.divmod(fine, unit)
    total = _nearest(np.array([fine.sum()]), unit)[0]
    low[np.argsort(-rest, kind="stable")[: total - low.sum()]] += 1
    return _filled(values, known, low, decimals)


def ordinary(values: np.ndarray, factor: int, decimals: int = 0) -> np.ndarray:
    """A column rounded ordinarily, a half away from 0; arguments as of ``apportion``."""
    fine, unit, known = _fine(values, factor, decimals)
    return _filled(values, known, _nearest(fine, unit), decimals)


def _fine(values: np.ndarray, factor: int, decimals: int) -> tuple[np.ndarray, int, np.ndarray]:
    """Millionths, a multiple in them, and which values there are: no float is compared."""
    known = ~np.isnan(values)
    return np.rint(values[known] * 10**_DECIMALS).astype(np.int64), factor * 10 ** (_DECIMALS - decimals), known


def _nearest(fine: np.ndarray, unit: int) -> np.ndarray:
    rounded: np.ndarray = np.sign(fine) * ((2 * np.abs(fine) + unit) // (2 * unit))
    return rounded


def _filled(values: np.ndarray, known: np.ndarray, multiples: np.ndarray, decimals: int) -> np.ndarray:
    figures = values.copy()
    figures[known] = np.round(multiples / 10**decimals, decimals)
    return figures
