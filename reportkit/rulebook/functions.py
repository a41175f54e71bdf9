"""What becomes of the words that a rule may call: those of polars as they are or made safe, and ours as SQL that polars runs.

Which they are and what each means stands in ``vocabulary``. A division by zero is blank, and so is what cannot be cast; whole numbers
never run over. A day less a day is no number: write ``days_between``. The day of the run is not to be had: write ``period_end``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from reportkit.periods import Period
from reportkit.rulebook.broken import Broken
from reportkit.rulebook.tokens import CLOSE, OPEN, Sort, Token, called, closing, spell, split
from reportkit.rulebook.vocabulary import Subject, words

AGGREGATES = words(Subject.ROWS)
CONSTANTS = words(Subject.PERIOD)
_TOLD = words(Subject.IDENTITY)
#: Everything that may stand before a bracket in a rule about a row, and in a query also what looks along the rows.
ROW_FUNCTIONS = words(Subject.DAY, Subject.IDENTITY, Subject.NUMBER, Subject.BLANK, Subject.TEXT, Subject.ROWS)
SQL_FUNCTIONS = ROW_FUNCTIONS | words(Subject.ORDER)
#: Calls at which the engine panics, loudly, where they are given nothing.
_SOME = frozenset({"least", "greatest", "coalesce", "concat"})
#: Calls whose SQL says their argument more than once: it doubles where they stand in one another; and how long it may grow.
_REPEATING = frozenset({"sqrt", "strpos", "contains", "years_between", "months_between"})
_LONGEST, _DEEPEST = 50_000, 10
#: What polars gives in so few bits that sums of it run over.
_NARROW = frozenset({"length", "char_length", "extract", "date_part", "year", "month", "day", "quarter", "week", "dayofweek"})


@dataclass(frozen=True, slots=True)
class _Own:
    """A function of ours: how many arguments, and the SQL that stands for it."""

    arguments: int
    sql: str


def _day(name: str) -> str:
    parts = "CAST(EXTRACT(MONTH FROM {0}) AS INT) * 100 + CAST(EXTRACT(DAY FROM {0}) AS INT)"
    return parts.replace("{0}", name)


_LATER = f"CASE WHEN {_day('{1}')} < {_day('{0}')} THEN 1 ELSE 0 END"
_YEARS = "(CAST(EXTRACT(YEAR FROM {1}) AS BIGINT) - CAST(EXTRACT(YEAR FROM {0}) AS BIGINT)"
_MONTHS = "CAST(EXTRACT(MONTH FROM {1}) AS BIGINT) - CAST(EXTRACT(MONTH FROM {0}) AS BIGINT)"
_EARLIER_DAY = "CASE WHEN EXTRACT(DAY FROM {1}) < EXTRACT(DAY FROM {0}) THEN 1 ELSE 0 END"

OWN: Mapping[str, _Own] = {
    "years_between": _Own(2, f"({_YEARS}) - {_LATER})"),
    "months_between": _Own(2, f"({_YEARS}) * 12 + {_MONTHS} - {_EARLIER_DAY})"),
    "days_between": _Own(2, "(CAST({1} AS BIGINT) - CAST({0} AS BIGINT))"),
    "matches": _Own(2, "REGEXP_LIKE({0}, {1})"),
    "contains": _Own(2, "(CASE WHEN {0} IS NOT NULL THEN STRPOS({0}, {1}) > 0 END)"),
}


def expand(tokens: Sequence[Token], period: Period) -> list[Token]:
    """A rule without functions of ours, divisions by zero blank, whole numbers wide.

    Raises:
        Broken: a bracket that is not closed, a wrong number of arguments.
    """
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        piece, at = _piece(tokens, at, period)
        out += _unless_zero(piece) if _divides(out) else piece
    return out


def _divides(before: Sequence[Token]) -> bool:
    """Whether what comes next is divided by, with or without a sign of its own."""
    last = before[:-1] if before and before[-1].sign("-", "+") else before
    return bool(last) and last[-1].sign("/", "//", "%")


def _piece(tokens: Sequence[Token], at: int, period: Period) -> tuple[list[Token], int]:
    """The next piece with its brackets, and where the one after it begins."""
    token = tokens[at]
    if token.sort is Sort.WORD and token.text.lower() in CONSTANTS:
        day = period.first if token.text.lower() == "period_start" else period.last
        return [Token(Sort.SQL, f"DATE '{day.isoformat()}'")], at + 1
    if token.sign("("):
        end = closing(tokens, at)
        return [OPEN, *expand(tokens[at + 1 : end], period), CLOSE], end + 1
    if token.word("case"):
        end = _case_end(tokens, at)
        return [token, *expand(tokens[at + 1 : end], period), tokens[end]], end + 1
    if token.word(*AGGREGATES) and called(tokens, at):
        return _aggregate(tokens, at, period)
    if token.word(*SQL_FUNCTIONS) and called(tokens, at):
        end = closing(tokens, at + 1)
        sql = _call(token.text.lower(), tokens[at + 2 : end], period)
        if token.word(*_REPEATING) and len(sql) > _LONGEST:
            raise Broken("rule-too-deep", most=_DEEPEST)
        return [Token(Sort.SQL, sql)], end + 1
    if token.sort in (Sort.WORD, Sort.NAME) and at + 2 < len(tokens) and tokens[at + 1].sign("."):
        return list(tokens[at : at + 3]), at + 3
    return [token], at + 1


def _case_end(tokens: Sequence[Token], at: int) -> int:
    depth = 0
    for end in range(at, len(tokens)):
        depth += tokens[end].word("case") - tokens[end].word("end")
        if depth == 0:
            return end
    raise Broken("rule-bracket", sign="CASE")


def _aggregate(tokens: Sequence[Token], at: int, period: Period) -> tuple[list[Token], int]:
    """An aggregate with its window; counts come in so few bits that differences of them run over."""
    name, end = tokens[at].text.upper(), closing(tokens, at + 1)
    sql = f"{name}({spell(expand(tokens[at + 2 : end], period))})"
    if end + 2 < len(tokens) and tokens[end + 1].word("over") and called(tokens, end + 1):
        window = closing(tokens, end + 2)
        sql += f" OVER ({spell(expand(tokens[end + 3 : window], period))})"
        end = window
    filtered = end + 1 < len(tokens) and tokens[end + 1].word("filter")
    return [Token(Sort.SQL, sql if filtered or name != "COUNT" else f"CAST({sql} AS BIGINT)")], end + 1


def _unless_zero(piece: list[Token]) -> list[Token]:
    plain = len(piece) == 1 and piece[0].sort is Sort.NUMBER and float(piece[0].text) != 0
    return piece if plain or piece[0].sign("-", "+") else [Token(Sort.SQL, f"NULLIF({spell(piece)}, 0)")]


def _call(name: str, inside: Sequence[Token], period: Period) -> str:
    parts = split(inside)
    if name in _TOLD:
        return _told(name, parts, period)
    given = [spell(expand(one, period)) for one in parts]
    # From the parts: what is expanded twice at each level is never done where calls stand in calls.
    body = " , ".join(given)
    if name in _SOME and not given:
        raise Broken("rule-arguments", function=name, wanted="1+", given=0)
    if name in OWN:
        _counted(name, given, OWN[name].arguments)
        return _filled(OWN[name].sql, given)
    if name in _REWRITTEN:
        return _REWRITTEN[name](body, given)
    plain = f"{name.upper()}({body})"
    return f"CAST({plain} AS BIGINT)" if name in _NARROW else plain


def _filled(sql: str, given: Sequence[str]) -> str:
    return re.sub(
        r"\{(\d)\}", lambda match: f"({given[int(match[1])]})" if " " in given[int(match[1])] else given[int(match[1])], sql
    )


def _counted(name: str, given: Sequence[object], wanted: int) -> None:
    if len(given) != wanted:
        raise Broken("rule-arguments", function=name, wanted=wanted, given=len(given))


def _second_not_zero(function: str) -> Callable[[str, list[str]], str]:
    def sql(body: str, given: list[str]) -> str:
        return f"{function}({given[0]}, NULLIF({given[1]}, 0))" if len(given) == 2 else f"{function}({body})"

    return sql


def _root(body: str, _: list[str]) -> str:
    return f"SQRT(CASE WHEN {body} >= 0 THEN {body} END)"


def _position(body: str, given: list[str]) -> str:
    return f"(CASE WHEN {given[0]} IS NOT NULL THEN STRPOS({body}) END)" if given else "STRPOS()"


def _cast(body: str, _: list[str]) -> str:
    return f"TRY_CAST({body})"


#: Calls that fail or mislead as they are: a cast of one bad value ends the whole query, a blank text's STRPOS is 0.
_REWRITTEN: Mapping[str, Callable[[str, list[str]], str]] = {
    "mod": _second_not_zero("MOD"),
    "div": _second_not_zero("DIV"),
    "sqrt": _root,
    "strpos": _position,
    "cast": _cast,
}


# -- what an identity number tells ------------------------------------------------------------------------


def _told(name: str, given: list[list[Token]], period: Period) -> str:
    _counted(name, given, 2 if name == "age_at" else 1)
    *before, holder = given[0] or [CLOSE]
    if holder.sort is not Sort.NAME or not all(token.sign(".") or token.sort in (Sort.WORD, Sort.NAME) for token in before):
        raise Broken("rule-arguments-field", function=name)
    kind = "sex" if name == "sex" else "birth_date"
    column = spell([*before, Token(Sort.NAME, f" {kind} {holder.text}")])
    if name != "age_at":
        return column
    return _filled(OWN["years_between"].sql, [column, spell(expand(given[1], period))])


_TOLD_COLUMN = re.compile(r'" (birth_date|sex) ((?:[^"]|"")+)"')
_NUMBER = r"^[1-9]\d{16}[\dX]$"


def told_columns(sql: str) -> dict[str, str]:
    """Columns that a rule reads beside the fields → the field that tells them."""
    return {f" {kind} {name}": name.replace('""', '"') for kind, name in _TOLD_COLUMN.findall(sql)}


def tell(column: str, field: str) -> pl.Expr:
    """What such a column holds."""
    number = pl.when(pl.col(field).str.contains(_NUMBER)).then(pl.col(field))
    if column.startswith(" birth_date "):
        return number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False).alias(column)
    odd = number.str.slice(16, 1).cast(pl.Int64, strict=False) % 2 == 1
    return pl.when(odd).then(pl.lit("男")).when(~odd).then(pl.lit("女")).alias(column)
