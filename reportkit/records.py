"""Rows of submissions in the fields of their template: raw beside normalised.

The only module that knows that a raw value stands beside the canonical one. What a row has beside its fields stands in columns
whose names begin with a space: no header does, so that a field may be called ``file`` or ``row``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from reportkit.elements import element
from reportkit.elements.shape import Element, Scope
from reportkit.fields.matches import Match
from reportkit.sheets import Table, letter
from reportkit.templates import Field, Template
from reportkit.variety import few

ID, PART, FILE, SHEET, ROW, UNIT = " id", " part", " file", " sheet", " row", " unit"
ADDRESS = (FILE, SHEET, ROW)
#: What a table calls the row number; its other columns are Excel's letters.
LINE = "_row"

#: From one row in so many on a column is looked up in one piece.
_MANY = 32
#: A date this far past the round's day is no plan any more where the column's other dates are past.
_PLANNED = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class Part:
    """One table of one submission, and what its columns mean. ``rank`` orders submissions by receipt, latest highest."""

    file: str
    unit: str
    rank: int
    table: Table
    matches: tuple[Match, ...]

    @property
    def letters(self) -> dict[str, str]:
        """Field → Excel letter."""
        return {match.field: match.column for match in self.matches if match.field}


@dataclass(frozen=True, slots=True)
class Records:
    """Rows of all parts of a template, in the order of the parts.

    Attributes:
        frame: ``ID`` (UInt32, 0 …), ``PART`` (UInt32), ``FILE``, ``SHEET``, ``ROW`` (Int64), ``UNIT`` and one String column a
            field with the canonical value; null where blank.
        raw: the same rows, one String column a field, as written; null where blank.
        codes: the same rows, one String column a field: the finding's code where the value is wrong, else null.
        inherited: the same rows, one Boolean column for each field that is one value a group: whether the cell is blank because the
            group's first row holds the value (``filled`` has it).
    """

    template: Template
    parts: tuple[Part, ...]
    frame: pl.DataFrame
    raw: pl.DataFrame
    codes: pl.DataFrame
    inherited: pl.DataFrame

    @property
    def names(self) -> list[str]:
        """The fields' names in the template's order."""
        return self.raw.columns

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.frame.height

    def filled(self) -> pl.DataFrame:
        """``frame`` with a group's value on each of its rows; for linking, never for the report."""
        return self.frame.with_columns(_fill(name, self.inherited[name]) for name in self.inherited.columns)

    def without(self, files: Collection[str]) -> Records:
        """The records of all other files, rows and parts numbered anew."""
        left = [number for number, part in enumerate(self.parts) if part.file not in files]
        keep = self.frame[PART].is_in(left)
        parts = self.frame[PART].filter(keep).replace_strict(left, range(len(left)), return_dtype=pl.UInt32)
        frame = self.frame.filter(keep).with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias(ID), parts.alias(PART))
        rest = {name: getattr(self, name).filter(keep) for name in ("raw", "codes")}
        inherited = self.inherited.filter(keep) if self.inherited.width else pl.DataFrame(height=frame.height)
        return replace(self, parts=tuple(self.parts[number] for number in left), frame=frame, inherited=inherited, **rest)

    def addresses(self) -> pl.DataFrame:
        """``file, sheet, row`` of every row."""
        return self.frame.select(pl.col(FILE).alias("file"), pl.col(SHEET).alias("sheet"), pl.col(ROW).alias("row"))

    def right(self, name: str) -> pl.Series:
        """A field's canonical values, null where its element finds one wrong."""
        codes, values = self.codes[name], self.frame[name]
        return values if codes.null_count() == self.height else values.set(codes.is_not_null(), None)

    def part_of(self, rows: pl.Series) -> pl.Series:
        """The part of each of the rows (places in ``frame``)."""
        return self.frame[PART].gather(rows)

    def cells(self, name: str, rows: pl.Series | None = None) -> pl.DataFrame:
        """``ID``, file, sheet, row, column, written, value, code of a field's cells; column "" where the part lacks the field.

        Args:
            name: of the field.
            rows: places in ``frame``; None for all of them.
        """
        read = self.frame[name].alias("value"), self.codes[name].alias("code")
        return self.written(name, rows).with_columns(gathered(one, rows) for one in read)

    def written(self, name: str, rows: pl.Series | None = None) -> pl.DataFrame:
        """As ``cells``, without value and code."""
        frame = self.frame.select(
            ID,
            pl.col(FILE).alias("file"),
            pl.col(SHEET).alias("sheet"),
            pl.col(ROW).alias("row"),
            PART,
        )
        some = frame if rows is None else frame[rows]
        letters = pl.Series([part.letters.get(name, "") for part in self.parts], dtype=pl.String)
        column = letters.gather(some[PART]) if self.parts else pl.Series([], dtype=pl.String)
        return some.drop(PART).with_columns(column.alias("column"), gathered(self.raw[name], rows).alias("written"))


