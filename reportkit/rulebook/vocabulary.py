"""The words that a rule may call, by what they are about and how each is written.

What each means is the phrase ``function-<name>`` of the catalogue; ``reportkit explain functions`` shows both. ``functions`` takes its
allow-list from here, so what is listed is what may be called.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Subject(StrEnum):
    """What words are about; ROWS look at several rows, ORDER at rows in an order and so only in ``reconcile``."""

    PERIOD = "period"
    DAY = "day"
    IDENTITY = "identity"
    NUMBER = "number"
    BLANK = "blank"
    TEXT = "text"
    ROWS = "rows"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Call:
    """A word that a rule may call.

    Attributes:
        name: in small letters; capitals are the same.
        arguments: as they stand in the brackets; None for a word without brackets.
        example: a rule that holds in November 2026, "" where it takes fields.
        also: other names of the same.
    """

    name: str
    arguments: str | None
    example: str = ""
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and its other names."""
        return (self.name, *self.also)

    @property
    def written(self) -> str:
        """``round(x, n)``; ``period_end``."""
        return self.name if self.arguments is None else f"{self.name}({self.arguments})"


CALLS: dict[Subject, tuple[Call, ...]] = {
    Subject.PERIOD: (
        Call("period_start", None, "period_start = DATE '2026-11-01'"),
        Call("period_end", None, "period_end = DATE '2026-11-30'"),
    ),
    Subject.DAY: (
        Call("years_between", "a, b", "years_between(DATE '1945-12-01', period_end) = 80"),
        Call("months_between", "a, b", "months_between(DATE '2026-01-31', period_end) = 9"),
        Call("days_between", "a, b", "days_between(period_start, period_end) = 29"),
        Call("year", "day", "year(period_end) = 2026"),
        Call("quarter", "day", "quarter(period_end) = 4"),
        Call("month", "day", "month(period_end) = 11"),
        Call("week", "day", "week(period_end) = 49"),
        Call("day", "day", "day(period_end) = 30"),
        Call("dayofweek", "day", "dayofweek(DATE '2026-11-29') = 0"),
        Call("extract", "YEAR FROM day", "extract(YEAR FROM period_end) = 2026"),
        Call("date_part", "'year', day", "date_part('month', period_end) = 11"),
        Call("strftime", "day, '%Y-%m'", "strftime(period_end, '%Y-%m') = '2026-11'"),
    ),
    Subject.IDENTITY: (Call("birth_date", "field"), Call("sex", "field"), Call("age_at", "field, day")),
    Subject.NUMBER: (
        Call("abs", "x", "abs(-2) = 2"),
        Call("round", "x, n", "round(3.14159, 2) = 3.14"),
        Call("floor", "x", "floor(-1.5) = -2"),
        Call("ceil", "x", "ceil(1.2) = 2", also=("ceiling",)),
        Call("sign", "x", "sign(-3) = -1"),
        Call("div", "x, y", "div(7, 2) = 3"),
        Call("mod", "x, y", "mod(7, 3) = 1"),
        Call("sqrt", "x", "sqrt(9) = 3"),
        Call("greatest", "x, y, …", "greatest(1, NULL, 3) = 3"),
        Call("least", "x, y, …", "least(1, NULL, 3) = 1"),
        Call("cast", "x AS INTEGER", "cast('12' AS INTEGER) = 12", also=("try_cast",)),
    ),
    Subject.BLANK: (
        Call("coalesce", "x, y, …", "coalesce(NULL, 2) = 2"),
        Call("ifnull", "x, y", "ifnull(NULL, 0) = 0"),
        Call("nullif", "x, y", "nullif(2, 2) IS NULL"),
        Call("if", "holds, x, y", "if(2 > 1, 'a', 'b') = 'a'"),
    ),
    Subject.TEXT: (
        Call("matches", "x, 'regex'", "matches('1-2-301', '^[0-9-]+$')"),
        Call("regexp_like", "x, 'regex'", "regexp_like('1-2-301', '^[0-9-]+$')"),
        Call("contains", "x, 'text'", "contains('前岭村3号', '岭村')"),
        Call("starts_with", "x, 'text'", "starts_with('370602', '37')"),
        Call("ends_with", "x, 'text'", "ends_with('前岭村', '村')"),
        Call("strpos", "x, 'text'", "strpos('abc', 'c') > 0"),
        Call("length", "x", "length('前岭村') = 3", also=("char_length",)),
        Call("left", "x, n", "left('370602', 2) = '37'"),
        Call("right", "x, n", "right('370602', 2) = '02'"),
        Call("substr", "x, from, n", "substr('370602', 3, 2) = '06'", also=("substring",)),
        Call("split_part", "x, '-', n", "split_part('3-2-501', '-', 3) = '501'"),
        Call("replace", "x, 'a', 'b'", "replace('3号楼', '号楼', '-') = '3-'"),
        Call("concat", "x, y, …", "concat('3', '-', '2') = '3-2'"),
        Call("trim", "x", "trim(' a ') = 'a'"),
        Call("ltrim", "x", "ltrim(' a') = 'a'"),
        Call("rtrim", "x", "rtrim('a ') = 'a'"),
        Call("upper", "x", "upper('ab') = 'AB'"),
        Call("lower", "x", "lower('AB') = 'ab'"),
        Call("lpad", "x, n, '0'", "lpad('7', 3, '0') = '007'"),
        Call("rpad", "x, n, '0'", "rpad('7', 3, '0') = '700'"),
        Call("reverse", "x", "reverse('abc') = 'cba'"),
    ),
    Subject.ROWS: (
        Call("sum", "x"),
        Call("count", "x"),
        Call("avg", "x"),
        Call("min", "x"),
        Call("max", "x"),
        Call("median", "x"),
        Call("stddev", "x"),
    ),
    Subject.ORDER: (
        Call("row_number", ""),
        Call("rank", ""),
        Call("dense_rank", ""),
        Call("lag", "x"),
        Call("lead", "x"),
        Call("first_value", "x", also=("first",)),
        Call("last_value", "x", also=("last",)),
    ),
}


def words(*subjects: Subject) -> frozenset[str]:
    """All names of the calls about some subjects."""
    return frozenset(name for subject in subjects for call in CALLS[subject] for name in call.names)


def meant(name: str) -> Call | None:
    """The call of a name, in any letters; None where there is none."""
    return next((call for calls in CALLS.values() for call in calls if name.casefold() in call.names), None)
