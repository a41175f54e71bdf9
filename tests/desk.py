"""Files on a desk, one command, what comes of it: tests read as a story."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

HEADER = ("序号", "姓名", "身份证号", "联系电话", "家庭住址", "补助金额(元)")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(number: int, born: str = "19560312") -> str:
    """A fabricated identity number with a right check character (GB 11643-1999)."""
    first = f"370602{born}{number % 1000:03d}"
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, WEIGHTS, strict=True)) % 11]


def person(number: int, name: str = "") -> tuple[object, ...]:
    names = ["王芳", "李强", "张敏", "刘洋", "陈静", "杨磊", "赵丽", "黄勇", "周艳", "吴杰", "徐娟", "孙涛"]
    return (
        name or names[number % 12] + "甲乙丙丁戊己庚辛"[number // 12 % 8],
        identity(number, f"19{40 + number % 50}0{1 + number % 9}15"),
        f"1390000{number:04d}",
        f"前岭村{number + 1}号",
        100 + 10 * (number % 5),
    )


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, object]:
        document: dict[str, object] = json.loads(self.out)
        return document


class Desk:
    """A folder with files; ``run`` types a command there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def workbook(
        self, name: str, rows: Sequence[Sequence[object]], header: Sequence[object] = HEADER, title: str = "困难群众补助花名册"
    ) -> Path:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append([title])
        sheet.append(list(header))
        for at, row in enumerate(rows, 1):
            sheet.append([at, *row])
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
        return path

    def file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def run(self, *words: str, language: str = "zh") -> Done:
        command = [sys.executable, "-m", "reportkit", *words]
        env = os.environ | {"REPORTKIT_LANG": language, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
        return Done(done.returncode, done.stdout, done.stderr)

    def found(self) -> None:
        """A workspace ``ws`` with one form and two villages."""
        self.run("init", "ws")
        lines = ["code,name,level,parent,aliases", "1,甲镇,township,,", "11,甲村,village,1,", "12,乙村,village,1,"]
        (self.folder / "ws/units.csv").write_text("\n".join(lines), encoding="utf-8")
        self.workbook("表样/补助.xlsx", [])
        self.run("template", "new", "表样/补助.xlsx", "--into", "ws/templates")

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
