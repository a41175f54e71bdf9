"""What rules are held against: a list's rows, or units' statistics forms, one form a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from reportkit.records import PART, Records
from reportkit.rulebook.kinds import kinds, typed
from reportkit.templates import Template

#: Before a field's name: the Boolean column that says where it cannot be read; only where some value cannot.
UNREAD = " ? "
#: Before a field's name: the Boolean column that says where a group's value stands in a row above.
CONTINUED = " ^ "


class Subject(Protocol):
    """Rows that rules judge."""

    @property
    def frame(self) -> pl.DataFrame:
        """Fields typed, with ``UNREAD`` columns."""

    def cells(self, name: str, rows: pl.Series) -> pl.DataFrame:
        """``file, sheet, row, column, value`` of a field's cells in some rows, as written; "" for the rows themselves."""

    def written(self, name: str, rows: pl.Series) -> pl.Series:
        """What was written into a field in some rows; null where blank."""


# -- lists ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rows:
    """Records of a list."""

    records: Records
    frame: pl.DataFrame

    def cells(self, name: str, rows: pl.Series) -> pl.DataFrame:
        """As in ``Subject``."""
        at = self.records.addresses()[rows]
        if not name:
            return at.with_columns(pl.lit("").alias("column"), pl.lit("").alias("value"))
        letters = pl.Series([part.letters.get(name, "") for part in self.records.parts], dtype=pl.String)
        column = letters.gather(self.records.frame[PART].gather(rows))
        return at.with_columns(column.alias("column"), self.written(name, rows).fill_null("").alias("value"))

    def written(self, name: str, rows: pl.Series) -> pl.Series:
        """As in ``Subject``."""
        return self.records.raw[name].gather(rows)


def of_records(records: Records, names: Collection[str] | None = None) -> Rows:
    """Records as rules see them: a group's value on each of its rows, unreadable where it is wrong or its column is absent.

    ``names``: the fields that the rules read; None for all.
    """
    return Rows(records, typed_records(records, names))


def typed_records(records: Records, names: Collection[str] | None = None) -> pl.DataFrame:
    """The records' fields as numbers, days (a year and month is its first day) and texts; null where blank or unreadable."""
    known = {name: to for name, to in kinds(records.template).items() if names is None or name in names}
    values = records.filled().select(typed(name, to) for name, to in known.items())
    doubtful = [name for name in known if not _all_read(records, name, values[name])]
    marks = [(name, where) for name in doubtful if (where := _unread(records, name, values[name])).any()]
    return values.with_columns(
        *(pl.when(~where).then(pl.col(name)).alias(name) for name, where in marks),
        *(where.alias(UNREAD + name) for name, where in marks),
        *(records.inherited[name].alias(CONTINUED + name) for name in records.inherited.columns if name in known),
    )


def _all_read(records: Records, name: str, value: pl.Series) -> bool:
    """Whether a column is right and there, and each value is what its field holds: told by counting."""
    right = records.codes[name].null_count() == records.height and all(name in part.letters for part in records.parts)
    return right and value.null_count() == records.frame[name].null_count()


def _unread(records: Records, name: str, value: pl.Series) -> pl.Series:
    """Where a value is wrong, is not what its field holds, or its part has no column for it."""
    absent = [number for number, part in enumerate(records.parts) if name not in part.letters]
    wrong = records.codes[name].is_not_null() | (records.frame[name].is_not_null() & value.is_null())
    if name in records.inherited.columns:
        wrong = _spread(wrong, records.inherited[name])
    return wrong | records.frame[PART].is_in(absent) if absent else wrong


def _spread(wrong: pl.Series, inherited: pl.Series) -> pl.Series:
    """A group's first value is as unreadable on its other rows."""
    own = pl.when(pl.col("inherited")).then(None).otherwise(pl.col("wrong"))
    return pl.DataFrame({"wrong": wrong, "inherited": inherited}).select(own.forward_fill().fill_null(value=False)).to_series()


# -- statistics forms -------------------------------------------------------------------------------------


class Figured(Protocol):
    """A unit's cell, as ``statistics.Figure`` is."""

    @property
    def file(self) -> str:
        """Of the form."""

    @property
    def sheet(self) -> str:
        """Of the form."""

    @property
    def row(self) -> int:
        """Excel's."""

    @property
    def column(self) -> str:
        """Excel's letter."""

    @property
    def cell(self) -> str:
        """The cell's name."""

    @property
    def text(self) -> str:
        """As written."""

    @property
    def counted(self) -> float | None:
        """The number where it can be one."""


@dataclass(frozen=True, slots=True)
class Forms:
    """Units' statistics forms, a row each."""

    files: pl.DataFrame
    figures: pl.DataFrame
    frame: pl.DataFrame

    def cells(self, name: str, rows: pl.Series) -> pl.DataFrame:
        """As in ``Subject``."""
        forms = self.files[rows]
        if not name:
            whole = (pl.lit(0, dtype=pl.Int64).alias("row"), pl.lit("").alias("column"), pl.lit("").alias("value"))
            return forms.with_columns(*whole)
        own = self.figures.filter(pl.col("cell") == name).select("file", "row", "column", "value")
        found = forms.join(own, on="file", how="left", maintain_order="left")
        return found.with_columns(pl.col("row").fill_null(0), pl.col("column", "value").fill_null(""))

    def written(self, name: str, rows: pl.Series) -> pl.Series:
        """As in ``Subject``."""
        value = self.cells(name, rows)["value"]
        return value.set(value == "", None)


_FIGURE = {
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int64,
    "column": pl.String,
    "cell": pl.String,
    "value": pl.String,
    "number": pl.Float64,
}


def of_figures(figures: Sequence[Figured], template: Template) -> Forms:
    """Accepted statistics forms as rules see them; a cell that the form lacks is unreadable, one without text blank."""
    lines = [(one.file, one.sheet, one.row, one.column, one.cell, one.text, one.counted) for one in figures]
    known = pl.DataFrame(lines, schema=_FIGURE, orient="row")
    files = known.group_by("file").agg(pl.col("sheet").first()).sort("file")
    columns = [column for cell in template.cells for column in _of_cell(known, files, cell.name)]
    return Forms(files, known, pl.DataFrame(columns) if columns else pl.DataFrame())


def _of_cell(figures: pl.DataFrame, files: pl.DataFrame, name: str) -> Iterable[pl.Series]:
    own = figures.filter(pl.col("cell") == name).select("file", "value", "number")
    found = files.join(own, on="file", how="left", maintain_order="left")
    yield found["number"].alias(name)
    blank = found["value"].is_not_null() & (found["value"].str.strip_chars() == "")
    unread = found["number"].is_null() & ~blank
    if unread.any():
        yield unread.alias(UNREAD + name)
