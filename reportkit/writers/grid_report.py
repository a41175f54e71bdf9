"""A statistics report: the blank's figures filled in at their addresses, and a sheet with each unit's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportkit.sheets import number
from reportkit.writers.cell_text import clean
from reportkit.writers.comments import Comment, attach
from reportkit.writers.list_report import before_the_end
from reportkit.writers.package import Node, Package, q, serialise
from reportkit.writers.stamp import add_stamp
from reportkit.writers.styles import Styles
from reportkit.writers.text_sheet import TextSheet, append

_REFERENCE = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True, slots=True)
class GridReport:
    """What stands in a statistics report: figures and texts by address; the blank's own formulas keep their formula."""

    blank: bytes
    sheet: str
    figures: Mapping[str, float]
    fills: Mapping[str, str]
    comments: Mapping[str, str] = field(default_factory=dict)
    sheets: Sequence[TextSheet] = ()
    stamp: Mapping[str, str] = field(default_factory=dict)


def write_grid_report(path: Path, report: GridReport) -> None:
    """Write the report; the same report gives the same bytes."""
    package = Package(report.blank)
    part = package.sheets()[report.sheet]
    tree, styles = package.tree(part), Styles(package)
    for address, value in report.figures.items():
        _put(_cell(tree, address), f"{value:.12g}")
    for address, text in report.fills.items():
        _write(_cell(tree, address), text)
    reference = attach(package, part, [Comment(at, words) for at, words in sorted(report.comments.items())])
    package.parts[part] = before_the_end(serialise(tree), reference)
    for sheet in report.sheets:
        append(package, styles, sheet)
    styles.save()
    add_stamp(package, dict(report.stamp))
    package.write(path)


def _cell(tree: Node, address: str) -> Node:
    """The cell at an address, made where the blank has none."""
    match = _REFERENCE.fullmatch(address)
    if match is None:
        raise ValueError(address)
    data = tree.find(q("sheetData"))
    row = next((one for one in data if one.get("r") == match[2]), None)
    if row is None:
        row = data.makeelement(q("row"), {"r": match[2]})
        _insert(data, row, lambda one: int(one.get("r")), int(match[2]))
    cell = next((one for one in row if one.get("r") == address), None)
    if cell is None:
        cell = row.makeelement(q("c"), {"r": address})
        _insert(row, cell, lambda one: number(_REFERENCE.fullmatch(one.get("r"))[1]), number(match[1]))  # type: ignore[index]
    return cell


def _insert(parent: Node, node: Node, key: object, at: int) -> None:
    after = next((one for one in parent if key(one) > at), None)  # type: ignore[operator]
    if after is None:
        parent.append(node)
    else:
        after.addprevious(node)


def _put(cell: Node, value: str) -> None:
    for child in list(cell):
        if child.tag != q("f"):
            cell.remove(child)
    cell.attrib.pop("t", None)
    holder = cell.makeelement(q("v"), {})
    holder.text = value
    cell.append(holder)


def _write(cell: Node, text: str) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    holder = cell.makeelement(q("is"), {})
    inner = cell.makeelement(q("t"), {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    inner.text = clean(text)
    holder.append(inner)
    cell.append(holder)
