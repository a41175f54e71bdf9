"""``csv``: the columns of the evidence's findings.csv, gravest first; spreadsheets open it."""

from __future__ import annotations

import codecs

import polars as pl

from reportkit.evidence import FINDINGS
from reportkit.formats.shape import Format
from reportkit.summary import Listing
from reportkit.writers.csv_text import csv_bytes


def _render(listing: Listing) -> bytes:
    frame = pl.DataFrame(schema=dict.fromkeys(FINDINGS, pl.String)) if listing.frame is None else listing.frame.select(FINDINGS)
    line = pl.col("row").cast(pl.Int64, strict=False)
    return csv_bytes(frame.with_columns(pl.when(line > 0).then(line).alias("row")))


FORMAT = Format("csv", codecs.BOM_UTF8 + ",".join(FINDINGS).encode(), _render)
