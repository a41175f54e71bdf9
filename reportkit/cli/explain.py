"""``explain``: what a finding's code means and how to mend it, or a word that rules may call; all codes by family without one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit import messages
from reportkit.cli.console import FACE
from reportkit.errors import UsageError
from reportkit.messages import Entry, catalogue

if TYPE_CHECKING:
    from reportkit.rulebook.vocabulary import Call
    from reportkit.rules import Reconcile, Rule
    from reportkit.templates import Template

    Ruled = tuple[Template, Rule | Reconcile]

#: Families in the order in which a file is looked at; what stops a command comes last.
_ORDER = ("file", "structure", "submission", "cell", "row", "total", "duplicate", "cross", "time", "rule")
#: In a code's place: what rules may call.
_FUNCTIONS = "functions"


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("explain")(explain)


def explain(
    code: Annotated[
        str,
        typer.Argument(
            help="a finding's or a rule's code, a function, or functions; none lists all codes · 代码、函数名或 functions；不写则列出全部代码"
        ),
    ] = "",
    workspace: Annotated[Path | None, typer.Option(help="also rules of its templates · 工作区，连同其模板的规则")] = None,
    template: Annotated[str, typer.Option(help="also rules of a spec, a folder of them or a pack's template · 模板")] = "",
) -> None:
    """Say what a code means and how to mend it · 解释代码和函数.

    \b
    Example · 例:
      reportkit explain row-repeated

    \b
    A department's rule, as it stands in its spec · 部门的规则:
      reportkit explain EA01 --workspace 区里汇总

    \b
    What rules may call, and one of these · 规则可以用的函数:
      reportkit explain functions
      reportkit explain years_between
    """
    if code == _FUNCTIONS:
        _calls()
        return
    rules = _rules(workspace, template)
    known = dict(catalogue()) | {name: of[0][1].entry for name, of in rules.items()}
    if not code:
        _all(list(known.values()))
        return
    if code not in known:
        if call := _call(code):
            _one_call(call)
            return
        near = [one for one in known if code.casefold() in one.casefold()][:5] or get_close_matches(code, known, 5, 0.3)
        raise UsageError("code-without-entry", name=code, near=", ".join(near))
    _one([(known[code], [])] if code not in rules else _alike(rules[code]))


# -- one code ---------------------------------------------------------------------------------------------


def _alike(rules: Sequence[Ruled]) -> list[tuple[Entry, list[Ruled]]]:
    """Rules of one code that say the same words together."""
    found: list[tuple[Entry, list[Ruled]]] = []
    for one in rules:
        entry = one[1].entry
        same = next((members for other, members in found if _words(other) == _words(entry)), None)
        if same is None:
            found.append((entry, [one]))
        else:
            same.append(one)
    return found


def _words(entry: Entry) -> dict[str, str]:
    language = FACE.language
    words = {"message": entry.message[language], "reason": entry.reason[language], "mend": entry.mend[language]}
    return {
        "severity": entry.severity.value,
        **{name: messages.readable(text, language, entry.known) for name, text in words.items()},
    }


def _one(told: Sequence[tuple[Entry, list[Ruled]]]) -> None:
    """A code's words; where templates say different ones, those of each."""
    first, *others = (_told(entry, rules) for entry, rules in told)
    FACE.document(first | ({"also": others} if others else {}))
    for entry, rules in told:
        severity, *words = _words(entry).items()
        FACE.line("explain-head", code=entry.code, severity=FACE.say(f"severity-{severity[1]}"), family=_family(entry.family))
        for name, text in words:
            if text:
                FACE.line(f"explain-{name}", text=text)
        if rules:
            _rules_of(rules)


def _told(entry: Entry, rules: Sequence[Ruled]) -> dict[str, object]:
    document: dict[str, object] = {"code": entry.code, "family": entry.family, **_words(entry)}
    if rules:
        template, rule = rules[0]
        document |= {"template": template.name, "rule": rule.model_dump(mode="json", by_alias=True)}
        document |= {"templates": [one.name for one, _ in rules]}
    return document


def _rules_of(rules: Sequence[Ruled]) -> None:
    """The templates, and what the rule holds against what: of the first where it is not the same in all."""
    titles = list(dict.fromkeys(one.title for one, _ in rules))
    FACE.line("rule-templates" if len(titles) > 1 else "rule-template", value=FACE.say("and").join(titles))
    facts = list(_facts(rules[0][1]))
    if any(list(_facts(rule)) != facts for _, rule in rules[1:]):
        FACE.line("rule-such-as", value=rules[0][0].title)
    for key, value in facts:
        FACE.line(key, value=value)


