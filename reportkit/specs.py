"""Template specs on disk: YAML in, a checked ``Template`` out, and back again.

A spec that is wrong stops with file and line before any data is looked at; it never looks like bad data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from reportkit.constraints import constraint_problems, reference_problems
from reportkit.elements import element
from reportkit.errors import UsageError
from reportkit.messages import catalogue
from reportkit.money import rounding_problems
from reportkit.outbox import file_name
from reportkit.refusals import refused
from reportkit.rulebook import oddities, problems
from reportkit.rulebook.examples import USUAL
from reportkit.rulebook.sql import check_sql
from reportkit.rulebook.tables import schemas
from reportkit.severity import Severity
from reportkit.sheets import number
from reportkit.templates import Aggregate, Kind, Template

#: The field types of Table Schema.
TYPES = frozenset({"string", "number", "integer", "boolean", "date", "datetime", "time", "year", "yearmonth", "duration", "any"})
_NUMERIC = frozenset({"number", "integer"})
#: What decides between values of a field; how often a form is filed, and by which day of the period after it may be due.
SURVIVORSHIP = ("latest", "majority", "longest", "owner", "sum")
PERIODS = {"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "half-yearly": 184, "yearly": 366, "once": 366}


Place = tuple[str | int, ...]
Found = Iterator[tuple[Place, str, dict[str, object]]]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a spec: ``code`` is an entry of the catalogue, ``facts`` what its message names."""

    file: str
    line: int
    code: str
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def severity(self) -> Severity:
        """An error keeps the spec from being used; a warning does not."""
        return catalogue()[self.code].severity


def load_spec(path: Path) -> Template:
    """The template that a spec describes.

    Raises:
        UsageError: the spec cannot be used; with ``path`` and ``line``.
    """
    template, problems = _examine(path)
    wrong = next((problem for problem in problems if problem.severity is Severity.ERROR), None)
    if wrong:
        raise UsageError(wrong.code, path=wrong.file, line=wrong.line, **dict(wrong.facts))
    assert template is not None  # noqa: S101 - without an error there is a template
    return template


def lint(path: Path) -> list[Problem]:
    """Everything that is wrong with a spec, and what is odd about its rules, in the order of its lines."""
    return sorted(_examine(path, thoroughly=True)[1], key=lambda problem: problem.line)


def lint_together(specs: Mapping[Path, Template], others: Collection[str] = ()) -> list[Problem]:
    """What is wrong with rules and foreign keys across the templates of one folder, by spec and line.

    A table of a form that the folder does not have makes a rule unjudged, not wrong: a district may leave forms of a pack out. A key
    is part of its form, and what it refers to has to be there. ``others``: names of the folder's specs that are not among these, for they
    are wrong themselves or were not asked about.
    """
    tables = schemas(specs.values())
    found = []
    for path, template in specs.items():
        told = [
            (("reconcile", index, *place), code, facts)
            for index, rule in enumerate(template.reconcile)
            for place, code, facts in check_sql(rule, tables, USUAL)
            if code != "rule-table" or (facts.get("suggestion") and str(facts["table"]).partition("@")[0] not in others)
        ]
        told += list(reference_problems(template, specs.values(), whole=not others))
        found += [_problem(path, _read(path)[0], one) for one in told]
    return found


def _examine(path: Path, *, thoroughly: bool = False) -> tuple[Template | None, list[Problem]]:
    tree, broken = _read(path)
    if broken:
        return None, [broken]
    template, found = _parse(tree)
    if template:
        found = [one for check in _CHECKS for one in check(template, path)]
        found += [] if _wrong(found) else problems(template)
        found += oddities(template) if thoroughly and not _wrong(found) else []
    return template, [_problem(path, tree, one) for one in found]


def _wrong(found: list[tuple[Place, str, dict[str, object]]]) -> bool:
    return any(catalogue()[code].severity is Severity.ERROR for _, code, _ in found)


def _problem(path: Path, tree: CommentedMap, found: tuple[Place, str, dict[str, object]]) -> Problem:
    place, code, facts = found
    return Problem(str(path), _line(tree, place), code, tuple((name, str(value)) for name, value in facts.items()))


