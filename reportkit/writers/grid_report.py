"""A statistics report: the blank's figures filled in at their addresses, and a sheet with each unit's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportkit.writers.cells import cell, put_number, put_text
from reportkit.writers.comments import Comment, attach, before_the_end
from reportkit.writers.package import Package, serialise
from reportkit.writers.stamp import add_stamp
from reportkit.writers.styles import Change, Styles, decimal_format
from reportkit.writers.text_sheet import TextSheet, append


@dataclass(frozen=True, slots=True)
class GridReport:
    """What stands in a statistics report: figures and texts by address; the blank's own formulas keep their formula.

    ``decimals``: address → to how many a figure is shown; the others as the blank has them.
    """

    blank: bytes
    sheet: str
    figures: Mapping[str, float]
    fills: Mapping[str, str]
    comments: Mapping[str, str] = field(default_factory=dict)
    sheets: Sequence[TextSheet] = ()
    stamp: Mapping[str, str] = field(default_factory=dict)
    decimals: Mapping[str, int] = field(default_factory=dict)


def write_grid_report(path: Path, report: GridReport) -> None:
    """Write the report; the same report gives the same bytes."""
    package = Package(report.blank)
    part = package.sheets()[report.sheet]
    tree, styles = package.tree(part), Styles(package)
    for address, value in report.figures.items():
        put_number(cell(tree, address), value)
    for address, places in report.decimals.items():
        styles.restyle(cell(tree, address), Change(number_format=decimal_format(places)))
    for address, text in report.fills.items():
        put_text(cell(tree, address), text)
    reference = attach(package, part, [Comment(at, words) for at, words in sorted(report.comments.items())])
    package.parts[part] = before_the_end(serialise(tree), reference)
    for sheet in report.sheets:
        append(package, styles, sheet)
    styles.save()
    add_stamp(package, dict(report.stamp))
    package.write(path)