def gathered(values: pl.Series, rows: pl.Series | None) -> pl.Series:
    """Values in some rows. A column read from a file is in many pieces, and of many rows each would be looked for in all of them."""
    if rows is None:
        return values
    return (values.rechunk() if len(rows) * _MANY > len(values) else values).gather(rows)


def _fill(name: str, inherited: pl.Series) -> pl.Expr:
    """A first row without a value stops the filling: nothing is taken from the group above."""
    own = pl.when(inherited).then(None).otherwise(pl.col(name).fill_null(""))
    return own.forward_fill().replace("", None).alias(name)


def gather(template: Template, parts: Sequence[Part], until: date) -> Records:
    """The records of all parts; ``until`` is the last day that a past event can have."""
    rows = _stack(template, parts)
    names = [field.name for field in template.fields]
    raw = rows.select(names)
    blanks = template.table_schema.missingValues
    read = [_read(raw[field.name], field, until, blanks) for field in template.fields]
    frame = rows.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias(ID),
        PART,
        _spread([part.file for part in parts], FILE),
        _spread([part.table.sheet for part in parts], SHEET),
        ROW,
        _spread([part.unit for part in parts], UNIT),
        *(value for value, _ in read),
    )
    codes = pl.DataFrame([code for _, code in read])
    return Records(template, tuple(parts), frame, raw, codes, _inherited(template, parts, rows))


def _stack(template: Template, parts: Sequence[Part]) -> pl.DataFrame:
    """Union by field, never by position."""
    schema = {PART: pl.UInt32, ROW: pl.Int64} | {field.name: pl.String for field in template.fields}
    frames = [pl.DataFrame(schema=schema)]
    for number, part in enumerate(parts):
        body = part.table.body
        columns = [body[column].alias(name) for name, column in part.letters.items() if name in schema]
        part_of = pl.repeat(number, body.height, dtype=pl.UInt32, eager=True).alias(PART)
        frames.append(pl.DataFrame([part_of, body[LINE].alias(ROW), *columns]))
    return pl.concat(frames, how="diagonal").select(list(schema))


def _spread(values: list[str], name: str) -> pl.Expr:
    """Each row's part's value; of one that is the same for all parts no copies are made."""
    if len(set(values)) < 2:
        return pl.lit(values[0] if values else "").alias(name)
    return pl.lit(pl.Series(values, dtype=pl.String)).gather(PART).alias(name)


def scope(field: Field, until: date, *, future: bool = True) -> Scope:
    """What a field tells its element."""
    limits = field.constraints
    return Scope(field.values, field.unit, _figure(limits.minimum), _figure(limits.maximum), until, future)


def _figure(bound: float | str | None) -> float | None:
    try:
        return None if bound is None else float(bound)
    except ValueError:
        return None


def _read(raw: pl.Series, field: Field, until: date, blanks: Sequence[str] = ()) -> tuple[pl.Series, pl.Series]:
    """Canonical values and codes of a column. ``blanks``: what the spec says stands for nothing."""
    kind = element(field.element)
    written = raw.set(raw.is_in(blanks), None) if any(blanks) else raw
    values, codes = _judge(written, kind, scope(field, until))
    last = until + _PLANNED
    if field.element in ("date", "month") and _past(values, codes, until) and (values is not written or _beyond(values, last)):
        values, codes = _judge(written, kind, scope(field, last, future=False))
    return values.alias(raw.name), codes.alias(raw.name)


def _judge(written: pl.Series, kind: Element, given: Scope) -> tuple[pl.Series, pl.Series]:
    """Most values stand as they are; each distinct one of the others is read once."""
    distinct = few(written)
    if distinct is not None:
        return _told(written, distinct.filter(~_stand(distinct, kind, given)), kind, given)
    where = ~_stand(written, kind, given)
    rows, odd = where.arg_true(), written.filter(where)
    values, codes = _told(odd, odd.unique(maintain_order=True), kind, given)
    nothing = pl.repeat(None, len(written), dtype=pl.String, eager=True)
    if not len(rows):
        return written, nothing
    # ``scatter`` writes into the column itself.
    return written.clone() if values.equals(odd) else written.clone().scatter(rows, values), nothing.scatter(rows, codes)


def _told(written: pl.Series, words: pl.Series, kind: Element, given: Scope) -> tuple[pl.Series, pl.Series]:
    """Values and codes of cells that stand as they are but for some words."""
    if not len(words):
        return written, pl.repeat(None, len(written), dtype=pl.String, eager=True)
    read = [kind.normalise(word, given) for word in words]
    wrong = [kind.check(value, given) if value else "" for value in read]
    values, codes = (pl.Series([one or None for one in some], dtype=pl.String) for some in (read, wrong))
    told = written.replace_strict(words, codes, default=None, return_dtype=pl.String)
    # What cannot be read mostly stays as it is written.
    return written.clone() if values.equals(words) else written.replace(words, values), told


