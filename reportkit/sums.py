"""Which cells of a statistics form are sums of others: no spec says so, the units' own figures do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reportkit.localisation import Sum
from reportkit.templates import Aggregate, Template

_TOTAL = re.compile(r"[合总小共累]计|总[数和额量]|total", re.IGNORECASE)
#: A sum is one where this share of the units' own figures agrees; of what is called the total of all, most will do.
_AGREES, _MOST = 0.8, 0.6
_SAME = 0.005


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A cell and the parts that may make it.

    ``whole``: it is called a sum and its parts are all that stands before or after it: then most units are enough to show it.
    ``labels``: the axis, the total's label and the parts' labels along it, the same in every line of the form. ``wrong``: how many
    units' figures deny it; ``telling``: whether enough units have figures that show it.
    """

    labels: tuple[str, ...]
    sum: Sum
    whole: bool = False
    wrong: int = 0
    telling: bool = False


def shown(template: Template, lines: Sequence[Mapping[str, float]]) -> tuple[Sum, ...]:
    """The sums that the units' figures show, at most one for a cell in its row and one in its column.

    Of several runs of parts the one that most units bear out counts. What one line of the form shows holds in its other lines.

    Args:
        template: of a statistics form.
        lines: cell → number of every unit's form; a cell without a number is absent.
    """
    held = [one for candidate in _candidates(template) if (one := _borne_out(candidate, lines))]
    known = {one.labels for one in held if one.telling}
    best: dict[tuple[str, str], _Candidate] = {}
    for one in held:
        at = (one.labels[0], one.sum.total)
        if one.labels in known:
            best[at] = min(best.get(at, one), one, key=lambda each: (each.wrong, -len(each.sum.parts)))
    return tuple(one.sum for one in best.values())


def _borne_out(one: _Candidate, lines: Sequence[Mapping[str, float]]) -> _Candidate | None:
    """The candidate with what the units' figures say of it; None where too few agree."""
    whole = [line for line in lines if all(name in line for name in one.sum.cells)]
    wrong = sum(abs(line[one.sum.total] - sum(line[part] for part in one.sum.parts)) > _SAME for line in whole)
    telling = [line for line in whole if sum(line[part] != 0 for part in one.sum.parts) > 1]
    share, enough = (_MOST, 2) if one.whole else (_AGREES, 3)
    agree = len(whole) - wrong >= share * len(whole)
    return replace(one, wrong=wrong, telling=len(telling) >= enough) if agree and whole else None


def _candidates(template: Template) -> list[_Candidate]:
    """A cell and a run of the cells right after it in its row or its column, or right before it where it is called a sum."""
    lines: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for cell in template.cells:
        if cell.aggregate is Aggregate.SUM:
            lines.setdefault(("row", cell.row), []).append((cell.column, cell.name))
            lines.setdefault(("column", cell.column), []).append((cell.row, cell.name))
    return [one for (axis, _), line in lines.items() for at in range(len(line)) for one in _runs(axis, line, at)]


def _runs(axis: str, line: Sequence[tuple[str, str]], at: int) -> list[_Candidate]:
    """The candidates for one cell of a line of (label, name)."""
    label, total = line[at]
    called = bool(_TOTAL.search(label))
    runs = [line[at + 1 : end] for end in range(at + 3, len(line) + 1)]
    runs += [line[first:at] for first in range(at - 1)] if called else []
    return [
        _Candidate(
            (axis, label, *(part for part, _ in run)),
            Sum(total, tuple(name for _, name in run)),
            called and len(run) == len(line) - 1,
        )
        for run in runs
    ]
