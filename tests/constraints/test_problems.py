"""What is wrong with the constraints of a spec is told before any data is read."""

from __future__ import annotations

import pytest
from forms import field, template

from reportkit.constraints import constraint_problems, reference_problems
from reportkit.templates import Constraints, Field, ForeignKey, Reference, Schema, Template


def problems(one: Field) -> list[tuple[str, str]]:
    """Code and last step of the place."""
    return [(code, str(place[-1])) for place, code, _ in constraint_problems(template(one))]


def of(kind: str, form: str = "default", element: str = "text", **limits: object) -> Field:
    return Field(name="值", type=kind, format=form, element=element, constraints=Constraints.model_validate(limits))


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (of("string", pattern="[0-9"), [("spec-pattern-wrong", "pattern")]),
        (of("string", pattern="(?=a)b"), [("spec-pattern-wrong", "pattern")]),
        (of("string", form="e-mail"), [("spec-format-wrong", "format")]),
        (of("date", form="%Q"), [("spec-format-wrong", "format")]),
        (of("integer", form="any"), [("spec-format-wrong", "format")]),
        (of("string", minimum=3), [("spec-bound-no-order", "minimum")]),
        (of("date", maximum="2026-02-30"), [("spec-bound-wrong", "maximum")]),
        (of("date", form="%d.%m.%Y", minimum="2026-01-01"), [("spec-bound-wrong", "minimum")]),
        (of("yearmonth", minimum="2026"), [("spec-bound-wrong", "minimum")]),
    ],
)
def test_what_cannot_be_judged_is_a_problem_of_the_spec(one: Field, told: list[tuple[str, str]]) -> None:
    assert problems(one) == told


@pytest.mark.parametrize(
    "one",
    [
        of("string", pattern=r"\d{4}[A-Z]|[一-龥]+", minLength=1),
        of("string", form="email"),
        of("date", form="any", minimum="2026-01-01"),
        of("date", form="%d.%m.%Y", minimum="01.02.2026"),
        of("datetime", form="%Y/%m/%d %H:%M"),
        of("time", maximum="17:30:00"),
        of("yearmonth", minimum="2026-01"),
        of("year", minimum=1990),
        of("string", element="amount", minimum=0),
        of("string", element="date", maximum="2026-12-31"),
    ],
)
def test_what_can_be_judged_is_none(one: Field) -> None:
    assert problems(one) == []


def test_a_foreign_key_names_fields_that_there_are_as_many_on_both_sides() -> None:
    keys = (
        ForeignKey(fields=("村",), reference=Reference(resource="units", fields=("名称", "级别"))),
        ForeignKey(fields=("乡",), reference=Reference(resource="units", fields=("名称",))),
        ForeignKey(fields=("村",), reference=Reference(fields=("户",))),
    )
    of = template(field("村")).model_copy(update={"table_schema": Schema(fields=(field("村"),), foreignKeys=keys)})
    assert [(place[-1], code) for place, code, _ in constraint_problems(of)] == [
        (0, "spec-reference-uneven"),
        (1, "spec-key-no-field"),
        (2, "spec-key-no-field"),
    ]


def referring(resource: str, *there: str) -> Template:
    key = ForeignKey(fields=("村",), reference=Reference(resource=resource, fields=there))
    return template(field("村")).model_copy(update={"table_schema": Schema(fields=(field("村"),), foreignKeys=(key,))})


@pytest.mark.parametrize(
    ("resource", "there", "told"),
    [
        ("people", "村", []),
        ("people", "村名", [("fields", "spec-reference-no-field", "村")]),
        ("units", "name", []),
        ("units", "names", [("fields", "spec-reference-no-field", "name")]),
        ("pople", "村", [("resource", "spec-reference-unknown", "people")]),
        ("", "村", []),
    ],
)
def test_a_foreign_key_refers_to_a_column_of_a_form_that_there_is(
    resource: str, there: str, told: list[tuple[str, str, str]]
) -> None:
    of = referring(resource, there)
    found = [(place[-1], code, facts["suggestion"]) for place, code, facts in reference_problems(of, [of], whole=True)]
    assert found == told


def test_among_some_of_a_folders_forms_one_that_is_not_there_may_be_elsewhere() -> None:
    of = referring("households", "户号")
    assert list(reference_problems(of, [of], whole=False)) == []
    assert [code for _, code, _ in reference_problems(of, [of], whole=True)] == ["spec-reference-unknown"]


def test_a_foreign_key_of_no_field_is_none() -> None:
    keys = (ForeignKey(fields=(), reference=Reference()),)
    of = template(field("村")).model_copy(update={"table_schema": Schema(fields=(field("村"),), foreignKeys=keys)})
    assert [code for _, code, _ in constraint_problems(of)] == ["spec-key-missing"]
