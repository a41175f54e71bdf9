"""A report template: the department's blank workbook and what its spec says about it.

The ``schema`` part is a Frictionless Table Schema; what is ours stands outside it or in properties that the standard
leaves free.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic import Field as Setting

from reportkit.messages import Entry, catalogue
from reportkit.rules import Reconcile, Rule


def _texts(value: Any) -> Any:  # noqa: ANN401 - pydantic hands over whatever the file holds
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else value


def _names(value: Any) -> Any:  # noqa: ANN401 - as above
    """The standard writes a key of one field as a text."""
    return (value,) if isinstance(value, str) else _texts(value)


def _bound(value: Any) -> Any:  # noqa: ANN401 - as above
    """YAML makes a day of ``1949-10-01`` where nobody put it in quotes."""
    return value.isoformat() if isinstance(value, date) else value


def _truths(value: Any) -> Any:  # noqa: ANN401 - as above
    """YAML makes a truth of ``true`` where nobody put it in quotes."""
    return _texts([str(one).lower() if isinstance(one, bool) else one for one in value]) if isinstance(value, list) else value


Bound = Annotated[float | str | None, BeforeValidator(_bound)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
Truths = Annotated[tuple[str, ...], BeforeValidator(_truths)]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(StrEnum):
    """list 花名册: one row a thing; grid 统计表: fixed labelled cells."""

    LIST = "list"
    GRID = "grid"


class Aggregate(StrEnum):
    """How a cell of a statistics form is made from the units' cells."""

    SUM = "sum"
    RATIO = "ratio"
    MAX = "max"
    MIN = "min"
    MEAN = "mean"
    NONE = "none"


class Constraints(_Part):
    """Table Schema constraints; ``enum`` holds the code list's values as the template writes them."""

    required: bool = False
    unique: bool = False
    enum: Texts = ()
    minimum: Bound = None
    maximum: Bound = None
    exclusiveMinimum: Bound = None  # noqa: N815 - the standard's word
    exclusiveMaximum: Bound = None  # noqa: N815 - the standard's word
    pattern: str = ""
    minLength: int | None = None  # noqa: N815 - the standard's word
    maxLength: int | None = None  # noqa: N815 - the standard's word


class Field(_Part):
    """One column of a list template. ``name`` is the header as written without white space, levels joined by ``>``.

    ``decimals``: to how many decimals its numbers are stated; what tolerances derive from. ``trueValues`` to ``bareNumber`` say how
    booleans and numbers are written, as the standard means it; ``rdfType`` and ``example`` are only for readers.
    """

    name: str
    type: str = "string"
    format: str = "default"
    title: str = ""
    description: str = ""
    element: str = "text"
    concept: str = ""
    unit: str = ""
    aliases: Texts = ()
    constraints: Constraints = Constraints()
    trueValues: Truths = ("true", "True", "TRUE", "1")  # noqa: N815 - the standard's word
    falseValues: Truths = ("false", "False", "FALSE", "0")  # noqa: N815 - the standard's word
    decimalChar: str = "."  # noqa: N815 - the standard's word
    groupChar: str = ""  # noqa: N815 - the standard's word
    bareNumber: bool = True  # noqa: N815 - the standard's word
    rdfType: str = ""  # noqa: N815 - the standard's word
    example: Any = None
    per: str = ""
    total: bool = False
    decimals: int | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """The code list, empty where there is none."""
        return self.constraints.enum


class Reference(_Part):
    """Where a foreign key's values stand: ``resource`` is another template's name, ``units``, or "" for the list itself."""

    resource: str = ""
    fields: Names = ()


class ForeignKey(_Part):
    """A Table Schema foreign key: the values of ``fields`` stand in the reference's fields."""

    fields: Names
    reference: Reference


class Schema(_Part):
    """A Table Schema; ``uniqueKeys``: fields whose values together stand once, beside the primary key."""

    profile: str = Setting(default="", alias="$schema")
    primaryKey: Names = ()  # noqa: N815 - the standard's word
    uniqueKeys: tuple[Names, ...] = ()  # noqa: N815 - the standard's word
    foreignKeys: tuple[ForeignKey, ...] = ()  # noqa: N815 - the standard's word
    fields: tuple[Field, ...] = ()
    missingValues: Texts = ("",)  # noqa: N815 - the standard's word


class GridCell(_Part):
    """One labelled cell of a statistics form; ``row`` and ``column`` are labels (levels joined by ``>``), ``at`` its address."""

    name: str
    row: str
    column: str
    at: str
    aggregate: Aggregate = Aggregate.SUM
    of: Texts = ()
    scale: float = 1
    unit: str = ""
    decimals: int | None = None


class Accept(_Part):
    """Past which errors a submission is returned."""

    max_errors: int | None = None
    max_error_share: float | None = None


class Rounding(_Part):
    """In what its report is published a second time (舍位平衡): 千元, 万元 …, to so many decimals, parts adding up to their totals."""

    unit: str
    decimals: int = 0


class Template(_Part):
    """A template's spec.

    ``workbook`` is the blank's file name beside the spec. ``inferred``: made from the blank and not yet accepted by a person, so
    that the units' values may still correct elements, entity and key.
    """

    name: str
    title: str
    workbook: str
    kind: Kind
    department: str = ""
    entity: str = ""
    period: str = "monthly"
    due: int | None = None
    table_schema: Schema = Setting(default=Schema(), alias="schema")
    cells: tuple[GridCell, ...] = ()
    rules: tuple[Rule, ...] = ()
    reconcile: tuple[Reconcile, ...] = ()
    accept: Accept | None = None
    rounding: Rounding | None = None
    survivorship: dict[str, str] = Setting(default_factory=dict)
    owner: dict[str, str] = Setting(default_factory=dict)
    reporters: str = ""
    duplicates: str = "merge"
    inferred: bool = False

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns of a list, without the running number."""
        return self.table_schema.fields

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the fields that identify a row's thing."""
        return self.table_schema.primaryKey

    @property
    def entries(self) -> dict[str, Entry]:
        """What codes of findings about its submissions mean: the catalogue's, and its own rules'."""
        return dict(catalogue()) | {rule.code: rule.entry for rule in (*self.rules, *self.reconcile)}

    def field(self, name: str) -> Field:
        """The field of that name.

        Raises:
            KeyError: the template has no such field.
        """
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(name)
