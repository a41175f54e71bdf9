import csv
import os
import stat
from pathlib import Path

import polars as pl
import pytest

from reportkit.writers.csv_text import write_csv


def _cells(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_bytes().decode("utf-8-sig").split("\n")))


@pytest.mark.parametrize("text", ["=1+1", "+86 138", "@SUM(A1)", "\tx", "-无", "-1+cmd", "-", "-A1"])
def test_text_that_a_spreadsheet_would_run_is_prefixed(tmp_path: Path, text: str) -> None:
    write_csv(tmp_path / "a.csv", pl.DataFrame({"value": [text]}))
    assert _cells(tmp_path / "a.csv")[1] == ["'" + text]


@pytest.mark.parametrize("text", ["-5", "-0.5", "-1e-5", "370602200001011234", "张三", "a=b", ""])
def test_other_text_stands_as_it_is(tmp_path: Path, text: str) -> None:
    write_csv(tmp_path / "a.csv", pl.DataFrame({"value": [text], "other": ["x"]}))
    assert _cells(tmp_path / "a.csv")[1] == [text, "x"]


def test_the_file_starts_with_a_bom_and_has_line_feeds_alone(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", pl.DataFrame({"村": ["东村", None], "n": [1, None]}))
    assert (tmp_path / "a.csv").read_bytes() == b"\xef\xbb\xbf" + "村,n\n东村,1\n,\n".encode()


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no modes")
def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", pl.DataFrame({"a": [1]}))
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o600
