"""Finds what is disputed: each form's values of a fact, column by column, those of one thing held against each other.

A value that is wrong in itself is its unit's to mend and disputes nothing; blanks, formats and spellings are no difference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from reportkit.disputes.marks import marks
from reportkit.disputes.questions import Question, lists, questions
from reportkit.elements import element
from reportkit.templates import Template
from reportkit.units import Units

#: One line a side: what one row states of a disputed fact. ``key`` names the thing over the periods, ``who`` for people; ``own``:
#: whether this is the word that counts.
SCHEMA = pl.Schema(
    {
        **dict.fromkeys(("dispute_id", "entity", "key", "who", "number", "concept", "to"), pl.String()),
        **dict.fromkeys(("department", "template", "title", "unit", "file", "sheet"), pl.String()),
        "row": pl.Int64(),
        **dict.fromkeys(("column", "field", "element", "value"), pl.String()),
        "own": pl.Boolean(),
    }
)
WATCHED = pl.Schema(dict.fromkeys(("dispute_id", "department", "template", "unit", "file", "value"), pl.String()))
#: From which level on two values are two spellings of one, where that is less than the same.
_SPELLINGS = {"address": "similar", "organisation-name": "core", "text": "similar"}
_ADDRESS = ("_file", "_sheet", "_row")


@dataclass(frozen=True, slots=True)
class Disputes:
    """What is disputed in a round.

    Attributes:
        frame: ``SCHEMA``, the sides of a dispute below each other.
        watched: ``WATCHED``, what is said now in disputes that were known before, be they still disputes or not.
        filed: (template, unit) of all forms that hold a row.
    """

    frame: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SCHEMA))
    watched: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=WATCHED))
    filed: frozenset[tuple[str, str]] = frozenset()

    @property
    def number(self) -> int:
        """How many disputes there are."""
        return self.frame["dispute_id"].n_unique()


@dataclass(frozen=True, slots=True)
class Stated:
    """What forms state: the rows of each with ``_file, _sheet, _row, _unit, _entity`` and a column a field, and where columns stand.

    Attributes:
        records: template → its rows of accepted submissions; values canonical, null where blank or wrong in themselves. ``_entity``: the thing that the
            row is about, the same name in all forms.
        templates: template → spec.
        letters: ``template, file, sheet, field, column``.
    """

    records: Mapping[str, pl.DataFrame]
    templates: Mapping[str, Template]
    letters: pl.DataFrame


def find_disputes(stated: Stated, units: Units, known: pl.DataFrame | None = None) -> Disputes:
    """All disputes of a round, by kind of thing and concept, and what is said now in those of ``known`` (``following.KEPT``).

    Only identifiers, names, dates and codes are disputed by any two departments; other facts where a spec names the owner.
    """
    asked = [one for one in questions(stated.templates.values(), units) if _answerable(one, stated)]
    signs = {entity: marks(entity, stated.records, stated.templates) for entity in sorted({one.entity for one in asked})}
    before = pl.DataFrame(schema={"entity": pl.String, "key": pl.String, "concept": pl.String}) if known is None else known
    parts, watched = [pl.DataFrame(schema=SCHEMA)], [pl.DataFrame(schema=WATCHED)]
    for question in asked:
        said = _statements(question, stated)
        named = _named(question, signs[question.entity])
        parts.append(
            _sides(question, said.join(_disputed(question, said), on=["_entity", "party", "template"], how="semi"), named)
        )
        watched.append(_watched(question, said, named, before))
    frame = pl.concat(parts).join(
        stated.letters, on=["template", "file", "sheet", "field"], how="left", maintain_order="left", suffix="_at"
    )
    frame = frame.with_columns(pl.col("column_at").fill_null("").alias("column")).select(SCHEMA.names())
    filed = {(name, unit) for name, rows in stated.records.items() for unit in rows["_unit"].unique()}
    return Disputes(frame, pl.concat(watched), frozenset(filed))


def _answerable(question: Question, stated: Stated) -> bool:
    """Whether any two words can stand against each other: two forms with rows, or one where a unit owns the fact."""
    number = sum(one.template.name in stated.records for one in question.asked)
    return number > 1 or (number == 1 and bool(question.to))


# -- what is said ---------------------------------------------------------------------------------------------


def _statements(question: Question, stated: Stated) -> pl.DataFrame:
    """``_entity, party, template, department, _unit`` and the address and ``value`` of every value; party: whose word it is."""
    parts = []
    for one in question.asked:
        rows = stated.records.get(one.template.name)
        if rows is not None and one.field.name in rows.columns:
            cells = rows.select("_entity", "_unit", *_ADDRESS, pl.col(one.field.name).alias("value"))
            about = {"template": one.template.name, "department": one.template.department, "field": one.field.name}
            about["title"] = one.template.title
            cells = cells.drop_nulls(["_entity", "value"])
            parts.append(cells.with_columns(pl.lit(text).alias(name) for name, text in about.items()))
    every = pl.concat(parts) if parts else pl.DataFrame(schema=_STATEMENTS)
    party = pl.when(pl.col("_unit") == question.to).then("_unit").otherwise("department")
    return every.with_columns(party.alias("party"))


_STATEMENTS = dict.fromkeys(("_entity", "_unit", "_file", "_sheet"), pl.String) | {"_row": pl.Int64} | dict.fromkeys(
    ("value", "template", "department", "field", "title"), pl.String
)  # fmt: skip


# -- what differs ---------------------------------------------------------------------------------------------


def _disputed(question: Question, said: pl.DataFrame) -> pl.DataFrame:
    """``_entity, party, template`` of forms of different parties that differ: no value of the one is any of the other's."""
    several = said.group_by("_entity").agg(
        pl.col("party").n_unique().alias("parties"), pl.col("value").n_unique().alias("values")
    )
    few = said.join(several.filter((pl.col("parties") > 1) & (pl.col("values") > 1)), on="_entity", how="semi")
    words = few.select("_entity", "party", "template", "value").unique()
    pairs = words.join(words, on="_entity", suffix="_other").filter(pl.col("party") < pl.col("party_other"))
    pairs = _comparable(pairs, question)
    pairs = pairs.with_columns(_same(pairs, question.element).alias("same"))
    forms = ("party", "template", "party_other", "template_other")
    apart = _by_owner(pairs.group_by("_entity", *forms).agg(pl.col("same").any()).filter(~pl.col("same")), question)
    either = [
        apart.select("_entity", pl.col(one).alias("party"), pl.col(two).alias("template")) for one, two in (forms[:2], forms[2:])
    ]
    return pl.concat(either).unique()


