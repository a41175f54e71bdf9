"""Sheet → tables: header, body, totals, footers; what was skipped and why.

The sheet is cut at empty columns and at headers (``regions``); a header is the rows that name columns in words above values of
another kind (``header``), each column is named through its levels (``names``); what the columns hold is learnt (``profile``) and
every row below is a record or is set aside under its role (``body``): by what it looks like by itself (``forms``), as the start
of another table (``starts``), by what stands around it (``unlabelled``, ``neighbours``). Everyday words stand in ``words`` and
``sums``, shapes of values in ``values``. Nothing is dropped: each cell that is not blank is in exactly one of header, body, aside,
above, below, beside or the sheet's lines.
"""

from __future__ import annotations

from reportkit.sheets import Sheet, SheetTables
from reportkit.tables.cells import Cells
from reportkit.tables.frames import assemble
from reportkit.tables.regions import cut

__all__ = ["find_tables"]


def find_tables(sheet: Sheet) -> SheetTables:
    """Find the tables of a sheet; a sheet without any gives its texts as ``lines``."""
    cells = Cells(sheet)
    return assemble(cells, cut(cells))
