"""Why a pair was held to be one thing, in bits."""

from __future__ import annotations

import polars as pl
import pytest
from villagers import FIELDS, Person, linked, messy

from reportkit.elements import element
from reportkit.linkage import Clusters
from reportkit.linkage.evidence import PRIOR

ELEMENTS = {field.name: element(field.element) for field in FIELDS}
AT = {field.name: n for n, field in enumerate(FIELDS)}


def found(seed: int) -> tuple[list[Person], Clusters]:
    rows = messy(seed, 150, 60)
    return rows, linked(rows)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_fields_say_of_a_pair_and_the_prior_odds_add_up_to_its_weight(seed: int) -> None:
    _, clusters = found(seed)
    pairs = pl.concat([clusters.edges, clusters.doubtful])
    assert pairs.height > 40
    sums = clusters.weights.group_by("left", "right").agg(pl.col("weight").sum().alias("sum"))
    both = pairs.join(sums, on=["left", "right"], how="full", coalesce=True)
    assert both["sum"].to_list() == pytest.approx(both["weight"].to_list(), abs=1e-6)


def test_every_field_that_both_rows_hold_has_a_line_with_the_name_of_its_level() -> None:
    rows, clusters = found(3)
    lines = {(left, right, field): level for left, right, field, level in clusters.weights.drop("weight").rows()}
    assert len(lines) == clusters.weights.height
    for left, right in pl.concat([clusters.edges, clusters.doubtful]).select("left", "right").rows():
        assert lines.pop((left, right, "")) == PRIOR
        for name, kind in ELEMENTS.items():
            one, other = rows[left][AT[name]], rows[right][AT[name]]
            if one is not None and other is not None:
                assert lines.pop((left, right, name)) == kind.levels[int(kind.compare([one], [other])[0])]
    assert lines == {}


def test_what_agrees_speaks_for_a_pair_and_what_differs_against_it() -> None:
    _, clusters = found(4)
    own = clusters.weights.filter(pl.col("field").is_in(["姓名", "身份证号"]))
    assert own.filter(level="same")["weight"].min() > 0
    assert own.filter(level="differ")["weight"].max() < 0


def test_why_names_the_fields_that_agree_and_how() -> None:
    rows, clusters = found(5)
    for left, right, why in clusters.edges.select("left", "right", "why").rows():
        wanted = []
        for name, kind in ELEMENTS.items():
            one, other = rows[left][AT[name]], rows[right][AT[name]]
            level = int(kind.compare([one], [other])[0]) if one is not None and other is not None else 0
            wanted += [f"{name}{'=' if level == len(kind.levels) - 1 else '~'}"] if level else []
        assert why == " ".join(wanted)


def test_pairs_and_fields_stand_in_order() -> None:
    _, clusters = found(6)
    for frame in (clusters.edges, clusters.doubtful):
        assert frame.select("left", "right").equals(frame.select("left", "right").sort("left", "right"))
        assert (frame["left"] < frame["right"]).all()
    first = clusters.edges.select("left", "right").row(0)
    fields = clusters.weights.filter(left=first[0], right=first[1])["field"].to_list()
    assert fields == [name for name in [*AT, ""] if name in fields]


def test_without_pairs_there_is_no_evidence() -> None:
    clusters = linked([])
    assert clusters.weights.height == 0
    assert clusters.weights.columns == ["left", "right", "field", "level", "weight"]
