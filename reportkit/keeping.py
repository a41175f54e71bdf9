"""What was linked, kept in a file, so that next month's list is linked with it and not all over again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from reportkit.errors import DiskError, UsageError
from reportkit.linkage import Clusters
from reportkit.linkage.growth import CLUSTER, ID, SCORE, Kept, grow, keep, rekeyed
from reportkit.linkage.learnt import Learnt
from reportkit.linking import canonical

_LEARNT = "reportkit.learnt"


@dataclass(frozen=True, slots=True)
class Grown:
    """What new records became among those that are kept.

    Attributes:
        kept: all records, old and new.
        new: how many are new; ``known`` of them belong to a thing that was kept.
        renamed: old records whose cluster is another's now, because a new record brought the two together.
    """

    kept: Kept
    new: int
    known: int
    renamed: int


def first(ids: pl.Series, found: Clusters, frame: pl.LazyFrame, fields: Mapping[str, str]) -> Kept:
    """What to keep of a first linkage."""
    return keep(ids, found.frame.sort("_id"), _values(frame, fields), found.learnt)


def later(kept: Kept, ids: pl.Series, frame: pl.LazyFrame, fields: Mapping[str, str]) -> Grown:
    """New records among those that are kept.

    Raises:
        UsageError: a record is kept already.
    """
    if ids.dtype != kept.frame[ID].dtype:
        ids, kept = ids.cast(pl.String), Kept(kept.frame.with_columns(pl.col(ID, CLUSTER).cast(pl.String)), kept.learnt)
    known = ids.is_in(kept.frame[ID].implode())
    if known.any():
        raise UsageError("link-id-kept", id=ids.filter(known)[0], number=int(known.sum()))
    found = grow(kept, ids, _values(frame, fields))
    mine = found.kept.frame[CLUSTER].tail(len(ids))
    return Grown(found.kept, len(ids), int(mine.is_in(kept.frame[CLUSTER].implode()).sum()), found.renamed)


def _values(frame: pl.LazyFrame, fields: Mapping[str, str]) -> pl.DataFrame:
    return pl.DataFrame([canonical(frame.select(name).collect()[name], kind).alias(name) for name, kind in fields.items()])


def clusters_of(kept: Kept) -> pl.DataFrame:
    """``record_id``, ``cluster_id``, ``score`` of all that is kept."""
    return kept.frame.select(ID, CLUSTER, pl.col(SCORE).round(6))


def read_kept(path: Path, fields: Mapping[str, str]) -> Kept:
    """What is kept in a file.

    Raises:
        UsageError: it is no such file, or other fields are kept in it.
        DiskError: it cannot be read.
    """
    try:
        learnt = Learnt.model_validate_json(pl.read_parquet_metadata(path)[_LEARNT])
        frame = pl.read_parquet(path)
    except OSError as error:
        raise DiskError("cannot-read", path=path, why=error.strerror or error) from error
    except (KeyError, ValidationError, pl.exceptions.PolarsError):
        raise UsageError("link-not-kept", path=path) from None
    kept = {one.name: one.element for one in learnt.fields}
    if kept != dict(fields):
        raise UsageError("link-kept-fields", path=path, fields=" ".join(f"{name}={kind}" for name, kind in kept.items()))
    return Kept(frame, learnt) if learnt.hashes == pl.__version__ else rekeyed(Kept(frame, learnt))


def write_kept(path: Path, kept: Kept) -> None:
    """Keep it, readable by its owner alone."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        kept.frame.write_parquet(file, metadata={_LEARNT: kept.learnt.model_dump_json()})
