"""Body rows as sheet XML, made by polars a column at a time: 100,000 rows of 15 columns take a second, not a minute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

#: Excel's limit of characters in a cell; past 255 a cell in text format may show as ####.
LONGEST, SHOWN_AS_TEXT = 32_767, 255
_CHUNK = 20_000
_NUMBER = r"^-?(0|[1-9]\d{0,14})(\.\d{1,10})?$"
_AWKWARD = r"[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\u{fffe}\u{ffff}]|_x[0-9A-Fa-f]{4}_"
_FORBIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\u{fffe}\u{ffff}]"
#: Days from the two epochs of Excel to 1970; before 1 March 1900 its calendar is wrong.
EPOCH, EPOCH_1904, _SOUND = 25_569, 24_107, 61


class Kind(StrEnum):
    """How a column's values are written."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MONTH = "month"
    RUNNING = "running"
    FORMULA = "formula"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the body.

    Attributes:
        field: the column of the frame; "" for running numbers, formulas and blanks.
        style: number of the format of values of the kind, ``text_style`` of texts, ``long_style`` of texts that the text format
            would not show, ``marked_style`` of cells that are ``marked`` (positions from 0).
        epoch: days from the workbook's epoch to 1970.
        formula: of the first row; its references move with the row.
    """

    letter: str
    field: str
    kind: Kind
    style: int
    text_style: int = 0
    long_style: int = 0
    marked_style: int = 0
    marked: frozenset[int] = frozenset()
    epoch: int = EPOCH
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that stand together: their columns from left to right, Excel's first row, a row's opening attributes, heights by position."""

    columns: Sequence[Column]
    rows: pl.DataFrame
    first: int
    attributes: str = ""
    heights: pl.Series | None = None


def row_pieces(block: Block) -> Iterator[bytes]:
    """The block's ``<row>`` elements, some thousand at a time."""
    for start in range(0, block.rows.height, _CHUNK):
        yield _piece(block, start).encode()


def clean(text: pl.Expr) -> pl.Expr:
    """What XML and Excel can hold of a text, not yet escaped: line feeds alone, no control characters, not too long."""
    return text.str.replace_all("\r\n?", "\n").str.replace_all(_FORBIDDEN, "").str.slice(0, LONGEST)


def escaped(text: str) -> str:
    """A text as the content of an XML element of a sheet."""
    return str(pl.DataFrame({"t": [text]}).select(_escaped(pl.col("t"))).item())


def too_long(rows: pl.DataFrame) -> tuple[tuple[int, str], ...]:
    """Position and field of the texts that Excel's cells cannot hold whole."""
    found = []
    for name in rows.columns:
        longer = rows[name].str.len_chars() > LONGEST
        found += [(at, name) for at in longer.arg_true().to_list()]
    return tuple(sorted(found))


def _piece(block: Block, start: int) -> str:
    rows = block.rows.slice(start, _CHUNK)
    at = (pl.int_range(rows.height, eager=True) + start).rename("_at")
    frame = rows.with_columns(at, (at + block.first).cast(pl.String).alias("_r"))
    height = pl.lit("")
    if block.heights is not None:
        frame = frame.with_columns(block.heights.slice(start, _CHUNK).alias("_ht"))
        height = pl.col("_ht").fill_null("")
    cells = [cell for column in block.columns for cell in _cell(column, frame)]
    line = pl.concat_str(pl.lit('<row r="'), pl.col("_r"), pl.lit(f'"{block.attributes}'), height, pl.lit(">"), *cells, pl.lit("</row>"))
    return str(frame.select(line.alias("x"))["x"].str.join("").item())


def _cell(column: Column, frame: pl.DataFrame) -> list[pl.Expr]:
    """The cell's XML in pieces that are never null."""
    start = [pl.lit(f'<c r="{column.letter}'), pl.col("_r")]
    match column.kind:
        case Kind.RUNNING:
            return [*start, pl.lit(f'" s="{column.style}"><v>'), (pl.col("_at") + 1).cast(pl.String), pl.lit("</v></c>")]
        case Kind.BLANK:
            return [*start, pl.lit(f'" s="{column.style}"/>')]
        case Kind.FORMULA:
            return [*start, pl.lit(f'" s="{column.style}"><f>'), _formula(column.formula), pl.lit("</f></c>")]
        case _:
            return [*start, _valued(column, frame)]


def _valued(column: Column, frame: pl.DataFrame) -> pl.Expr:
    value = pl.col(column.field)
    blank = pl.lit(f'" s="{column.style}"/>')
    text = _text(column, frame)
    if column.marked:
        text = pl.when(_marked(column)).then(_inline(column.marked_style, _escaped_if(frame[column.field]))).otherwise(text)
    number = _numeric(column)
    if number is None:
        return pl.when(value.is_null()).then(_blank(column, blank)).otherwise(text)
    good = number.is_not_null() & ~_marked(column)
    plain = pl.concat_str(pl.lit(f'" s="{column.style}"><v>'), number.fill_null(""), pl.lit("</v></c>"))
    return pl.when(value.is_null()).then(_blank(column, blank)).when(good).then(plain).otherwise(text)


def _blank(column: Column, blank: pl.Expr) -> pl.Expr:
    """A blank cell can be wrong too: a required value that is missing."""
    return pl.when(_marked(column)).then(pl.lit(f'" s="{column.marked_style}"/>')).otherwise(blank) if column.marked else blank


def _marked(column: Column) -> pl.Expr:
    return pl.col("_at").is_in(sorted(column.marked)) if column.marked else pl.lit(value=False)


def _text(column: Column, frame: pl.DataFrame) -> pl.Expr:
    value = _escaped_if(frame[column.field])
    short = _inline(column.text_style, value)
    if column.long_style == column.text_style or (frame[column.field].str.len_chars().max() or 0) <= SHOWN_AS_TEXT:
        return short
    return pl.when(value.str.len_chars() > SHOWN_AS_TEXT).then(_inline(column.long_style, value)).otherwise(short)


def _inline(style: int, value: pl.Expr) -> pl.Expr:
    opening = f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
    return pl.concat_str(pl.lit(opening), value.fill_null(""), pl.lit("</t></is></c>"))


def _numeric(column: Column) -> pl.Expr | None:
    """The value as Excel's number; null where it is none; None for kinds that are texts."""
    value = pl.col(column.field)
    if column.kind is Kind.NUMBER:
        return pl.when(value.str.contains(_NUMBER) & (value.str.len_chars() <= 17)).then(value)
    if column.kind is Kind.DATE:
        day = value.str.to_date("%Y-%m-%d", strict=False)
    elif column.kind is Kind.MONTH:
        day = (value + "-01").str.to_date("%Y-%m-%d", strict=False)
    else:
        return None
    serial = day.cast(pl.Int32) + column.epoch
    return pl.when(serial >= _SOUND).then(serial.cast(pl.String))


def _formula(formula: str) -> pl.Expr:
    """``I{}*J{}`` with each row's number."""
    return pl.format(formula, *([pl.col("_r")] * formula.count("{}")))


def _escaped_if(values: pl.Series) -> pl.Expr:
    """Escaping costs more than all the rest: only where a column holds anything to escape."""
    needs = values.str.contains(_AWKWARD).any() or (values.str.len_chars().max() or 0) > LONGEST
    return _escaped(pl.col(values.name)) if needs else pl.col(values.name)


def _escaped(text: pl.Expr) -> pl.Expr:
    safe = clean(text).str.replace_all(r"_(x[0-9A-Fa-f]{4}_)", "_x005F_${1}")
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        safe = safe.str.replace_all(character, entity, literal=True)
    return safe
