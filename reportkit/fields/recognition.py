"""Which template a submission is of: its title, its headers, its file's name, all against all templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from rapidfuzz import fuzz

from reportkit.fields.headers import bare, fold, signs, word
from reportkit.sheets import Line, Table
from reportkit.templates import Kind, Template

_ENOUGH = 0.42


@dataclass(frozen=True, slots=True)
class Recognition:
    """The template's name, "" where none fits well enough; how sure; and the closest in words."""

    template: str
    score: float
    why: str


def recognise(tables: Sequence[Table], lines: Sequence[Line], file: str, templates: Sequence[Template]) -> Recognition:
    """The template that title, headers and file name point to together."""
    if not templates:
        return Recognition("", 0.0, "")
    names = frozenset(name for table in tables if table.visible for name in _names(table))
    stem = fold(PurePosixPath(file).stem)
    titles = tuple(fold(line.text) for line in lines if len(line.text) < 80)
    ranked = sorted(((_score(one, names, titles, stem), one.name, one.title) for one in templates), reverse=True)
    score, name, title = ranked[0]
    runner_up = ranked[1][0] if len(ranked) > 1 else 0.0
    enough = _ENOUGH if names else 0.3
    tie = score == runner_up or (score < 0.6 and score - runner_up < 0.01 and names)
    if score < enough or tie:
        alone = "" if names else _alone_called(stem, templates)
        return Recognition(alone, score, title)
    return Recognition(name, score, title)


def _alone_called(stem: str, templates: Sequence[Template]) -> str:
    """The one template of whose title a file's name holds two characters together that stand in no other title."""
    pairs = [{title[i : i + 2] for i in range(len(title) - 1)} for title in (fold(one.title) for one in templates)]
    seen = Counter(pair for own in pairs for pair in own)
    called = [
        one.name for one, own in zip(templates, pairs, strict=True) if any(seen[pair] == 1 and pair in stem for pair in own)
    ]
    return called[0] if len(called) == 1 else ""


def fits(table: Table, template: Template) -> bool:
    """Whether a table of a recognised workbook is of its template: not a hidden list of codes, not a small side table."""
    wanted = _wanted(template)
    known = len(_names(table) & wanted)
    size = len(template.fields) if template.kind is Kind.LIST else len({cell.column for cell in template.cells})
    return table.visible and (known >= 0.3 * len(wanted) or len(table.header) >= 0.6 * size)


def _names(table: Table) -> frozenset[str]:
    return frozenset(signs(bare(word(level).name)) for cell in table.header for level in cell.levels[-1:])


@lru_cache(maxsize=1000)
def _leaf(name: str) -> str:
    return signs(bare(word(name.rsplit(">", maxsplit=1)[-1]).name))


def _wanted(template: Template) -> frozenset[str]:
    if template.kind is Kind.LIST:
        return frozenset(_leaf(field.name) for field in template.fields)
    return frozenset(_leaf(cell.column) for cell in template.cells)


def _score(template: Template, names: frozenset[str], titles: tuple[str, ...], stem: str) -> float:
    wanted = _wanted(template)
    shared = len(names & wanted)
    cover = 2 * shared / (len(names) + len(wanted)) if names else 0.0
    title = fold(template.title)
    said = max((_titled(title, one) for one in titles), default=0.0)
    called = _called(title, stem)
    if not names:
        return max(said, called)
    return max(0.45 * cover + 0.45 * said + 0.1 * called, 0.85 * cover + 0.15 * called, 0.85 * said + 0.15 * called - 0.15)


@lru_cache(maxsize=50_000)
def _titled(title: str, text: str) -> float:
    if title in text:
        return 1.0
    return float(fuzz.ratio(title, text)) / 100 if len(text) > 3 else 0.0


@lru_cache(maxsize=50_000)
def _called(title: str, stem: str) -> float:
    """How much of a file name's words stand in the title: ``石良镇低保名册`` in ``城乡居民最低生活保障对象花名册``."""
    if not stem:
        return 0.0
    if title in stem:
        return 1.0
    pairs = {stem[i : i + 2] for i in range(len(stem) - 1)}
    own = {title[i : i + 2] for i in range(len(title) - 1)}
    found = len(pairs & own)
    spread = len(set(stem) & set(title)) / len(set(title))
    return min(0.95, 0.5 * found / max(min(len(own), 6), 1) + 0.5 * spread) if found else 0.3 * spread
