from __future__ import annotations

import polars as pl
import pytest
from desk import identity
from forms import field, template
from ruled import PERIOD

from reportkit.findings import Findings
from reportkit.rulebook import problems
from reportkit.rulebook.sql import NotJudged, check_sql, run_sql, sql_findings
from reportkit.rules import Reconcile

TABLES = {
    "allowance": pl.DataFrame(
        {
            "_file": ["b.xlsx", "a.xlsx"],
            "_sheet": ["S", "S"],
            "_row": [4, 3],
            "_entity": ["e1", "e2"],
            "身份证号": [identity(1, "19401201"), identity(2, "19700101")],
            "金额(元)": [100.0, 250.5],
        }
    ),
    "allowance@prev": pl.DataFrame({"_entity": ["e1", "e2"], "金额(元)": [50.0, 250.0]}),
    "deceased": pl.DataFrame({"_entity": ["e1"], "死亡日期": ["2026-10-01"]}).with_columns(pl.col("死亡日期").str.to_date()),
    "units": pl.DataFrame({"code": ["u1"], "name": ["东镇"]}),
}
SCHEMAS = {name: table.schema for name, table in TABLES.items()}
WHO = "SELECT a._file, a._sheet, a._row"


def query(sql: str, **said: object) -> Reconcile:
    return Reconcile.model_validate({"code": "EA03", "sql": sql.replace("WHO", WHO)} | said)


def codes(sql: str, **said: object) -> list[str]:
    return [code for _, code, _ in check_sql(query(sql, **said), SCHEMAS, PERIOD)]


def rows(sql: str) -> list[int]:
    found = run_sql(query(sql), TABLES, PERIOD)
    assert isinstance(found, pl.DataFrame)
    return found["_row"].to_list()


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ('WHO FROM "allowance" a JOIN "deceased" d USING (_entity)', [4]),
        ("WHO FROM allowance a JOIN deceased d USING (_entity) WHERE d.死亡日期 < period_start", [4]),
        ("WHO FROM allowance a JOIN deceased d USING (_entity) WHERE d.死亡日期 > '2026-10-02'", []),
        ("WHO FROM allowance a WHERE a.金额(元) > 200", [3]),
        ("WHO FROM allowance a JOIN [allowance@prev] p USING (_entity) WHERE a.金额(元) / p.金额(元) > 1.5", [4]),
        ("WHO FROM allowance a WHERE a.金额(元) / 0 > 1", []),
        ("WHO FROM allowance a WHERE age_at(a.身份证号, period_end) < 80", [3]),
        ("WHO FROM allowance a WHERE birth_date(身份证号) < '1950-01-01'", [4]),
        (
            "WITH dead AS (SELECT _entity FROM deceased) WHO FROM allowance a WHERE a._entity NOT IN (SELECT _entity FROM dead)",
            [3],
        ),
        ("WHO FROM allowance a WHERE NOT EXISTS (SELECT 1 FROM deceased d WHERE d._entity = a._entity)", [3]),
        ("WHO FROM allowance a ORDER BY a._row", [3, 4]),
    ],
)
def test_a_query_finds_rows_across_templates(sql: str, wanted: list[int]) -> None:
    assert codes(sql) == []
    assert rows(sql) == wanted


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("DROP TABLE allowance", "rule-no-query"),
        ("WHO FROM allowance a; DROP TABLE allowance", "rule-two-statements"),
        ("WITH x AS (DELETE FROM allowance) SELECT 1", "rule-statement"),
        ("WHO FROM read_csv('/etc/passwd') a", "rule-function"),
        ("WHO FROM allowance a WHERE a._file IN (SELECT * FROM read_parquet('x'))", "rule-function"),
        ("WHO FROM '/etc/passwd' a", "rule-table"),
        ("WHO FROM alowance a", "rule-table"),
        ("WHO FROM allowance a JOIN people p USING (_entity)", "rule-table"),
        ("WHO FROM allowance a WHERE a.金额 > 1", "rule-column"),
        ("WHO FROM allowance a WHERE a.金额(元) > 'x'", "rule-syntax"),
        ("WHO FROM allowance a WHERE", "rule-syntax"),
        ("SELECT a._file, a._sheet FROM allowance a", "rule-address-missing"),
        ("SELECT a._file, a._sheet, 'x' AS _row FROM allowance a", "rule-address-kind"),
        ("SELECT 1 AS _file, a._sheet, a._row FROM allowance a", "rule-address-kind"),
        ("SELECT a._file, a._sheet, 3.5 AS _row FROM allowance a", "rule-address-kind"),
        ("WHO FROM allowance a WHERE a._row < CURRENT_DATE", "rule-clock"),
        ("WHO FROM allowance a JOIN deceased d USING (_entity) WHERE d.死亡日期 - d.死亡日期 > 30", "rule-days"),
        ("WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x", "rule-statement"),
    ],
)
def test_what_no_query_may_say_is_told_before_any_data(sql: str, code: str) -> None:
    assert codes(sql) == [code]


def test_a_misspelt_table_or_column_is_told_with_the_one_that_was_meant() -> None:
    ((place, _, facts),) = check_sql(query("WHO FROM alowance a"), SCHEMAS, PERIOD)
    assert (place, facts["suggestion"]) == (("sql",), "allowance")
    ((_, _, facts),) = check_sql(query("WHO, a.金额 FROM allowance a"), SCHEMAS, PERIOD)
    assert facts["suggestion"] == "金额(元)"


def test_words_may_name_what_the_query_selects_and_nothing_else() -> None:
    sql = "WHO, a.金额(元) AS 应发 FROM allowance a"
    assert codes(sql, message="多发{应发}元") == []
    assert codes(sql, message="多发{应法}元") == ["rule-placeholder"]
    one = query(sql, message="多发{应发}元", severity="warning")
    found = run_sql(one, TABLES, PERIOD)
    assert isinstance(found, pl.DataFrame)
    lines = Findings.gather([sql_findings(one, found)]).frame.select("code", "file", "row", "severity", "facts")
    assert lines.rows() == [("EA03", "a.xlsx", 3, "warning", ["250.5"]), ("EA03", "b.xlsx", 4, "warning", ["100"])]


def test_a_query_that_the_engine_gives_up_on_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    class Panic(BaseException):
        pass

    def panics(*_: object, **__: object) -> object:
        raise Panic("capacity overflow")

    monkeypatch.setattr("reportkit.rulebook.sql.pl.SQLContext.execute", panics)
    assert run_sql(query("WHO FROM allowance a"), TABLES, PERIOD) == NotJudged("capacity overflow")


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("WHO FROM other o WHERE o.月保障金额(元) > 1 AND o.合计·男 > 2", []),
        ("WHO FROM other o WHERE read_csv('x') = 1", ["rule-function"]),
        ("DROP TABLE other", ["rule-no-query"]),
    ],
)
def test_a_spec_alone_tells_what_is_wrong_with_any_tables_and_lets_other_templates_fields_be(sql: str, wanted: list[str]) -> None:
    assert [code for _, code, _ in problems(template(field("姓名"), reconcile=(query(sql),)))] == wanted
