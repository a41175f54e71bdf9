"""Record linkage for anyone's table: columns by their elements, clusters out. No labels, no threshold."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from reportkit.elements import ELEMENTS, element
from reportkit.elements.shape import Scope
from reportkit.elements.writing import NONE
from reportkit.errors import UsageError
from reportkit.linkage import Clusters, LinkField
from reportkit.linkage import link as link_records


def link(frame: pl.DataFrame, fields: Mapping[str, str], record_id: str = "") -> pl.DataFrame:
    """Which rows of a table are about one thing.

    Args:
        frame: one row a record, columns of any type.
        fields: column → element: ``{"given_name": "given-name", "born": "date"}``.
        record_id: the column that names a record; without it the row's number from 0.

    Returns:
        ``record_id``, ``cluster_id`` (the ``record_id`` of the cluster's first record), ``score`` (the weakest of the links that hold the row in its cluster, 1 alone); in the
        order of the rows.

    Raises:
        UsageError: a column or an element is not there, or a record's id is blank or stands twice.
    """
    ids = frame[record_id] if record_id else pl.int_range(frame.height, eager=True)
    found = clusters(frame, fields).frame
    return pl.DataFrame({"record_id": ids, "cluster_id": ids.gather(found["cluster"]), "score": found["score"]})


def clusters(frame: pl.DataFrame, fields: Mapping[str, str]) -> Clusters:
    """All that linkage says of a table."""
    for name, kind in fields.items():
        if name not in frame.columns:
            raise UsageError("link-column", column=name)
        if kind not in ELEMENTS:
            raise UsageError("link-element", element=kind)
    columns = [canonical(frame[name], kind) for name, kind in fields.items()]
    records = pl.DataFrame([pl.int_range(frame.height, dtype=pl.UInt32, eager=True).alias("_id"), *columns])
    return link_records(records, [LinkField(name, kind) for name, kind in fields.items()], "")


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
