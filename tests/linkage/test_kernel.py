"""The kernel: Arrow in, edges out, the same whoever hands the records over."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
from villagers import FIELDS, frame, slipped, villagers

from reportkit.linkage import link
from reportkit.linkage.kernel import edges, prepare

PEOPLE = villagers(80)
ROWS = [*PEOPLE, *((name, slipped(str(number)), phone, place) for name, number, phone, place in PEOPLE[:15])]
RECORDS = frame(ROWS)
FOUND = link(RECORDS, FIELDS, "person")
PREPARED = prepare(RECORDS.drop("_id"), FOUND.learnt)


def test_edges_are_those_that_linkage_found() -> None:
    assert edges(PREPARED, FOUND.learnt).select("left", "right").rows() == FOUND.edges.select("left", "right").rows()


def test_an_arrow_table_of_another_library_gives_the_same_edges_to_the_last() -> None:
    table = pa.table(PREPARED)
    assert edges(table, FOUND.learnt).equals(edges(PREPARED, FOUND.learnt))
    assert pa.table(edges(table, FOUND.learnt)).column_names == ["left", "right", "probability"]


def test_records_in_groups_by_their_keys_give_every_edge_of_their_group() -> None:
    """What is said of a pair depends on the two records and on what was learnt, not on who else is there."""
    whole = {(left, right): sure for left, right, sure in edges(PREPARED, FOUND.learnt).rows()}
    half = PREPARED.with_row_index("row").filter(pl.col("row") % 2 == 0)
    rows = half["row"].to_list()
    part = edges(half.drop("row"), FOUND.learnt)
    for left, right, sure in part.rows():
        assert whole[rows[left], rows[right]] == sure
    wanted = {pair for pair in whole if set(pair) <= set(rows)}
    assert {(rows[left], rows[right]) for left, right, _ in part.rows()} == wanted
