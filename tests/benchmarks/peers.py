"""reportkit and Splink, each in a process of its own: rows in, clusters and scored pairs out.

    python tests/benchmarks/peers.py reportkit|grown|splink|splink-quick ROWS.parquet OUT

OUT gets ``clusters.parquet`` (record_id, cluster_id), ``pairs.parquet`` (left, right, probability), ``candidates.parquet`` (left,
right) and ``run.json``. The clock runs from Parquet to clusters; what is only looked at, not needed for clusters, comes after it.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

#: The columns of a made list of persons and what they hold.
PERSONS: Mapping[str, str] = {
    "name": "person-name",
    "sex": "code",
    "identity_number": "identity-number",
    "birth_date": "date",
    "phone": "phone",
    "address": "address",
    "unit": "place",
}
#: What Splink's users take.
SPLINK_CUT = 0.95
#: The share of the rows that ``grown`` holds back and adds: a tenth of those that were there.
ADDED = 1 / 11


@dataclass
class Run:
    """What a run tells of itself; seconds from Parquet to clusters, memory in KiB."""

    startup: float = 0.0
    seconds: float = 0.0
    peak: int = 0
    candidates: int = 0
    stages: dict[str, float] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)


@contextmanager
def clock(stages: dict[str, float], name: str) -> Iterator[None]:
    """Adds a stage's wall seconds."""
    started = time.perf_counter()
    yield
    stages[name] = stages.get(name, 0.0) + time.perf_counter() - started


def peak_memory() -> int:
    """The largest resident set of this process so far, in KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def done(run: Run) -> None:
    """Clusters are there: the watch of the memory ends with this line."""
    run.seconds, run.peak = sum(run.stages.values()), peak_memory()
    print("clusters", flush=True)  # noqa: T201 - the parent reads it


# -- reportkit ------------------------------------------------------------------------------------------------


def linked(frame: pl.DataFrame, fields: Mapping[str, str], *, explain: bool = True) -> tuple[pl.DataFrame, Any]:
    """``record_id`` and ``cluster_id`` of each row, and all that reportkit says of them."""
    linking = importlib.import_module("reportkit.linking")
    job = importlib.import_module("reportkit.linkage").Job(explain=explain)
    found, ids = linking.clusters(frame, fields, job), frame["record_id"]
    return pl.DataFrame({"record_id": ids, "cluster_id": ids.gather(found.frame["cluster"])}), found


def scored(frame: pl.DataFrame, found: Any) -> pl.DataFrame:  # noqa: ANN401 - an engine of another version may run too
    """Pairs that reportkit tells of, from the doubtful on, in the records' own ids."""
    pairs = pl.concat([one.select("left", "right", "probability") for one in (found.edges, found.doubtful)])
    return pairs.with_columns(frame["record_id"].gather(pairs[side]).alias(side) for side in ("left", "right"))


@contextmanager
def listening() -> Iterator[list[pl.DataFrame]]:
    """The candidate pairs that reportkit compares meanwhile, as numbers of rows."""
    blocking = importlib.import_module("reportkit.linkage.blocking")
    heard: list[pl.DataFrame] = []
    plain = blocking.candidates

    def candidates(*given: Any, **named: Any) -> Iterator[Any]:  # noqa: ANN401 - whatever it is called with
        for pairs in plain(*given, **named):
            heard.append(pl.DataFrame({"left": pairs.left, "right": pairs.right}))
            yield pairs

    blocking.candidates = candidates
    yield heard
    blocking.candidates = plain


def reportkit(rows: Path, out: Path, run: Run) -> None:
    """Clusters as reportkit's own defaults make them, from columns and elements alone; what it says of pairs in a second pass, untimed."""
    frame = pl.scan_parquet(rows).select("record_id", *PERSONS)
    with clock(run.stages, "link"):
        found = clusters_of(frame, explain=False)
        ids = frame.select("record_id").collect()["record_id"]
        clusters = pl.DataFrame({"record_id": ids, "cluster_id": ids.gather(found.frame["cluster"])})
    with clock(run.stages, "write"):
        clusters.write_parquet(out / "clusters.parquet")
    done(run)
    run.told = {"reckoned recall": found.diagnosis.recall, "capped": found.diagnosis.capped, "doubts": found.diagnosis.doubts}
    del found
    with listening() as heard:
        again = clusters_of(frame, explain=True)
    scored(frame.collect(), again).write_parquet(out / "pairs.parquet")
    pairs = pl.concat(heard)
    run.candidates = pairs.height
    pairs.select(ids.gather(pairs[side]).alias(side) for side in ("left", "right")).write_parquet(out / "candidates.parquet")


def clusters_of(frame: pl.LazyFrame, *, explain: bool) -> Any:  # noqa: ANN401 - an engine of another version may run too
    """All that reportkit says of persons."""
    job = importlib.import_module("reportkit.linkage").Job(explain=explain)
    return importlib.import_module("reportkit.linking").clusters(frame, PERSONS, job)


def grown(rows: Path, out: Path, run: Run) -> None:
    """A list that is linked (``before``) and kept (``keep``), and then a tenth more rows are added to it (``after``)."""
    keeping = importlib.import_module("reportkit.keeping")
    kinds = importlib.import_module("reportkit.linking").elements_of(PERSONS)
    frame = pl.read_parquet(rows, columns=["record_id", *PERSONS])
    old, new = frame.head(round(frame.height / (1 + ADDED))), frame.tail(frame.height - round(frame.height / (1 + ADDED)))
    with clock(run.stages, "before"):
        found = clusters_of(old.lazy(), explain=False)
    with clock(run.stages, "keep"):
        kept = keeping.first(old["record_id"], found, old.lazy(), kinds)
    with clock(run.stages, "after"):
        later = keeping.later(kept, new["record_id"], new.lazy(), kinds)
    done(run)
    keeping.clusters_of(kept).write_parquet(out / "before.parquet")
    keeping.clusters_of(later.kept).write_parquet(out / "clusters.parquet")


