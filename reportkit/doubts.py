"""What a person has to decide or may want to see of a form's round: pairs, clusters, columns and conflicts, the most doubtful first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from reportkit.consolidation import Consolidation
from reportkit.decisions import digest, keys
from reportkit.elements import element
from reportkit.explanation import explained, weights_of
from reportkit.masking import masked
from reportkit.messages import Language, say
from reportkit.records import UNIT
from reportkit.suspicion import Suspect, suspects
from reportkit.templates import Template

#: How many of each a workbook lists; how many rows of a cluster; a column's meaning is doubtful below that score.
_PAIRS, _CLUSTERS, _COLUMNS, _CONFLICTS, _ROWS, _UNSURE = 1000, 300, 500, 500, 300, 0.85


@dataclass(frozen=True, slots=True)
class Row:
    """A row as a person is shown it: where it is, whose, what it says (masked unless asked for), and what decisions know it by.

    ``key`` is the row's identifying values, "" where it has none; ``digest`` stands for them where they must not be read.
    """

    file: str
    sheet: str
    row: int
    unit: str
    key: str
    digest: str
    shown: tuple[str, ...]
    values: tuple[str | None, ...]

    @property
    def at(self) -> str:
        """``a.xlsx Sheet1!5``; a sheet of a CSV file has no name."""
        return f"{self.file} {f'{self.sheet}!{self.row}'.lstrip('!')}"


@dataclass(frozen=True, slots=True)
class PairDoubt:
    """Two rows that may be one thing. ``weights``: field → bits, "" for what holds of any pair; empty where unknown."""

    left: Row
    right: Row
    probability: float
    weight: float | None
    words: str
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ClusterDoubt:
    """A cluster worth a look: ``kind`` bridge, thin or weak; ``ends`` the places in ``rows`` of its most doubtful link."""

    cluster_id: str
    kind: str
    rows: tuple[Row, ...]
    links: int
    probability: float
    words: str
    ends: tuple[int, int]
    size: int


@dataclass(frozen=True, slots=True)
class ColumnDoubt:
    """A header that was taken for a field by likeness, or for none (``field`` ""); in how many files."""

    header: str
    field: str
    score: float
    how: str
    files: int
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that lost to another; places as ``a.xlsx Sheet1!5``."""

    field: str
    chosen: str
    chosen_from: str
    other: str
    other_from: str
    rule: str


@dataclass(frozen=True, slots=True)
class Doubts:
    """All of one form; ``more``: how many of each kind are not listed."""

    template: Template
    pairs: tuple[PairDoubt, ...]
    clusters: tuple[ClusterDoubt, ...]
    columns: tuple[ColumnDoubt, ...]
    conflicts: tuple[Conflict, ...]
    more: Mapping[str, int]

    @property
    def rows(self) -> Iterable[Row]:
        """Every row that is shown."""
        for pair in self.pairs:
            yield from (pair.left, pair.right)
        for cluster in self.clusters:
            yield from cluster.rows

    @property
    def open(self) -> int:
        """How many pairs wait for a decision, listed or not."""
        return len(self.pairs) + self.more["pairs"]


def doubts_of(one: Consolidation, names: Mapping[str, str], language: Language, *, show_values: bool = False) -> Doubts:
    """What is doubtful in a form's round. ``names``: a unit's code → its name."""
    pairs, clusters = _pairs(one, language), suspects(one.clusters)
    columns, conflicts = _columns(one), one.conflicts
    wanted = {*pairs["left"].head(_PAIRS), *pairs["right"].head(_PAIRS)}
    wanted |= {record for suspect in clusters[:_CLUSTERS] for record in (*suspect.members[:_ROWS], *suspect.link)}
    rows = _rows(one, sorted(wanted), names, _masks(one.template, show_values=show_values))
    return Doubts(
        one.template,
        tuple(_paired(pairs.head(_PAIRS), weights_of(one.clusters), rows)),
        tuple(_clustered(one, clusters[:_CLUSTERS], rows, language)),
        columns[:_COLUMNS],
        tuple(_conflicts(conflicts.head(_CONFLICTS), _masks(one.template, show_values=show_values))),
        {
            "pairs": max(0, pairs.height - _PAIRS),
            "clusters": max(0, len(clusters) - _CLUSTERS),
            "columns": max(0, len(columns) - _COLUMNS),
            "conflicts": max(0, conflicts.height - _CONFLICTS),
        },
    )


def _masks(template: Template, *, show_values: bool) -> dict[str, Callable[[str], str]]:
    """Field → what may be shown of its values."""
    return {one.name: str if show_values else partial(_hidden, one.element) for one in template.fields}


def _hidden(kind: str, text: str) -> str:
    return masked(element(kind).mask(text))


