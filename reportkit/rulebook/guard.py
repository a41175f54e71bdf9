"""What a rule may say: the first guard, which lets through only what is on its lists."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl

from reportkit.rulebook.broken import Broken, nearest
from reportkit.rulebook.functions import AGGREGATES, CONSTANTS, ROW_FUNCTIONS, SQL_FUNCTIONS
from reportkit.rulebook.tokens import GRAMMAR, Sort, Token, called, closing, spell

_CLOCK = frozenset(["current_date", "current_time", "current_timestamp", "now", "localtime", "localtimestamp", "today", "random"])
_UNITS = frozenset(["year", "quarter", "month", "week", "day", "isoyear", "dow", "doy", "epoch"])
_TYPES = frozenset(
    [
        "int",
        "integer",
        "bigint",
        "smallint",
        "double",
        "precision",
        "float",
        "real",
        "varchar",
        "text",
        "char",
        "decimal",
        "numeric",
        "boolean",
        "date",
    ]
)
#: Words that a rule about a row may hold, and those that may stand before a bracket without being called.
_ROW_WORDS = GRAMMAR | _UNITS | _TYPES | CONSTANTS | {"as", "interval", "distinct"}
_BEFORE_BRACKETS = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "when",
        "then",
        "else",
        "between",
        "over",
        "by",
        "as",
        "like",
        "ilike",
        "varchar",
        "char",
        "decimal",
        "numeric",
    ]
)
_SQL_BEFORE_BRACKETS = _BEFORE_BRACKETS | frozenset(
    [
        "on",
        "from",
        "join",
        "using",
        "select",
        "where",
        "having",
        "union",
        "all",
        "except",
        "intersect",
        "exists",
        "distinct",
        "filter",
        "case",
    ]
)
_OTHER_STATEMENTS = frozenset(
    [
        "insert",
        "update",
        "delete",
        "drop",
        "create",
        "truncate",
        "alter",
        "copy",
        "into",
        "explain",
        "show",
        "describe",
        "pragma",
        "set",
        "attach",
        "call",
        "execute",
        "recursive",
    ]
)
#: What a rule nests and strings together at most: far more than people write, and less than what makes the parser try all ways
#: of reading it (NOT in brackets, from 30 deep on) or the engine run out of stack, which ends the program.
_DEEPEST, _LONGEST = 20, 300
_STRINGING = ("and", "or", "not", "when", "select", "join", "union", "except", "intersect")
_BETWEEN = ("(", ")", ",", ".")
#: What people write for a sign or a word of SQL.
_MEANT: Mapping[str, str] = {
    "且": "AND",
    "并且": "AND",
    "而且": "AND",
    "和": "AND",
    "或": "OR",
    "或者": "OR",
    "非": "NOT",
    "大于": ">",
    "小于": "<",
    "等于": "=",
    "不等于": "<>",
    "大于等于": ">=",
    "小于等于": "<=",
    "为空": "IS NULL",
    "不为空": "IS NOT NULL",
    "如果": "if",
    "求和": "sum",
    "regexp": "matches(…, '…')",
    "rlike": "matches(…, '…')",
    "similar": "matches(…, '…')",
}
_COMPARING = ("=", "<>", "!=", "<", ">", "<=", ">=")
_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")


def guard_row(tokens: Sequence[Token], kinds: Mapping[str, pl.DataType]) -> None:
    """Stop at whatever a rule about one row may not say.

    Raises:
        Broken: another statement, a query, a function or a name that is not known, an aggregate over no rows in particular,
            text in a sum.
    """
    _one_statement(tokens)
    for at, token in enumerate(tokens):
        if token.word("select", "with"):
            raise Broken("rule-query")
        if called(tokens, at):
            _callable(token, ROW_FUNCTIONS, _BEFORE_BRACKETS, kinds)
            _over_rows(tokens, at)
        elif token.sort is Sort.NAME or (token.sort is Sort.WORD and token.text.lower() not in _ROW_WORDS):
            _known(token.text, kinds)
        if token.sign("+", "-", "*", "/", "//", "%"):
            _no_text(tokens, at, kinds)


def guard_sql(tokens: Sequence[Token], tables: Collection[str] | None, kinds: Mapping[str, pl.DataType]) -> None:
    """Stop at whatever a query across templates may not say; ``tables`` None: they are not known yet.

    Raises:
        Broken: no query, another statement, a function or a table that is not known, a day less a day.
    """
    _one_statement(tokens)
    if not tokens or not tokens[0].word("select", "with"):
        raise Broken("rule-no-query")
    named = {token.text for at, token in enumerate(tokens[:-1]) if tokens[at + 1].word("as") and called(tokens, at + 1)}
    for at, token in enumerate(tokens):
        if token.word(*_OTHER_STATEMENTS):
            raise Broken("rule-statement", word=token.text)
        if called(tokens, at):
            _callable(token, SQL_FUNCTIONS, _SQL_BEFORE_BRACKETS, kinds)
        if _days_apart(tokens, at, kinds):
            raise Broken("rule-days", text=spell(tokens[at - 1 : at + 2]))
        if tables is not None and _names_table(tokens, at) and token.text not in {*tables, *named}:
            raise Broken("rule-table", table=token.text, suggestion=nearest(token.text, tables))


def _one_statement(tokens: Sequence[Token]) -> None:
    _of_a_size(tokens)
    for token in tokens:
        if token.sign(";"):
            raise Broken("rule-two-statements")
        if token.word(*_CLOCK):
            raise Broken("rule-clock", word=token.text)


def _of_a_size(tokens: Sequence[Token]) -> None:
    depth = 0
    for token in tokens:
        depth += token.sign("(") - token.sign(")") + token.word("case") - token.word("end")
        if depth > _DEEPEST:
            raise Broken("rule-too-deep", most=_DEEPEST)
    signs = sum(token.word(*_STRINGING) or (token.sort is Sort.SIGN and not token.sign(*_BETWEEN)) for token in tokens)
    if signs > _LONGEST:
        raise Broken("rule-too-long", most=_LONGEST, given=signs)


def _callable(token: Token, functions: frozenset[str], words: frozenset[str], fields: Collection[str]) -> None:
    """What is called is a function on the list; a field whose name goes on in brackets may have been meant."""
    word = token.text.lower()
    if token.sort is Sort.NAME or (token.sort is Sort.WORD and word not in functions | words):
        bracketed = next((name for name in fields if re.split(r"[(（]", name)[0] == token.text), "")
        raise Broken(
            "rule-function", function=token.text, suggestion=_MEANT.get(word) or nearest(word, functions, 0.7) or bracketed
        )


def _over_rows(tokens: Sequence[Token], at: int) -> None:
    if tokens[at].word(*AGGREGATES):
        end = closing(tokens, at + 1)
        if end + 1 >= len(tokens) or not tokens[end + 1].word("over"):
            raise Broken("rule-aggregate", function=tokens[at].text)


def _known(name: str, kinds: Collection[str]) -> None:
    if name not in kinds:
        raise Broken("rule-column", field=name, suggestion=_MEANT.get(name.lower()) or nearest(name, {*kinds, *CONSTANTS}))


def _kind(token: Token, kinds: Mapping[str, pl.DataType]) -> str:
    if token.sort is Sort.TEXT:
        return "text"
    if token.sort is Sort.NUMBER:
        return "number"
    kind = kinds.get(token.text) if token.sort is Sort.NAME else None
    return "" if kind is None else "text" if kind == pl.String() else "date" if kind == pl.Date() else "number"


def _beside(tokens: Sequence[Token], at: int) -> list[Token]:
    """The pieces on both sides of a sign, a date's literal left out: it is told by its word."""
    left = tokens[at - 1 : at] if at else []
    if at >= 2 and tokens[at - 2].word("date", "interval"):
        left = []
    return [*left, *tokens[at + 1 : at + 2]]


