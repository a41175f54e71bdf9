"""A code that stands in several templates is explained for all of them."""

from __future__ import annotations

from desk import Desk


def shared(desk: Desk, *rules: str) -> None:
    """A workspace with as many forms as rules, each with its one."""
    desk.found()
    spec = (desk.folder / "ws/templates/补助.yaml").read_text(encoding="utf-8").split("rules:")[0]
    for at, rule in enumerate(rules):
        own = spec.replace("name: 补助\n", f"name: 表{at}\n").replace("title: 困难群众补助花名册", f"title: 花名册{at}")
        (desk.folder / f"ws/templates/表{at}.yaml").write_text(f"{own}rules:\n  - {rule}\n", encoding="utf-8")
    (desk.folder / "ws/templates/补助.yaml").unlink()


AMOUNT = "补助金额(元)"


def test_a_code_that_says_the_same_in_several_templates_is_told_once_with_their_names(desk: Desk) -> None:
    rule = "{{code: MOST, check: '\"{field}\" <= {most}', cell: {field}, message: {{zh: 超标准, en: too much}}}}"
    shared(desk, *(rule.format(field=AMOUNT, most=most) for most in (500, 600)))
    said = desk.run("explain", "MOST", "--workspace", "ws").out
    assert said.count("超标准") == 1
    assert "模板：花名册0、花名册1" in said
    assert "例如在“花名册0”里" in said
    found = desk.run("explain", "MOST", "--workspace", "ws", "--json").document
    assert found["templates"] == ["表0", "表1"]
    assert "also" not in found


def test_a_code_that_says_different_things_is_told_for_each_template(desk: Desk) -> None:
    rule = "{{code: MOST, check: '\"{field}\" <= 500', cell: {field}, message: {{zh: {words}, en: too much}}}}"
    shared(desk, *(rule.format(field=AMOUNT, words=words) for words in ("超标准", "超上限", "超标准")))
    lines = [line.strip() for line in desk.run("explain", "MOST", "--workspace", "ws").out.splitlines()]
    assert [line for line in lines if line.startswith(("超", "模板"))] == [
        "超标准",
        "模板：花名册0、花名册2",
        "超上限",
        "模板：花名册1",
    ]
    found = desk.run("explain", "MOST", "--workspace", "ws", "--json").document
    assert [one["templates"] for one in found["also"]] == [["表1"]]  # type: ignore[index, attr-defined]
