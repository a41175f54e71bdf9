"""``explain``: what a finding's code means and how to mend it; all codes by family without one."""

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
    from reportkit.rules import Reconcile, Rule
    from reportkit.templates import Template

#: Families in the order in which a file is looked at; what stops a command comes last.
_ORDER = ("file", "structure", "submission", "cell", "row", "total", "duplicate", "cross", "time", "rule")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("explain")(explain)


def explain(
    code: Annotated[
        str, typer.Argument(help="a finding's code, such as row-repeated; none: all · 问题代码，不写则全部列出")
    ] = "",
    workspace: Annotated[Path | None, typer.Option(help="also rules of its templates · 工作区，连同其模板的规则")] = None,
    template: Annotated[str, typer.Option(help="also rules of a spec, a folder of them or a pack's template · 模板")] = "",
) -> None:
    """Say what a finding means and how to mend it · 解释问题代码.

    Example: reportkit explain row-repeated

    A department's rule · 部门的规则: reportkit explain EA01 --workspace 区里汇总
    """
    rules = _rules(workspace, template)
    known = dict(catalogue()) | {name: rule.entry for name, (_, rule) in rules.items()}
    if not code:
        _all(list(known.values()))
        return
    if code not in known:
        near = [one for one in known if code.casefold() in one.casefold()][:5] or get_close_matches(code, known, 5, 0.3)
        raise UsageError("code-without-entry", name=code, near=", ".join(near))
    _one(known[code], rules.get(code))


# -- one code ---------------------------------------------------------------------------------------------


def _one(entry: Entry, rule: tuple[Template, Rule | Reconcile] | None) -> None:
    language = FACE.language
    words = {"message": entry.message[language], "reason": entry.reason[language], "mend": entry.mend[language]}
    words = {name: readable(text) for name, text in words.items()}
    document: dict[str, object] = {"code": entry.code, "severity": entry.severity.value, "family": entry.family, **words}
    if rule is not None:
        document |= {"template": rule[0].name, "rule": rule[1].model_dump(mode="json", by_alias=True)}
    FACE.document(document)
    FACE.line("explain-head", code=entry.code, severity=FACE.say(f"severity-{entry.severity}"), family=_family(entry.family))
    for name, text in words.items():
        if text:
            FACE.line(f"explain-{name}", text=text)
    if rule is not None:
        for key, value in _facts(*rule):
            FACE.line(key, value=value)


def _facts(template: Template, rule: Rule | Reconcile) -> Iterator[tuple[str, str]]:
    """What a rule says beside its words, each with its phrase; what it leaves out is not told."""
    from reportkit.formats.listing import expression

    yield "rule-template", template.title
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


# -- all codes --------------------------------------------------------------------------------------------


def _all(entries: Sequence[Entry]) -> None:
    """Codes by family, each with its message."""
    ordered = sorted(entries, key=lambda one: (_place(one.family), one.family, one.code))
    families = {family: list(members) for family, members in groupby(ordered, key=lambda one: one.family)}
    FACE.document({"families": {family: [_brief(one) for one in members] for family, members in families.items()}})
    for family, members in families.items():
        FACE.line("explain-family", family=_family(family), number=len(members))
        for one in members:
            FACE.line("explain-code", code=one.code, message=messages.brief(one.message[FACE.language], FACE.language))
    FACE.line("explain-next", number=len(ordered))


def _brief(entry: Entry) -> dict[str, str]:
    return {
        "code": entry.code,
        "severity": entry.severity.value,
        "message": messages.brief(entry.message[FACE.language], FACE.language),
    }


def _place(family: str) -> int:
    return _ORDER.index(family) if family in _ORDER else len(_ORDER)


def _family(family: str) -> str:
    try:
        return FACE.say(f"family-{family}")
    except KeyError:
        return family


def readable(text: str) -> str:
    """``{value} 不是数字`` → ``‹值› 不是数字``."""
    return messages.readable(text, FACE.language)


# -- rules of templates -----------------------------------------------------------------------------------


def _rules(workspace: Path | None, template: str) -> dict[str, tuple[Template, Rule | Reconcile]]:
    """Code → the first template that has a rule of it, and the rule."""
    if workspace is None and not template:
        return {}
    from reportkit.formats.listing import rules_of

    found: dict[str, tuple[Template, Rule | Reconcile]] = {}
    for one in _templates(workspace, template):
        for rule in rules_of(one):
            found.setdefault(rule.code, (one, rule))
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
