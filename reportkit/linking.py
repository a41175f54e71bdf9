"""Record linkage for anyone's table: columns by their elements, clusters out. No labels, no threshold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from reportkit.elements import ALIASES, ELEMENTS, element
from reportkit.elements.shape import Scope
from reportkit.elements.writing import NONE
from reportkit.errors import UsageError
from reportkit.linkage import Clusters, Job, LinkField, link_columns
from reportkit.linkage.values import Column, encode_one


def link(frame: pl.DataFrame, fields: Mapping[str, str], record_id: str = "") -> pl.DataFrame:
    """Which rows of a table are about one thing.

    Args:
        frame: one row a record, columns of any type.
        fields: column → element: ``{"given_name": "given-name", "born": "date"}``.
        record_id: the column that names a record; without it the row's number from 0.

    Returns:
        ``record_id``, ``cluster_id`` (the ``record_id`` of the cluster's first row), ``score`` (0–1, the weakest of the links that hold
        the row in its cluster; 1 alone), in the order of the rows.

    Raises:
        UsageError: a column or an element is not there.
    """
    if record_id and record_id not in frame.columns:
        raise UsageError("link-column", column=record_id, known=", ".join(frame.columns))
    ids = frame[record_id] if record_id else pl.int_range(frame.height, eager=True)
    found = clusters(frame, fields, Job(explain=False)).frame
    return pl.DataFrame({"record_id": ids, "cluster_id": ids.gather(found["cluster"]), "score": found["score"]})


def clusters(frame: pl.DataFrame | pl.LazyFrame, fields: Mapping[str, str], job: Job | None = None) -> Clusters:
    """All that linkage says of a table; of a lazy one a column at a time is in memory.

    Raises:
        UsageError: a column or an element is not there.
    """
    job = job or Job()
    lazy = frame.lazy()
    known = lazy.collect_schema().names()
    for name, kind in fields.items():
        if name not in known:
            raise UsageError("link-column", column=name, known=", ".join(known))
        if kind not in ELEMENTS and kind not in ALIASES:
            raise UsageError("link-element", element=kind, known=", ".join(sorted({*ELEMENTS, *ALIASES})))
    job.told("read")
    size = int(lazy.select(pl.len()).collect().item())
    columns = [column for column in _columns(lazy, fields) if len(column.words)]
    return link_columns(columns, np.arange(size, dtype=np.uint32), job)


def _columns(frame: pl.LazyFrame, fields: Mapping[str, str]) -> Iterator[Column]:
    for name, kind in fields.items():
        values = canonical(frame.select(name).collect()[name], kind)
        yield encode_one(values, LinkField(name, element(kind).name))


def canonical(values: pl.Series, kind: str) -> pl.Series:
    """Values as their element writes them; null where blank. Each distinct value is looked at once, those that are plain not at all."""
    one = element(kind)
    texts = values.cast(pl.String)
    if one.linking.plain:
        plain = texts.str.contains(one.linking.plain) & ~texts.is_in(sorted(NONE))
        distinct = texts.filter(~plain.fill_null(value=True)).unique()
    else:
        distinct = texts.drop_nulls().unique()
    if not len(distinct):
        return texts
    scope = Scope()
    written = pl.Series([one.normalise(word, scope) or None for word in distinct.to_list()], dtype=pl.String)
    return texts.replace(distinct, written)
