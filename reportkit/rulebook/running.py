"""All rules of a template on all its rows in one pass: where they fail, and how many rows each passed, failed and could not judge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from reportkit.findings import Finding, Findings
from reportkit.rulebook.broken import Broken
from reportkit.rulebook.compiling import SIDES, Compiled, Rulebook
from reportkit.rulebook.figures import plain
from reportkit.rulebook.subjects import CONTINUED, UNREAD, Subject
from reportkit.rulebook.trial import safely

OUTCOMES = pl.Schema({"code": pl.String(), "passed": pl.Int64(), "failed": pl.Int64(), "not_judged": pl.Int64()})


@dataclass(frozen=True, slots=True)
class Ruled:
    """What rules say of rows.

    Attributes:
        findings: a line a row and rule that fails, by rule, then row.
        outcomes: ``code, passed, failed, not_judged`` of every rule in force: rows that it speaks of; where ``when`` is false or
            blank it speaks of none.
    """

    findings: Findings
    outcomes: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule's: rows that fail (UInt32), and how many it judged and spoke of."""

    failing: pl.Series
    judged: int
    spoken: int
    why: str = ""

    @property
    def line(self) -> tuple[int, int, int]:
        """Passed, failed, not judged."""
        failed = len(self.failing)
        return self.judged - failed, failed, self.spoken - self.judged


def judge(subject: Subject, book: Rulebook) -> Ruled:
    """Hold rules against rows."""
    verdicts = run(subject.frame, book)
    lines = [(one.rule.code, *verdict.line) for one, verdict in zip(book.rules, verdicts, strict=True)]
    lines += [(rule.code, 0, 0, subject.frame.height) for rule, _ in book.unusable]
    found = list(_findings(subject, book, verdicts))
    stuck = [(one.rule, verdict.why) for one, verdict in zip(book.rules, verdicts, strict=True) if verdict.why]
    told = [Finding("rule-not-run", "", detail=rule.code, suggestion=why) for rule, why in (*stuck, *book.unusable)]
    return Ruled(Findings.gather(found) + Findings.of(told), pl.DataFrame(lines, schema=OUTCOMES, orient="row"))


# -- where rules fail -------------------------------------------------------------------------------------


def run(frame: pl.DataFrame, book: Rulebook) -> list[Verdict]:
    """Each rule's verdict on a frame of typed fields; a rule that the engine cannot run judges no row."""
    if not book.rules or not frame.height:
        return [Verdict(pl.Series([], dtype=pl.UInt32), 0, 0) for _ in book.rules]
    try:
        return _together(frame, book)
    except Broken:
        return [_alone(frame, book, one) for one in book.rules]


def _alone(frame: pl.DataFrame, book: Rulebook, one: Compiled) -> Verdict:
    try:
        return _together(frame, replace(book, rules=(one,)))[0]
    except Broken as broken:
        return Verdict(pl.Series([], dtype=pl.UInt32), 0, frame.height, str(broken.facts.get("why", "")))


def _together(frame: pl.DataFrame, book: Rulebook) -> list[Verdict]:
    wanted = [expression for n, one in enumerate(book.rules) for expression in _counts(n, one, frame.columns)]
    counts = safely(lambda: book.read(frame.lazy()).select(wanted).collect())
    found = []
    for n, one in enumerate(book.rules):
        failing = counts[f"failing {n}"][0]
        failing = failing if one.noise is None else _less_noise(frame, book, one, failing)
        found.append(Verdict(failing, counts[f"judged {n}"][0], counts[f"spoken {n}"][0]))
    return found


def _counts(number: int, one: Compiled, columns: Collection[str]) -> Iterator[pl.Expr]:
    holds, spoken = one.holds, pl.len()
    marks = [pl.col(UNREAD + name) for name in one.reads if UNREAD + name in columns]
    if marks:
        holds = pl.when(~pl.any_horizontal(marks)).then(holds)
    limits = [] if one.when is None else [one.when]
    limits += [~pl.col(CONTINUED + one.cell)] if CONTINUED + one.cell in columns else []
    if limits:
        holds, spoken = pl.when(pl.all_horizontal(limits)).then(holds), pl.all_horizontal(limits).sum()
    yield (~holds).arg_true().implode().alias(f"failing {number}")
    yield holds.count().alias(f"judged {number}")
    yield spoken.alias(f"spoken {number}")


