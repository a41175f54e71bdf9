"""``link``: any list in a file → which of its records are about one thing."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from reportkit import keeping
from reportkit.errors import ExitStatus, NoInputError, UsageError
from reportkit.explanation import explained, weights_of
from reportkit.linkage import Clusters, Diagnosis, Job
from reportkit.linking import clusters, elements_of, wrong_id
from reportkit.lists import Listing, in_order, read_list
from reportkit.masking import masked
from reportkit.messages import Language
from reportkit.outbox import staged_file
from reportkit.writers.csv_text import write_csv

#: Hears which stage begins: ``read``, those of linkage, ``write``.
Told = Callable[[str], None]
_KINDS = (".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """``link``: one list.

    Attributes:
        fields: column → element.
        out: the clusters, ``.csv`` or ``.parquet``; ``pairs``: the pairs that were joined and the doubtful ones, None for none.
        keep: where what was linked is kept for the next list, None for nowhere; where it stands already, the list is added to it.
    """

    source: Path
    record_id: str
    fields: Mapping[str, str]
    out: Path
    pairs: Path | None = None
    keep: Path | None = None
    force: bool = False
    dry_run: bool = False
    language: Language = Language.ZH


@dataclass(frozen=True, slots=True)
class Capped:
    """Blocks of one rule that were too large to be compared: how many, and the records in them."""

    rule: str
    blocks: int
    records: int


@dataclass(frozen=True, slots=True)
class Linked:
    """What was linked, and what is to be known of it.

    Attributes:
        clusters: things that the records are about; ``groups``: those with more than one record, ``joined``: the records in these.
        doubtful: pairs that may be one thing and were not joined.
        aside: what of the file is no record, by kind.
    """

    options: LinkOptions
    sheet: str
    aside: Mapping[str, int]
    records: int
    clusters: int
    groups: int
    joined: int
    doubtful: int
    diagnosis: Diagnosis
    capped: tuple[Capped, ...] = field(default=())

    @property
    def outputs(self) -> tuple[str, ...]:
        """Files written."""
        return tuple(
            str(path) for path in (self.options.out, self.options.pairs) if path is not None and not self.options.dry_run
        )

    def to_json(self) -> dict[str, object]:
        """The document that ``--json`` prints; it names no clock."""
        said = self.diagnosis
        return {
            "exit": int(ExitStatus.DONE),
            "file": str(self.options.source),
            "sheet": self.sheet,
            "aside": dict(self.aside),
            "records": self.records,
            "clusters": self.clusters,
            "groups": self.groups,
            "joined": self.joined,
            "doubtful": self.doubtful,
            "pairs": said.pairs,
            "rules": [{"rule": name, "pairs": number} for name, number in said.rules],
            "recall": said.recall,
            "capped": [{"rule": one.rule, "blocks": one.blocks, "records": one.records} for one in self.capped],
            "unlinkable": said.unlinkable,
            "cut": said.cut,
            "doubts": list(said.doubts),
            "outputs": list(self.outputs),
            "dry_run": self.options.dry_run,
        }


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a list that was added to what is kept.

    Attributes:
        new: its records; ``known`` of them belong to a thing that was kept; ``renamed``: kept records whose cluster is another's now.
        records, clusters, groups: of all that is kept.
    """

    options: LinkOptions
    sheet: str
    aside: Mapping[str, int]
    new: int
    known: int
    renamed: int
    records: int
    clusters: int
    groups: int

    @property
    def outputs(self) -> tuple[str, ...]:
        """Files written."""
        return () if self.options.dry_run else (str(self.options.out), str(self.options.keep))

    def to_json(self) -> dict[str, object]:
        """The document that ``--json`` prints."""
        return {
            "exit": int(ExitStatus.DONE),
            "file": str(self.options.source),
            "sheet": self.sheet,
            "aside": dict(self.aside),
            "new": self.new,
            "known": self.known,
            "renamed": self.renamed,
            "records": self.records,
            "clusters": self.clusters,
            "groups": self.groups,
            "outputs": list(self.outputs),
            "dry_run": self.options.dry_run,
        }


def link_file(options: LinkOptions, told: Told = lambda _stage: None) -> Linked | Added:
    """Link a list and write who is who. The same records in any order give the same bytes.

    Raises:
        UsageError: a column or an element is not there, an id is blank or stands twice, an output exists or is the input.
        NoInputError: there is no list.
        DiskError: something cannot be read or written; nothing half-written is left.
    """
    _refuse(options)
    elements_of(options.fields)
    told("read")
    listing = _read(options)
    if options.keep is not None and options.keep.exists():
        return _add(options, listing, told)
    found = clusters(listing.frame, options.fields, Job(explain=options.pairs is not None, told=told))
    told("write")
    if not options.dry_run:
        _write(options, listing, found)
    return _linked(options, listing, found)


