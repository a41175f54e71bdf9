"""Units named that don't exist: what stands among names of units and is none of ``units.csv``, with the unit that is likely meant.

Which fields name units their values tell, over all that came in; a header that asks for a village or a township needs fewer of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import polars as pl

from reportkit.elements import ELEMENTS
from reportkit.fields.headers import attribute, lexicon, word
from reportkit.records import UNIT, Records
from reportkit.rulebook.tables import UNITS
from reportkit.templates import Field, Template
from reportkit.units import Unit, Units, stem

if TYPE_CHECKING:  # most lists are no statistics forms
    from reportkit.grids import Label

CODE = "unit-not-listed"
#: Elements of fields that may name units; a code has a list of its own.
_ELEMENTS = frozenset({"text", "place", "organisation-name", "address"})
#: Attributes that ask for a unit, and beginnings of those that ask where somebody comes from: mostly places that no one lists.
_ASK = frozenset({"village", "township"})
_FROM = ("registered", "origin", "native", "birth")
#: So many different names of units make a field one of units, where its header does not ask for them.
_SEVERAL = 3
#: Share of rows that has to name a unit or nearly one: of all rows, and of those of the unit whose row is judged.
_MOST, _OWN = 0.8, 0.5
#: A field with more different values than this for each unit holds other things.
_VALUES = 10
#: From this level of likeness on a name is another one misspelt.
_NEAR = ELEMENTS["place"].levels.index("near")
#: A place's own name has so many characters, where more than its end is looked at.
_SHORTEST = 2
#: What names no one place: 其他, 外地, 本区.
_ANY = re.compile(r"[本外他某各全跨]|其[他它余]|有关|相关|所有")
_HAN = re.compile("[㐀-鿿]+")


def unlisted(records: Records, units: Units) -> Iterator[pl.DataFrame]:
    """Cells that name a unit which is not listed, columns of ``findings.SCHEMA``; none without units."""
    for field in records.template.fields if len(units) else ():
        if _may_name(field, records.template):
            yield from _strangers(records, field, units)


def looks_unlisted(text: str, units: Units) -> bool:
    """Whether a text reads as a unit's name and no unit bears it: ``高新区``; not ``其他``, nor a place inside a listed unit."""
    rest = units.unlisted(text)
    return len(stem(rest)) >= _SHORTEST and _HAN.fullmatch(rest) is not None and not _ANY.match(rest)


def nearest(asked: Sequence[tuple[str, Sequence[Unit]]], units: Units) -> list[str]:
    """For texts, each with the units that it may mean, the name of the one that is clearly meant: ``登洲街道`` → ``登州街道``.

    "" where a text names a listed unit, where no unit's name is near (it shares a character at least), and where several are as near.
    """
    pairs = [
        (at, bare, own, unit.name)
        for at, (text, among) in enumerate(asked)
        if (rest := units.unlisted(text)) and len(bare := stem(rest) or rest) >= _SHORTEST
        for unit in among
        for own in {stem(one) or one for one in (unit.name, *unit.aliases)}
        if not set(bare).isdisjoint(own)
    ]
    levels = ELEMENTS["place"].compare([bare for _, bare, _, _ in pairs], [own for _, _, own, _ in pairs])
    likest: dict[int, tuple[int, set[str]]] = {}
    for (at, _, _, name), level in zip(pairs, levels.tolist(), strict=True):
        best, names = likest.get(at, (_NEAR, set()))
        if level >= best:
            likest[at] = (level, {name} | (names if level == best else set()))
    return [names.pop() if len(names := likest.get(at, (0, set()))[1]) == 1 else "" for at in range(len(asked))]


def _near(code: str, units: Units) -> tuple[Unit, ...]:
    """The units that one with that code may mean; all where nobody knows who it is."""
    unit = units.get(code)
    return units.around(unit) if unit else tuple(units)