def _read(path: Path) -> tuple[CommentedMap, Problem | None]:
    try:
        tree = YAML(typ="rt").load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return CommentedMap(), Problem(str(path), 0, "spec-not-found")
    except UnicodeDecodeError:
        return CommentedMap(), Problem(str(path), 1, "spec-not-utf8")
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return CommentedMap(), Problem(str(path), line, "spec-not-yaml", (("why", str(error.problem or "")),))
    except YAMLError as error:
        return CommentedMap(), Problem(str(path), 1, "spec-not-yaml", (("why", str(error)),))
    if not isinstance(tree, CommentedMap):
        return CommentedMap(), Problem(str(path), 1, "spec-not-a-mapping")
    return tree, None


def _line(tree: object, place: Place) -> int:
    """The line (from 1) of the deepest part of a place that the file really has."""
    line = 1
    for step in place:
        if not isinstance(tree, (CommentedMap, CommentedSeq)):
            break
        try:
            line = (tree.lc.key(step) if isinstance(tree, CommentedMap) else tree.lc.item(step))[0] + 1
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            break
    return line


def _parse(tree: CommentedMap) -> tuple[Template | None, list[tuple[Place, str, dict[str, object]]]]:
    try:
        return Template.model_validate(tree), []
    except ValidationError as error:
        return None, refused(error)


def _check_workbook(template: Template, path: Path) -> Found:
    if not template.workbook or Path(template.workbook).name != template.workbook:
        yield ("workbook",), "spec-workbook-elsewhere", {"workbook": template.workbook}
    elif not (path.parent / template.workbook).is_file():
        yield ("workbook",), "spec-workbook-missing", {"workbook": template.workbook}


def _check_kind(template: Template, _: Path) -> Found:
    if template.kind is Kind.LIST and not template.fields:
        yield ("kind",), "spec-list-without-fields", {}
    if template.kind is Kind.GRID and not template.cells:
        yield ("kind",), "spec-grid-without-cells", {}


def _check_fields(template: Template, _: Path) -> Found:
    for index, field in enumerate(template.fields):
        place: Place = ("schema", "fields", index)
        if field.type not in TYPES:
            yield (
                (*place, "type"),
                "spec-type-unknown",
                {"field": field.name, "value": field.type, "suggestion": ", ".join(sorted(TYPES))},
            )
        if not _known(field.element):
            yield (*place, "element"), "spec-element-unknown", {"field": field.name, "value": field.element}
        if field.per and not field.per.isidentifier():
            yield (*place, "per"), "spec-value-wrong", {"key": f"{field.name}.per", "why": field.per}


def _known(name: str) -> bool:
    try:
        element(name)
    except KeyError:
        return False
    return True


def _check_names(template: Template, _: Path) -> Found:
    lists: dict[Place, list[str]] = {
        ("schema", "fields"): [field.name for field in template.fields],
        ("cells",): [cell.name for cell in template.cells],
    }
    for place, names in lists.items():
        for index, name in enumerate(names):
            if not name.strip():
                yield (*place, index), "spec-name-empty", {}
            if name in names[:index]:
                yield (*place, index), "spec-name-twice", {"field": name}


def _check_key(template: Template, _: Path) -> Found:
    names = [field.name for field in template.fields]
    for name in template.key:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            yield ("schema", "primaryKey"), "spec-key-no-field", {"field": name, "suggestion": near[0] if near else ""}


def _check_constraints(template: Template, _: Path) -> Found:
    for index, field in enumerate(template.fields):
        place: Place = ("schema", "fields", index, "constraints")
        given, bounds = field.constraints, (field.constraints.minimum, field.constraints.maximum)
        if "enum" in given.model_fields_set and not given.enum:
            yield place, "spec-enum-empty", {"field": field.name}
        if field.element == "code" and not given.enum:
            yield place, "spec-enum-missing", {"field": field.name}
        if len(set(given.enum)) < len(given.enum):
            yield place, "spec-enum-twice", {"field": field.name}
        if field.type in _NUMERIC and any(isinstance(bound, str) for bound in bounds):
            yield place, "spec-bound-no-number", {"field": field.name}
        if all(isinstance(bound, float) for bound in bounds) and bounds[0] > bounds[1]:  # type: ignore[operator]
            yield place, "spec-bounds-crossed", {"field": field.name}


def _check_limits(template: Template, _: Path) -> Found:
    return constraint_problems(template)


