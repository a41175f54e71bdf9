"""What is kept of linkage, to link next month's records as this month's were: weights, cut, rules and frequencies as one document."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict

from reportkit.linkage.decisions import Decisions
from reportkit.linkage.hashing import mixed
from reportkit.linkage.keys import Key, Rule
from reportkit.linkage.learning import Known
from reportkit.linkage.model import Model
from reportkit.linkage.settlement import Settler
from reportkit.linkage.values import Column, LinkField, Totals, encode_one

Level = tuple[float, ...]


class KeptField(BaseModel):
    """A field, how often it is filled, and how often two records of different things agree in it."""

    model_config = ConfigDict(frozen=True)

    name: str
    element: str
    concept: str
    key: bool
    values: tuple[str, ...]
    shared: bool
    alone: bool
    filled: float
    chance: float


class KeptRule(BaseModel):
    """A blocking rule: fields and parts of their values; ``crowds`` are the keys of blocks too large to compare."""

    model_config = ConfigDict(frozen=True)

    keys: tuple[tuple[str, str], ...]
    crowds: tuple[int, ...]


class Learnt(BaseModel):
    """Everything that weighs a pair of records. ``hashes``: the version of polars whose hashes the keys are."""

    model_config = ConfigDict(frozen=True)

    hashes: str
    fields: tuple[KeptField, ...]
    rules: tuple[KeptRule, ...]
    m: tuple[tuple[Level, Level], ...]
    u: tuple[Level, ...]
    near: tuple[Level, ...]
    parents: tuple[int, ...]
    given: tuple[Level, ...]
    classes: Level
    cut: float
    identifier: str
    names: tuple[int, ...]

    @classmethod
    def of(cls, known: Known, rules: Sequence[Rule]) -> Learnt:
        """What was learnt, as a document."""
        model = known.model
        return cls(
            hashes=pl.__version__,
            fields=tuple(
                _kept(column, shared=bool(shared), alone=bool(alone))
                for column, shared, alone in zip(known.columns, known.shared, model.alone, strict=True)
            ),
            rules=tuple(_kept_rule(known.columns, rule) for rule in rules),
            m=tuple((_level(one[0]), _level(one[1])) for one in model.m),
            u=tuple(map(_level, model.u)),
            near=tuple(map(_level, model.near)),
            parents=model.parents,
            given=tuple(map(_level, model.given)),
            classes=_level(np.maximum(model.classes, _NOTHING)),
            cut=known.cut,
            identifier=known.settler.identifier.field.name if known.settler.identifier else "",
            names=known.settler.names,
        )

    @property
    def shared(self) -> np.ndarray:
        """Which fields are a household's."""
        return np.array([one.shared for one in self.fields], dtype=np.bool_)

    def own_columns(self, records: pl.DataFrame) -> list[Column]:
        """The fields' values, with frequencies among these records."""
        fields = [LinkField(one.name, one.element, one.concept, one.key, one.values) for one in self.fields]
        return [encode_one(records[field.name], field) for field in fields]

    def columns(self, records: pl.DataFrame, counts: pl.DataFrame, old: int | None = None) -> list[Column]:
        """The fields' values, with frequencies among all records: ``counts`` says of each value how many hold it.

        Where the first ``old`` records were counted without the others, and these without them, both counts are added.
        """
        found = []
        for one, column in zip(self.fields, self.own_columns(records), strict=True):
            every = np.zeros(len(column.words))
            for part in (slice(0, old), slice(old, None)) if old is not None else (slice(None),):
                codes, number = column.codes[part], counts[one.name].to_numpy()[part]
                held = np.zeros(len(column.words))
                held[codes[codes >= 0]] = number[codes >= 0]
                every += held
            totals = Totals(max(one.filled, float(every.sum())), one.chance)
            found.append(Column(column.field, column.codes, column.words, every, column.valid, totals))
        return found

    def known(self, columns: Sequence[Column]) -> Known:
        """What was learnt, for other records' columns."""
        model = Model(
            tuple(np.array(one) for one in self.m),
            self.parents,
            tuple(map(np.array, self.u)),
            tuple(map(np.array, self.near)),
            np.array(self.given).reshape(len(self.fields), len(self.fields)),
            np.array([one.alone for one in self.fields], dtype=np.bool_),
            self.shared,
            np.array(self.classes),
        )
        own = next((column for column in columns if column.field.name == self.identifier), None)
        size = len(columns[0].codes) if columns else 0
        return Known(
            columns,
            self.shared,
            Settler(columns, own, self.names),
            Decisions.of(None, np.arange(size, dtype=np.uint32)),
            model,
            self.cut,
        )


#: The logarithm of a class that there is none of, as a number that JSON can hold.
_NOTHING = -1e4


def _kept(column: Column, *, shared: bool, alone: bool) -> KeptField:
    field = column.field
    return KeptField(
        name=field.name,
        element=field.element,
        concept=field.concept,
        key=field.key,
        values=field.values,
        shared=shared,
        alone=alone,
        filled=column.filled,
        chance=column.chance,
    )


def _kept_rule(columns: Sequence[Column], rule: Rule) -> KeptRule:
    keys = _named(rule.keys)
    if not rule.crowds:
        return KeptRule(keys=keys, crowds=())
    hashes = hashed(columns, keys)
    return KeptRule(keys=keys, crowds=tuple(hashes[row] for row, _ in rule.crowds))


def _named(keys: Sequence[Key]) -> tuple[tuple[str, str], ...]:
    return tuple((key.column.field.name, key.part.name if key.part else "") for key in keys)


def _level(values: np.ndarray) -> Level:
    return tuple(map(float, values))


# -- keys ------------------------------------------------------------------------------------------------


def hashed(columns: Sequence[Column], keys: Sequence[tuple[str, str]]) -> pl.Series:
    """A rule's key of every record as one UInt64; null where it has none."""
    at = {column.field.name: column for column in columns}
    if not keys:
        return pl.zeros(len(columns[0].codes) if columns else 0, dtype=pl.UInt64, eager=True)
    hashes = [_hashes(at[name], part) for name, part in keys]
    whole = hashes[0][0]
    for more, _ in hashes[1:]:
        whole = mixed(whole ^ mixed(more))
    has = np.logical_and.reduce([one for _, one in hashes])
    return pl.select(pl.when(pl.Series(has)).then(pl.Series(whole))).to_series()


def _hashes(column: Column, part: str) -> tuple[np.ndarray, np.ndarray]:
    parts = {one.name: one for one in column.element.linking.parts}
    words = parts[part].cut(column.words) if part else column.words
    table = np.append(words.hash(seed=0).to_numpy(), np.uint64(0))
    there = np.append(words.is_not_null().to_numpy(), np.False_)
    return table[column.codes], there[column.codes]


def dense(keys: pl.Series) -> np.ndarray:
    """Keys as codes 0 …; -1 for none."""
    return keys.rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1
