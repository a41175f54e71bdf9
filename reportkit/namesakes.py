"""Whole numbers of whom a row names, in other rows: what a number that Excel rounded most likely was.

Rows are about one person or enterprise here where they give the same name, and of a person the same day of birth.
"""

from __future__ import annotations

import polars as pl

from reportkit.elements.writing import kept_digits
from reportkit.namings import Naming, namings
from reportkit.records import ID, Records
from reportkit.templates import Field

#: What Excel may lose digits of.
_LONG = frozenset({"identity-number", "credit-code", "account"})
#: So many digits have to be left; they hold a birth date, and the bank and the branch of a card.
_LEFT = 14
#: Characters of an identity number, and from which on they are the birth date.
_IDENTITY, _BORN = 18, 6
_CANDIDATES = pl.List(pl.String)


def whole_numbers(records: Records, field: Field, cells: pl.DataFrame) -> pl.Series:
    """For cells of a field (``ID``, ``value``) that lost digits the right numbers of the same name in other rows that begin alike.

    Returns:
        Of each cell a sorted list of texts without repeats; empty where the cell lost none.
    """
    own = next(((one, what) for one in namings(records.template) for what, held in one.fields.items() if held == field), None)
    kept = [kept_digits(value or "") for value in cells["value"]]
    if own is None or field.element not in _LONG or not any(len(head) >= _LEFT for head, _ in kept):
        return pl.repeat([], cells.height, dtype=_CANDIDATES, eager=True)
    said = (
        _said(records, own[0], own[1])[cells[ID]]
        .with_row_index("cell")
        .with_columns(
            pl.Series("head", [head for head, _ in kept], dtype=pl.String),
            pl.Series("size", [size for _, size in kept], dtype=pl.UInt32),
        )
    )
    asked = said.filter(pl.col("head").str.len_chars() >= _LEFT)
    who = ["name"] if field.element != "account" else ["name", "born"]
    met = asked.join(_known(records, field.element), on=who, suffix=" there")
    same_size = pl.col("number there").str.len_chars() == pl.col("size")
    found = (
        met.filter(same_size & _rounds_to(pl.col("number there"), pl.col("head")))
        .group_by("cell")
        .agg(pl.col("number there").unique().sort())
    )
    return said.join(found, on="cell", how="left", maintain_order="left")["number there"].fill_null([])


def _rounds_to(number: pl.Expr, head: pl.Expr) -> pl.Expr:
    """Whether a number, cut or rounded to as many digits, is what was left of one."""
    left = head.str.len_chars()
    over = head.cast(pl.Int64) - number.str.slice(0, left).cast(pl.Int64, strict=False)
    return (over == 0) | ((over == 1) & (number.str.slice(left, 1) >= "5"))


def _known(records: Records, element: str) -> pl.DataFrame:
    """``name``, ``born`` and ``number`` of everybody whose whole number some row gives."""
    parts = [
        _said(records, one, what).drop_nulls(["name", "number"])
        for one in namings(records.template)
        for what, field in one.fields.items()
        if field.element == element
    ]
    return pl.concat(parts).unique(maintain_order=True)


def _said(records: Records, one: Naming, what: str) -> pl.DataFrame:
    """Of every row whom a group of fields names: ``name``, ``born`` (eight digits, of persons) and the ``number`` asked for; null where unknown."""
    number = records.right(one.fields[what].name).alias("number")
    name = records.filled()[one.fields["name"].name] if "name" in one.fields else _nothing(records)
    return pl.DataFrame([name.alias("name"), _born(records, one).alias("born"), number])


def _born(records: Records, one: Naming) -> pl.Series:
    """The day of birth as eight digits, as it is stated, else as the identity number tells it, rounded or not."""
    stated, held = one.fields.get("birth_date"), one.fields.get("identity_number")
    day = records.right(stated.name).str.replace_all("-", "") if stated else _nothing(records)
    return pl.select(pl.coalesce(day, _told(records, held) if held else _nothing(records))).to_series()


def _told(records: Records, field: Field) -> pl.Series:
    number, wrong = records.right(field.name), records.codes[field.name] == "digits-lost"
    rounded = records.frame[field.name].filter(wrong.fill_null(value=False)).unique()
    heads = [head if len(head := kept_digits(text)[0]) >= _LEFT else None for text in rounded]
    lost = records.frame[field.name].replace_strict(rounded, heads, default=None, return_dtype=pl.String)
    shown = pl.when(number.str.len_chars() == _IDENTITY).then(number)
    return pl.select(pl.coalesce(shown, lost).str.slice(_BORN, 8)).to_series()


def _nothing(records: Records) -> pl.Series:
    return pl.repeat(None, records.height, dtype=pl.String, eager=True)