def _no_text(tokens: Sequence[Token], at: int, kinds: Mapping[str, pl.DataType]) -> None:
    for token in _beside(tokens, at):
        if _kind(token, kinds) == "text":
            raise Broken("rule-text-reckoned", field=token.text, sign=tokens[at].text)


def _days_apart(tokens: Sequence[Token], at: int, kinds: Mapping[str, pl.DataType]) -> bool:
    """Whether a day is taken from another: what comes of it is no number, though polars would hold it against one."""
    before, after = tokens[:at][-1:], tokens[at + 1 : at + 4]
    if len(after) == 3 and after[1].sign("."):
        after = after[2:]
    return tokens[at].sign("-") and [_kind(token, kinds) for token in (*before, *after[:1])] == ["date", "date"]


def _names_table(tokens: Sequence[Token], at: int) -> bool:
    """Whether a piece stands where a query names a table."""
    if at == 0 or tokens[at].sort not in (Sort.NAME, Sort.WORD, Sort.TEXT) or tokens[at].word("select", "lateral"):
        return False
    before = tokens[at - 1]
    if before.word("join"):
        return True
    # EXTRACT(YEAR FROM d), IS DISTINCT FROM x
    inner = at >= 2 and tokens[at - 2].word(*_UNITS, "distinct")
    return before.word("from") and not inner


def with_days(tokens: Sequence[Token], kinds: Mapping[str, pl.DataType]) -> list[Token]:
    """``'2026-01-01'`` held against a day is that day; so is ``'2026-01'``, its first.

    Raises:
        Broken: it is no day.
    """
    return [_as_day(token) if _is_day(tokens, at, kinds) else token for at, token in enumerate(tokens)]


def _is_day(tokens: Sequence[Token], at: int, kinds: Mapping[str, pl.DataType]) -> bool:
    token = tokens[at]
    if token.sort is not Sort.TEXT or (at and tokens[at - 1].word("date", "interval")):
        return False
    subject = _subject(tokens, at)
    if subject is None or kinds.get(subject.text) != pl.Date():
        return False
    if not _DAY.fullmatch(token.text) and at and tokens[at - 1].sign(*_COMPARING):
        raise Broken("rule-kinds", left=subject.text, right=token.spelt)
    return bool(_DAY.fullmatch(token.text))


def _subject(tokens: Sequence[Token], at: int) -> Token | None:
    """What a literal is held against: the name before it, past brackets, commas and other literals, else the one after it."""
    for token in reversed(tokens[:at]):
        if token.sort is Sort.NAME:
            return token
        if not (token.sort is Sort.TEXT or token.sign("(", ",", *_COMPARING) or token.word("between", "and", "in", "not")):
            break
    after = tokens[at + 1 : at + 3]
    return after[1] if len(after) == 2 and after[0].sign(*_COMPARING) and after[1].sort is Sort.NAME else None


def _as_day(token: Token) -> Token:
    try:
        day = date.fromisoformat(token.text if len(token.text) == 10 else f"{token.text}-01")
    except ValueError:
        raise Broken("rule-no-day", value=token.text) from None
    return Token(Sort.SQL, f"DATE '{day.isoformat()}'")
