"""Groups of rows that one value stands for, as a household's: where each begins."""

from __future__ import annotations

import polars as pl

from reportkit.records import PART, Records

#: Elements whose values name a group.
_NAMING = frozenset({"identity-number", "credit-code", "person-name", "organisation-name", "phone", "account", "address"})


def heads(records: Records) -> pl.Series:
    """Whether a row is the first of its group (a household); true everywhere where nothing is grouped.

    A row goes on with the group before it where most of what names the group agrees, for one of its cells may be wrong; where as much
    agrees as differs, or nothing names it, all the rest has to be the same.
    """
    names = records.inherited.columns
    if not names:
        return pl.repeat(value=True, n=records.height, dtype=pl.Boolean, eager=True)
    filled = records.filled()
    agrees = {name: filled[name].eq(filled[name].shift(1)) for name in names}
    known = [name for name in names if records.template.field(name).element in _NAMING]
    rest = pl.all_horizontal([agrees[name] for name in names if name not in known] or [pl.lit(value=True)])
    balance = pl.sum_horizontal([pl.lit(0), *(agrees[name].cast(pl.Int32) * 2 - 1 for name in known)])
    goes_on = (balance > 0) | ((balance == 0) & rest.fill_null(value=False))
    same = filled[PART].eq(filled[PART].shift(1)).fill_null(value=False)
    return ~pl.select(goes_on.alias("on")).to_series().fill_null(value=False) | ~same