def _facts(rule: Rule | Reconcile) -> Iterator[tuple[str, str]]:
    """What a rule says beside its words, each with its phrase; what it leaves out is not told."""
    from reportkit.formats.listing import expression

    yield "rule-checks", expression(rule)
    yield from _judging(rule)
    if rule.cell:
        yield "rule-cell", rule.cell
    if rule.valid_from or rule.valid_to:
        yield "rule-valid", " – ".join(str(day or "…") for day in (rule.valid_from, rule.valid_to))


def _judging(rule: Rule | Reconcile) -> Iterator[tuple[str, str]]:
    from reportkit.rules import Rule

    if not isinstance(rule, Rule):
        return
    if rule.when:
        yield "rule-when", rule.when
    if rule.left:
        yield "rule-tolerance", str(rule.tolerance)
        yield "rule-missing", FACE.say(f"missing-{rule.missing}")
    yield from (("rule-passes", _example(row)) for row in rule.passes)
    yield from (("rule-fails", _example(row)) for row in rule.fails)


def _example(row: Mapping[str, str | None]) -> str:
    return ", ".join(f"{name}={'' if value is None else value}" for name, value in row.items())


# -- what rules may call ----------------------------------------------------------------------------------


def _calls() -> None:
    """All words by what they are about, then the signs."""
    from rich.markup import escape
    from rich.table import Table

    from reportkit.rulebook.vocabulary import CALLS

    FACE.document({"functions": [_facts_of(call) for calls in CALLS.values() for call in calls]})
    if FACE.quiet or FACE.as_json:
        return
    for subject, calls in CALLS.items():
        FACE.line(f"functions-{subject}")
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(min_width=25, no_wrap=True)
        table.add_column(overflow="fold")
        for call in calls:
            table.add_row(escape(f"  {call.written}"), escape(_meaning(call)))
        FACE.people.print(table)
    FACE.line("functions-signs")
    FACE.line("functions-next", number=sum(map(len, CALLS.values())))


def _call(name: str) -> Call | None:
    from reportkit.rulebook.vocabulary import meant

    return meant(name)


def _one_call(call: Call) -> None:
    FACE.document(_facts_of(call))
    FACE.line("explain-code", code=call.written, message=_meaning(call))
    if call.also:
        FACE.line("call-also", names=", ".join(call.also))
    if call.example:
        FACE.line("call-example", example=call.example)


def _meaning(call: Call) -> str:
    return FACE.say(f"function-{call.name}")


def _facts_of(call: Call) -> dict[str, object]:
    return {"name": call.name, "also": call.also, "written": call.written, "meaning": _meaning(call), "example": call.example}


# -- all codes --------------------------------------------------------------------------------------------


def _all(entries: Sequence[Entry]) -> None:
    """Codes by family, each with its message."""
    ordered = sorted(entries, key=lambda one: (_place(one.family), one.family, one.code))
    families = {family: list(members) for family, members in groupby(ordered, key=lambda one: one.family)}
    FACE.document({"families": {family: [_brief(one) for one in members] for family, members in families.items()}})
    for family, members in families.items():
        FACE.line("explain-family", family=_family(family), number=len(members))
        for one in members:
            FACE.line("explain-code", code=one.code, message=_in_brief(one))
    FACE.line("explain-next", number=len(ordered))


def _brief(entry: Entry) -> dict[str, str]:
    return {
        "code": entry.code,
        "severity": entry.severity.value,
        "message": _in_brief(entry),
    }


def _in_brief(entry: Entry) -> str:
    return messages.brief(entry.message[FACE.language], FACE.language, entry.known)


def _place(family: str) -> int:
    return _ORDER.index(family) if family in _ORDER else len(_ORDER)


def _family(family: str) -> str:
    try:
        return FACE.say(f"family-{family}")
    except KeyError:
        return family


# -- rules of templates -----------------------------------------------------------------------------------


def _rules(workspace: Path | None, template: str) -> dict[str, list[Ruled]]:
    """Code → the templates that have a rule of it, each with its rule."""
    if workspace is None and not template:
        return {}
    from reportkit.formats.listing import rules_of

    found: dict[str, list[Ruled]] = {}
    for one in _templates(workspace, template):
        for rule in rules_of(one):
            found.setdefault(rule.code, []).append((one, rule))
    return found


def _templates(workspace: Path | None, template: str) -> Iterator[Template]:
    from reportkit.specs import load_spec
    from reportkit.workspace import TEMPLATES, issued_in, packs, settings_in, spec_paths

    if workspace is not None:
        FACE.prefer(settings_in(workspace).language)
        yield from (one.template for one in issued_in(workspace / TEMPLATES))
    path = Path(template)
    if template and path.exists():
        yield from (load_spec(one) for one in (spec_paths(path) if path.is_dir() else [path]))
    elif template:
        specs = [load_spec(one) for folder in packs().values() for one in spec_paths(folder)]
        named = [one for one in specs if template in (one.name, one.title)]
        if not named:
            raise UsageError("template-not-found", name=template)
        yield from named