def _check_cells(template: Template, _: Path) -> Found:
    names = {cell.name for cell in template.cells}
    addresses: set[str] = set()
    for index, cell in enumerate(template.cells):
        if not _address(cell.at):
            yield ("cells", index, "at"), "spec-address-wrong", {"field": cell.name, "value": cell.at}
        elif cell.at in addresses:
            yield ("cells", index, "at"), "spec-address-twice", {"field": cell.name, "value": cell.at}
        addresses.add(cell.at)
        if cell.of and (len(cell.of) != 2 or cell.aggregate is not Aggregate.RATIO):
            yield ("cells", index, "of"), "spec-ratio-wrong", {"field": cell.name}
        for part in set(cell.of) - names:
            yield ("cells", index, "of"), "spec-ratio-part-unknown", {"field": cell.name, "value": part}


def _address(at: str) -> bool:
    letters = at.rstrip("0123456789")
    row = at[len(letters) :]
    proper = letters.isascii() and letters.isalpha() and letters.isupper() and row.isdigit() and not row.startswith("0")
    return proper and number(letters) <= 16384 and int(row) <= 1048576


def _check_rules(template: Template, _: Path) -> Found:
    seen: set[str] = set()
    for part, rules in (("rules", template.rules), ("reconcile", template.reconcile)):
        for index, rule in enumerate(rules):
            if rule.code in seen or rule.code in catalogue():
                yield (part, index, "code"), "spec-rule-twice", {"value": rule.code}
            seen.add(rule.code)


def _check_shares(template: Template, _: Path) -> Found:
    names = {field.name for field in template.fields}
    for part, named in (("survivorship", template.survivorship), ("owner", template.owner)):
        for name in named:
            if name not in names and name != "default":
                yield (part, name), "spec-key-no-field", {"field": name, "suggestion": ""}
    if template.duplicates not in {"merge", "keep"}:
        yield ("duplicates",), "spec-value-wrong", {"key": "duplicates", "why": "merge | keep"}


def _check_name(template: Template, _: Path) -> Found:
    """The name is a folder's and a table's: it may lead nowhere else."""
    if not template.name.strip(" ."):
        yield ("name",), "spec-key-missing", {"key": "name"}
    elif template.name != file_name(template.name):
        yield ("name",), "spec-name-unsafe", {"value": template.name, "suggestion": file_name(template.name.replace("..", "_"))}
    if not template.title.strip():
        yield ("title",), "spec-key-missing", {"key": "title"}


def _check_words(template: Template, _: Path) -> Found:
    """Words of which only some mean anything."""
    for name, how in template.survivorship.items():
        if how not in SURVIVORSHIP:
            yield _unlike(("survivorship", name), how, SURVIVORSHIP)
    if template.period not in PERIODS:
        yield _unlike(("period",), template.period, tuple(PERIODS))
    latest = PERIODS.get(template.period, 366)
    if template.due is not None and not 1 <= template.due <= latest:
        yield ("due",), "spec-value-wrong", {"key": "due", "why": f"1–{latest}"}
    if template.reporters and not re.fullmatch(r"[^\W_][\w-]*", template.reporters):
        yield ("reporters",), "spec-value-wrong", {"key": "reporters", "why": template.reporters}


def _unlike(place: Place, value: str, known: tuple[str, ...]) -> tuple[Place, str, dict[str, object]]:
    near = get_close_matches(value, known, n=1)
    return (
        place,
        "spec-word-unknown",
        {
            "key": ".".join(step for step in place if isinstance(step, str)),
            "value": value,
            "suggestion": near[0] if near else " | ".join(known),
        },
    )


def _check_rounding(template: Template, _: Path) -> Found:
    return rounding_problems(template)


def _check_accept(template: Template, _: Path) -> Found:
    given = template.accept
    if given and given.max_errors is not None and given.max_errors < 0:
        yield ("accept", "max_errors"), "spec-value-wrong", {"key": "accept.max_errors", "why": "≥ 0"}
    if given and given.max_error_share is not None and not 0 <= given.max_error_share <= 1:
        yield ("accept", "max_error_share"), "spec-value-wrong", {"key": "accept.max_error_share", "why": "0–1"}


_CHECKS: tuple[Callable[[Template, Path], Found], ...] = (
    _check_name,
    _check_words,
    _check_accept,
    _check_rounding,
    _check_workbook,
    _check_kind,
    _check_fields,
    _check_names,
    _check_key,
    _check_constraints,
    _check_limits,
    _check_cells,
    _check_rules,
    _check_shares,
)
