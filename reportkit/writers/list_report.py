"""A list report: the department's own blank, its prepared rows replaced by the records, everything else as issued."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path

import polars as pl
from lxml import etree

from reportkit.sheets import number as column_number
from reportkit.writers.cell_text import MOST, clean
from reportkit.writers.cells import cell, put_number, put_text
from reportkit.writers.comments import Comment, attach, before_the_end
from reportkit.writers.package import Node, Package, q
from reportkit.writers.references import Growth
from reportkit.writers.shifting import shift
from reportkit.writers.stamp import add_stamp
from reportkit.writers.styles import TEXT, Change, Styles, decimal_format
from reportkit.writers.text_sheet import TextSheet, append
from reportkit.writers.widths import set_width, width

_REFERENCE = re.compile(r"([A-Z]+)(\d+)")
_TINT = "FFFFE699"
#: Points of height that one line of text takes.
_LINE = 13.5
#: Excel counts days from here; it counts a 29 February 1900 that never was as day 60, and knows no day before 1900.
_EPOCH, _NO_SUCH_DAY = date(1899, 12, 30), 61


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the body: its letter, its field ("" for none), and how values are written: number, text, amount or date.

    ``decimals``: to how many its figures are shown, None as the blank has it.
    """

    letter: str
    field: str
    kind: str
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class ListReport:
    """What stands in a list report.

    Attributes:
        blank: the blank's bytes; ``sheet`` the form's name in it.
        first: the first prepared row, ``last`` the last one; ``last`` < ``first`` where the form has none.
        columns: the form's columns from left to right.
        rows: one String column a field; null where blank.
        merges: (field, first, last) rows from 0 that share one value.
        totals: field → value, written under the body as formula and value.
        own_total: the blank's own total row, which the totals are put into; 0 where it has none.
        comments: (row from 0, field) → words; such a cell is tinted and stands as text.
        remarks: (row from 0, field) → words on a cell that stands as it is.
        fills: address → text for lines above and below the table, as in the blank.
        sheets: what follows the form.
        stamp: the program's mark.
    """

    blank: bytes
    sheet: str
    first: int
    last: int
    columns: tuple[Column, ...]
    rows: pl.DataFrame
    merges: Sequence[tuple[str, int, int]] = ()
    totals: Mapping[str, float] = field(default_factory=dict)
    total_label: str = "合计"
    own_total: int = 0
    notes: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[tuple[int, str], str] = field(default_factory=dict)
    remarks: Mapping[tuple[int, str], str] = field(default_factory=dict)
    fills: Mapping[str, str] = field(default_factory=dict)
    sheets: Sequence[TextSheet] = ()
    stamp: Mapping[str, str] = field(default_factory=dict)


def write_list_report(path: Path, report: ListReport) -> None:
    """Write the report; the same report gives the same bytes."""
    package = Package(report.blank)
    part = package.sheets()[report.sheet]
    tree, styles = package.tree(part), Styles(package)
    extra = 1 if report.totals and not report.own_total else 0
    growth = Growth(report.sheet, report.first, report.last, max(report.rows.height, 1), extra)
    model = _model(tree, report, styles)
    _fill_lines(tree, report.fills)
    shift(package, part, tree, growth)
    _merge(tree, report, growth)
    widths = _widen(tree, report)
    body = _Body(report, model, styles, widths)
    total = growth.row(report.own_total) if report.own_total else growth.end + 1
    if report.own_total:
        body.fill_total(tree, total)
    head, tail = _split(tree, growth)
    pieces = [head, *body.rows(), *([] if report.own_total else body.total(total)), tail]
    if reference := attach(package, part, _comments(report, body.letters, total)):
        pieces[-1] = before_the_end(tail, reference)
    for sheet in report.sheets:
        append(package, styles, sheet)
    styles.save()
    add_stamp(package, dict(report.stamp))
    package.write(path, {part: pieces})


