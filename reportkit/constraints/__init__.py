"""What a spec's Table Schema demands of values beyond what their elements know.

``constraints`` looks at cells and foreign keys, ``repetitions`` at values that have to be one of a kind, ``constraint_problems`` and
``reference_problems`` at the spec itself. A cell that its element finds wrong is not judged again: one fault, one finding.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from reportkit.constraints.keys import blank, blank_keys, repetitions, strangers, told
from reportkit.constraints.limits import Limit, limits
from reportkit.constraints.problems import constraint_problems, reference_problems
from reportkit.constraints.references import References
from reportkit.records import Records

__all__ = ["References", "constraint_problems", "constraints", "reference_problems", "repetitions"]


def constraints(records: Records, references: References) -> Iterator[pl.DataFrame]:
    """Findings about cells, columns of ``findings.SCHEMA``.

    Args:
        records: of one template.
        references: what foreign keys refer to.
    """
    yield from _required(records)
    yield from _limited(records)
    yield from blank_keys(records)
    yield from strangers(records, references)


def _required(records: Records) -> Iterator[pl.DataFrame]:
    for field in records.template.fields:
        if field.constraints.required:
            rows = blank(records, field.name)
            if len(rows):
                yield told(records, field.name, rows, "required-missing")


def _limited(records: Records) -> Iterator[pl.DataFrame]:
    """All limits of all fields in one pass."""
    held = [(field.name, one) for field in records.template.fields for one in limits(field)]
    if not held:
        return
    values = pl.DataFrame([records.right(name) for name in dict.fromkeys(name for name, _ in held)])
    broken = values.lazy().select(_places(one, str(n)) for n, (_, one) in enumerate(held)).collect()
    for (name, one), rows in zip(held, broken, strict=True):
        if len(rows[0]):
            yield told(records, name, rows[0], one.code, one.detail)


def _places(one: Limit, name: str) -> pl.Expr:
    return one.bad.fill_null(value=False).arg_true().implode().alias(name)
