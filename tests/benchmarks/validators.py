"""One tool of validation in a process of its own: a list of 12 text columns in, every failing cell as a line of CSV out.

    python tests/benchmarks/validators.py reportkit|reportkit_in_words|pandera|pointblank|dataframely|duckdb|polars LIST.csv OUT.csv

Each tool is given the same rules in the way that its own documentation shows: text is read as text, so that no cell is lost before it is
judged; columns with a type are cast, and what does not cast is a failing cell. OUT.csv has ``row`` (of the data, from 0), ``column`` and what
the tool calls the check.
"""

from __future__ import annotations

import importlib
import sys
from datetime import date
from pathlib import Path
from typing import Any

KEY, TOWNS = "编号", tuple(f"{n}镇" for n in ("城东", "城西", "河口", "石湾", "南岭", "北岭", "柳林", "桃园"))
#: The rule across fields is reported at its first column.
TOTAL, MEN, WOMEN = "合计", "男", "女"
INTEGERS = ("年龄", TOTAL, MEN, WOMEN)
PHONE, LOW, HIGH = "1[3-9][0-9]{9}", 0, 120
COLUMNS = (KEY, "姓名", "性别", "出生日期", "联系电话", "年龄", "所在镇", "家庭住址", TOTAL, MEN, WOMEN, "金额")
INTEGER, NUMBER, DAY = "^-?[0-9]+$", r"^-?[0-9]+(\.[0-9]+)?$", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
SHAPES = dict.fromkeys(INTEGERS, INTEGER) | {"金额": NUMBER, "出生日期": DAY}

SPEC = f"""\
name: people
title: 花名册
workbook: people.xlsx
kind: list
schema:
  fields:
    - {{name: {KEY}, type: string, constraints: {{required: true, unique: true}}}}
    - {{name: 姓名, type: string, constraints: {{required: true}}}}
    - {{name: 性别, type: string, element: code, constraints: {{enum: [男, 女]}}}}
    - {{name: 出生日期, type: date, element: date}}
    - {{name: 联系电话, type: string, constraints: {{pattern: "{PHONE}"}}}}
    - {{name: 年龄, type: integer, element: integer, constraints: {{minimum: {LOW}, maximum: {HIGH}}}}}
    - {{name: 所在镇, type: string, element: code, constraints: {{enum: [{", ".join(TOWNS)}]}}}}
    - {{name: 家庭住址, type: string}}
    - {{name: {TOTAL}, type: integer, element: integer}}
    - {{name: {MEN}, type: integer, element: integer}}
    - {{name: {WOMEN}, type: integer, element: integer}}
    - {{name: 金额, type: number, element: amount}}
rules:
  - {{code: SUM, severity: error, left: '"{TOTAL}"', op: "=", right: '"{MEN}" + "{WOMEN}"', message: 合计不等于男女之和}}
"""


def _found(path: Path) -> tuple[Any, Any]:
    """The findings about a list, and its spec."""
    flatlist, specs, periods = (importlib.import_module(f"reportkit.{name}") for name in ("flatlist", "specs", "periods"))
    spec = specs.load_spec(path.with_suffix(".yaml"))
    return flatlist.validate_list(path, spec, periods.Period.parse("2026-11"), date(2026, 11, 30)).findings, spec


def reportkit(path: Path, out: Path) -> None:
    """What the peers write, too: row, column, check, value."""
    found, _ = _found(path)
    found.frame.select("row", "column", "field", "code", "value").write_csv(out)


def reportkit_in_words(path: Path, out: Path) -> None:
    """Every finding with its file, severity and message, which no peer has."""
    found, spec = _found(path)
    messages, wording = (importlib.import_module(f"reportkit.{name}") for name in ("messages", "wording"))
    told = wording.worded(found, spec.entries, messages.Language.ZH)
    told.select("file", "sheet", "row", "column", "code", "severity", "field", "value", "message").write_csv(out)


