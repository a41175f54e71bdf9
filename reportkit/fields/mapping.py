"""Submission headers → template fields, one-to-one, the best assignment over all: words, place and values together.

Sure headers are anchors: they give every field a profile of its values and every other column its place in the form. Columns in
words that nobody knows are then judged by what stands in them and where they stand.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from reportkit import arrays as np
from reportkit.fields.assignment import assign
from reportkit.fields.headers import alike, attribute, fold, is_running_number, role, word
from reportkit.fields.matches import Match
from reportkit.fields.profiles import Profile, column, likeness, listed, resembling, together
from reportkit.sheets import HeaderCell, Table, letter
from reportkit.templates import Field, Template

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A header is sure from here on; a column is mapped from there on.
_SURE, _MAPPED = 0.93, 0.42
#: What words, values and place weigh where words alone are not sure.
_WORDS, _VALUES, _PLACE = 0.4, 0.35, 0.25
_TAUGHT = 12
#: Words of an attribute are certain from here on; values deny a field below that; so many columns in a row may go by place,
#: where this share of the form is known.
_CERTAIN, _DENIED, _FEW, _KNOWN = 0.95, 0.3, 3, 0.6
#: What tells one person from another: another one's is never the row's own, whatever the values look like.
_NAMING = frozenset({"name", "identity_number"})

#: The evidence of a column that is never that field.
_NEVER = -1.0

Scores: TypeAlias = "NDArray[np.float64]"
#: How well the values of a column (by index) fit a field (by index), 0 to 1, or ``_NEVER``.
Evidence = Callable[[int, int], float]


@dataclass(frozen=True, slots=True)
class _Form:
    """A table's columns (without the running number) against a template's fields."""

    table: Table
    cells: tuple[HeaderCell, ...]
    words: Scores
    anchors: tuple[tuple[int, int], ...]

    @property
    def open_columns(self) -> list[int]:
        taken = {i for i, _ in self.anchors}
        return [i for i in range(len(self.cells)) if i not in taken]

    @property
    def open_fields(self) -> list[int]:
        taken = {j for _, j in self.anchors}
        return [j for j in range(self.words.shape[1]) if j not in taken]


class _Eyes:
    """Profiles of columns, each made once."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, int], Profile] = {}

    def look(self, form: _Form, i: int) -> Profile:
        key = (id(form), i)
        if key not in self._seen:
            self._seen[key] = column(form.table, letter(form.cells[i].column))
        return self._seen[key]


def map_all(tables: Sequence[Table], template: Template, decided: Mapping[str, str] | None = None) -> list[tuple[Match, ...]]:
    """Matches of every header cell of every table; all tables of a template are judged together."""
    fields = template.fields
    forms = [_form(table, fields, decided or {}) for table in tables]
    eyes = _Eyes()
    wanted = {j for form in forms if form.open_columns for j in form.open_fields}
    taught = _learn(forms, [form.anchors for form in forms], wanted, eyes)
    pairs = [_assign(form, template, taught, eyes) for form in forms]
    if wanted:
        taught = _learn(forms, [tuple((i, j) for i, j, _ in one) for one in pairs], wanted, eyes)
        pairs = [
            _assign(form, template, taught, eyes) if form.open_columns else one for form, one in zip(forms, pairs, strict=True)
        ]
    return [_matches(form, fields, one, decided or {}) for form, one in zip(forms, pairs, strict=True)]


def map_fields(table: Table, template: Template, decided: Mapping[str, str] | None = None) -> tuple[Match, ...]:
    """Matches of one table on its own."""
    return map_all([table], template, decided)[0]


# -- words ------------------------------------------------------------------------------------------------


def _form(table: Table, fields: Sequence[Field], decided: Mapping[str, str]) -> _Form:
    cells = tuple(cell for cell in table.header if not _numbering(cell, table))
    words, anchors = _heard(tuple(cell.levels for cell in cells), tuple((field.name, field.aliases) for field in fields))
    settled = [(i, j) for i, cell in enumerate(cells) for j, field in enumerate(fields) if decided.get(cell.name) == field.name]
    if settled:
        words = words.copy()
        for i, j in settled:
            words[i, j] = 1.0
        anchors = tuple(_anchors(words))
    return _Form(table, cells, words, anchors)


@lru_cache(maxsize=2_000)
def _heard(
    headers: tuple[tuple[str, ...], ...], asked: tuple[tuple[str, tuple[str, ...]], ...]
) -> tuple[Scores, tuple[tuple[int, int], ...]]:
    """How well a table's headers fit a template's fields by their words, and the anchors; many units send the same headers.

    The scores are shared: whoever changes them copies them first.
    """
    words = np.array([[wording(levels, name, aliases) for name, aliases in asked] for levels in headers], dtype=float)
    words = words.reshape(len(headers), len(asked))
    return words, tuple(_anchors(words))


def _numbering(cell: HeaderCell, table: Table) -> bool:
    """The running number: by its name, or a first column without a name that counts 1, 2, 3."""
    if cell.levels:
        return is_running_number(cell.name)
    values = table.body[letter(cell.column)].head(5).to_list()
    return cell.column == table.first_column and values == [str(n) for n in range(1, len(values) + 1)] and bool(values)


