"""What is wrong with a template's rules, as values: what ``load_spec`` stops at and ``template lint`` shows."""

from __future__ import annotations

from collections.abc import Iterator

from reportkit.rulebook.broken import Broken
from reportkit.rulebook.compiling import compile_rule
from reportkit.rulebook.examples import USUAL, try_examples
from reportkit.rulebook.guard import guard_sql
from reportkit.rulebook.phrases import Source
from reportkit.rulebook.tokens import scan
from reportkit.templates import Template

Place = tuple[str | int, ...]


def problems(template: Template) -> Iterator[tuple[Place, str, dict[str, object]]]:
    """Place in the spec, code and facts of each rule that cannot be used; of a ``reconcile`` what shows without other templates."""
    source = Source.of(template, USUAL)
    for index, rule in enumerate(template.rules):
        try:
            try_examples(rule, compile_rule(rule, source), template)
        except Broken as broken:
            yield _problem(("rules", index), rule.code, broken)
    for index, query in enumerate(template.reconcile):
        try:
            guard_sql(scan(query.sql, source.names), None, {})
        except Broken as broken:
            if not _perhaps_a_field(broken):
                yield _problem(("reconcile", index), query.code, broken.at("sql"))


def oddities(template: Template) -> Iterator[tuple[Place, str, dict[str, object]]]:
    """Place, code and facts of what is odd about rules that can all be used."""
    from reportkit.rulebook.hygiene import hygiene  # noqa: PLC0415 - makes rows with numpy, and only who writes a spec asks for it

    return hygiene(template)


def _perhaps_a_field(broken: Broken) -> bool:
    """Whether what looks wrong may be another template's field, ``月保障金额(元)``: functions are spelt in ASCII."""
    return not "".join(str(broken.facts.get(name, "")) for name in ("sign", "field", "function")).isascii()


def _problem(place: Place, rule: str, broken: Broken) -> tuple[Place, str, dict[str, object]]:
    key = str(broken.place[0]) if broken.place else ""
    return (*place, *broken.place), broken.code, {"rule": rule, "key": key} | broken.facts