def pandera(path: Path, out: Path) -> None:
    """Two schemas: texts, and what is cast; a value that does not cast fails in the first and is null in the second."""
    import polars as pl  # noqa: PLC0415 - only the tool itself is loaded

    pa = importlib.import_module("pandera.polars")
    check, column, schema = pa.Check, pa.Column, pa.DataFrameSchema
    texts = {
        KEY: column(str, unique=True, nullable=False),
        "姓名": column(str, nullable=False),
        "性别": column(str, check.isin(["男", "女"]), nullable=True),
        "联系电话": column(str, check.str_matches(f"^(?:{PHONE})$"), nullable=True),
        "所在镇": column(str, check.isin(list(TOWNS)), nullable=True),
        "家庭住址": column(str, nullable=True),
        **{name: column(str, check.str_matches(shape), nullable=True) for name, shape in SHAPES.items()},
    }
    summed = check(lambda data: data.lazyframe.select(pl.col(TOTAL) == pl.col(MEN) + pl.col(WOMEN)), name="sum")
    numbers = {"年龄": column(pl.Int64, check.in_range(LOW, HIGH), nullable=True)}
    frame = pl.read_csv(path, infer_schema=False)
    cast = frame.select(pl.col(name).cast(pl.Int64, strict=False) for name in INTEGERS)
    failures = []
    for one, data in ((schema(texts), frame), (schema(numbers, checks=summed), cast)):
        try:
            one.validate(data, lazy=True)
        except pa.errors.SchemaErrors as error:
            failures.append(
                error.failure_cases.select(
                    pl.col("index").cast(pl.Int64), "column", "check", pl.col("failure_case").cast(pl.String)
                )
            )
    lines = pl.concat(failures) if failures else pl.DataFrame(schema={"index": pl.Int64, "column": pl.String, "check": pl.String})
    at = pl.when(pl.col("check") == "sum").then(pl.lit(TOTAL)).otherwise("column").alias("column")
    lines.rename({"index": "row"}).with_columns(at).write_csv(out)


def pointblank(path: Path, out: Path) -> None:
    """A step a rule, extracts without their limit."""
    import polars as pl  # noqa: PLC0415 - only the tool itself is loaded

    pb = importlib.import_module("pointblank")
    frame = pl.read_csv(path, infer_schema=False).with_row_index("row")
    numbers = [pl.col(name).cast(pl.Int64, strict=False).alias(f"{name}#") for name in INTEGERS]
    one = pb.Validate(frame.with_columns(numbers))
    steps = [KEY, KEY, "姓名", "性别", "联系电话", "所在镇"]
    one = one.rows_distinct(columns_subset=[KEY]).col_vals_not_null(KEY).col_vals_not_null("姓名")
    one = one.col_vals_in_set("性别", ["男", "女", None]).col_vals_regex("联系电话", f"^(?:{PHONE})$", na_pass=True)
    one = one.col_vals_in_set("所在镇", [*TOWNS, None])
    for name, shape in SHAPES.items():
        one, steps = one.col_vals_regex(name, shape, na_pass=True), [*steps, name]
    one = one.col_vals_between("年龄#", LOW, HIGH, na_pass=True)
    one = one.col_vals_expr((pl.col(f"{TOTAL}#") == pl.col(f"{MEN}#") + pl.col(f"{WOMEN}#")).fill_null(value=True))
    one = one.interrogate(extract_limit=frame.height)
    keys = frame.select("row", KEY)
    lines = []
    for number, name in enumerate([*steps, "年龄", TOTAL], 1):
        found = one.get_data_extracts(number, frame=True)
        if found is not None and found.height:
            # The extract of rows_distinct has the key's columns alone.
            rows = found["row"] if "row" in found.columns else keys.filter(pl.col(KEY).is_in(found[KEY].implode()))["row"]
            lines.append(
                pl.DataFrame({"row": rows.cast(pl.Int64)}).with_columns(column=pl.lit(name), check=pl.lit(f"step {number}"))
            )
    pl.concat(lines).write_csv(out)


def dataframely(path: Path, out: Path) -> None:
    """A typed schema, filtered with a cast; which rules a row breaks is asked of its failures."""
    import polars as pl  # noqa: PLC0415 - only the tool itself is loaded

    dy = importlib.import_module("dataframely")

    def summed(cls: Any) -> pl.Expr:  # noqa: ANN401, ARG001 - a rule is a method of a schema
        return pl.col(TOTAL) == pl.col(MEN) + pl.col(WOMEN)

    def unique(cls: Any) -> pl.Expr:  # noqa: ANN401, ARG001 - as above
        return pl.col(KEY).is_unique()

    columns = {
        "row": dy.Int64(),
        KEY: dy.String(nullable=False),
        "姓名": dy.String(nullable=False),
        "性别": dy.String(nullable=True, check={"enum": lambda value: value.is_in(["男", "女"])}),
        "出生日期": dy.Date(nullable=True),
        "联系电话": dy.String(nullable=True, regex=f"^(?:{PHONE})$"),
        "年龄": dy.Int64(nullable=True, min=LOW, max=HIGH),
        "所在镇": dy.String(nullable=True, check={"enum": lambda value: value.is_in(list(TOWNS))}),
        "家庭住址": dy.String(nullable=True),
        **{name: dy.Int64(nullable=True) for name in (TOTAL, MEN, WOMEN)},
        "金额": dy.Float64(nullable=True),
    }
    rules = {"summed": dy.rule()(summed), "unique": dy.rule()(unique)}
    schema = type("People", (dy.Schema,), columns | rules)
    frame = pl.read_csv(path, infer_schema=False).with_row_index("row")
    # Its cast from text to a date is one that polars 2 does not know.
    frame = frame.with_columns(pl.col("出生日期").str.to_date(strict=False))
    _, failures = schema.filter(frame, cast=True)
    told = failures.details()
    broken = [name for name in told.columns if name not in columns]
    names = {"summed": TOTAL, "unique": KEY}
    lines = [
        told.filter(pl.col(name) == "invalid").select(
            pl.col("row").cast(pl.Int64), column=pl.lit(names.get(name, name.split("|")[0])), check=pl.lit(name)
        )
        for name in broken
    ]
    pl.concat(lines).write_csv(out)


