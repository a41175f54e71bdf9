"""A sheet's column widths: one ``<col>`` speaks for a run of columns, and is divided where one of them differs."""

from __future__ import annotations

from reportkit.writers.package import Node, q

#: Excel's own width, in characters, where a sheet says none.
_DEFAULT = 8.43


def width(tree: Node, column: int) -> float:
    """A column's width in characters."""
    for node in tree.iter(q("col")):
        if int(node.get("min")) <= column <= int(node.get("max")) and node.get("width"):
            return float(node.get("width"))
    default = tree.find(q("sheetFormatPr"))
    return float(default.get("defaultColWidth", str(_DEFAULT))) if default is not None else _DEFAULT


def set_width(tree: Node, column: int, width: float) -> None:
    """Give one column a width; its neighbours keep theirs."""
    columns = tree.find(q("cols"))
    if columns is None:
        columns = tree.makeelement(q("cols"), {})
        tree.find(q("sheetData")).addprevious(columns)
    new = {"min": str(column), "max": str(column), "width": f"{width:.2f}", "customWidth": "1"}
    node = next((one for one in columns if int(one.get("min")) <= column <= int(one.get("max"))), None)
    if node is None:
        columns.append(columns.makeelement(q("col"), new))
    else:
        _cut_out(node, column)
        node.attrib.update(new)
    columns[:] = sorted(columns, key=lambda node: int(node.get("min")))


def _cut_out(node: Node, column: int) -> None:
    """The columns left and right of one get nodes of their own."""
    low, high = int(node.get("min")), int(node.get("max"))
    for start, end in ((low, column - 1), (column + 1, high)):
        if start <= end:
            node.addprevious(node.makeelement(q("col"), {**node.attrib, "min": str(start), "max": str(end)}))
