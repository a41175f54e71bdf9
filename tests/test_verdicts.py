"""What is kept beside a workspace is read as it was written, or refused by file and line."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import polars as pl
import pytest

from reportkit import verdicts
from reportkit.disputes import KEPT
from reportkit.errors import UsageError


def test_the_file_of_disputes_is_read_as_it_was_kept_and_is_its_owners_alone(tmp_path: Path) -> None:
    line = dict.fromkeys(KEPT, "") | {
        "dispute_id": "ab12",
        "who": "=王芳",
        "sides": '[{"department": "公安局, 户政"}]',
        "state": "open",
    }
    kept = pl.DataFrame([line], schema=dict.fromkeys(KEPT, pl.String))
    verdicts.keep_disputes(tmp_path, kept)
    assert verdicts.disputes(tmp_path).equals(kept)
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / verdicts.DISPUTES).stat().st_mode) == 0o600


def test_where_nothing_was_disputed_there_is_no_line(tmp_path: Path) -> None:
    assert verdicts.disputes(tmp_path).shape == (0, len(KEPT))


def test_a_file_of_disputes_with_other_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / verdicts.DISPUTES).write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        verdicts.disputes(tmp_path)
    assert (caught.value.code, caught.value.facts["line"]) == ("disputes-broken", "1")