def _rows(
    one: Consolidation, ids: list[int], names: Mapping[str, str], masks: Mapping[str, Callable[[str], str]]
) -> dict[int, Row]:
    records = one.records
    known, raw, frame = keys(records).gather(ids), records.raw[ids], records.frame[ids]
    found = {}
    lines = zip(ids, records.addresses()[ids].iter_rows(), frame[UNIT], known, raw.iter_rows(), strict=True)
    for (record, (file, sheet, row), unit, key, written), values in zip(
        lines, frame.select(raw.columns).iter_rows(), strict=True
    ):
        shown = tuple(masks[name](text) if text else "" for name, text in zip(raw.columns, written, strict=True))
        token = digest(one.template.entity, key) if key else ""
        found[record] = Row(file, sheet, row, names.get(unit, unit), key or "", token, shown, values)
    return found


def _pairs(one: Consolidation, language: Language) -> pl.DataFrame:
    """Open pairs with their evidence: decisions that contradict each other first, then the likeliest."""
    told = explained(one.clusters.doubtful, weights_of(one.clusters), language)
    told = told.select("left", "right", "probability", "weight", "text").sort(
        ["probability", "left", "right"], descending=[True, False, False]
    )
    if not one.refused.height:
        return told
    contradicted = one.refused.select(
        "left",
        "right",
        pl.lit(0.5).alias("probability"),
        pl.lit(None, pl.Float64).alias("weight"),
        pl.lit(say("review-contradicted", language)).alias("text"),
    )
    return pl.concat([contradicted, told]).unique(["left", "right"], keep="first", maintain_order=True)


def _paired(pairs: pl.DataFrame, weights: pl.DataFrame, rows: Mapping[int, Row]) -> Iterable[PairDoubt]:
    bits: dict[tuple[int, int], dict[str, float]] = {}
    for left, right, field, _, weight in weights.join(pairs, on=["left", "right"], how="semi").iter_rows():
        own = bits.setdefault((left, right), {})
        own[field] = own.get(field, 0.0) + weight
    for left, right, probability, weight, words in pairs.iter_rows():
        yield PairDoubt(rows[left], rows[right], probability, weight, words, bits.get((left, right), {}))


def _clustered(
    one: Consolidation, found: Sequence[Suspect], rows: Mapping[int, Row], language: Language
) -> Iterable[ClusterDoubt]:
    ids = dict(one.names.iter_rows())
    links = pl.DataFrame([one.link for one in found], schema={"left": pl.UInt32, "right": pl.UInt32}, orient="row")
    edges = one.clusters.edges.join(links, on=["left", "right"], how="semi")
    told = explained(edges, weights_of(one.clusters), language).select("left", "right", "text").iter_rows()
    words = {(left, right): text for left, right, text in told}
    for suspect in found:
        shown = list(dict.fromkeys((*suspect.link, *suspect.members[:_ROWS])))
        placed = sorted(shown, key=lambda record: (rows[record].file, rows[record].sheet, rows[record].row))
        ends = (placed.index(suspect.link[0]), placed.index(suspect.link[1]))
        members = tuple(rows[record] for record in placed)
        yield ClusterDoubt(
            ids[suspect.cluster],
            suspect.kind,
            members,
            suspect.links,
            suspect.probability,
            words.get(suspect.link, ""),
            ends,
            len(suspect.members),
        )


def _columns(one: Consolidation) -> tuple[ColumnDoubt, ...]:
    """Headers whose meaning nobody has settled and words do not tell; those that map to no field first, then the least sure."""
    found: dict[tuple[str, str, str], list[tuple[float, str, tuple[str, ...]]]] = {}
    for part in one.records.parts:
        for match in part.matches:
            unsure = match.how in ("fuzzy", "values") and match.score < _UNSURE
            if match.header and match.how != "number" and (unsure or (not match.field and match.candidates)):
                near = tuple(name for name, _ in match.candidates)
                found.setdefault((match.header, match.field, match.how), []).append((match.score, part.file, near))
    made = [
        ColumnDoubt(
            header, field, round(min(score for score, _, _ in seen), 4), how, len({file for _, file, _ in seen}), seen[0][2]
        )
        for (header, field, how), seen in found.items()
    ]
    return tuple(sorted(made, key=lambda one: (one.field != "", one.score, one.header)))


def _conflicts(conflicts: pl.DataFrame, masks: Mapping[str, Callable[[str], str]]) -> Iterable[Conflict]:
    for _, field, chosen, chosen_from, other, other_from, rule in conflicts.iter_rows():
        mask = masks[field]
        yield Conflict(field, mask(chosen), placed(chosen_from), mask(other), placed(other_from), rule)


def placed(origin: str) -> str:
    """``a.xlsx|Sheet1|5`` → ``a.xlsx Sheet1!5``; several places stay in their order."""
    return "; ".join(_placed(one) for one in origin.split("; "))


def _placed(origin: str) -> str:
    file, _, rest = origin.partition("|")
    return f"{file} {rest.replace('|', '!').lstrip('!')}".strip()
