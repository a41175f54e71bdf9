"""What has to be one of a kind or to stand elsewhere: unique values, primary keys, foreign keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from reportkit.constraints.references import PLACE, References, Referred, lost, named, unjudged
from reportkit.records import FILE, ID, ROW, SHEET, UNIT, Records, gathered
from reportkit.templates import ForeignKey

_CLUSTER = "cluster"
#: Where a row is, as a message says it: ``a.xlsx Sheet1!5``; a sheet of a CSV file has no name.
_PLACE = pl.concat_str(FILE, pl.lit(" "), pl.concat_str(SHEET, pl.lit("!"), ROW).str.strip_chars_start("!"))


def repetitions(records: Records, clusters: pl.DataFrame | None = None) -> Iterator[pl.DataFrame]:
    """Values of unique fields and primary keys that stand more than once, on every row of them, the first one too.

    Args:
        records: of one template.
        clusters: ``ID`` and ``cluster``, where rows were linked: rows of one thing are told of as repeated rows, not as values.
    """
    template = records.template
    key = tuple(name for name in template.key if name in records.names) if not template.inferred else ()
    for names in template.table_schema.uniqueKeys:
        if set(names) <= set(records.names):
            yield from _repeated(records, names, "key-repeated", clusters)
    for field in template.fields:
        if field.constraints.unique and key != (field.name,):
            yield from _repeated(records, [field.name], "value-repeated", clusters)
    if key and len(key) == len(template.key):
        yield from _repeated(records, key, "key-repeated", clusters)


def blank_keys(records: Records) -> Iterator[pl.DataFrame]:
    """Parts of a primary key that are blank though no constraint requires them; a group's value counts on each of its rows."""
    template = records.template
    for field in template.fields:
        if field.name in template.key and not field.constraints.required and not template.inferred:
            rows = blank(records, field.name)
            yield told(records, field.name, rows, "key-blank")


def blank(records: Records, name: str) -> pl.Series:
    """Rows (their places) whose part has a column for a field and that say nothing in it."""
    empty = records.frame[name].is_null()
    if name in records.inherited.columns:
        empty &= ~records.inherited[name]
    rows = empty.arg_true()
    lacking = [number for number, part in enumerate(records.parts) if name not in part.letters]
    return rows.filter(~records.part_of(rows).is_in(lacking)) if lacking else rows


def told(records: Records, name: str, rows: pl.Series, code: str, detail: pl.Expr | str = "") -> pl.DataFrame:
    """A finding on a field's cell of each of the rows."""
    said = pl.lit(detail) if isinstance(detail, str) else detail
    return records.written(name, rows).with_columns(
        pl.lit(code).alias("code"),
        pl.lit(name).alias("field"),
        pl.col("written").fill_null("").alias("value"),
        said.alias("detail"),
    )


def _repeated(records: Records, names: Sequence[str], code: str, clusters: pl.DataFrame | None) -> Iterator[pl.DataFrame]:
    rows = _again([records.right(name) for name in names])
    if not len(rows):
        return
    values = (gathered(records.frame[name], rows) for name in names)
    found = records.frame.select(ID, FILE, SHEET, ROW)[rows].with_columns(*values, rows.alias(" place"))
    if clusters is not None:
        found = found.join(clusters.select(ID, _CLUSTER), on=ID, how="left", maintain_order="left")
        found = found.filter(pl.col(_CLUSTER).n_unique().over(names) > 1)
    if found.height:
        yield told(records, names[0], found[" place"], code, pl.lit(_elsewhere(found, names)))


def _elsewhere(found: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """For each row the place of the first other row with its values."""
    placed = found.select(*names, _PLACE.alias("at"), ID)
    heads = placed.group_by(names).agg(
        pl.first(ID).alias("head"), pl.first("at").alias("first"), pl.col("at").get(1).alias("second")
    )
    told = placed.join(heads, on=names, how="left", maintain_order="left")
    return told.select(pl.when(pl.col(ID) == pl.col("head")).then("second").otherwise("first")).to_series()


def _again(columns: Sequence[pl.Series]) -> pl.Series:
    """Places of rows whose values, none blank, stand on another row too. Hashes find them, the values themselves confirm them."""
    frame = pl.DataFrame([column.alias(str(n)) for n, column in enumerate(columns)])
    hashes = frame.hash_rows() if frame.width > 1 else columns[0].hash()
    # Sorting numbers finds the repeated ones in a third of the time that counting takes.
    ordered = hashes.sort()
    twice = ordered.filter(ordered == ordered.shift()).unique()
    again = hashes.is_in(twice)
    candidates, some = again.arg_true(), frame.filter(again)
    full = some.select(~pl.any_horizontal(pl.all().is_null())).to_series()
    candidates, some = candidates.filter(full), some.filter(full)
    return candidates.filter(some.is_duplicated())


def strangers(records: Records, references: References) -> Iterator[pl.DataFrame]:
    """Values of foreign keys that the reference does not hold; a reference that is not given is not judged, and that is said."""
    for key in records.template.table_schema.foreignKeys:
        resource = key.reference.resource
        if set(key.fields) <= set(records.names) and resource not in references.later:
            known = references.tables.get(resource) if resource else Referred(records.frame)
            yield from _held_against(records, key, known)


def _held_against(records: Records, key: ForeignKey, known: Referred | None) -> Iterator[pl.DataFrame]:
    if known is None or not set(key.reference.fields) <= set(known.values.columns):
        yield unjudged(key)
        return
    mine = pl.DataFrame([records.frame[UNIT], *(records.right(name) for name in key.fields)]).with_row_index(PLACE)
    rows, waiting = lost(mine, known, key)
    yield told(records, key.fields[0], rows, "reference-missing", named(key))
    if len(waiting):
        yield unjudged(key, records.frame[FILE].gather(waiting).unique(maintain_order=True).to_list())
