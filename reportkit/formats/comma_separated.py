"""``csv``: the columns of the evidence's findings.csv, gravest first; spreadsheets open it."""

from __future__ import annotations

import codecs

import polars as pl

from reportkit.evidence import FINDINGS
from reportkit.formats.shape import Format
from reportkit.summary import Listing
from reportkit.writers.csv_text import csv_bytes


def _render(listing: Listing) -> bytes:
    columns = {name: [getattr(line, name) for line in listing.lines] for name in FINDINGS}
    frame = pl.DataFrame(columns, schema={name: pl.Int64 if name == "row" else pl.String for name in FINDINGS})
    return csv_bytes(frame.with_columns(pl.when(pl.col("row") > 0).then("row").alias("row")))


FORMAT = Format("csv", codecs.BOM_UTF8 + ",".join(FINDINGS).encode(), _render)