def polars(path: Path, out: Path) -> None:
    """No tool at all: expressions written by hand, as a floor to compare with."""
    import polars as pl  # noqa: PLC0415 - only the tool itself is loaded

    frame = pl.read_csv(path, infer_schema=False)
    numbers = {name: pl.col(name).cast(pl.Int64, strict=False) for name in INTEGERS}
    bad = {
        (KEY, "unique"): pl.col(KEY).is_duplicated(),
        (KEY, "required"): pl.col(KEY).is_null(),
        ("姓名", "required"): pl.col("姓名").is_null(),
        ("性别", "enum"): ~pl.col("性别").is_in(["男", "女"]),
        ("联系电话", "pattern"): ~pl.col("联系电话").str.contains(f"^(?:{PHONE})$"),
        ("所在镇", "enum"): ~pl.col("所在镇").is_in(TOWNS),
        **{(name, "type"): ~pl.col(name).str.contains(shape) for name, shape in SHAPES.items()},
        ("年龄", "range"): ~numbers["年龄"].is_between(LOW, HIGH),
        (TOTAL, "sum"): numbers[TOTAL] != numbers[MEN] + numbers[WOMEN],
    }
    found = frame.lazy().select(one.arg_true().implode().alias(f"{n}") for n, one in enumerate(bad.values())).collect()
    lines = []
    for (name, check), rows in zip(bad, found, strict=True):
        values = frame[name].gather(rows[0])
        lines.append(
            pl.DataFrame({"row": rows[0].cast(pl.Int64), "value": values}).with_columns(column=pl.lit(name), check=pl.lit(check))
        )
    pl.concat(lines).write_csv(out)


def duckdb(path: Path, out: Path) -> None:
    """One SELECT a rule, all in one statement."""
    tool = importlib.import_module("duckdb")
    towns = ", ".join(f"'{town}'" for town in TOWNS)
    bad = {
        (KEY, "required"): f'"{KEY}" IS NULL',
        ("姓名", "required"): '"姓名" IS NULL',
        ("性别", "enum"): "\"性别\" NOT IN ('男', '女')",
        ("联系电话", "pattern"): f"NOT regexp_full_match(\"联系电话\", '{PHONE}')",
        ("所在镇", "enum"): f'"所在镇" NOT IN ({towns})',
        **{(name, "type"): f'"{name}" IS NOT NULL AND TRY_CAST("{name}" AS BIGINT) IS NULL' for name in INTEGERS},
        ("金额", "type"): '"金额" IS NOT NULL AND TRY_CAST("金额" AS DOUBLE) IS NULL',
        ("出生日期", "type"): '"出生日期" IS NOT NULL AND TRY_CAST("出生日期" AS DATE) IS NULL',
        ("年龄", "range"): f'TRY_CAST("年龄" AS BIGINT) NOT BETWEEN {LOW} AND {HIGH}',
        (TOTAL, "sum"): f'TRY_CAST("{TOTAL}" AS BIGINT) <> TRY_CAST("{MEN}" AS BIGINT) + TRY_CAST("{WOMEN}" AS BIGINT)',
    }
    parts = [
        f'SELECT "row", \'{name}\' AS "column", \'{check}\' AS "check", "{name}" AS value FROM list WHERE {where}'  # noqa: S608 - our own words
        for (name, check), where in bad.items()
    ]
    twice = f'SELECT "{KEY}" FROM list WHERE "{KEY}" IS NOT NULL GROUP BY 1 HAVING count(*) > 1'  # noqa: S608 - as above
    parts.append(f'SELECT "row", \'{KEY}\', \'unique\', "{KEY}" FROM list WHERE "{KEY}" IN ({twice})')  # noqa: S608 - as above
    base = tool.connect()
    base.execute(
        'CREATE TABLE list AS SELECT row_number() OVER () - 1 AS "row", * FROM read_csv(?, all_varchar = true, header = true)',
        [str(path)],
    )
    base.execute(f"COPY ({' UNION ALL '.join(parts)}) TO '{out}' (HEADER)")


TOOLS = {one.__name__: one for one in (reportkit, reportkit_in_words, polars, pandera, pointblank, dataframely, duckdb)}

if __name__ == "__main__":
    TOOLS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
