"""A template's rules as polars expressions, made once: guarded, typed, tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from reportkit.findings import SCHEMA
from reportkit.periods import Period
from reportkit.rulebook.broken import Broken, nearest
from reportkit.rulebook.functions import tell, told_columns
from reportkit.rulebook.phrases import Phrase, Source, first, phrase
from reportkit.rulebook.tokens import Sort, Token
from reportkit.rulebook.tolerance import NOISE, lost, margin, open_interval
from reportkit.rulebook.trial import family
from reportkit.rules import Missing, Operator, Rule
from reportkit.templates import Template

#: What a rule's words may name beside fields; ``left``, ``right`` and ``difference`` where there are two sides.
NAMED = frozenset({"value", "rule", *SCHEMA})
SIDES = ("left", "right", "difference")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule ready to run.

    Attributes:
        holds: Boolean: whether the row is fine; null where it is not judged.
        when: Boolean: whether the rule speaks of the row; None for all rows.
        sides: left and right of a two-sided rule.
        difference: left less right where both are numbers or days.
        noise: Boolean, of rows that fail: whether they do by no more than what floats lose.
        fields: what check or sides name.
        reads: what the whole rule names.
        cell: the field whose cell a finding marks; "" for the whole row.
        normal: the rule in SQL, the same for rules that say the same.
    """

    rule: Rule
    holds: pl.Expr
    fields: tuple[str, ...]
    cell: str
    normal: str
    when: pl.Expr | None = None
    sides: tuple[pl.Expr, pl.Expr] | None = None
    difference: pl.Expr | None = None
    noise: pl.Expr | None = None
    reads: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[pl.Expr, ...]:
        """All its expressions."""
        every = (self.holds, self.when, *(self.sides or ()), self.difference, self.noise)
        return tuple(one for one in every if one is not None)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A template's rules in force.

    Attributes:
        kinds: what its fields hold.
        told: columns that rules read beside the fields → the field that tells each.
        unusable: rules that do not fit the fields, and why.
    """

    kinds: Mapping[str, pl.DataType]
    rules: tuple[Compiled, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)
    unusable: tuple[tuple[Rule, str], ...] = ()

    @classmethod
    def of(cls, source: Source, rules: tuple[Compiled, ...]) -> Rulebook:
        """Rules and what they read."""
        known: dict[str, str] = {}
        for one in rules:
            known |= told_columns(one.normal)
        return cls(source.kinds, rules, known)

    @property
    def names(self) -> frozenset[str]:
        """The fields that its rules read, mark or name in their words."""
        read = {name for one in self.rules for part in one.parts for name in part.meta.root_names()}
        said = {name for one in self.rules for name in (one.cell, *one.fields, *one.rule.placeholders)}
        return frozenset((read | said | set(self.told.values())) & self.kinds.keys())

    def read(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The frame with what identity numbers tell."""
        return frame.with_columns(tell(column, holder) for column, holder in self.told.items())


def compile_rules(template: Template, period: Period) -> Rulebook:
    """The rules in force at the period's end.

    What ``load_spec`` let pass can be used; where a template was changed since, by what its submissions show its fields to be, a rule
    that no longer fits is ``unusable`` and judges nothing.
    """
    source = Source.of(template, period)
    ready: list[Compiled] = []
    unusable: list[tuple[Rule, str]] = []
    for rule in template.rules:
        if rule.holds(period.last):
            try:
                ready.append(compile_rule(rule, source))
            except Broken as broken:
                unusable.append((rule, str(broken.facts.get("why") or broken.facts.get("field") or broken.code)))
    return replace(Rulebook.of(source, tuple(ready)), unusable=tuple(unusable))


def compile_rule(rule: Rule, source: Source) -> Compiled:
    """One rule.

    Raises:
        Broken: it cannot be used; its ``place`` begins with the key that is wrong.
    """
    made, phrases = _one_sided(rule, source) if rule.check else _two_sided(rule, source)
    if not made.fields:
        raise Broken("rule-no-field", "check" if rule.check else "left")
    when = _boolean(rule.when, source, "when") if rule.when else None
    _check_words(rule, source)
    normal = " ".join([*(one.sql for one in phrases), rule.op, str(rule.tolerance), rule.missing, when.sql if when else ""])
    holds = _failing_blanks(made.holds, made.fields) if rule.missing is Missing.FAIL else made.holds
    made = replace(made, holds=holds, normal=normal, cell=rule.cell or made.cell, reads=made.fields)
    return made if when is None else replace(made, when=when.expression, reads=_fields(*phrases, when))


def _boolean(text: str, source: Source, key: str, *, zero: bool = False) -> Phrase:
    made = phrase(text, source, key, zero=zero)
    if made.kind != pl.Boolean():
        raise Broken("rule-not-boolean", key)
    return made


