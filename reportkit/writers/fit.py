"""Room for what is written: columns wide enough for ids, dates and numbers, rows high enough for long texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

#: Excel's widths count digits of the 11-point default font, 7 pixels each; 5 pixels of a column are margin.
_DIGIT, _MARGIN = 7.0, 5.0
_WIDEST, _HIGHEST = 60.0, 409.0


@dataclass(frozen=True, slots=True)
class Room:
    """One column's place: its width in Excel's measure, its font's size in points, whether long text breaks into lines."""

    field: str
    width: float
    size: float
    wraps: bool


def shown(text: pl.Expr) -> pl.Expr:
    """How many half-widths a text takes: a Han character, three bytes long, takes two."""
    return (text.str.len_chars() + text.str.len_bytes()) / 2


def capacity(width: float, size: float) -> int:
    """How many half-widths stand in one line of a column."""
    return max(2, int((width * _DIGIT - _MARGIN) / (size * 2 / 3)))


def width_for(halves: float, size: float) -> float:
    """The width in which that many half-widths stand in one line."""
    return min(_WIDEST, round((halves * size * 2 / 3 + 2 * _MARGIN) / _DIGIT, 2))


def needed_widths(rows: pl.DataFrame, rooms: Sequence[Room]) -> dict[str, float]:
    """Field → a greater width, for fields that hold nothing that may break: ids, dates, numbers, single words of Latin letters."""
    wider = {}
    for room in rooms:
        values = rows[room.field].drop_nulls()
        halves = values.to_frame().select(shown(pl.col(room.field)).max()).item() or 0
        breaks = room.wraps and (values.str.contains(r"[\p{Han}\s]").any() or halves > _WIDEST)
        needed = width_for(halves, room.size)
        if not breaks and needed > room.width:
            wider[room.field] = needed
    return wider


def heights(rows: pl.DataFrame, rooms: Sequence[Room], least: float) -> pl.Series | None:
    """Each row's height in points as an attribute text, null where ``least`` is enough; None where it is for all."""
    wrapping = [room for room in rooms if room.wraps]
    if not wrapping or not rows.height:
        return None
    tall = rows.select(pl.max_horizontal(_lines(rows, room) * (room.size * 1.32) + 3 for room in wrapping).alias("pt"))
    needed = pl.col("pt").clip(upper_bound=_HIGHEST).round(1)
    text = pl.format(' ht="{}" customHeight="1"', needed)
    found = tall.select(pl.when(pl.col("pt") > least).then(text).alias("ht"))["ht"]
    return None if found.null_count() == len(found) else found


def _lines(rows: pl.DataFrame, room: Room) -> pl.Expr:
    """Lines that a cell takes; words and numbers that do not break at a line's end cost some room."""
    fits = capacity(room.width, room.size)
    value = pl.col(room.field)
    if rows[room.field].str.contains("\n").any():
        parts = value.str.split("\n").list.eval(_broken(pl.element(), fits))
        return parts.list.sum().fill_null(0)
    return _broken(value, fits).fill_null(0)


def _broken(text: pl.Expr, fits: int) -> pl.Expr:
    halves = shown(text)
    return pl.when(halves <= fits).then(1.0).otherwise((halves * 1.1 / (fits - fits % 2)).ceil())