def _stand(written: pl.Series, kind: Element, given: Scope) -> pl.Series:
    """Which cells need no reading: blanks, and values that stand as they are."""
    if kind.stands is None:
        return written.is_null()
    return written.is_null() | kind.stands(written.fill_null(""), given)


def _past(values: pl.Series, codes: pl.Series, until: date) -> bool:
    """Whether a column tells of what has happened: hardly a row with a good date lies after the round's day."""
    good = values.filter(codes.is_null()) if codes.null_count() < len(codes) else values
    return _beyond(good, until) <= 0.03 * (len(good) - good.null_count())


def _beyond(values: pl.Series, day: date) -> int:
    """How many dates lie after a day; of one that is only a year or a month its beginning is held against the day's."""
    return int((values > day.isoformat()).sum())


def _inherited(template: Template, parts: Sequence[Part], rows: pl.DataFrame) -> pl.DataFrame:
    """Blank cells whose value stands in the first row of their group.

    A cell counts where it lies in a vertical merge. Where fields are one value a group (``per``), a row that leaves all of them
    blank continues the group above it, merged or not: people break a merge to insert a row.
    """
    merged = _merged_cells(parts)
    grouped = _grouped(template, merged)
    if not grouped:
        return pl.DataFrame(height=rows.height)
    counts = dict(merged.group_by("field").len().iter_rows())
    together = [name for name in grouped if _per(template, name) or counts.get(name, 0) * 5 > max(counts.values(), default=0)]
    present = rows.select(PART, ROW, pl.all_horizontal(pl.col(together).is_null()).alias("blank"))
    broken = _parts_that_group(merged, parts)
    follows = present["blank"] & (present[PART].shift(1) == present[PART]).fill_null(value=False) & present[PART].is_in(broken)
    columns = []
    for name in grouped:
        own = merged.filter(pl.col("field") == name).select(PART, ROW).with_columns(pl.lit(value=True).alias("in"))
        inside = present.join(own, on=[PART, ROW], how="left", maintain_order="left")["in"].fill_null(value=False)
        columns.append(((inside | follows) & rows[name].is_null()).alias(name))
    return pl.DataFrame(columns)


def _per(template: Template, name: str) -> bool:
    return bool(template.field(name).per)


def _merged_cells(parts: Sequence[Part]) -> pl.DataFrame:
    """``PART``, ``ROW``, field of body cells inside a vertical merge, its first cell left out."""
    found: list[tuple[int, int, str]] = []
    for number, part in enumerate(parts):
        names = {column: name for name, column in part.letters.items()}
        for area in part.table.merges:
            name = names.get(letter(area.first_column))
            if name and area.last_row > area.first_row:
                found += [(number, row, name) for row in range(area.first_row + 1, area.last_row + 1)]
    return pl.DataFrame(found, schema={PART: pl.UInt32, ROW: pl.Int64, "field": pl.String}, orient="row")


def _grouped(template: Template, merged: pl.DataFrame) -> list[str]:
    """Fields that are one value a group: the spec says so, or the units merge them."""
    seen = set(merged["field"].unique())
    return [field.name for field in template.fields if field.per or field.name in seen]


def _parts_that_group(merged: pl.DataFrame, parts: Sequence[Part]) -> list[int]:
    """Parts that leave a group's value out on following rows: they merge, at two fields at least."""
    several = merged.group_by(PART).agg(pl.col("field").n_unique()).filter(pl.col("field") > 1)[PART].to_list()
    return sorted(set(several)) if parts else []


def leftovers(parts: Iterable[Part]) -> pl.DataFrame:
    """``file, sheet, row, column, header, value`` of every value in a column that maps to no field."""
    found = [_leftover(part, match) for part in parts for match in part.matches if not match.field and match.how != "number"]
    schema = {
        "file": pl.String,
        "sheet": pl.String,
        "row": pl.Int64,
        "column": pl.String,
        "header": pl.String,
        "value": pl.String,
    }
    return pl.concat([pl.DataFrame(schema=schema), *found])


def _leftover(part: Part, match: Match) -> pl.DataFrame:
    body = part.table.body
    return body.select(
        pl.lit(part.file).alias("file"),
        pl.lit(part.table.sheet).alias("sheet"),
        pl.col(LINE).alias("row"),
        pl.lit(match.column).alias("column"),
        pl.lit(match.header).alias("header"),
        pl.col(match.column).alias("value"),
    ).filter(pl.col("value").is_not_null())
