"""A rule's own examples: rows that must pass and rows that must fail, held against it before any data are."""

from __future__ import annotations

from datetime import date

import polars as pl

from reportkit.elements import element
from reportkit.periods import Period
from reportkit.records import scope
from reportkit.rulebook.broken import Broken, nearest
from reportkit.rulebook.compiling import Compiled, Rulebook, compile_rule
from reportkit.rulebook.kinds import typed
from reportkit.rulebook.phrases import Source
from reportkit.rulebook.running import run
from reportkit.rules import Example, Rule
from reportkit.templates import Field, Template

#: The period of an example that names none; an example must not turn wrong as years go by.
USUAL = Period.parse("2026-12")
#: What an example may say of its period.
_END = "period_end"
_UNEXPECTED = {
    "failed": "rule-example-fails",
    "passed": "rule-example-passes",
    "not judged": "rule-example-not-judged",
    "not meant": "rule-example-not-meant",
}


def try_examples(rule: Rule, compiled: Compiled, template: Template) -> None:
    """Hold the rule against its examples.

    Raises:
        Broken: one does not behave.
    """
    for key, examples, wanted in (("pass", rule.passes, ("passed", "not meant")), ("fail", rule.fails, ("failed",))):
        for number, example in enumerate(examples):
            try:
                got = outcome(rule, compiled, example, template)
            except Broken as broken:
                raise broken.at(key, number) from None
            if got not in wanted:
                raise Broken(_UNEXPECTED[got], key, number, kind=key, number=number + 1, example=_told(example))


def outcome(rule: Rule, compiled: Compiled, example: Example, template: Template) -> str:
    """``passed``, ``failed``, ``not judged`` or, where the rule does not speak of such a row, ``not meant``.

    Raises:
        Broken: the example names no field, or its value cannot be read.
    """
    source = Source.of(template, _period(example))
    book = Rulebook.of(source, (compiled if source.period == USUAL else compile_rule(rule, source),))
    verdict = run(_row(example, template, source), book)[0]
    passed, failed, _ = verdict.line
    return "failed" if failed else "passed" if passed else "not judged" if verdict.spoken else "not meant"


def _period(example: Example) -> Period:
    given = example.get(_END)
    if not given:
        return USUAL
    try:
        last = date.fromisoformat(given)
    except ValueError:
        raise Broken("rule-example-value", field=_END, value=given) from None
    return Period(last, last.replace(day=1), given)


def _row(example: Example, template: Template, source: Source) -> pl.DataFrame:
    """The example as a row of typed fields; what it does not name is blank."""
    texts: dict[str, str | None] = dict.fromkeys(source.kinds)
    for written, value in example.items():
        name = source.names.meant(written)
        if name is not None:
            texts[name] = _canonical(name, value, template)
        elif written != _END:
            raise Broken("rule-example-field", field=written, suggestion=nearest(written, source.kinds))
    canonical = pl.DataFrame([texts], schema=dict.fromkeys(source.kinds, pl.String))
    row = canonical.select(typed(name, kind) for name, kind in source.kinds.items())
    for name, text in texts.items():
        if text is not None and row[name][0] is None:
            raise Broken("rule-example-value", field=name, value=text)
    return row


def _canonical(name: str, value: str | None, template: Template) -> str | None:
    if value is None or not value.strip():
        return None
    field = next((one for one in template.fields if one.name == name), Field(name=name, element="amount"))
    return element(field.element).normalise(value, scope(field, USUAL.last)) or None


def _told(example: Example) -> str:
    return ", ".join(f"{name}: {value or ''}" for name, value in example.items())