def _comparable(pairs: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Of code lists only words that both forms offer differ: with another list another word may mean the same."""
    offered = [(name, value) for name, values in lists(question).items() for value in values]
    if not offered:
        return pairs
    known = pl.DataFrame(offered, schema={"template": pl.String, "value": pl.String}, orient="row")
    for template, value in (("template", "value_other"), ("template_other", "value")):
        pairs = pairs.join(known, left_on=[template, value], right_on=["template", "value"], how="semi")
    return pairs


def _same(pairs: pl.DataFrame, kind: str) -> pl.Series:
    """Whether both words of each pair are one, each pair of words compared once."""
    distinct = pairs.select("value", "value_other").unique(maintain_order=True)
    compare, levels = element(kind).compare, element(kind).levels
    least = levels.index(_SPELLINGS.get(kind, levels[-1]))
    graded = (
        compare(distinct["value"].to_list(), distinct["value_other"].to_list()) if distinct.height else np.array([], np.uint8)
    )
    known = distinct.with_columns(pl.Series("same", graded >= least, dtype=pl.Boolean))
    return pairs.join(known, on=["value", "value_other"], how="left", maintain_order="left")["same"]


def _by_owner(apart: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Where the owner has spoken only the difference to its word counts; where it has not, a soft fact is no dispute."""
    if not question.to:
        return apart
    with_owner = pl.col("party").eq(question.to) | pl.col("party_other").eq(question.to)
    spoken = apart.filter(with_owner)
    if not question.hard:
        return spoken
    return pl.concat([spoken, apart.join(spoken, on="_entity", how="anti")])


# -- whom it is about -----------------------------------------------------------------------------------------


def _named(question: Question, signs: pl.DataFrame) -> pl.DataFrame:
    """``_entity, key, who, number``: a thing is known by its number, where that is not itself the question, else by name and unit."""
    itself = question.element in ("identity-number", "credit-code")
    called = pl.concat_str(pl.col("who").fill_null(""), pl.lit("|"), pl.col("unit").fill_null(""))
    key = called if itself else pl.coalesce("number", called)
    return signs.select("_entity", key.alias("key"), pl.col("who", "number").fill_null(""))


def _sides(question: Question, said: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    lines = said.join(named, on="_entity", how="left").with_columns(pl.col("key").fill_null(pl.col("_entity")))
    entities = lines.select("_entity", "key").unique().sort("key", "_entity")
    nth = pl.int_range(pl.len()).over("key")
    ids = [_digest(question, key, at) for key, at in entities.select("key", nth).iter_rows()]
    lines = lines.join(entities.select("_entity", pl.Series("dispute_id", ids, dtype=pl.String)), on="_entity", how="left")
    about = {"entity": question.entity, "concept": question.concept, "to": question.to, "element": question.element}
    address = [pl.col(f"_{name}").alias(name) for name in ("unit", "file", "sheet", "row")]
    lines = lines.with_columns(
        *(pl.lit(text).alias(name) for name, text in about.items()),
        *address,
        pl.lit("").alias("column"),
        pl.col("who", "number").fill_null(""),
        (pl.col("party") == question.to).alias("own"),
    )
    order = ("dispute_id", "own", "department", "template", "file", "sheet", "row")
    return lines.select(SCHEMA.names()).sort(order, descending=[name == "own" for name in order])


def _digest(question: Question, key: str, at: int) -> str:
    """A dispute's name over the periods; things that nothing tells apart are numbered."""
    text = "\x1f".join((question.entity, question.concept, key, *([str(at)] if at else [])))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _watched(question: Question, said: pl.DataFrame, named: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    mine = known.filter((pl.col("entity") == question.entity) & (pl.col("concept") == question.concept))
    if not mine.height:
        return pl.DataFrame(schema=WATCHED)
    about = mine.select("dispute_id", "key").join(named.select("_entity", "key"), on="key")
    lines = said.join(about, on="_entity").rename({"_unit": "unit", "_file": "file"})
    return lines.select(WATCHED.names()).unique().sort(WATCHED.names())
