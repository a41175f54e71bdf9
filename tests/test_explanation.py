"""A pair's evidence in plain words, what weighs most first."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from forms import PEOPLE, records
from test_holding import clusters
from villagers import villagers

from reportkit import explanation
from reportkit.explanation import WEIGHTS, explain, links, signed, weights_of
from reportkit.messages import Language
from reportkit.records import ID

LINES = [
    (0, 1, "联系电话", "differ", -2.04),
    (0, 1, "身份证号", "odd-level-without-words", 9.13),
    (0, 1, "", "prior", -12.0),
    (0, 1, "姓名", "homophone", 4.2),
    (1, 2, "姓名", "same", 8.0),
]
WORDS = {"differ": "不同", "homophone": "同音", "same": "相同"}


def weights(lines: list[tuple[int, int, str, str, float]] = LINES) -> pl.DataFrame:
    return pl.DataFrame(lines, schema=WEIGHTS, orient="row")


def test_fields_come_in_the_order_of_their_weight_and_what_holds_of_any_pair_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explanation, "level_words", lambda level, _: WORDS.get(level, level))
    told = explain(weights(), Language.ZH)
    assert told.rows() == [
        (0, 1, "身份证号odd-level-without-words +9.1; 姓名同音 +4.2; 联系电话不同 -2.0; prior -12.0"),
        (1, 2, "姓名相同 +8.0"),
    ]
    assert explain(weights(), Language.EN)["text"][1] == "姓名 相同 +8.0"


def test_a_level_that_the_catalogue_lacks_keeps_its_name_and_the_prior_has_words() -> None:
    assert explanation.level_words("odd-level-without-words", Language.ZH) == "odd-level-without-words"
    assert explanation.level_words("prior", Language.EN) == "any two rows"


def test_signs_are_always_shown() -> None:
    shown = pl.DataFrame({"w": [9.13, -2.0, 0.0, -0.04]}).select(signed(pl.col("w")))
    assert shown.to_series().to_list() == ["+9.1", "-2.0", "+0.0", "+0.0"]


def test_a_blank_side_is_no_evidence_and_an_engine_without_weights_gives_none() -> None:
    one = clusters(2, [(0, 1, 0.95)])
    assert weights_of(one).height == 0
    told = weights([*LINES, (0, 1, "家庭住址", "missing", 0.0)])
    assert weights_of(replace(one, weights=told)).height == len(LINES)


def test_links_name_rows_and_words_but_never_a_value() -> None:
    people = villagers(4)
    rows = records(PEOPLE, *((*one, "100") for one in people))
    found = clusters(4, [(0, 1, 0.95)], [(1, 2, 0.6)])
    found = replace(found, frame=found.frame.rename({"_id": ID}), weights=weights())
    told = links(rows, found, Language.ZH)
    assert told.columns == list(explanation.LINKS)
    assert told.select("row", "other_row", "joined", "probability").rows() == [(3, 4, 1, 0.95), (4, 5, 0, 0.6)]
    assert "+9.1" in told["why"][0]
    assert not any(str(value) in told.write_csv() for one in people for value in one)