@lru_cache(maxsize=200_000)
def wording(levels: tuple[str, ...], name: str, aliases: tuple[str, ...] = ()) -> float:
    """How well a header's words fit a field's name, 0 to 1."""
    if not levels:
        return 0.0
    if fold("".join(levels)) == fold(name.replace(">", "")):
        return 1.0
    leaf = fold(levels[-1])
    if leaf in {fold(alias) for alias in aliases} and (len(levels) == 1 or ">" not in name or _above(levels, name) > 0.6):
        return 0.95
    return _similar(levels, tuple(name.split(">")))


def _above(levels: tuple[str, ...], name: str) -> float:
    return alike(word(levels[-2]).name, word(name.split(">")[-2]).name)


def _similar(levels: tuple[str, ...], own: tuple[str, ...]) -> float:
    ours, theirs = word(levels[-1]), word(own[-1])
    leaf = alike(ours.name, theirs.name)
    if leaf == 1.0 and ours.note != theirs.note and (ours.note or theirs.note):
        leaf = 0.97
    if ours.unit and theirs.unit and ours.unit != theirs.unit:
        leaf *= 0.85
    if len(levels) > 1 and len(own) > 1:
        score = leaf * (0.55 + 0.45 * alike(word(levels[-2]).name, word(own[-2]).name))
    elif len(levels) > 1:
        score = max(leaf * 0.9, alike(word(levels[-2]).name + ours.name, theirs.name))
    elif len(own) > 1:
        score = max(leaf * 0.9, alike(ours.name, word(own[-2]).name + theirs.name))
    else:
        score = leaf
    return _meaning(levels, own, score)


def _meaning(levels: tuple[str, ...], own: tuple[str, ...], score: float) -> float:
    """The same attribute of the same one raises a score; another one's attribute bounds it."""
    (ours, sure), (theirs, sure_too) = attribute(word(levels[-1]).name), attribute(word(own[-1]).name)
    who, whose = role(levels), role(own)
    if who != whose and (who or len(levels) > 1) and (whose or len(own) > 1 or who):
        return min(score, 0.6) if who and whose else min(score, 0.72)
    if ours and ours == theirs:
        return max(score, 0.86 * min(sure, sure_too))
    if ours and theirs and ours != theirs and min(sure, sure_too) >= 0.95:
        return min(score, 0.6)
    return score


def _anchors(words: Scores) -> list[tuple[int, int]]:
    """Columns and fields that are sure of each other and of nobody else."""
    found = []
    for i, j in zip(*np.where(words >= _SURE), strict=True):
        others = np.delete(words[i], j), np.delete(words[:, j], i)
        if all(rest.size == 0 or rest.max() < words[i, j] - 0.02 for rest in others):
            found.append((int(i), int(j)))
    return found


# -- values -----------------------------------------------------------------------------------------------


def _learn(
    forms: Sequence[_Form], pairs: Sequence[Sequence[tuple[int, int]]], wanted: set[int], eyes: _Eyes
) -> dict[int, Profile]:
    """A profile for each wanted field, of the largest columns that were taken for it."""
    heard: dict[int, list[Profile]] = {j: [] for j in wanted}
    for at in sorted(range(len(forms)), key=lambda at: -forms[at].table.body.height):
        for i, j in pairs[at]:
            if j in heard and len(heard[j]) < _TAUGHT:
                heard[j].append(eyes.look(forms[at], i))
    return {j: together(one) for j, one in heard.items()}


def _evidence(seen: Profile, field: Field, taught: Profile) -> float:
    """How well a column's values fit a field: its code list, its element, and what others write there."""
    if seen.empty:
        return 0.45
    score = likeness(seen, taught)
    if field.values:
        share = listed(seen, field.values)
        return 0.5 * share + 0.5 * score if not taught.empty else 0.15 + 0.75 * share
    if taught.empty and field.element in _TELLING:
        return 0.1 + 0.8 * resembling(list(seen.words)[:40], field.element)
    return score


_TELLING = {"identity-number", "credit-code", "phone", "date", "month", "person-name", "address", "organisation-name"}


# -- place ------------------------------------------------------------------------------------------------


def _places(form: _Form, size: int) -> Scores:
    """How well each open column's place between its anchors fits each field's place in the form."""
    line = _increasing(sorted(form.anchors))
    left = [(-1, -1), *line]
    right = [*line, (len(form.cells), size)]
    scores = np.zeros((len(form.cells), size))
    starts = [i for i, _ in left]
    for i in form.open_columns:
        at = bisect_left(starts, i) - 1
        (ia, ja), (ib, jb) = left[max(at, 0)], right[max(at, 0)]
        for j in form.open_fields:
            if ja < j < jb:
                off = min(abs(j - (ja + i - ia)), abs(j - (jb - (ib - i))))
                scores[i, j] = max(0.4, 1.0 - 0.2 * off)
            else:
                scores[i, j] = max(0.0, 0.25 - 0.05 * min(abs(j - ja), abs(j - jb)))
    return scores


