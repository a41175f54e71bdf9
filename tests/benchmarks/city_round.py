"""A whole city's round against merely reading its files: wall time a stage, peak memory of all processes, the ratio.

    python tests/benchmarks/city_round.py WORKSPACE --period 2026-11 --as-of 2026-12-31

``WORKSPACE`` is a workspace with its inbox filled. The peer is python-calamine in this process, one thread, reading the cells of
every workbook in the inbox that it can read, in the same run; text files are read as bytes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook


def bare_reading(inbox: Path) -> tuple[int, float]:
    """Number of files and wall seconds of reading all their cells with python-calamine."""
    files = sorted(path for path in inbox.rglob("*") if path.is_file())
    started = time.perf_counter()
    for path in files:
        data = path.read_bytes()
        with suppress(CalamineError, ValueError, OSError):
            book = CalamineWorkbook.from_filelike(BytesIO(data))
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return len(files), time.perf_counter() - started


def family_memory(root: int) -> int:
    """Proportional set size, in KiB, of a process and all that descend from it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    family = {root}
    while grown := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= grown
    total = 0
    for pid in family:
        with suppress(OSError):
            for line in (Path("/proc") / str(pid) / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total


class Watch(threading.Thread):
    """Samples the memory of a process family until stopped."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root, self.peak, self.done = root, 0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.2):
            self.peak = max(self.peak, family_memory(self.root))


def whole_round(options: argparse.Namespace) -> tuple[float, int, str]:
    """Wall seconds, peak KiB and the stages' lines of one round in a process of its own, start-up included."""
    words = [str(options.workspace), "--period", options.period, "--as-of", options.as_of, "--round"]
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, __file__, *words], stdout=subprocess.PIPE, text=True) as run:
        watch = Watch(run.pid)
        watch.start()
        told, _ = run.communicate()
        watch.done.set()
    watch.join()
    return time.perf_counter() - started, watch.peak, told.strip()


def stages(options: argparse.Namespace) -> None:
    """Run a round and print the wall seconds of each of its stages."""
    from reportkit import rounds  # noqa: PLC0415 - the parent must not pay for it
    from reportkit.summary import ConsolidateOptions  # noqa: PLC0415 - as above

    started = time.perf_counter()
    ends: dict[str, float] = {}

    def told(stage: str, _done: int, _total: int) -> None:
        ends[stage] = time.perf_counter()

    rounds.consolidate(ConsolidateOptions(options.workspace, options.period, date.fromisoformat(options.as_of)), told)
    before = started
    for stage, end in ends.items():
        print(f"stage {stage:12} {end - before:6.1f} s")  # noqa: T201 - a benchmark prints
        before = end
    print(f"stage {'rest':12} {time.perf_counter() - before:6.1f} s")  # noqa: T201 - as above


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--period", default="2026-11")
    parser.add_argument("--as-of", default="2026-12-31")
    parser.add_argument("--round", action="store_true", help="only the round, and its stages")
    options = parser.parse_args()
    if options.round:
        stages(options)
        return
    files, bare = bare_reading(options.workspace / "inbox")
    wall, peak, told = whole_round(options)
    print(told)  # noqa: T201 - a benchmark prints
    print(f"{files} files: round {wall:.1f} s, bare reading {bare:.1f} s, ratio {wall / bare:.1f}, peak {peak / 1024:.0f} MiB")  # noqa: T201


if __name__ == "__main__":
    main()
