from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.drafting import dump_spec
from reportkit.elements import ELEMENTS
from reportkit.errors import UsageError
from reportkit.specs import TYPES, lint, load_spec
from reportkit.templates import Accept, Aggregate, Constraints, Field, GridCell, Kind, Schema, Template

GOOD = """\
name: allowance
title: 津贴花名册
workbook: allowance.xlsx
kind: list
schema:
  primaryKey: [身份证号]
  fields:
    - {name: 姓名, element: person-name}
    - {name: 身份证号, element: identity-number, constraints: {required: true}}
    - {name: 年龄, type: integer, constraints: {minimum: 80, maximum: 130}}
"""
GRID = """\
name: monthly
title: 月报表
workbook: monthly.xlsx
kind: grid
cells:
  - {name: 户数, row: 合计, column: 户数(户), at: C5}
  - {name: 人数, row: 合计, column: 人数(人), at: D5}
"""


def written(folder: Path, text: str) -> Path:
    for blank in ("allowance.xlsx", "monthly.xlsx"):
        (folder / blank).write_bytes(b"")
    path = folder / "spec.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_spec_becomes_a_template(tmp_path: Path) -> None:
    template = load_spec(written(tmp_path, GOOD))
    assert template.key == ("身份证号",)
    assert template.field("年龄").constraints.maximum == 130
    assert lint(written(tmp_path, GOOD)) == []


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        ("name: 姓名", "nmae: 姓名", "spec-key-unknown", 8),
        ("title: 津贴花名册\n", "", "spec-key-missing", 1),
        ("kind: list", "kind: lists", "spec-value-unknown", 4),
        ("element: person-name", "element: persona", "spec-element-unknown", 8),
        ("type: integer", "type: int", "spec-type-unknown", 10),
        ("name: 年龄", "name: 姓名", "spec-name-twice", 10),
        ("primaryKey: [身份证号]", "primaryKey: [身份证]", "spec-key-no-field", 6),
        ("minimum: 80, maximum: 130", "enum: []", "spec-enum-empty", 10),
        ("minimum: 80", "minimum: 131", "spec-bounds-crossed", 10),
        ("minimum: 80", "minimum: 八十", "spec-bound-no-number", 10),
        ("workbook: allowance.xlsx", "workbook: gone.xlsx", "spec-workbook-missing", 3),
        ("workbook: allowance.xlsx", "workbook: ../allowance.xlsx", "spec-workbook-elsewhere", 3),
        ("kind: list", "kind: [list", "spec-not-yaml", 5),
        ("title: 津贴花名册", "title: 2026", "spec-value-no-text", 2),
        ("kind: list", "kind: list\ndue: 五", "spec-value-no-number", 5),
        ("kind: list", "kind: list\nsurvivorship: latest", "spec-value-no-mapping", 5),
        ("primaryKey: [身份证号]", "primaryKey: {a: 身份证号}", "spec-value-no-list", 6),
        ("required: true", "required: 必填", "spec-value-no-yes-or-no", 9),
        ("kind: list", "kind: grid", "spec-grid-without-cells", 4),
    ],
)
def test_what_is_wrong_with_a_list_is_named_with_its_line(tmp_path: Path, before: str, after: str, code: str, line: int) -> None:
    path = written(tmp_path, GOOD.replace(before, after, 1))
    assert (code, line) in [(problem.code, problem.line) for problem in lint(path)]
    with pytest.raises(UsageError) as refused:
        load_spec(path)
    assert refused.value.facts["path"] == str(path)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (", at: D5", "", "spec-key-missing"),
        ("at: D5", "at: D", "spec-address-wrong"),
        ("at: D5", "at: XFE1", "spec-address-wrong"),
        ("at: D5", "at: C5", "spec-address-twice"),
        ("at: D5", "at: D5, aggregate: ratio, of: [户数, 人口]", "spec-ratio-part-unknown"),
        ("at: D5", "at: D5, of: [户数, 人数]", "spec-ratio-wrong"),
    ],
)
def test_what_is_wrong_with_a_statistics_form_is_named(tmp_path: Path, before: str, after: str, code: str) -> None:
    assert code in [problem.code for problem in lint(written(tmp_path, GRID.replace(before, after)))]


def test_rules_need_codes_of_their_own(tmp_path: Path) -> None:
    rules = "rules:\n  - {code: A1, check: 年龄 > 1}\n  - {code: A1, check: 年龄 > 2}\n  - {code: required-missing, check: 年龄 > 3}\n"
    codes = [(problem.code, problem.line) for problem in lint(written(tmp_path, GOOD + rules))]
    assert codes == [("spec-rule-twice", 13), ("spec-rule-twice", 14)]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("{check: 年龄 > 1}", "spec-key-missing"),
        ("{code: A1, check: 年龄 > 1, severity: fatal}", "spec-value-unknown"),
        ("{code: A1, check: 年龄 > 1, tolerence: 1}", "spec-key-unknown"),
        ("{code: A1}", "rule-one-or-two-sided"),
        ("{code: A1, left: 年龄}", "rule-one-or-two-sided"),
        ("{code: A1, left: 年龄, right: 年龄, tolerance: viel}", "rule-tolerance-wrong"),
    ],
)
def test_what_a_rule_lacks_is_named_with_its_line(tmp_path: Path, rule: str, code: str) -> None:
    assert (code, 12) in [(one.code, one.line) for one in lint(written(tmp_path, f"{GOOD}rules:\n  - {rule}\n"))]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("person-name", "persona").replace("type: integer", "type: int")
    assert [problem.line for problem in lint(written(tmp_path, text))] == [8, 10]