def _increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of anchors in the template's order: a column moved elsewhere says nothing about its neighbours."""
    best: list[list[tuple[int, int]]] = []
    for pair in pairs:
        before = max((run for run in best if run[-1][1] < pair[1]), key=len, default=[])
        best.append([*before, pair])
    return max(best, key=len, default=[])


# -- assignment -------------------------------------------------------------------------------------------


def _assign(form: _Form, template: Template, taught: Mapping[int, Profile], eyes: _Eyes) -> list[tuple[int, int, float]]:
    """(column, field, score) of what is mapped."""
    sure = [(i, j, float(form.words[i, j])) for i, j in form.anchors]
    if not form.open_columns or not form.open_fields:
        return sure

    def evidence(i: int, j: int) -> float:
        if template.entity == "person" and _anothers(form.cells[i].levels, tuple(template.fields[j].name.split(">"))):
            return _NEVER
        return _evidence(eyes.look(form, i), template.fields[j], taught[j])

    scores = _scores(form, len(template.fields), evidence)
    columns, rest = form.open_columns, form.open_fields
    chosen = assign(np.where(scores >= _MAPPED, scores, 0.0))
    found = [(columns[a], rest[b], float(scores[a, b])) for a, b in chosen if scores[a, b] >= _MAPPED]
    return sure + found + _left_over(form, sure + found, template.fields, evidence)


def _scores(form: _Form, size: int, evidence: Evidence) -> Scores:
    """Words, values and place together, open columns × open fields."""
    columns, rest = form.open_columns, form.open_fields
    places = _places(form, size)
    scores = np.zeros((len(columns), len(rest)))
    for a, i in enumerate(columns):
        for b, j in enumerate(rest):
            words, value = form.words[i, j], evidence(i, j)
            mixed = _WORDS * words + _VALUES * value + _PLACE * places[i, j]
            scores[a, b] = max(mixed, words * (0.6 + 0.4 * value) if words >= 0.8 else 0.0) if value > _NEVER else 0.0
    return scores


@lru_cache(maxsize=100_000)
def _anothers(levels: tuple[str, ...], own: tuple[str, ...]) -> bool:
    """Whether a header asks who somebody else is, by name or number, and a field without a group who the row's own person is."""
    if len(own) > 1 or not levels or role(own) or attribute(word(own[0]).name)[0] not in _NAMING:
        return False
    return bool(role(levels)) and attribute(word(levels[-1]).name)[0] in _NAMING


def _left_over(
    form: _Form, pairs: Sequence[tuple[int, int, float]], fields: Sequence[Field], evidence: Evidence
) -> list[tuple[int, int, float]]:
    """Columns between two that are mapped, as many as the fields between those two: each is the field in its place.

    Unless its words ask for something else or its values are of another kind, or most of the form is unknown.
    """
    if len(pairs) < _KNOWN * len(form.cells):
        return []
    line = [(-1, -1), *_increasing(sorted((i, j) for i, j, _ in pairs)), (len(form.cells), len(fields))]
    columns, taken = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    found = []
    for (ia, ja), (ib, jb) in pairwise(line):
        between = [i for i in range(ia + 1, ib) if i not in columns]
        open_fields = [j for j in range(ja + 1, jb) if j not in taken]
        if len(between) == len(open_fields) <= _FEW:
            found += [(i, j) for i, j in zip(between, open_fields, strict=True) if not _asks_else(form.cells[i], fields[j])]
    return [(i, j, _MAPPED) for i, j in found if evidence(i, j) >= _DENIED]


def _asks_else(cell: HeaderCell, field: Field) -> bool:
    """Whether a header's words surely name an attribute of another kind than the field's."""
    (ours, sure), (theirs, sure_too) = (
        attribute(word(name).name) for name in (cell.name.split(">")[-1], field.name.split(">")[-1])
    )
    return bool(ours and theirs) and ours != theirs and min(sure, sure_too) >= _CERTAIN


def _matches(
    form: _Form, fields: Sequence[Field], pairs: Sequence[tuple[int, int, float]], decided: Mapping[str, str]
) -> tuple[Match, ...]:
    by_column = {i: (j, score) for i, j, score in pairs}
    found = [Match(letter(c.column), c.name, "", 1.0, "number") for c in form.table.header if c not in form.cells]
    for i, cell in enumerate(form.cells):
        if i in by_column:
            j, score = by_column[i]
            how = "decided" if decided.get(cell.name) == fields[j].name else _how(form.words[i, j], score)
            found.append(Match(letter(cell.column), cell.name, fields[j].name, min(score, 1.0), how))
        else:
            near = sorted(((float(form.words[i, j]), fields[j].name) for j in range(len(fields))), reverse=True)[:3]
            found.append(
                Match(letter(cell.column), cell.name, "", 0.0, "", tuple((name, score) for score, name in near if score > 0.2))
            )
    return tuple(sorted(found, key=lambda match: (len(match.column), match.column)))


def _how(words: float, score: float) -> str:
    if words >= 0.999:
        return "exact"
    if words >= _SURE:
        return "alias"
    return "fuzzy" if words >= score else "values"
