"""Rows that a department drew for records and left empty: nothing but borders says what they are for."""

from __future__ import annotations

from collections.abc import Sequence

from reportkit.writers.cells import split
from reportkit.writers.package import Node, Package, q
from reportkit.writers.styles import Styles


def ruled_rows(blank: bytes, sheet: str, columns: Sequence[str]) -> frozenset[int]:
    """Rows of a sheet without a value, in which at least half of the columns (letters) have borders."""
    package = Package(blank)
    tree, styles = package.tree(package.sheets()[sheet]), Styles(package)
    return frozenset(int(row.get("r")) for row in tree.find(q("sheetData")) if _ruled(row, set(columns), styles))


def _ruled(row: Node, columns: set[str], styles: Styles) -> bool:
    mine = [cell for cell in row if split(cell.get("r"))[0] in columns]
    drawn = [cell for cell in mine if styles.has_border(int(cell.get("s", "0")))]
    return len(drawn) * 2 >= len(columns) > 0 and not any(len(cell) for cell in row)
