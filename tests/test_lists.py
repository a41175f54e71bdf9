from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import ReportkitError, UsageError
from reportkit.lists import in_order, read_list


def written(folder: Path, content: str, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_text_in_any_encoding_and_divided_by_any_character_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [("编号", "姓名", "备注"), ("001", "王若曦", ""), ("002", "赵文轩", "迁入"), ("003", "孙静怡", "")]
    path = written(tmp_path, "\r\n".join(delimiter.join(line) for line in lines), encoding)
    assert read_list(path, ["姓名", "编号"]).frame.collect().rows() == [("王若曦", "001"), ("赵文轩", "002"), ("孙静怡", "003")]


def test_a_list_below_a_title_is_found(tmp_path: Path) -> None:
    rows = "".join(f"{n},王{name}\n" for n, name in enumerate("一二三四五六"))
    listing = read_list(written(tmp_path, f"困难群众名单,\n编号,姓名\n{rows}"), ["编号", "姓名"])
    assert listing.frame.collect().height == 6
    assert listing.line(0) == 3
    assert listing.aside["text"] == 1


def test_spaces_around_a_name_in_the_header_do_not_matter(tmp_path: Path) -> None:
    path = written(tmp_path, "rec_id, given_name\nrec-1, ada\nrec-2, \n")
    assert read_list(path, ["given_name", "rec_id"]).frame.collect().columns == ["given_name", "rec_id"]


def test_rows_blank_in_all_that_is_asked_for_are_counted(tmp_path: Path) -> None:
    listing = read_list(written(tmp_path, "id,name,note\n1,a,x\n\n,  ,y\n2,b,\n"), ["id", "name"])
    assert listing.ids.to_list() == ["1", "2"]
    assert listing.aside == {"blank": 2}
    assert listing.line(1) == 5


def test_two_columns_of_the_name_asked_for_are_refused_and_others_are_not(tmp_path: Path) -> None:
    path = written(tmp_path, "id,name,name,city\n1,a,b,c\n2,d,e,f\n")
    with pytest.raises(UsageError) as raised:
        read_list(path, ["id", "name"])
    assert raised.value.code == "link-column-twice"
    assert read_list(path, ["city", "id"]).frame.collect().rows() == [("c", "1"), ("f", "2")]


def test_a_column_of_lists_is_refused(tmp_path: Path) -> None:
    pl.DataFrame({"id": [1, 2], "names": [["a"], ["b"]]}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(UsageError) as raised:
        read_list(tmp_path / "a.parquet", ["id", "names"])
    assert raised.value.code == "link-column-type"


def test_a_quotation_mark_that_is_never_closed_is_no_crash(tmp_path: Path) -> None:
    with pytest.raises(ReportkitError):
        read_list(written(tmp_path, '"id,name\n' + "1,a\n" * 50_000), ["id", "name"])
    with pytest.raises(ReportkitError):
        read_list(written(tmp_path, 'id,name\n1,"a\n' + "1,a\n" * 50_000), ["id", "name"])


CELLS = st.text(alphabet='ab 村"\n,;1', min_size=1, max_size=6).filter(lambda text: text.strip() != "")


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
def test_cells_come_back_as_written_whatever_they_hold(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("list") / "list.csv"
    pl.DataFrame(rows, schema=["id", "name"], orient="row").write_csv(path, quote_style="always")
    listing = read_list(path, ["id", "name"])
    assert listing.frame.collect().rows() == rows
    before = "".join(f'"{one}""{other}"\n' for one, other in rows[:-1])
    assert listing.line(len(rows) - 1) == 2 + before.count("\n")


# -- the order of ids


def ordered(ids: list[str]) -> list[str]:
    return pl.Series(ids)[in_order(pl.Series(ids, dtype=pl.String))].to_list()


@pytest.mark.parametrize(
    "ids",
    [
        ["9", "010", "11"],
        ["r2", "r10", "s1"],
        ["rec-2-dup-10", "rec-10-dup-2", "rec-10-dup-10", "rec-10-org"],
        ["01", "1", "2"],
        ["7", "99999999999999999999998", "99999999999999999999999"],
    ],
)
def test_numbers_in_ids_stand_by_their_size(ids: list[str]) -> None:
    assert ordered(ids[::-1]) == ids


@given(st.lists(st.text(alphabet="a-0129\n村", max_size=9), unique=True, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_ids_is_theirs_alone(ids: list[str], luck: object) -> None:
    shuffled = list(ids)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ordered(ids) == ordered(shuffled)
    assert sorted(ordered(ids)) == sorted(ids)


@given(st.lists(st.integers(0, 10**12), unique=True, max_size=30))
def test_texts_of_numbers_stand_as_the_numbers_do(numbers: list[int]) -> None:
    assert ordered([str(one) for one in numbers]) == [str(one) for one in sorted(numbers)]
