"""The heart: what becomes of a template's submissions. Counts every row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from reportkit import answers, decisions
from reportkit.acceptance import judge
from reportkit.checks import check
from reportkit.constraints import repetitions
from reportkit.duplicates import check_doubtful, check_repeats, check_shared
from reportkit.fields.mapping import map_all
from reportkit.fields.refinement import refine
from reportkit.findings import Finding, Findings
from reportkit.holding import Held, hold
from reportkit.linkage import Clusters, LinkField, link
from reportkit.records import FILE, ID, ROW, SHEET, UNIT, Part, Records, gather, leftovers
from reportkit.rulebook import OUTCOMES, compile_rules, flagged, of_records
from reportkit.rulebook import judge as hold_against
from reportkit.setting import Setting
from reportkit.submissions import State, Submission, supersede
from reportkit.survivorship import Golden, survive
from reportkit.templates import Template
from reportkit.totals import check_totals
from reportkit.units import Units

_KEYLESS = "key-column-missing"
#: What linkage calls a record's number.
_LINK_ID = "_id"
#: What a finding is where nothing moves.
_SAME = ("file", "sheet", "row", "field", "code")


@dataclass(frozen=True, slots=True)
class Consolidation:
    """All that is known of a list template's round.

    Attributes:
        template: the spec, refined by the units' values where it was inferred.
        submissions: all of the template's, with their state.
        parts: the tables of current submissions in the order of ``records``; ``older`` those of superseded ones.
        records: every body row of every readable current submission.
        clusters: ``ID``, ``cluster``, ``score`` of every record and the edges that hold them.
        names: ``cluster`` → ``cluster_id``, stable while the members are.
        golden: one row a cluster of the accepted submissions.
        outcomes: of each of its rules the numbers of rows that passed, failed and could not be judged (``rulebook.OUTCOMES``).
        passing: addresses and codes (``file, sheet, row, field, code``) of the findings that an answer lets pass.
        decided: number of pairs of rows that persons had decided; ``refused`` those of them that other decisions contradict.
    """

    template: Template
    submissions: tuple[Submission, ...]
    older: tuple[Part, ...]
    records: Records
    clusters: Clusters
    names: pl.DataFrame
    golden: Golden
    findings: Findings
    decided: int = 0
    refused: pl.DataFrame = field(default_factory=pl.DataFrame)
    outcomes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OUTCOMES))
    passing: pl.DataFrame = field(default_factory=lambda: Findings.of([]).frame.select(_SAME))

    @property
    def kept(self) -> pl.DataFrame:
        """``file, sheet, row, cluster_id, kept, score`` of every record."""
        rows = self.records.frame.select(
            ID, pl.col(FILE).alias("file"), pl.col(SHEET).alias("sheet"), pl.col(ROW).alias("row")
        ).join(self.clusters.frame, on=ID, how="left", maintain_order="left")
        rows = rows.join(self.names, on="cluster", how="left", maintain_order="left")
        kept = pl.col(ID).is_in(self.golden.kept.implode()).cast(pl.Int8).alias("kept")
        return rows.select("file", "sheet", "row", "cluster_id", kept, pl.col("score").round(4))

    @property
    def conflicts(self) -> pl.DataFrame:
        """``cluster_id, field, chosen, chosen_from, other, other_from, rule``."""
        named = self.golden.conflicts.rename({"_cluster": "cluster"}).join(
            self.names, on="cluster", how="left", maintain_order="left"
        )
        return named.select("cluster_id", "field", "chosen", "chosen_from", "other", "other_from", "rule")

    @property
    def unmapped(self) -> pl.DataFrame:
        """Values of columns that map to no field."""
        return leftovers(self.records.parts)

    @property
    def changes(self) -> pl.DataFrame:
        """``file, sheet, row, column, field, written, value, how``: every value that stands another way than the unit wrote it.

        A word for nothing (无, /) stands as a blank: its value is "".
        """
        changed = [
            self.records.cells(one.name)
            .with_columns(pl.col("value").fill_null(""))
            .filter(pl.col("code").is_null() & pl.col("written").is_not_null() & (pl.col("value") != pl.col("written")))
            .select(
                "file",
                "sheet",
                "row",
                "column",
                pl.lit(one.name).alias("field"),
                "written",
                "value",
                pl.lit(one.element).alias("how"),
            )
            for one in self.template.fields
        ]
        empty = {"file": pl.String, "sheet": pl.String, "row": pl.Int64} | dict.fromkeys(
            ("column", "field", "written", "value", "how"), pl.String
        )
        return pl.concat([pl.DataFrame(schema=empty), *changed]).sort("file", "sheet", "row", "column")


def consolidate(template: Template, submissions: Sequence[Submission], setting: Setting) -> Consolidation:
    """Fields, records, revisions, checks, duplicates and golden records of one list template."""
    template, parts = _understand(template, submissions, setting)
    every = gather(template, parts, setting.as_of)
    settled, revisions = supersede(submissions, _keys(every))
    settled = [_accepted(one, template, parts) for one in settled]
    older = {one.file for one in settled if one.state is State.SUPERSEDED}
    records = every.without(older) if older else every
    decided = decisions.pairs(records, setting.decisions)
    held = _link(records, template, decided)
    clusters = held.clusters
    twice, repeated = check_repeats(records, clusters.frame.select(ID, "cluster"))
    findings = (
        check(records, setting.period_end, setting.references, units=setting.units) + check_totals(records, repeated) + twice
    )
    findings += Findings.gather(repetitions(records, clusters.frame))
    ruled = hold_against(of_records(records), compile_rules(template, setting.round))
    findings += ruled.findings
    settled, returned = judge(settled, _unanswered(findings, records, setting), template.accept, _sizes(records))
    records = flagged(records, _unanswered(ruled.findings, records, setting))
    golden = _survivors(settled, records, clusters, _owners(template, setting.units))
    names = {unit: setting.units.name(unit) for unit in records.frame[UNIT].unique()}
    findings += check_shared(records, clusters, golden, names)
    loose = [
        *revisions,
        *returned,
        *_keyless(settled),
        *_unmapped(records.parts),
        *check_doubtful(records, clusters),
        *_contradictory(records, held),
    ]
    findings += Findings.of(loose)
    past = tuple(part for part in parts if part.file in older)
    clustered = (records, clusters, _names(records, clusters.frame))
    passing = _passing(findings, records, setting)
    return Consolidation(
        template, tuple(settled), past, *clustered, golden, findings, decided.height, held.refused, ruled.outcomes, passing
    )


def _unanswered(findings: Findings, records: Records, setting: Setting) -> Findings:
    """The findings that no answer lets pass."""
    return setting.unanswered(findings, answers.row_keys(records), {part.file: part.unit for part in records.parts})


def _passing(findings: Findings, records: Records, setting: Setting) -> pl.DataFrame:
    """Which findings an answer lets pass."""
    every = findings.frame.select(_SAME)
    if not setting.answers.height:
        return every.clear()
    return every.join(_unanswered(findings, records, setting).frame, on=_SAME, how="anti")


def _sizes(records: Records) -> dict[str, int]:
    """File → number of its rows."""
    return dict(records.frame.group_by(FILE).len().iter_rows())


def _keyless(settled: Sequence[Submission]) -> list[Finding]:
    return [Finding(one.note, one.file) for one in settled if one.state is State.RETURNED and one.note == _KEYLESS]


def _understand(template: Template, submissions: Sequence[Submission], setting: Setting) -> tuple[Template, list[Part]]:
    """The template as its submissions show it to be meant, and their tables with what each column means."""
    ordered = sorted(submissions, key=lambda one: one.order)
    owners = [(rank, one, table) for rank, one in enumerate(ordered) for table in one.tables]
    owners.sort(key=lambda owner: owner[1].file)
    tables = [table for _, _, table in owners]
    matches = map_all(tables, template, setting.decided)
    refined = refine(template, tables, matches)
    if refined != template:
        template, matches = refined, map_all(tables, refined, setting.decided)
    parts = [Part(one.file, one.unit, rank, table, match) for (rank, one, table), match in zip(owners, matches, strict=True)]
    return template, parts


def _keys(records: Records) -> dict[str, frozenset[str]]:
    """File → the keys of its rows; without a key, whole rows."""
    names = [name for name in records.template.key if name in records.names] or records.names
    key = pl.concat_str([pl.col(name).fill_null("") for name in names], separator="\x1f") if names else pl.lit("")
    grouped = records.filled().select(FILE, key.alias("key")).group_by(FILE).agg("key")
    return {file: frozenset(values) for file, values in grouped.iter_rows()}


def _accepted(one: Submission, template: Template, parts: Sequence[Part]) -> Submission:
    """Without the column of any key field, a submission goes back to its unit."""
    if one.state is not State.ACCEPTED or not template.key:
        return one
    mine = [part for part in parts if part.file == one.file]
    found = any(name in part.letters for part in mine for name in template.key)
    return one if found or not mine else replace(one, state=State.RETURNED, note=_KEYLESS)


def _link(records: Records, template: Template, decided: pl.DataFrame) -> Held:
    found = link(_for_linking(records), _link_fields(template), template.entity, decided)
    held = hold(found, decided)
    return replace(held, clusters=replace(held.clusters, frame=held.clusters.frame.rename({_LINK_ID: ID})))


def _contradictory(records: Records, held: Held) -> list[Finding]:
    """Decisions that say one thing where others keep apart, on the later row of each pair."""
    rows = records.addresses()
    lines = zip(rows[held.refused["left"].to_list()].iter_rows(), rows[held.refused["right"].to_list()].iter_rows(), strict=True)
    return [
        Finding("decisions-contradict", file, sheet, row, detail=f"{other_file} {other_sheet}!{other_row}")
        for (other_file, other_sheet, other_row), (file, sheet, row) in lines
    ]


def _for_linking(records: Records) -> pl.DataFrame:
    """``_id``, as linkage calls it, and the fields; a field of that name stands aside."""
    names = {name: _linked(name) for name in records.names}
    return records.filled().select(pl.col(ID).alias(_LINK_ID), *(pl.col(name).alias(other) for name, other in names.items()))


def _linked(name: str) -> str:
    return f"{name} " if name == _LINK_ID else name


def _link_fields(template: Template) -> list[LinkField]:
    return [
        LinkField(_linked(one.name), one.element, one.concept, one.name in template.key, one.values) for one in template.fields
    ]


def _owners(template: Template, units: Units) -> dict[str, str]:
    """Field → the code of the unit whose word counts for it; what names no unit is taken for a code."""
    found = {name: units.find(owner) for name, owner in template.owner.items()}
    return {name: unit.code if unit else template.owner[name] for name, unit in found.items()}


def _survivors(settled: Sequence[Submission], records: Records, clusters: Clusters, owners: Mapping[str, str]) -> Golden:
    returned = [one.file for one in settled if one.state is State.RETURNED]
    groups = clusters.frame.select(ID, "cluster")
    if records.template.duplicates == "keep":
        groups = groups.with_columns(pl.col(ID).alias("cluster"))
    return survive(records, groups, ~records.frame[FILE].is_in(returned), owners)


def _names(records: Records, clusters: pl.DataFrame) -> pl.DataFrame:
    """``cluster``, ``cluster_id``: a digest of the members' addresses."""
    address = pl.concat_str(pl.col(FILE), pl.col(SHEET), pl.col(ROW).cast(pl.String), separator="|")
    rows = records.frame.select(ID, address.alias("at")).join(clusters, on=ID)
    members = rows.sort("at").group_by("cluster", maintain_order=True).agg(pl.col("at").str.join("\n"))
    digests = [hashlib.sha256(text.encode()).hexdigest()[:12] for text in members["at"]]
    return members.select("cluster").with_columns(pl.Series("cluster_id", digests, dtype=pl.String))


def _unmapped(parts: Sequence[Part]) -> list[Finding]:
    """Columns that map to no field, with the closest candidates; empty columns without a header are none."""
    found = []
    for part in parts:
        for match in part.matches:
            filled = part.table.body[match.column].null_count() < part.table.body.height
            if not match.field and match.how != "number" and (match.header or filled):
                near = ", ".join(name for name, _ in match.candidates[:3])
                found.append(
                    Finding("column-unmapped", part.file, part.table.sheet, 0, match.column, match.header, suggestion=near)
                )
    return found