def _fields(*phrases: Phrase) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in phrases for name in one.fields))


def _one_sided(rule: Rule, source: Source) -> tuple[Compiled, tuple[Phrase, ...]]:
    check = _boolean(rule.check, source, "check", zero=rule.missing is Missing.ZERO)
    return Compiled(rule, check.expression, check.fields, first([check]), ""), (check,)


def _two_sided(rule: Rule, source: Source) -> tuple[Compiled, tuple[Phrase, ...]]:
    zero = rule.missing is Missing.ZERO
    left, right = phrase(rule.left, source, "left", zero=zero), phrase(rule.right, source, "right", zero=zero)
    sides = left.expression, right.expression
    made = Compiled(rule, pl.lit(value=True), _fields(left, right), first([left, right]), "", sides=sides)
    if rule.op in (Operator.BOTH, Operator.ONE):
        return replace(made, holds=_together(rule.op, *sides)), (left, right)
    if family(left.kind) != family(right.kind):
        raise Broken("rule-kinds", "left", left=rule.left, right=rule.right)
    if family(left.kind) in ("number", "date"):
        return _reckoned(made, left, right, source), (left, right)
    return replace(made, holds=_PLAIN[rule.op](*sides)), (left, right)


def _together(op: Operator, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    if op is Operator.BOTH:
        return left.is_null() == right.is_null()
    return ~(left.is_not_null() & right.is_not_null())


_PLAIN = {
    Operator.EQUAL: pl.Expr.eq,
    Operator.UNEQUAL: pl.Expr.ne,
    Operator.LESS: pl.Expr.lt,
    Operator.AT_MOST: pl.Expr.le,
    Operator.MORE: pl.Expr.gt,
    Operator.AT_LEAST: pl.Expr.ge,
}


def _reckoned(made: Compiled, left: Phrase, right: Phrase, source: Source) -> Compiled:
    """Numbers, or days as numbers: the difference within its margin; whole numbers without one are held as they are."""
    whole = all(one.kind.is_integer() or one.kind == pl.Date() for one in (left, right))
    to = pl.Int64 if whole else pl.Float64
    one, other = left.expression.cast(to), right.expression.cast(to)
    difference = one - other
    text = str(made.rule.tolerance)
    open_by = _open(left, right, source) if text == "auto" else 0.0
    by = margin(text, other, open_by)
    if whole and isinstance(by, float) and by == 0:
        return replace(made, holds=_PLAIN[made.rule.op](one, other), difference=difference)
    numbers = [name for name in made.fields if source.kinds[name].is_numeric()]
    lenient = made.rule.op in (Operator.EQUAL, Operator.AT_MOST, Operator.AT_LEAST)
    noise = _within(made.rule.op, difference, by + lost((one, other), numbers)) if lenient else None
    return replace(made, holds=_within(made.rule.op, difference, by + NOISE), difference=difference, noise=noise)


def _open(left: Phrase, right: Phrase, source: Source) -> pl.Expr | float:
    opening, closing = Token(Sort.SIGN, "("), Token(Sort.SIGN, ")")
    minus = Token(Sort.SIGN, "-")
    pieces = [opening, *left.tokens, closing, minus, opening, *right.tokens, closing]
    return open_interval(pieces, source.decimals, source.period)


def _within(op: Operator, difference: pl.Expr, by: pl.Expr | float) -> pl.Expr:
    """``by`` opens a bound that may be reached, and closes one that may not."""
    match op:
        case Operator.EQUAL:
            return difference.abs() <= by
        case Operator.AT_MOST:
            return difference <= by
        case Operator.AT_LEAST:
            return difference >= -by
        case Operator.LESS:
            return difference < by - 2 * NOISE
        case Operator.MORE:
            return difference > 2 * NOISE - by
        case _:
            return difference.abs() > by


def _failing_blanks(holds: pl.Expr, fields: tuple[str, ...]) -> pl.Expr:
    blank = pl.any_horizontal(pl.col(name).is_null() for name in fields)
    return pl.when(holds.is_null() & blank).then(statement=False).otherwise(holds)


def _check_words(rule: Rule, source: Source) -> None:
    """The cell to mark and the names in messages exist."""
    if rule.cell and rule.cell not in source.kinds:
        raise Broken("rule-column", "cell", field=rule.cell, suggestion=nearest(rule.cell, source.kinds))
    known = {*source.kinds, *NAMED, *(SIDES if rule.left else ())}
    for name in rule.placeholders:
        if name not in known:
            raise Broken("rule-placeholder", "message", field=name, suggestion=nearest(name, known))
