"""Validation of a long list, reportkit against its peers on the same rows in one run: CPU seconds, and how many failing cells each names.

    python tests/benchmarks/validation.py
    python tests/benchmarks/validation.py --rows 100000 --runs 1 --tools reportkit duckdb
    python tests/benchmarks/validation.py --rules 50

A list of 1,000,000 rows × 12 columns of text with 0.1 % and then 5 % of faults a rule (type, required, unique, pattern, enum, range, and one
across fields); the faults are known. Each tool runs in a process of its own, import, reading and writing all failing cells as CSV included;
seconds are the median of some runs. ``pip install '.[benchmarks]'`` brings the peers; ``--peers`` names another Python that has them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl
from validators import COLUMNS, HIGH, KEY, LOW, MEN, SPEC, TOOLS, TOTAL, TOWNS, WOMEN

from reportkit.flatlist import read_flat
from reportkit.periods import Period
from reportkit.rulebook import compile_rules, judge, of_records
from reportkit.rules import Rule
from reportkit.templates import Field, Kind, Schema, Template

#: The column in which each rule's faults stand; each fault is one cell.
FAULTS = {
    "required": "姓名",
    "unique": KEY,
    "pattern": "联系电话",
    "enum": "所在镇",
    "range": "年龄",
    "sum": TOTAL,
    "type": "金额",
}
_OURS = ("reportkit", "reportkit_in_words", "polars")


@dataclass(frozen=True, slots=True)
class Run:
    """What a run took: CPU seconds of the process and all its threads, and wall seconds."""

    cpu: float
    wall: float


def say(line: str = "") -> None:
    """A line of the result."""
    print(line, flush=True)  # noqa: T201 - a benchmark prints


def made(rows: int, share: float, seed: int) -> tuple[pl.DataFrame, dict[str, set[int]]]:
    """A list, and for each rule the rows that break it."""
    chance = np.random.default_rng(seed)
    men, women = chance.integers(0, 10, rows), chance.integers(0, 10, rows)
    days = np.datetime64("1930-01-01") + chance.integers(0, 33000, rows)
    surnames, given = np.array(list("王李张刘陈杨赵黄周吴")), np.array(list("芳强敏洋静磊丽勇娟涛"))
    names = np.char.add(surnames[chance.integers(0, 10, rows)], given[chance.integers(0, 10, rows)])
    columns: dict[str, np.ndarray] = {
        KEY: np.char.add("R", np.char.zfill(chance.permutation(rows).astype(str), 8)),
        "姓名": names,
        "性别": np.array(["男", "女"])[chance.integers(0, 2, rows)],
        "出生日期": days.astype(str),
        "联系电话": np.char.add("13", chance.integers(10**8, 10**9, rows).astype(str)),
        "年龄": chance.integers(LOW, HIGH + 1, rows).astype(str),
        "所在镇": np.array(TOWNS)[chance.integers(0, len(TOWNS), rows)],
        "家庭住址": np.char.add(np.char.add("前岭村", chance.integers(1, 500, rows).astype(str)), "号"),
        TOTAL: (men + women).astype(str),
        MEN: men.astype(str),
        WOMEN: women.astype(str),
        "金额": np.char.add(chance.integers(0, 5000, rows).astype(str), np.array(["", ".5", ".25"])[chance.integers(0, 3, rows)]),
    }
    each = round(rows * share)
    wrong = {rule: chance.choice(rows, each // 2 * 2, replace=False) for rule in FAULTS}
    columns = {name: column.astype(object) for name, column in columns.items()}
    half = each // 2
    columns[KEY][wrong["unique"][:half]] = columns[KEY][wrong["unique"][half:]]
    columns["姓名"][wrong["required"]] = None
    columns["联系电话"][wrong["pattern"]] = "1380000"
    columns["所在镇"][wrong["enum"]] = "外地"
    columns["年龄"][wrong["range"]] = str(HIGH + 30)
    columns[TOTAL][wrong["sum"]] = "99"
    columns["金额"][wrong["type"]] = "12x"
    frame = pl.DataFrame({name: pl.Series(columns[name].tolist(), dtype=pl.String) for name in COLUMNS})
    return frame, {rule: set(rows.tolist()) for rule, rows in wrong.items()}


def measured(tool: str, python: str, path: Path, out: Path) -> Run:
    """One tool in a process of its own."""
    words = [python, str(Path(__file__).with_name("validators.py")), tool, str(path), str(out)]
    started = time.perf_counter()
    process = subprocess.Popen(words)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{tool} failed")
    return Run(used.ru_utime + used.ru_stime, time.perf_counter() - started)


def named(tool: str, out: Path) -> dict[str, set[int]]:
    """Column → rows (of the data, from 0) that a tool names."""
    lines = pl.read_csv(out, infer_schema=False)
    if tool.startswith("reportkit"):
        lines = lines.filter(pl.col("row").fill_null("") != "").select(
            (pl.col("row").cast(pl.Int64) - 2).alias("row"), column="field"
        )
    cells = lines.select(pl.col("row").cast(pl.Int64), "column").drop_nulls()
    return {str(name): set(rows["row"].to_list()) for (name,), rows in cells.group_by("column")}


def told(tool: str, runs: list[Run], out: Path, wrong: dict[str, set[int]]) -> None:
    """Seconds, and what of the faults is named; what else is named is no fault."""
    found = named(tool, out)
    total = sum(map(len, wrong.values()))
    hit = {rule: len(found.get(column, set()) & wrong[rule]) for rule, column in FAULTS.items()}
    more = sum(map(len, found.values())) - sum(hit.values())
    lost = ", ".join(f"{rule} {len(wrong[rule]) - number:,}" for rule, number in hit.items() if number < len(wrong[rule]))
    cpu, wall = (median(getattr(run, name) for run in runs) for name in ("cpu", "wall"))
    say(
        f"{tool:18} CPU {cpu:5.2f} s  wall {wall:5.2f} s  named {sum(hit.values()):>9,} of {total:,}"
        f"{f'  others {more:,}' if more else ''}{f'  not named: {lost}' if lost else ''}"
    )


def compare(options: argparse.Namespace, share: float, folder: Path) -> None:
    """All tools on one list, taking turns."""
    frame, wrong = made(options.rows, share, options.seed)
    path = folder / f"list-{share}.csv"
    frame.write_csv(path)
    path.with_suffix(".yaml").write_text(SPEC, encoding="utf-8")
    path.with_name("people.xlsx").touch()
    say(
        f"{frame.height:,} rows × {frame.width} columns, {path.stat().st_size / 1e6:.0f} MB, {share:.1%} faults a rule, seed {options.seed}"
    )
    say(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    runs: dict[str, list[Run]] = {tool: [] for tool in options.tools}
    for _ in range(options.runs):
        for tool in options.tools:
            python = sys.executable if tool in _OURS else options.peers
            runs[tool].append(measured(tool, python, path, folder / f"{tool}.csv"))
    for tool in options.tools:
        told(tool, runs[tool], folder / f"{tool}.csv", wrong)
    say(f"load average {os.getloadavg()[0]:.1f}")


def many_rules(rows: int, number: int, seed: int) -> None:
    """So many rules of two sides over 30 columns of numbers, as the rule engine runs them: compiled, run in one pass, findings made."""
    chance = np.random.default_rng(seed)
    fields = tuple(Field(name=f"列{n}", type="integer", element="integer") for n in range(30))
    sides = [(f'"列{n % 30}"', f'"列{(n + 1) % 30}" + "列{(n + 2) % 30}" - 190') for n in range(number)]
    rules = tuple(
        Rule(code=f"R{n}", left=left, op=">=", right=right, message="{left} < {right}") for n, (left, right) in enumerate(sides)
    )
    schema = Schema(fields=fields)
    form = Template(name="many", title="many", workbook="many.xlsx", kind=Kind.LIST, schema=schema, rules=rules)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.csv"
        pl.DataFrame({one.name: chance.integers(0, 100, rows) for one in fields}).write_csv(path)
        records = read_flat(path, form, date(2026, 11, 30))
    subject = of_records(records)
    started, before = time.perf_counter(), time.process_time()
    ruled = judge(subject, compile_rules(form, Period.parse("2026-11")))
    cpu, wall = time.process_time() - before, time.perf_counter() - started
    say(f"{number} rules × {rows:,} rows: CPU {cpu:.2f} s, wall {wall:.2f} s, {ruled.findings.frame.height:,} findings")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--faults", type=float, nargs="+", default=[0.001, 0.05], help="share of the rows that break each rule")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tools", nargs="+", choices=list(TOOLS), default=list(TOOLS))
    parser.add_argument("--peers", default=sys.executable, help="a Python that has the peers")
    parser.add_argument("--rules", type=int, help="only so many rules across columns, without any list")
    options = parser.parse_args()
    if options.rules:
        many_rules(options.rows, options.rules, options.seed)
        return
    with tempfile.TemporaryDirectory() as folder:
        for share in options.faults:
            compare(options, share, Path(folder))


if __name__ == "__main__":
    main()