def _less_noise(frame: pl.DataFrame, book: Rulebook, one: Compiled, failing: pl.Series) -> pl.Series:
    """Without rows that only seem to fail: what floats lose of large figures is weighed where it matters, not on every row."""
    if one.noise is None or not len(failing):
        return failing
    seen = _seen(frame, book, [one.noise.fill_null(value=False).alias("noise")], failing)
    return failing.filter(~seen["noise"])


def _seen(frame: pl.DataFrame, book: Rulebook, wanted: Sequence[pl.Expr], rows: pl.Series) -> pl.DataFrame:
    """Expressions on some rows; one that looks along the rows sees all of them."""
    along = any(".over(" in str(one) for one in wanted)
    source = frame if along else frame[rows]
    seen = safely(lambda: book.read(source.lazy()).select(wanted).collect())
    # Sides without a field give one value for all rows.
    full = seen if seen.height == source.height else seen.select(pl.all().repeat_by(source.height).explode())
    return full[rows] if along else full


# -- findings ---------------------------------------------------------------------------------------------


def _findings(subject: Subject, book: Rulebook, verdicts: Iterable[Verdict]) -> Iterator[pl.DataFrame]:
    for one, verdict in zip(book.rules, verdicts, strict=True):
        if len(verdict.failing):
            yield _of_rule(subject, book, one, verdict.failing)


def _of_rule(subject: Subject, book: Rulebook, one: Compiled, rows: pl.Series) -> pl.DataFrame:
    cells = subject.cells(one.cell, rows)
    sides = _sides(subject.frame, book, one, rows)
    detail = sides.get("difference", _same("", len(rows)))
    lines = cells.with_columns(
        pl.lit(one.rule.code).alias("code"),
        pl.lit(one.cell).alias("field"),
        detail.alias("detail"),
        pl.lit(one.rule.severity.value).alias("severity"),
    )
    return lines.with_columns(_facts(subject, one, rows, lines, sides).alias("facts"))


def _sides(frame: pl.DataFrame, book: Rulebook, one: Compiled, rows: pl.Series) -> Mapping[str, pl.Series]:
    """Left, right and difference as texts."""
    if one.sides is None:
        return {}
    wanted = [side.alias(name) for name, side in zip(SIDES, one.sides, strict=False)]
    wanted += [] if one.difference is None else [one.difference.alias("difference")]
    seen = _seen(frame, book, wanted, rows)
    return {name: plain(seen[name]) for name in seen.columns}


def _facts(subject: Subject, one: Compiled, rows: pl.Series, lines: pl.DataFrame, sides: Mapping[str, pl.Series]) -> pl.Series:
    """What the rule's words name, a list a row."""
    names = one.rule.placeholders
    if not names:
        return pl.Series([[]], dtype=pl.List(pl.String)).new_from_index(0, len(rows))
    own = {"rule": _same(one.rule.text, len(rows))} | dict(sides)
    columns = []
    for number, name in enumerate(names):
        given = own[name] if name in own else _named(name, subject, lines, rows)
        columns.append(given.cast(pl.String).fill_null("").alias(str(number)))
    return pl.DataFrame(columns).select(pl.concat_list(pl.all())).to_series()


def _named(name: str, subject: Subject, lines: pl.DataFrame, rows: pl.Series) -> pl.Series:
    """A field's value as written, else what the finding itself holds."""
    if name in subject.frame.columns:
        return subject.written(name, rows)
    return lines[name] if name in lines.columns else _same("", len(rows))


def _same(text: str, times: int) -> pl.Series:
    return pl.repeat(text, times, dtype=pl.String, eager=True)
