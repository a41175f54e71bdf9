"""Files are found, and read in processes that may die without taking anything with them."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import time
from pathlib import Path

import pytest
from desk import Desk, person

from reportkit.intake import Arrival, Limits, Refused, Source, discover, read_file, take_in
from reportkit.writers.package import Package
from reportkit.writers.stamp import add_stamp

GOOD = [person(n) for n in range(4)]


def names(folder: Path) -> list[str]:
    return [source.file for source in discover([folder], folder).sources]


def sources(folder: Path, *contents: bytes) -> list[Source]:
    """Files 00, 01 … with these contents."""
    made = []
    for at, content in enumerate(contents):
        path = folder / f"{at:02}"
        path.write_bytes(content)
        made.append(Source(path, path.name))
    return made


def work(data: bytes, source: Source, modified: float) -> Arrival | Refused:
    """What the tests' workers do: what a file says."""
    match data:
        case b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"exit":
            sys.exit(3)
        case b"hang":
            time.sleep(60)
        case b"swell":
            return Refused(source.file, "", modified, str(len(bytes(4 << 30))))
        case b"raise":
            raise LookupError(source.file)
        case b"cry":
            return Refused(source.file, "", modified, str(_goes_nowhere(2)))
        case b"slow":
            time.sleep(0.3)
    return Refused(source.file, "", modified, data.decode())


def _goes_nowhere(descriptor: int) -> bool:
    return os.path.samestat(os.fstat(descriptor), Path(os.devnull).stat())


def outcome(made: list[Source], *, jobs: int = 2, seconds: float = 20) -> list[tuple[str, str]]:
    return [
        (one.file, one.code) for one in take_in(made, jobs=jobs, limits=Limits(seconds), work=work) if isinstance(one, Refused)
    ]


# -- finding ------------------------------------------------------------------------------------------------


def test_files_are_found_below_folders_in_the_order_of_their_names(desk: Desk) -> None:
    for name in ("b.xlsx", "a/2.xlsx", "a/10.xlsx", "a.csv"):
        desk.file(name, b"x")
    assert names(desk.folder) == ["a.csv", "a/10.xlsx", "a/2.xlsx", "b.xlsx"]


def test_lock_files_and_those_of_systems_are_passed_over_and_named(desk: Desk) -> None:
    for name in (
        "好.xlsx",
        "~$好.xlsx",
        ".DS_Store",
        "._好.xlsx",
        "Thumbs.db",
        "__MACOSX/好.xlsx",
        ".git/config",
        "received.csv",
    ):
        desk.file(name, b"x")
    found = discover([desk.folder], desk.folder)
    assert [source.file for source in found.sources] == ["好.xlsx"]
    assert sorted(found.skipped) == sorted(
        [".DS_Store", "._好.xlsx", "~$好.xlsx", "Thumbs.db", "__MACOSX/好.xlsx", ".git/config"]
    )


def test_a_units_own_file_may_be_called_as_that_about_the_inbox(desk: Desk) -> None:
    desk.file("前岭镇/received.csv", b"x")
    assert names(desk.folder) == ["前岭镇/received.csv"]


def test_a_hidden_folder_above_the_inbox_hides_nothing(tmp_path: Path) -> None:
    inbox = Desk(tmp_path / ".home/inbox").file("表.xlsx", b"x").parent
    assert names(inbox) == ["表.xlsx"]


def test_a_file_named_twice_is_read_once(desk: Desk) -> None:
    path = desk.file("in/a.xlsx", b"x")
    assert len(discover([path.parent, path, path], desk.folder).sources) == 1


def test_a_file_outside_the_root_is_shown_by_its_whole_path(desk: Desk) -> None:
    path = desk.file("elsewhere/a.xlsx", b"x")
    assert discover([path], desk.folder / "inbox").sources[0].file == path.as_posix()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(desk: Desk) -> None:
    os.mkfifo(desk.folder / "pipe.xlsx")
    found = discover([desk.folder], desk.folder)
    assert (found.sources, found.skipped) == ((), ("pipe.xlsx",))


# -- reading ------------------------------------------------------------------------------------------------


def test_an_arrival_knows_its_bytes_its_time_its_format_and_its_tables(desk: Desk) -> None:
    path = desk.workbook("a.xls", GOOD)
    os.utime(path, (1_790_000_000, 1_790_000_000))
    (one,) = take_in([Source(path, "前岭镇/a.xls")])
    assert isinstance(one, Arrival)
    assert (one.file, one.modified, one.format) == ("前岭镇/a.xls", 1_790_000_000, "xlsx")
    assert one.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert one.sheets[0].tables[0].body["_row"].to_list() == [3, 4, 5, 6]
    assert [(finding.code, finding.file) for finding in one.findings] == [("file-extension", "前岭镇/a.xls")]