def test_a_missing_spec_is_the_users_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="spec-not-found"):
        load_spec(tmp_path / "none.yaml")


names = st.text("甲乙丙丁姓名证号>()/%元·:#'\"-[]{}, 0123456789abcyn~&*!|", min_size=1, max_size=12).filter(str.strip)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
fields = st.builds(
    Field,
    name=names,
    type=st.sampled_from(sorted(TYPES - {"integer", "number"})),
    element=st.sampled_from(sorted(ELEMENTS)),
    concept=texts,
    unit=texts,
    aliases=st.lists(texts, max_size=3).map(tuple),
    constraints=st.builds(
        Constraints, required=st.booleans(), enum=st.lists(texts, min_size=1, max_size=4, unique=True).map(tuple)
    ),
    total=st.booleans(),
)
lists = st.builds(
    lambda title, fields, due: Template(
        name="made",
        title=title,
        workbook="allowance.xlsx",
        kind=Kind.LIST,
        due=due,
        schema=Schema(fields=tuple(fields), primaryKey=(fields[0].name,)),
    ),
    names,
    st.lists(fields, min_size=1, max_size=4, unique_by=lambda field: field.name),
    st.none() | st.integers(1, 31),
)
grids = st.builds(
    lambda cells, most: Template(
        name="made", title="表", workbook="monthly.xlsx", kind=Kind.GRID, cells=tuple(cells), accept=Accept(max_errors=most)
    ),
    st.lists(
        st.builds(
            GridCell,
            name=names,
            row=names,
            column=names,
            at=st.integers(1, 999).map("C{}".format),
            aggregate=st.sampled_from([Aggregate.SUM, Aggregate.NONE]),
        ),
        min_size=1,
        max_size=4,
        unique_by=(lambda cell: cell.name, lambda cell: cell.at),
    ),
    st.none() | st.integers(0, 99),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(template=lists | grids)
def test_what_is_written_is_read_back_the_same(tmp_path: Path, template: Template) -> None:
    assert load_spec(written(tmp_path, dump_spec(template))) == template


def test_a_written_spec_keeps_a_line_a_field_and_leaves_out_what_goes_without_saying() -> None:
    template = Template(
        name="a",
        title="花名册",
        workbook="a.xlsx",
        kind=Kind.LIST,
        schema=Schema(primaryKey=("姓名",), fields=(Field(name="姓名", element="person-name"), Field(name="备注"))),
    )
    assert dump_spec(template).splitlines() == [
        "name: a",
        "title: 花名册",
        "workbook: a.xlsx",
        "kind: list",
        "period: monthly",
        "schema:",
        "  primaryKey: [姓名]",
        "  fields:",
        "    - {name: 姓名, element: person-name}",
        "    - {name: 备注}",
    ]


@pytest.mark.parametrize("spec", sorted(Path(__file__).parent.parent.glob("templates/*/*.yaml")), ids=lambda path: path.stem)
def test_specs_of_every_pack_are_clean_and_ask_each_thing_once(spec: Path) -> None:
    assert lint(spec) == []
    concepts = [field.concept for field in load_spec(spec).fields]
    assert len(set(concepts)) == len(concepts)
    assert all(concepts)


@pytest.mark.parametrize("name", ["../../x", "a/b", "a\\\\b", "..", ".", '""', '" "', "C:x", '"a\\nb"'])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    (problem, *_) = lint(written(tmp_path, GOOD.replace("name: allowance", f"name: {name}")))
    assert problem.code in {"spec-name-unsafe", "spec-key-missing"}
    assert problem.line == 1


@pytest.mark.parametrize("bound", ["1949-10-01", '"1949-10-01"'], ids=["as YAML's day", "as a text"])
def test_a_day_is_a_bound_with_and_without_quotes(tmp_path: Path, bound: str) -> None:
    day = f"    - {{name: 出生日期, type: date, element: date, constraints: {{minimum: {bound}}}}}\n"
    path = written(tmp_path, GOOD.replace("    - {name: 年龄", day + "    - {name: 年龄"))
    assert load_spec(path).field("出生日期").constraints.minimum == "1949-10-01"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("survivorship: {年龄: newest}", "spec-word-unknown"),
        ("period: sometimes", "spec-word-unknown"),
        ("due: 0", "spec-value-wrong"),
        ("due: 32", "spec-value-wrong"),
        ("reporters: 镇 街", "spec-value-wrong"),
        ("accept: {max_errors: -1}", "spec-value-wrong"),
        ("accept: {max_error_share: 1.5}", "spec-value-wrong"),
    ],
)
def test_words_and_numbers_that_mean_nothing_are_refused_with_their_line(tmp_path: Path, line: str, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        load_spec(written(tmp_path, GOOD + line + "\n"))
    assert (refused.value.code, refused.value.facts["line"]) == (code, "11")


@pytest.mark.parametrize(
    "line", ["survivorship: {年龄: latest}", "period: quarterly\ndue: 60", "reporters: township", "accept: {max_errors: 0}"]
)
def test_words_that_mean_something_are_taken(tmp_path: Path, line: str) -> None:
    assert lint(written(tmp_path, GOOD + line + "\n")) == []