def _comments(report: ListReport, letters: Mapping[str, str], total: int) -> list[Comment]:
    """Those on records, then those on the total row."""
    on_rows = {**report.remarks, **report.comments}
    placed = [(name, report.first + row, words) for (row, name), words in on_rows.items()]
    placed += [(name, total, words) for name, words in report.notes.items()]
    return [Comment(f"{letters[name]}{row}", words) for name, row, words in placed if name in letters]


# -- the form ---------------------------------------------------------------------------------------------


def _row(tree: Node, number: int) -> Node | None:
    return next((row for row in tree.find(q("sheetData")) if row.get("r") == str(number)), None)


@dataclass(frozen=True, slots=True)
class _Model:
    """The prepared row that all records look like: format by letter, and height."""

    formats: dict[str, int]
    height: float


def _model(tree: Node, report: ListReport, styles: Styles) -> _Model:
    row = _row(tree, report.first) if report.last >= report.first else None
    formats = {
        match[1]: int(cell.get("s", "0"))
        for cell in (row if row is not None else ())
        if (match := _REFERENCE.fullmatch(cell.get("r", "")))
    }
    plain = styles.derive(0, Change(border=True, wrap=True))
    for column in report.columns:
        base = formats.setdefault(column.letter, plain)
        if column.decimals is not None:
            formats[column.letter] = styles.derive(base, Change(number_format=decimal_format(column.decimals)))
    height = float(row.get("ht", "0")) if row is not None and row.get("customHeight") else 0.0
    return _Model(dict(sorted(formats.items(), key=lambda item: column_number(item[0]))), height)


def _fill_lines(tree: Node, fills: Mapping[str, str]) -> None:
    for row in tree.find(q("sheetData")):
        for one in row:
            if one.get("r") in fills:
                put_text(one, fills[one.get("r")])


def _merge(tree: Node, report: ListReport, growth: Growth) -> None:
    """Groups of the body become merged cells; merges inside the prepared rows are gone with them."""
    letters = {column.field: column.letter for column in report.columns if column.field}
    made = [
        f"{letters[name]}{growth.first + a}:{letters[name]}{growth.first + b}" for name, a, b in report.merges if name in letters
    ]
    if not made:
        return
    known = tree.find(q("mergeCells"))
    if known is None:
        known = tree.makeelement(q("mergeCells"), {})
        after = [
            tree.find(q(tag))
            for tag in ("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "sheetData")
        ]
        next(node for node in after if node is not None).addnext(known)
    for reference in made:
        known.append(known.makeelement(q("mergeCell"), {"ref": reference}))
    known.set("count", str(len(known)))


def _widen(tree: Node, report: ListReport) -> dict[str, float]:
    """Columns wide enough for what must not wrap; gives every column's width in characters."""
    widths = {column.letter: width(tree, column_number(column.letter)) for column in report.columns}
    for column in report.columns:
        need = _need(report, column)
        if need > widths[column.letter]:
            widths[column.letter] = need
            set_width(tree, column_number(column.letter), need)
    return widths


def _need(report: ListReport, column: Column) -> float:
    """Characters that the widest value needs; texts may wrap and need a fair share only."""
    if not column.field or not report.rows.height:
        return 5.0
    longest = _widest(report.rows[column.field])
    if column.kind == "text":
        codes = report.rows[column.field].str.contains(r"^[0-9A-Za-z+\-]{9,}$").fill_null(value=False)
        return _widest(report.rows[column.field].filter(codes)) + 2.5 if codes.any() else min(longest + 1, 8.0)
    return longest + 2.0


def _widest(values: pl.Series) -> float:
    widest = _shown_width(values).max()
    return float(widest) if isinstance(widest, (int, float)) else 0.0


def _shown_width(values: pl.Series) -> pl.Series:
    """Columns that a text takes: two for a Han character (three bytes), one for a Latin one."""
    return (values.str.len_bytes() + values.str.len_chars()) / 2


def _split(tree: Node, growth: Growth) -> tuple[bytes, bytes]:
    """The sheet's XML before and after the new rows."""
    data = tree.find(q("sheetData"))
    mark = etree.Comment("ROWS")
    below = [row for row in data if int(row.get("r")) > growth.end]
    if below:
        below[0].addprevious(mark)
    else:
        data.append(mark)
    head, _, tail = bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)).partition(b"<!--ROWS-->")
    return head, tail