def unlisted_labels(labels: Iterable[Label], of_template: Iterable[str], unit: str, units: Units) -> Iterator[tuple[Label, str]]:
    """Labels of a unit's form that name a unit which is not listed, with the one that is likely meant, "" where none is.

    Args:
        labels: those that the template does not have, all of rows or all of columns.
        of_template: the template's own labels on that side; they tell whether units stand there.
        unit: the code of the unit whose form it is.
        units: those that may be named.
    """
    wanted = {leaf for label in of_template if (leaf := label.split(">")[-1])}
    listed = {leaf for leaf in wanted if units.lists(leaf)}
    if len(listed) < _SEVERAL or len(listed) <= _OWN * len(wanted):
        return
    among, given = _near(unit, units), list(labels)
    leaves = [label.text.split(">")[-1] for label in given]
    for label, leaf, meant in zip(given, leaves, nearest([(leaf, among) for leaf in leaves], units), strict=True):
        if meant or looks_unlisted(leaf, units):
            yield label, meant


def _may_name(field: Field, template: Template) -> bool:
    """A list of values or a reference to the units themselves says more about a wrong name."""
    referred = any(field.name in key.fields and key.reference.resource == UNITS for key in template.table_schema.foreignKeys)
    return field.element in _ELEMENTS and not field.values and not referred and not _asked(field).startswith(_FROM)


def _asked(field: Field) -> str:
    """What a field asks for, by its concept, else by its header."""
    named = [part for part in field.concept.split(".")[1:] if part in lexicon().attributes or part.startswith(_FROM)]
    return named[0] if named else attribute(word(field.name.split(">")[-1]).name)[0]


def _strangers(records: Records, field: Field, units: Units) -> Iterator[pl.DataFrame]:
    values = records.right(field.name)
    if values.null_count() == len(values) or values.n_unique() > _VALUES * len(units):
        return
    said = records.frame.select(UNIT, values.alias("value")).with_row_index("place").drop_nulls("value")
    names = said.group_by(UNIT, "value", maintain_order=True).len()
    whole = pl.Series([units.lists(value) for value in names["value"]], dtype=pl.Boolean)
    if names.filter(whole)["len"].sum() < _OWN * said.height:
        return
    told = names.with_columns(whole.alias("whole"), *_told(names, units))
    rows = said.join(_judged(told, field), on=[UNIT, "value"], maintain_order="left")
    if rows.height:
        cells = records.cells(field.name, rows["place"]).with_columns(rows["nearest"].alias("suggestion"))
        yield cells.with_columns(pl.lit(CODE).alias("code"), pl.lit(field.name).alias("field"), pl.col("written").alias("value"))


def _told(names: pl.DataFrame, units: Units) -> tuple[pl.Series, pl.Series]:
    """Of each unit's each value whether it is a name that no unit bears, and the unit that is meant by it."""
    near = {code: _near(code, units) for code in names[UNIT].unique()}
    lines = list(names.select(UNIT, "value").iter_rows())
    meant = pl.Series("nearest", nearest([(value, near[unit]) for unit, value in lines], units), dtype=pl.String)
    looks = pl.Series("strange", [looks_unlisted(value, units) for _, value in lines], dtype=pl.Boolean)
    return looks | (meant != ""), meant


def _judged(told: pl.DataFrame, field: Field) -> pl.DataFrame:
    """The values to be told of: strange ones in a field of units, of units that do name listed ones in it."""
    fits = pl.col("whole") | (pl.col("nearest") != "")
    listed = told.filter("whole")["value"].n_unique()
    others = told.filter(~fits)["value"].n_unique()
    least = others if _asked(field) in _ASK else max(others + 1, _SEVERAL)
    share = float(told.select(pl.col("len").filter(fits).sum() / pl.col("len").sum()).item())
    own = pl.col("len").filter(fits).sum().over(UNIT) / pl.col("len").sum().over(UNIT)
    return told.filter(own >= _OWN, "strange") if share >= _MOST and listed >= least else told.clear()
