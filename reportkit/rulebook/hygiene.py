"""Rules that say nothing, say the same or deny each other: found by running all of them on made rows."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from reportkit import arrays as np
from reportkit.rulebook.broken import Broken
from reportkit.rulebook.compiling import Compiled, Rulebook, compile_rule
from reportkit.rulebook.examples import USUAL
from reportkit.rulebook.figures import plain
from reportkit.rulebook.kinds import typed
from reportkit.rulebook.phrases import Source
from reportkit.rulebook.pools import constants, fields, fits, guessed, pool
from reportkit.rulebook.tokens import Sort, scan, tidy
from reportkit.rulebook.trial import safely
from reportkit.rules import Rule
from reportkit.templates import Field, Template

if TYPE_CHECKING:
    from numpy.typing import NDArray

Place = tuple[str | int, ...]
Found = Iterator[tuple[Place, str, dict[str, object]]]
ROWS = 4000
_SEED = 20260101
#: One value in so many is blank.
_BLANKS = 10
#: Fewer rows than these are chance.
_ENOUGH = 20
_PASSED, _FAILED, _NOT_JUDGED = 1, 0, -1

Outcomes: TypeAlias = "NDArray[np.int8]"


def hygiene(template: Template) -> Found:
    """Place, code and facts of what is odd about a template's rules; they can all be used."""
    source = Source.of(template, USUAL)
    book = Rulebook.of(source, tuple(compile_rule(rule, source) for rule in template.rules))
    if book.rules:
        outcomes = _outcomes(made_rows(template, source, book), book, {one.name for one in fields(template) if guessed(one)})
        yield from _silent(template, outcomes)
        for one, other in combinations(range(len(book.rules)), 2):
            if _meet(template.rules[one], template.rules[other]):
                yield from _pair(book, outcomes, one, other)
    yield from _same_queries(template)


def _silent(template: Template, outcomes: list[Outcomes]) -> Found:
    for index, outcome in enumerate(outcomes):
        if np.count_nonzero(outcome == _PASSED) >= _ENOUGH and not (outcome == _FAILED).any():
            yield ("rules", index), "rule-never-fires", {"rule": template.rules[index].code, "rows": f"{ROWS:,}"}


def _pair(book: Rulebook, outcomes: list[Outcomes], one: int, other: int) -> Found:
    facts: dict[str, object] = {"rule": book.rules[other].rule.code, "other": book.rules[one].rule.code, "rows": f"{ROWS:,}"}
    if book.rules[one].normal == book.rules[other].normal or _repeat(outcomes[one], outcomes[other]):
        yield ("rules", other), "rule-repeats", facts
    elif _contradict(outcomes[one], outcomes[other]):
        yield ("rules", other), "rule-contradicts", facts


def _repeat(one: Outcomes, other: Outcomes) -> bool:
    failing = one == _FAILED
    return bool(np.count_nonzero(failing) >= _ENOUGH and (failing == (other == _FAILED)).all())


def _contradict(one: Outcomes, other: Outcomes) -> bool:
    """Never both where both are judged, though by chance they would be together on rows enough."""
    both = (one != _NOT_JUDGED) & (other != _NOT_JUDGED)
    passed, likewise = one[both] == _PASSED, other[both] == _PASSED
    expected = np.count_nonzero(passed) * np.count_nonzero(likewise) / max(len(passed), 1)
    return bool(expected >= _ENOUGH and not (passed & likewise).any())


def _meet(one: Rule, other: Rule) -> bool:
    """Whether both are ever in force."""
    starts = [rule.valid_from for rule in (one, other) if rule.valid_from]
    ends = [rule.valid_to for rule in (one, other) if rule.valid_to]
    return not starts or not ends or max(starts) <= min(ends)


def _same_queries(template: Template) -> Found:
    seen: dict[str, str] = {}
    for index, query in enumerate(template.reconcile):
        text = tidy(query.sql).casefold()
        if text in seen:
            yield ("reconcile", index), "rule-repeats", {"rule": query.code, "other": seen[text], "rows": ""}
        seen.setdefault(text, query.code)


# -- made rows --------------------------------------------------------------------------------------------


def made_rows(template: Template, source: Source, book: Rulebook) -> pl.DataFrame:
    """Rows of typed fields, always the same for a template."""
    named, random = constants(template, source), np.random.default_rng(_SEED)
    columns = [_drawn(field.name, pool(field, named), random) for field in fields(template)]
    frame = pl.DataFrame(columns).select(typed(name, kind) for name, kind in source.kinds.items())
    by_name = {field.name: field for field in fields(template)}
    # Levelling one rule may upset an earlier one, which the second time then follows.
    for one in (*book.rules, *book.rules):
        name, other = _free(one, source)
        if other is not None:
            frame = _levelled(frame, by_name[name], book, other, random)
    return frame


def _drawn(name: str, values: list[str], random: np.random.Generator) -> pl.Series:
    at = random.integers(0, max(len(values), 1), ROWS)
    blank = (random.integers(0, _BLANKS, ROWS) == 0) | (len(values) == 0)
    return pl.Series(name, [*values, None], dtype=pl.String).gather(pl.Series(np.where(blank, len(values), at)))


def _free(one: Compiled, source: Source) -> tuple[str, pl.Expr | None]:
    """A side that is one field and no more, and the other side."""
    if one.sides is not None:
        for text, other in zip((one.rule.left, one.rule.right), reversed(one.sides), strict=True):
            tokens = scan(text, source.names)
            if len(tokens) == 1 and tokens[0].sort is Sort.NAME:
                return tokens[0].text, other
    return "", None


def _levelled(frame: pl.DataFrame, field: Field, book: Rulebook, other: pl.Expr, random: np.random.Generator) -> pl.DataFrame:
    """Two sides are equal by chance on hardly a row: on half of them the field takes the other side's value, or one beside it."""
    step = pl.Series(random.choice([0, 0, 0, 0, 1, -1], ROWS))
    chosen = pl.Series(random.integers(0, 2, ROWS) == 0)
    kind = frame.schema[field.name]
    moved = (
        other
        if kind == pl.String()
        else (other.cast(pl.Int64 if kind == pl.Date() else pl.Float64) + step).cast(kind, strict=False)
    )
    try:
        values = safely(lambda: book.read(frame.lazy()).select(moved.alias("")).collect().to_series())
    except Broken:
        return frame
    texts = plain(values)
    good = {text for text in texts.unique() if fits(field, text[:7] if field.element == "month" else text)}
    kept = pl.Series(values).set(~texts.is_in(sorted(good)), None)
    return frame.with_columns(pl.when(chosen).then(kept).otherwise(pl.col(field.name)).alias(field.name))


def _outcomes(frame: pl.DataFrame, book: Rulebook, vague: AbstractSet[str]) -> list[Outcomes]:
    """For each rule and row whether it passed, failed or was not judged; nothing where a rule reads what can only be guessed at."""
    silent = np.full(frame.height, _NOT_JUDGED, dtype=np.int8)
    return [silent if not vague.isdisjoint(one.reads) else _outcome(frame, book, one) for one in book.rules]


def _outcome(frame: pl.DataFrame, book: Rulebook, one: Compiled) -> Outcomes:
    holds = one.holds if one.when is None else pl.when(one.when).then(one.holds)
    try:
        found = safely(lambda: book.read(frame.lazy()).select(holds.alias("")).collect().to_series())
    except Broken:
        return np.full(frame.height, _NOT_JUDGED, dtype=np.int8)
    return found.cast(pl.Int8).fill_null(_NOT_JUDGED).to_numpy()
