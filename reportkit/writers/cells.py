"""A sheet's cells by address: found, or made where the row has none, and given a number, a formula's value or a text."""

from __future__ import annotations

import re
from collections.abc import Callable

from reportkit.sheets import number
from reportkit.writers.cell_text import clean
from reportkit.writers.package import Node, q

_ADDRESS = re.compile(r"([A-Z]+)(\d+)")


def split(address: str) -> tuple[str, int]:
    """``AB12`` → ``("AB", 12)``.

    Raises:
        ValueError: no address of a cell.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(address)
    return match[1], int(match[2])


def cell(tree: Node, address: str) -> Node:
    """The cell at an address, made where the sheet has none."""
    _, row_number = split(address)
    data = tree.find(q("sheetData"))
    row = next((one for one in data if one.get("r") == str(row_number)), None)
    if row is None:
        row = data.makeelement(q("row"), {"r": str(row_number)})
        _insert(data, row, lambda one: int(one.get("r")))
    found = next((one for one in row if one.get("r") == address), None)
    if found is None:
        found = row.makeelement(q("c"), {"r": address})
        _insert(row, found, lambda one: number(split(one.get("r"))[0]))
    return found


def _insert(parent: Node, node: Node, place: Callable[[Node], int]) -> None:
    after = next((one for one in parent if place(one) > place(node)), None)
    if after is None:
        parent.append(node)
    else:
        after.addprevious(node)


def put_number(cell: Node, value: float, formula: str = "") -> None:
    """A number; a formula that the cell has stays, and has the number as its value. ``formula``: the one where it has none."""
    for child in list(cell):
        if child.tag != q("f"):
            cell.remove(child)
    cell.attrib.pop("t", None)
    if formula and cell.find(q("f")) is None:
        _child(cell, "f", formula)
    _child(cell, "v", f"{value:.15g}")


def put_text(cell: Node, text: str) -> None:
    """A text that no program takes for a formula."""
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    holder = _child(cell, "is")
    _child(holder, "t", clean(text)).set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _child(parent: Node, tag: str, text: str | None = None) -> Node:
    node = parent.makeelement(q(tag), {})
    node.text = text
    parent.append(node)
    return node
