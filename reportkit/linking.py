"""Record linkage for anyone's table: columns by their elements, clusters out. No labels, no threshold."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import polars as pl

from reportkit.elements import ALIASES, ELEMENTS, element
from reportkit.elements.shape import Scope
from reportkit.elements.writing import NONE
from reportkit.errors import UsageError
from reportkit.linkage import Clusters, Job, LinkField, link_columns
from reportkit.linkage.values import Column, encode_one

#: Columns read at a time: two keep two processors busy without holding many in memory.
_AT_ONCE = 2


def link(frame: pl.DataFrame, fields: Mapping[str, str], record_id: str = "") -> pl.DataFrame:
    """Which rows of a table are about one thing.

    >>> import polars as pl
    >>> import reportkit as rk
    >>> people = pl.DataFrame(
    ...     {
    ...         "id": ["a", "b", "c"],
    ...         "given": ["Margaret", "Margret", "John"],
    ...         "family": ["Ashworth", "Ashworth", "Pell"],
    ...         "born": ["1956-03-12", "1956-03-12", "1971-08-30"],
    ...     }
    ... )
    >>> fields = {"given": "given-name", "family": "surname", "born": "date"}
    >>> rk.link(people, fields, record_id="id")["cluster_id"].to_list()
    ['a', 'a', 'c']

    Args:
        frame: one row a record, columns of any type.
        fields: column → element: ``{"given_name": "given-name", "born": "date"}``.
        record_id: the column that names a record; without it the row's number from 0.

    Returns:
        ``record_id``, ``cluster_id`` (the ``record_id`` of the cluster's first row), ``score`` (0–1, the weakest of the links that hold
        the row in its cluster; 1 alone), in the order of the rows.

    Raises:
        UsageError: a column or an element is not there, or a record's id is blank or stands twice.
    """
    if record_id:
        _known(frame.schema, record_id)
    ids = frame[record_id] if record_id else pl.int_range(frame.height, eager=True)
    if wrong := wrong_id(ids):
        raise UsageError(wrong[0], column=record_id, id=ids[wrong[1]], row=wrong[1])
    found = clusters(frame, fields, Job(explain=False)).frame
    return pl.DataFrame({"record_id": ids, "cluster_id": ids.gather(found["cluster"]), "score": found["score"]})


def clusters(frame: pl.DataFrame | pl.LazyFrame, fields: Mapping[str, str], job: Job | None = None) -> Clusters:
    """All that linkage says of a table; of a lazy one a column at a time is in memory.

    Raises:
        UsageError: a column or an element is not there, or there are no fields.
    """
    job = job or Job()
    lazy = frame.lazy()
    kinds = checked(lazy.collect_schema(), fields)
    job.told("read")
    size = int(lazy.select(pl.len()).collect().item())
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        columns = list(pool.map(partial(_column, lazy), kinds, kinds.values()))
    return link_columns([column for column in columns if len(column.words)], np.arange(size, dtype=np.uint32), job)


def _column(frame: pl.LazyFrame, name: str, kind: str) -> Column:
    return encode_one(canonical(frame.select(name).collect()[name], kind), LinkField(name, kind))


def checked(schema: pl.Schema, fields: Mapping[str, str]) -> dict[str, str]:
    """Column → the element's own name, where it may be called by another.

    Raises:
        UsageError: there are no fields, or one's column or element is not there.
    """
    if not fields:
        raise UsageError("link-no-field")
    kinds = elements_of(fields)
    for name in kinds:
        _known(schema, name)
    return kinds


def elements_of(fields: Mapping[str, str]) -> dict[str, str]:
    """Column → the element's own name, where it may be called by another.

    Raises:
        UsageError: there is no such element.
    """
    for kind in fields.values():
        if ALIASES.get(kind, kind) not in ELEMENTS:
            raise UsageError("link-element", element=kind, known=" ".join(sorted({*ELEMENTS, *ALIASES})))
    return {name: element(kind).name for name, kind in fields.items()}


def wrong_id(ids: pl.Series) -> tuple[str, int] | None:
    """The first id that is blank or stands there again: the error's code and the row from 0."""
    blank = ids.cast(pl.String).str.strip_chars().fill_null("") == ""
    for code, wrong in (("link-id-blank", blank), ("link-id-twice", ~ids.is_first_distinct())):
        if wrong.any():
            return code, int(wrong.arg_max() or 0)
    return None


def _known(schema: pl.Schema, column: str) -> None:
    if column not in schema:
        raise UsageError("link-column", column=column, there=", ".join(schema))
    kind = schema[column]
    if kind.is_nested() or kind in (pl.Binary, pl.Object):
        raise UsageError("link-column-type", column=column, kind=kind)


def canonical(values: pl.Series, kind: str) -> pl.Series:
    """Values as their element writes them; null where blank. Each distinct value is looked at once, those that are plain not at all."""
    one = element(kind)
    texts = _texts(values)
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


def _texts(values: pl.Series) -> pl.Series:
    """Values as text: whole floats without ``.0``, midnights as days."""
    kind = values.dtype
    if kind.is_float():
        whole = values.cast(pl.Int64, strict=False)
        texts = values.cast(pl.String)
        return whole.cast(pl.String).zip_with((whole == values).fill_null(value=False), texts).alias(values.name)
    if kind == pl.Datetime:
        days = values.dt.date()
        return days.cast(pl.String).zip_with((days == values).fill_null(value=True), values.cast(pl.String))
    return values.cast(pl.String)