# -- the body ---------------------------------------------------------------------------------------------


def _escaped(column: pl.Expr) -> pl.Expr:
    """As ``clean``. An escape that ends where the next begins is found in a second pass: ``_x0041_x0042_``."""
    text = column.str.replace_all("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "")
    for _ in range(2):
        text = text.str.replace_all("_(x[0-9A-Fa-f]{4}[_\x00])", "\x00${1}")
    text = text.str.replace_all("\x00", "_x005F_", literal=True).str.slice(0, MOST)
    return (
        text.str.replace_all("&", "&amp;", literal=True)
        .str.replace_all("<", "&lt;", literal=True)
        .str.replace_all(">", "&gt;", literal=True)
    )


class _Body:
    """Rows as XML, made column by column."""

    def __init__(self, report: ListReport, model: _Model, styles: Styles, widths: Mapping[str, float]) -> None:
        self.report, self.model, self.styles, self.widths = report, model, styles, widths
        self.by_letter = {column.letter: column for column in report.columns}
        self.letters = {column.field: column.letter for column in report.columns if column.field}

    def rows(self) -> Iterator[bytes]:
        """Every row of the body; one empty row where there is no record."""
        rows = self.report.rows if self.report.rows.height else pl.DataFrame([[None]], schema={"\x00": pl.String})
        rows = rows.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("\x01at"))
        rows = rows.with_columns((pl.col("\x01at") + self.report.first).cast(pl.String).alias("\x01row"))
        for start in range(0, rows.height, 20_000):
            part = rows[start : start + 20_000]
            cells = [self._cell(letter, style).alias(letter) for letter, style in self.model.formats.items()]
            lines = part.select(pl.concat_str([self._open(), *cells, pl.lit("</row>")]))
            yield "".join(lines.to_series().to_list()).encode("utf-8", "replace")

    def _open(self) -> pl.Expr:
        """The row's tag, high enough for its longest text."""
        texts = [column for column in self.report.columns if column.field and column.kind == "text" and self.report.rows.height]
        lines = [(_width_of(pl.col(c.field)) / max(self.widths[c.letter] - 1.5, 3)).ceil().fill_null(1) for c in texts]
        high = pl.max_horizontal([*lines, pl.lit(1.0)]) * _LINE + 3
        high = pl.max_horizontal(high, pl.lit(max(self.model.height, 15.0))).clip(upper_bound=400).round(1)
        return pl.concat_str(
            pl.lit('<row r="'), pl.col("\x01row"), pl.lit('" ht="'), high.cast(pl.String), pl.lit('" customHeight="1">')
        )

    def _cell(self, letter: str, style: int) -> pl.Expr:
        column = self.by_letter.get(letter)
        at = pl.concat_str(pl.lit(f'<c r="{letter}'), pl.col("\x01row"), pl.lit('" s="'))
        if column is None or not self.report.rows.height:
            return pl.concat_str(at, pl.lit(f'{style}"/>'))
        if column.kind == "number":
            return pl.concat_str(at, pl.lit(f'{style}"><v>'), (pl.col("\x01at") + 1).cast(pl.String), pl.lit("</v></c>"))
        if not column.field:
            return pl.concat_str(at, pl.lit(f'{style}"/>'))
        return self._value(at, column, style)

    def _value(self, at: pl.Expr, column: Column, style: int) -> pl.Expr:
        value = pl.col(column.field)
        wide = self._wrapping(column, style)
        text_style = self.styles.derive(style, Change(number_format=TEXT, wrap=wide))
        text = pl.concat_str(
            at,
            self._style(column, text_style),
            pl.lit('" t="inlineStr"><is><t xml:space="preserve">'),
            _escaped(value),
            pl.lit("</t></is></c>"),
        )
        blank = pl.concat_str(at, self._style(column, text_style if column.kind == "text" else style), pl.lit('"/>'))
        figure = self._figure(column, value)
        if figure is None:
            return pl.when(value.is_null()).then(blank).otherwise(text)
        shown = (
            self.styles.derive(style, Change(number_format="yyyy-mm-dd"))
            if column.kind == "date" and not self.styles.is_date(style)
            else style
        )
        number = pl.concat_str(at, self._style(column, shown), pl.lit('"><v>'), figure, pl.lit("</v></c>"))
        marked = pl.col("\x01at").is_in(self._marked(column))
        return pl.when(value.is_null()).then(blank).when(figure.is_not_null() & ~marked).then(number).otherwise(text)

    def _figure(self, column: Column, value: pl.Expr) -> pl.Expr | None:
        """The number that a cell stores, as text; null where the value is none; None where the column holds text."""
        if column.kind == "amount":
            return pl.when(value.cast(pl.Float64, strict=False).is_finite()).then(value)
        if column.kind == "date":
            day = (value.str.to_date("%Y-%m-%d", strict=False) - pl.lit(_EPOCH)).dt.total_days()
            serial = pl.when(day >= _NO_SUCH_DAY).then(day).when(day > 1).then(day - 1)
            return serial.cast(pl.String)
        return None

    def _wrapping(self, column: Column, style: int) -> bool:
        long = _shown_width(self.report.rows[column.field]).max()
        return (
            column.kind == "text"
            and isinstance(long, float)
            and long > self.widths[column.letter] - 1
            and not self.styles.wraps(style)
        )

    def _marked(self, column: Column) -> list[int]:
        return [row for row, name in self.report.comments if name == column.field]

    def _style(self, column: Column, style: int) -> pl.Expr:
        """The cell's format; wrong cells are tinted and stand as text."""
        marked = self._marked(column)
        if not marked:
            return pl.lit(str(style))
        tinted = self.styles.derive(style, Change(number_format=TEXT, fill=_TINT))
        return pl.when(pl.col("\x01at").is_in(marked)).then(pl.lit(str(tinted))).otherwise(pl.lit(str(style)))

    def total(self, row: int) -> Iterator[bytes]:
        """The total row: formula and value, in the look of a record, bold."""
        if not self.report.totals:
            return
        totals, cells = self._totals(), []
        for at, (letter, style) in enumerate(self.model.formats.items()):
            bold = self.styles.derive(style, Change(bold=True))
            if letter in totals:
                formula, value = totals[letter]
                cells.append(f'<c r="{letter}{row}" s="{bold}"><f>{formula}</f><v>{value:.15g}</v></c>')
            elif at == 0:
                label = escape(clean(self.report.total_label), quote=False)
                cells.append(f'<c r="{letter}{row}" s="{bold}" t="inlineStr"><is><t>{label}</t></is></c>')
            else:
                cells.append(f'<c r="{letter}{row}" s="{bold}"/>')
        yield f'<row r="{row}">{"".join(cells)}</row>'.encode()

    def fill_total(self, tree: Node, row: int) -> None:
        """The blank's own total row: its look, label and formulas stay."""
        for letter, (formula, value) in self._totals().items():
            one = cell(tree, f"{letter}{row}")
            put_number(one, value, formula)
            if (places := self.by_letter[letter].decimals) is not None:
                self.styles.restyle(one, Change(number_format=decimal_format(places)))

    def _totals(self) -> dict[str, tuple[str, float]]:
        """Letter → formula and value."""
        first, last = self.report.first, self.report.first + max(self.report.rows.height, 1) - 1
        sums = {self.letters[name]: value for name, value in self.report.totals.items() if name in self.letters}
        return {letter: (f"SUM({letter}{first}:{letter}{last})", value) for letter, value in sums.items()}


def _width_of(column: pl.Expr) -> pl.Expr:
    return (column.str.len_bytes() + column.str.len_chars()) / 2