def _add(options: LinkOptions, listing: Listing, told: Told) -> Added:
    """The list among the records that are kept."""
    keep, kinds = options.keep or options.out, elements_of(options.fields)
    kept = keeping.read_kept(keep, kinds)
    told("grow")
    grown = keeping.later(kept, listing.ids, listing.frame, kinds)
    told("write")
    every = keeping.clusters_of(grown.kept)
    every = every[in_order(every["record_id"])]
    if not options.dry_run:
        with staged_file(options.out) as out, staged_file(keep) as fresh:
            _save(out, every, options.out.suffix.lower())
            keeping.write_kept(fresh, grown.kept)
    sizes = every["cluster_id"].value_counts()["count"]
    counts = (grown.new, grown.known, grown.renamed, every.height, len(sizes), int((sizes > 1).sum()))
    return Added(options, listing.sheet, listing.aside, *counts)


def _refuse(options: LinkOptions) -> None:
    """Outputs that may not be written."""
    targets = [path for path in (options.out, options.pairs) if path is not None]
    for path in targets:
        if path.suffix.lower() not in _KINDS:
            raise UsageError("link-out-kind", path=path)
        if path.resolve() == options.source.resolve():
            raise UsageError("out-is-input", path=path)
        if path.exists() and not options.force:
            raise UsageError("exists", path=path)
    if options.keep is not None and options.pairs is not None and options.keep.exists():
        raise UsageError("link-pairs-kept", path=options.keep)
    targets += [options.keep] if options.keep is not None else []
    if len({path.resolve() for path in targets}) < len(targets):
        raise UsageError("link-out-twice", path=options.out)


def _read(options: LinkOptions) -> Listing:
    """The list in the natural order of its ids."""
    listing = read_list(options.source, list(dict.fromkeys([options.record_id, *options.fields])))
    _refuse_ids(options, listing)
    order = in_order(listing.ids)
    if order.is_sorted():
        return listing
    return replace(listing, ids=listing.ids.gather(order), frame=listing.frame.select(pl.all().gather(order)))


def _refuse_ids(options: LinkOptions, listing: Listing) -> None:
    ids = listing.ids
    if not len(ids):
        raise NoInputError("link-no-row", path=options.source)
    wrong = wrong_id(ids)
    if wrong is None:
        return
    code, record = wrong
    first = ids.index_of(ids[record])
    rows = {"line": listing.line(record), "row": listing.line(record), "other": listing.line(first or 0)}
    raise UsageError(code, path=options.source, column=options.record_id, id=masked(str(ids[record])), **rows)


def _linked(options: LinkOptions, listing: Listing, found: Clusters) -> Linked:
    sizes = found.frame["cluster"].value_counts()["count"]
    several = sizes.filter(sizes > 1)
    counts = (found.frame.height, len(sizes), len(several), int(several.sum()), found.diagnosis.doubtful)
    return Linked(options, listing.sheet, listing.aside, *counts, found.diagnosis, _capped(found.diagnosis))


def _capped(said: Diagnosis) -> tuple[Capped, ...]:
    rules: dict[str, list[int]] = {}
    for rule, records in said.capped:
        rules.setdefault(rule, []).append(records)
    return tuple(Capped(rule, len(sizes), sum(sizes)) for rule, sizes in rules.items())


def _write(options: LinkOptions, listing: Listing, found: Clusters) -> None:
    """All files or none."""
    frames = {options.out: _clusters(listing.ids, found)}
    if options.pairs is not None:
        frames[options.pairs] = _pairs(listing.ids, found, options.language)
    with ExitStack() as stack:
        fresh = {path: stack.enter_context(staged_file(path)) for path in frames}
        for path, frame in frames.items():
            _save(fresh[path], frame, path.suffix.lower())
        if options.keep is not None:
            kept = keeping.first(listing.ids, found, listing.frame, elements_of(options.fields))
            keeping.write_kept(stack.enter_context(staged_file(options.keep)), kept)


def _save(path: Path, frame: pl.DataFrame, kind: str) -> None:
    if kind == ".csv":
        write_csv(path, frame)
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        frame.write_parquet(file)


def _clusters(ids: pl.Series, found: Clusters) -> pl.DataFrame:
    one = found.frame.sort("_id")
    return pl.DataFrame({"record_id": ids, "cluster_id": ids.gather(one["cluster"]), "score": one["score"].round(6)})


def _pairs(ids: pl.Series, found: Clusters, language: Language) -> pl.DataFrame:
    """A line a pair that was joined or is in doubt, with what its fields say of it; no value is named."""
    weights = weights_of(found)
    parts = [
        explained(pairs, weights, language).with_columns(pl.lit(joined, pl.Int8).alias("joined"))
        for joined, pairs in ((1, found.edges), (0, found.doubtful))
    ]
    told = pl.concat(part.select("left", "right", "joined", "probability", "weight", "text") for part in parts).sort(
        "left", "right"
    )
    return told.select(
        ids.gather(told["left"]).alias("record_id"),
        ids.gather(told["right"]).alias("other_id"),
        "joined",
        pl.col("probability").round(4),
        pl.col("weight").round(2),
        pl.col("text").alias("evidence"),
    )
