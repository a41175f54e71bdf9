"""Units of money in the words of a form: 元, 千元, 万元; what one is in the other, and where a text names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from reportkit.templates import Aggregate, GridCell, Kind, Template

#: 元 in each unit of money.
UNITS = {"元": 1, "百元": 100, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "千万元": 10_000_000, "亿元": 100_000_000}
#: Figures are reckoned to so many decimals.
MOST_DECIMALS = 6
_WORDS = "|".join(sorted(UNITS, key=len, reverse=True))
#: Not 单元, 元旦 or 美元; per month and year a sum stays a sum, per head it is a rate.
_UNIT = re.compile(rf"(?<![一-鿿])(人民币)?({_WORDS})((?:[/每](?:月|年|季度?))?)(?![一-鿿/])")
_COUNTED = re.compile(
    r"[(（][^()（）]{0,3}[户人件个次处起台辆名亩%％‰口岁套间座家][^()（）]{0,2}[)）]|[户人件个次处起台辆名口家]数|数量"
)
_RATE = re.compile(r"均|单价|标准|比例|[率%％‰]")


def unit_of(text: str) -> str:
    """The unit of money that a label names, "" for none: ``发放金额(元)`` → ``元``, ``人均(元/人)`` → ""."""
    found = _UNIT.search(text)
    return found[2] if found else ""


def finer(unit: str, factor: int) -> str:
    """The unit that is so many times smaller: 万元 and 10 → ``千元``."""
    return next(name for name, size in UNITS.items() if size * factor == UNITS[unit])


def is_rate(label: str) -> bool:
    """Whether a label speaks of so much a head or a share: it stays in the unit it was stated in."""
    return bool(_RATE.search(label))


def restated(text: str, unit: str) -> str:
    """A text whose unit of money is another: ``单位：元、人`` and 万元 → ``单位：万元、人``."""
    return _UNIT.sub(lambda found: f"{found[1] or ''}{unit}{found[3]}", text)


def factors(template: Template, said: str = "") -> dict[str, int]:
    """Cell or field → by what its figure is divided to be in the template's ``rounding.unit``; only those in a smaller unit.

    Of a statistics form the figures whose labels name a unit of money; of a list the columns that have a total.

    Args:
        template: whose ``rounding`` says into what; without it nothing is restated.
        said: the line above the form that names a unit for all that names none itself, "" for none.
    """
    whole = UNITS.get(template.rounding.unit, 0) if template.rounding else 0
    units = _of_cells(template, said) if template.kind is Kind.GRID else _of_fields(template, said)
    return {name: whole // UNITS[unit] for name, unit in units.items() if unit and whole > UNITS[unit]}


def _of_cells(template: Template, said: str) -> dict[str, str]:
    return {cell.name: _of_cell(cell, said) for cell in template.cells if cell.aggregate not in (Aggregate.RATIO, Aggregate.NONE)}


def _of_cell(cell: GridCell, said: str) -> str:
    """The word nearest to the figure counts: its own unit, its column's labels from below, its row's."""
    labels = [cell.unit, *reversed(cell.column.split(">")), *reversed(cell.row.split(">"))]
    if any(is_rate(label) for label in labels):
        return ""
    telling = next((label for label in labels if unit_of(label) or _COUNTED.search(label)), said)
    return unit_of(telling)


def _of_fields(template: Template, said: str) -> dict[str, str]:
    summed = [field for field in template.fields if field.total and field.element in ("amount", "integer")]
    return {field.name: unit_of(field.unit) or unit_of(field.name) or ("" if field.unit else unit_of(said)) for field in summed}


def rounding_problems(template: Template) -> Iterator[tuple[tuple[str | int, ...], str, dict[str, object]]]:
    """What is wrong with a spec's ``rounding``: place, code and facts as a linter tells them."""
    if template.rounding is None:
        return
    given, known = template.rounding, tuple(unit for unit in UNITS if UNITS[unit] > 1)
    if given.unit not in known:
        near = get_close_matches(given.unit, known, n=1, cutoff=0.4)
        facts: dict[str, object] = {
            "key": "rounding.unit",
            "value": given.unit,
            "suggestion": near[0] if near else " | ".join(known),
        }
        yield ("rounding", "unit"), "spec-word-unknown", facts
    if not 0 <= given.decimals <= MOST_DECIMALS:
        yield ("rounding", "decimals"), "spec-value-wrong", {"key": "rounding.decimals", "why": f"0–{MOST_DECIMALS}"}