def test_the_programs_own_mark_is_read(desk: Desk) -> None:
    package = Package(desk.workbook("a.xlsx", GOOD).read_bytes())
    add_stamp(package, {"reportkit.unit": "11"})
    package.write(desk.folder / "b.xlsx")
    one = read_file((desk.folder / "b.xlsx").read_bytes(), Source(desk.folder / "b.xlsx", "b.xlsx"), 0)
    assert isinstance(one, Arrival)
    assert one.stamp == {"reportkit.unit": "11"}


def test_a_file_that_is_gone_is_refused_by_name(tmp_path: Path) -> None:
    (one,) = take_in([Source(tmp_path / "gone.xlsx", "gone.xlsx")])
    assert isinstance(one, Refused)
    assert (one.file, one.code) == ("gone.xlsx", "file-not-readable")


def test_an_unreadable_file_keeps_its_hash(desk: Desk) -> None:
    path = desk.file("a.xlsx", b"%PDF-1.7")
    (one,) = take_in([Source(path, "a.xlsx")])
    assert one == Refused("a.xlsx", hashlib.sha256(b"%PDF-1.7").hexdigest(), path.stat().st_mtime, "file-document")


def test_no_files_are_no_results() -> None:
    assert take_in([]) == []


# -- workers ------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True, scope="module")
def _warm() -> None:
    """The first worker loads the readers, which on a busy machine takes longer than the tests' limits."""
    take_in([Source(Path("none"), "none")])


def test_results_stand_in_the_order_of_the_sources_whoever_is_first(tmp_path: Path) -> None:
    made = sources(tmp_path, b"slow", *(f"{n}".encode() for n in range(11)))
    assert outcome(made) == [("00", "slow"), *((f"{n + 1:02}", str(n)) for n in range(11))]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"die", "file-crashed"), (b"exit", "file-crashed"), (b"raise", "file-broken"), (b"swell", "file-memory")],
)
@pytest.mark.parametrize("at", [0, 5, 19])
def test_a_file_that_breaks_its_worker_is_named_and_all_others_are_read(
    tmp_path: Path, content: bytes, code: str, at: int
) -> None:
    contents = [b"fine"] * 20
    contents[at] = content
    codes = [code for _, code in outcome(sources(tmp_path, *contents))]
    assert codes == ["fine"] * at + [code] + ["fine"] * (19 - at)


def test_a_file_that_takes_too_long_is_named_and_all_others_are_read(tmp_path: Path) -> None:
    contents = [b"fine"] * 6
    contents[1] = b"hang"
    start = time.monotonic()
    codes = [code for _, code in outcome(sources(tmp_path, *contents), jobs=1, seconds=1.5)]
    assert codes == ["fine", "file-timeout", *["fine"] * 4]
    assert time.monotonic() - start < 20


def test_the_time_is_one_files_and_not_that_of_those_before_it(tmp_path: Path) -> None:
    assert {code for _, code in outcome(sources(tmp_path, *[b"slow"] * 12), jobs=1, seconds=1.5)} == {"slow"}


def test_every_worker_may_die_and_no_file_is_left_without_a_result(tmp_path: Path) -> None:
    assert outcome(sources(tmp_path, *[b"die"] * 5)) == [(f"{at:02}", "file-crashed") for at in range(5)]


def test_a_file_that_broke_its_worker_keeps_its_hash_and_its_reason(tmp_path: Path) -> None:
    dead, wrong = take_in(sources(tmp_path, b"die", b"raise"), work=work)
    assert isinstance(dead, Refused)
    assert isinstance(wrong, Refused)
    assert dead.sha256 == hashlib.sha256(b"die").hexdigest()
    assert wrong.detail == "LookupError: 01"


def test_what_a_library_cries_out_over_a_file_reaches_no_terminal(tmp_path: Path) -> None:
    assert outcome(sources(tmp_path, b"cry")) == [("00", "True")]


def test_progress_is_told_up_to_the_last_file(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    take_in(sources(tmp_path, *[b"fine"] * 5), work=work, told=lambda done, total: told.append((done, total)))
    assert told[-1] == (5, 5)
    assert told == sorted(told)


def test_a_folder_of_one_file_in_every_order_of_names_gives_the_same_arrivals(desk: Desk) -> None:
    made = [Source(desk.workbook(f"{n}.xlsx", [person(n)]), f"{n}.xlsx") for n in range(3)]
    forwards, backwards = take_in(made), take_in(made[::-1])
    assert [one.sha256 for one in forwards] == [one.sha256 for one in backwards[::-1]]