# -- Splink ---------------------------------------------------------------------------------------------------

_CLEAN = """
    create or replace table persons as
    select record_id as unique_id, name, sex, upper(trim(identity_number)) as identity_number, birth_date, phone, address, unit,
        substr(upper(trim(identity_number)), 1, 14) as identity_head, substr(name, 1, 1) as surname
    from read_parquet(?)
"""


#: Phone, address and unit as one comparison: two that live together agree on all of them, and that is one fact.
_HOME = (
    "phone_l = phone_r and address_l = address_r",
    "phone_l = phone_r",
    "address_l = address_r",
    "levenshtein(phone_l, phone_r) = 1",
    "jaro_winkler_similarity(address_l, address_r) >= 0.95",
    "jaro_winkler_similarity(address_l, address_r) >= 0.88",
)


def splink_home() -> Any:  # noqa: ANN401 - Splink is there only in its own process
    """Where a person lives, in one comparison."""
    from splink import comparison_level_library as level  # noqa: PLC0415 - only this process pays for it
    from splink import comparison_library as of  # noqa: PLC0415 - as above

    unknown = "(phone_l is null or phone_r is null) and (address_l is null or address_r is null)"
    return of.CustomComparison(
        output_column_name="home",
        comparison_levels=[
            level.CustomLevel(unknown).configure(is_null_level=True),
            *(level.CustomLevel(condition) for condition in _HOME),
            level.ExactMatchLevel("unit", term_frequency_adjustments=True),
            level.ElseLevel(),
        ],
    )


def splink_settings(*, quick: bool) -> Any:  # noqa: ANN401 - as above
    """All fields, levels fit for short names and long numbers, term frequencies, and rules that leave no strong key out."""
    from splink import SettingsCreator, block_on  # noqa: PLC0415 - as above
    from splink import comparison_library as of  # noqa: PLC0415 - as above

    number = of.LevenshteinAtThresholds if quick else of.DamerauLevenshteinAtThresholds
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            of.LevenshteinAtThresholds("name", [1]).configure(term_frequency_adjustments=True),
            number("identity_number", [1, 2]),
            of.DateOfBirthComparison("birth_date", input_is_string=True, datetime_format="%Y-%m-%d"),
            splink_home(),
            of.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("identity_number"),
            block_on("phone"),
            block_on("name", "unit"),
            block_on("name", "birth_date"),
            block_on("birth_date", "unit"),
            block_on("identity_head", "surname"),
        ],
        retain_matching_columns=False,
    )


def splink_train(linker: Any) -> None:  # noqa: ANN401 - as above
    """Prior from exact keys, u from the default number of random pairs, m by EM from the strong keys; never from the phone."""
    from splink import block_on  # noqa: PLC0415 - as above

    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("identity_number"), block_on("name", "birth_date")], recall=0.9
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("identity_number"))
    training.estimate_parameters_using_expectation_maximisation(block_on("name", "birth_date"))


def splink(rows: Path, out: Path, run: Run, *, quick: bool = False) -> None:
    """Clusters from the cut that Splink's users take.

    ``quick``: a swapped pair of digits in the identity number counts as two slips, which DuckDB finds several times faster.
    """
    import duckdb  # noqa: PLC0415 - as above
    from splink import DuckDBAPI, Linker  # noqa: PLC0415 - as above

    with clock(run.stages, "read"):
        database = duckdb.connect()
        database.execute(_CLEAN, [str(rows)])
        linker = Linker(DuckDBAPI(database).register("persons"), splink_settings(quick=quick), log_level=40)
    with clock(run.stages, "train"):
        splink_train(linker)
    with clock(run.stages, "predict"):
        sure = linker.inference.predict(threshold_match_probability=SPLINK_CUT)
    with clock(run.stages, "cluster"):
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(sure, threshold_match_probability=SPLINK_CUT)
    with clock(run.stages, "write"):
        _splink_write(found, "unique_id as record_id, cluster_id", out / "clusters.parquet")
    done(run)
    names = "unique_id_l as left, unique_id_r as right, match_probability as probability"
    _splink_write(linker.inference.predict(), names, out / "pairs.parquet")
    candidates = pl.read_parquet(out / "pairs.parquet", columns=["left", "right"])
    run.candidates = candidates.height
    candidates.write_parquet(out / "candidates.parquet")


def _splink_write(frame: Any, columns: str, path: Path) -> None:  # noqa: ANN401 - as above
    frame.as_duckdbpyrelation().project(columns).write_parquet(str(path))


# -- a process of its own -------------------------------------------------------------------------------------

ENGINES = {"reportkit": reportkit, "grown": grown, "splink": splink, "splink-quick": partial(splink, quick=True)}


def main(engine: str, rows: Path, out: Path) -> None:
    """Run one engine and leave its files in ``out``."""
    warnings.simplefilter("ignore")
    run, starting = Run(), {}
    with clock(starting, "imports"):
        for module in (
            ("duckdb", "splink") if engine.startswith("splink") else ("reportkit.linking", "reportkit.keeping", "pypinyin")
        ):
            importlib.import_module(module)
    run.startup = starting["imports"]
    ENGINES[engine](rows, out, run)
    (out / "run.json").write_text(json.dumps(asdict(run)))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
