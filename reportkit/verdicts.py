"""What persons decided, on disk in a workspace's hidden folder: rows, headers, and what they have been asked.

Whoever opens the folder can read and mend these files with a spreadsheet; they are their owner's alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from reportkit import decisions
from reportkit.disputes import KEPT
from reportkit.doubts import Row
from reportkit.errors import DiskError, UsageError
from reportkit.outbox import staged_file
from reportkit.writers.csv_text import read_csv, write_csv

ROWS, COLUMNS, ASKED, SEEN = "decisions.csv", "columns.csv", "asked.csv", "reviews.csv"
DISPUTES = "disputes.csv"
#: What headers were decided to mean.
COLUMNS_SCHEMA = pl.Schema(dict.fromkeys(("template", "header", "field", "by", "decided_at", "period"), pl.String()))
#: The rows that persons have been asked about: a digest stands in the workbook, the values stay here.
ASKED_SCHEMA = pl.Schema(dict.fromkeys(("entity", "digest", "key"), pl.String()))
_SEEN_SCHEMA = pl.Schema({"sha256": pl.String()})


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Decisions about rows (``decisions.SCHEMA``) and about headers (``COLUMNS_SCHEMA``)."""

    rows: pl.DataFrame = field(default_factory=decisions.none)
    columns: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=COLUMNS_SCHEMA))

    def headers(self, template: str) -> Mapping[str, str]:
        """Header → field, of one template."""
        return dict(self.columns.filter(pl.col("template") == template).select("header", "field").iter_rows())

    def with_more(self, rows: Iterable[Mapping[str, str]], columns: Iterable[Mapping[str, str]]) -> Verdicts:
        """These and later ones; the last word on a pair or a header counts."""
        every = pl.concat([self.rows, pl.DataFrame(list(rows), schema=decisions.SCHEMA)])
        headers = pl.concat([self.columns, pl.DataFrame(list(columns), schema=COLUMNS_SCHEMA)])
        headers = headers.unique(["template", "header"], keep="last", maintain_order=True).sort("template", "header")
        return Verdicts(decisions.last(every), headers)


def load(folder: Path) -> Verdicts:
    """What was decided so far; nothing where nobody has decided.

    Raises:
        UsageError: a file was edited into something else; with path and line.
    """
    rows = _read(folder / ROWS, decisions.SCHEMA)
    for line, verdict in enumerate(rows["decision"], 2):
        if verdict not in (decisions.SAME, decisions.DIFFERENT):
            raise UsageError("decisions-wrong", path=folder / ROWS, line=line, value=verdict)
    return Verdicts(decisions.last(rows), _read(folder / COLUMNS, COLUMNS_SCHEMA))


def store(folder: Path, verdicts: Verdicts) -> None:
    """Put decisions in the place of those that stand there.

    Raises:
        DiskError: they cannot be written; the old ones stand as they were.
    """
    _write(folder / ROWS, verdicts.rows)
    _write(folder / COLUMNS, verdicts.columns)


def remember(folder: Path, asked: Iterable[tuple[str, Row]]) -> None:
    """Keep what the digests in a workbook stand for. ``asked``: entity and row."""
    lines = [(entity, row.digest, row.key) for entity, row in asked if row.digest]
    new = pl.DataFrame(lines, schema=ASKED_SCHEMA, orient="row")
    _write(folder / ASKED, pl.concat([_read(folder / ASKED, ASKED_SCHEMA), new]).unique().sort("digest"))


def asked(folder: Path) -> dict[str, tuple[str, str]]:
    """Digest → entity and key of every row that anybody was asked about."""
    return {digest: (entity, key) for entity, digest, key in _read(folder / ASKED, ASKED_SCHEMA).iter_rows()}


def know(folder: Path, workbook: bytes) -> None:
    """Note that a workbook is as the program wrote it, or that its decisions were read."""
    seen = _read(folder / SEEN, _SEEN_SCHEMA)
    _write(folder / SEEN, pl.concat([seen, pl.DataFrame({"sha256": [_digest(workbook)]})]).unique().sort("sha256"))


def keep_unread(folder: Path, workbook: Path) -> Path | None:
    """A copy of a workbook that somebody worked on and nobody has read back, before another takes its place; None where there is none.

    Raises:
        DiskError: it cannot be read or written.
    """
    try:
        content = workbook.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DiskError("cannot-read", path=workbook, why=error.strerror or error) from error
    if _digest(content) in _read(folder / SEEN, _SEEN_SCHEMA)["sha256"]:
        return None
    copy = folder / f"{workbook.stem}-{workbook.parent.name}-{_digest(content)[:8]}.xlsx"
    with staged_file(copy) as fresh:
        fresh.touch(mode=0o600)
        fresh.write_bytes(content)
    return copy


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, frame: pl.DataFrame) -> None:
    with staged_file(path) as fresh:
        write_csv(fresh, frame)


def _read(path: Path, schema: pl.Schema) -> pl.DataFrame:
    """A file of texts; what its writer defused is as it was."""
    try:
        return read_csv(path, schema)
    except ValueError:
        raise UsageError("decisions-broken", path=path, line=1, columns=",".join(schema)) from None


def disputes(folder: Path) -> pl.DataFrame:
    """The file of disputes (``disputes.KEPT``); no line where nothing was ever disputed.

    Raises:
        UsageError: it was edited into something else; with path and line.
    """
    try:
        return read_csv(folder / DISPUTES, KEPT)
    except ValueError:
        raise UsageError("disputes-broken", path=folder / DISPUTES, line=1, columns=",".join(KEPT)) from None


def keep_disputes(folder: Path, kept: pl.DataFrame) -> None:
    """Put the file of disputes in the place of the one that stands there.

    Raises:
        DiskError: it cannot be written; the old one stands as it was.
    """
    _write(folder / DISPUTES, kept)
