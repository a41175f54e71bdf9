"""``merge`` as a clerk types it, from a cold start: twenty village workbooks, and one workbook of 100,000 rows.

    python tests/benchmarks/merge.py

The peer of the large one is python-calamine reading the cells of the same workbook, in the same run.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

sys.path.insert(0, str(Path(__file__).parents[1]))
from desk import HEADER, Desk, identity, person

VILLAGES, ROWS = 20, 100_000
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马胡朱郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹"
GIVEN = "伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华文斌鹏辉波鑫建国志红玉梅春花凤琴云莲雪荣爱香月素珍龙飞浩宇轩子涵欣怡晨曦佳琪梦瑶俊凯博睿嘉诚思远永福兴旺"


def villages(folder: Path) -> None:
    """Twenty workbooks of sixty people; every tenth person stands in the next village's list as well."""
    desk = Desk(folder)
    for village in range(VILLAGES):
        own = [person(village * 60 + n) for n in range(60)]
        desk.workbook(
            f"villages/{village:02}村.xlsx", [*own, *(person((village + 1) % VILLAGES * 60 + n) for n in range(0, 60, 10))]
        )


def large(path: Path) -> None:
    """One list of 100,000 people, of whom one in a hundred is repeated."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("名单")
    sheet.write_row(0, 0, ["困难群众补助花名册"])
    sheet.write_row(1, 0, HEADER)
    draw = random.Random(20261124)  # noqa: S311 - people of a benchmark
    people = [somebody(draw) for _ in range(ROWS - ROWS // 100)]
    people += draw.sample(people, ROWS // 100)
    for n, row in enumerate(people):
        sheet.write_row(n + 2, 0, (n + 1, *row))
    book.close()


def somebody(draw: random.Random) -> tuple[object, ...]:
    """A person of a county: a birthday between 1930 and 2010, a name of everyday characters, a phone and an address of their own."""
    name = draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2))))
    born = (date(1930, 1, 1) + timedelta(days=draw.randrange(29_200))).strftime("%Y%m%d")
    number = identity(draw.randrange(1000), born)
    address = f"前岭镇{draw.choice(GIVEN)}家村{draw.randrange(1, 500)}号"
    return name, number, f"13{draw.randrange(10**9):09}", address, draw.choice((100, 150, 200))


def timed(folder: Path, *words: str) -> float:
    """Wall seconds of one command in a process of its own."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "reportkit", "merge", *words, "--fail-on", "never", "--quiet"]
    subprocess.run(command, cwd=folder, check=True)
    return time.perf_counter() - started


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        villages(folder)
        large(folder / "large.xlsx")
        small = timed(folder, "villages", "-o", "villages.xlsx")
        wall = timed(folder, "large.xlsx", "-o", "merged.xlsx")
        started = time.perf_counter()
        with (folder / "large.xlsx").open("rb") as file:
            CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python(skip_empty_area=False)
        bare = time.perf_counter() - started
    print(f"{VILLAGES} village workbooks: {small:.1f} s")  # noqa: T201 - a benchmark prints
    print(f"{ROWS} rows: {wall:.1f} s, bare reading {bare:.1f} s, ratio {wall / bare:.1f}")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
