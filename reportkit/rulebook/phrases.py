"""One expression of a rule: read, guarded, put in SQL, tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from reportkit.periods import Period
from reportkit.rulebook.broken import Broken
from reportkit.rulebook.functions import expand
from reportkit.rulebook.guard import guard_row, with_days
from reportkit.rulebook.kinds import kinds
from reportkit.rulebook.tokens import Names, Sort, Token, scan, spell
from reportkit.rulebook.trial import compiled
from reportkit.templates import Template


@dataclass(frozen=True, slots=True)
class Source:
    """What a template's rules are read against."""

    kinds: Mapping[str, pl.DataType]
    decimals: Mapping[str, int]
    names: Names
    period: Period

    @classmethod
    def of(cls, template: Template, period: Period) -> Source:
        """The fields or cells of a template, in a period."""
        known = kinds(template)
        stated = [(one.name, one.decimals) for one in template.fields] + [(one.name, one.decimals) for one in template.cells]
        decimals = {name: number for name, number in stated if number is not None}
        return cls(known, decimals, Names(tuple(known)), period)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One expression of a rule: its pieces as written, its SQL, and what it gives."""

    tokens: tuple[Token, ...]
    sql: str
    expression: pl.Expr
    kind: pl.DataType

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it names, in its order."""
        return tuple(dict.fromkeys(token.text for token in self.tokens if token.sort is Sort.NAME))


def phrase(text: str, source: Source, key: str, *, zero: bool = False) -> Phrase:
    """One expression of a rule; ``key`` is where it stands in the spec, ``zero``: blank numbers are nothing.

    Raises:
        Broken: it cannot be used.
    """
    try:
        tokens = scan(text, source.names)
        guard_row(tokens, source.kinds)
        tokens = with_days(tokens, source.kinds)
        counted = [_or_nothing(token, source.kinds) for token in tokens] if zero else tokens
        sql = spell(expand(counted, source.period))
        expression, kind = compiled(sql, source.kinds)
    except Broken as broken:
        raise broken.at(key) from None
    return Phrase(tuple(tokens), sql, expression, kind)


def _or_nothing(token: Token, known: Mapping[str, pl.DataType]) -> Token:
    number = token.sort is Sort.NAME and known[token.text].is_numeric()
    return Token(Sort.SQL, f"COALESCE({token.spelt}, 0)") if number else token


def first(phrases: Sequence[Phrase]) -> str:
    """The field whose cell a finding marks where the rule does not say: the left side's first, or the only one that a check names."""
    fields = phrases[0].fields
    return fields[0] if len(phrases) == 2 and fields else fields[0] if len(fields) == 1 else ""
