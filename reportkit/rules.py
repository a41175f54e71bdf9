"""Rules that a department writes into its spec: about one row (``Rule``), or across templates and periods (``Reconcile``).

Expressions are SQL as polars runs it; what they may say and how they are tried is ``rulebook``'s business.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic import Field as Setting
from pydantic_core import PydanticCustomError

from reportkit.messages import Entry, Language, catalogue
from reportkit.severity import Severity

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def _both(value: object) -> object:
    """One text stands for both languages."""
    return {language.value: value for language in Language} if isinstance(value, str) else value


def _row(value: object) -> object:
    return {str(name): None if cell is None else str(cell) for name, cell in value.items()} if isinstance(value, dict) else value


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class _Said(_Part):
    zh: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        """Whether anything is said."""
        return bool(self.zh or self.en)

    def both(self) -> dict[Language, str]:
        """The words by language; where one is not given the other stands for it."""
        return {Language.ZH: self.zh or self.en, Language.EN: self.en or self.zh}


Said = Annotated[_Said, BeforeValidator(_both)]
Example = Annotated[dict[str, str | None], BeforeValidator(_row)]


class Operator(StrEnum):
    """How the two sides of a rule are held against each other: both 同有同无, one 不得同有."""

    EQUAL = "="
    UNEQUAL = "<>"
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    BOTH = "both"
    ONE = "one"


_PRESENCE = {Operator.BOTH: "rule-not-both", Operator.ONE: "rule-not-one"}


class Missing(StrEnum):
    """What an empty side means: the row is not judged; it counts as nothing (0); the row fails."""

    SKIP = "skip"
    ZERO = "zero"
    FAIL = "fail"


class _Ruling(_Part):
    """What all rules say: code, severity, the words of a finding, the field whose cell is marked, and from when to when they hold."""

    code: str
    severity: Severity = Severity.ERROR
    message: Said = _Said()
    reason: Said = _Said()
    mend: Said = _Said()
    cell: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def _general(self) -> str:
        """The entry whose words stand in for the rule's own."""
        return "rule-found"

    @property
    def text(self) -> str:
        """The rule as it is written."""
        return ""

    @property
    def placeholders(self) -> tuple[str, ...]:
        """What its words name, ``{left}`` and fields: a finding's ``facts`` are in this order."""
        words = (text for said in (self._message, self._mend) for text in said.values())
        return tuple(dict.fromkeys(name for text in words for name in _PLACEHOLDER.findall(text)))

    @property
    def entry(self) -> Entry:
        """The rule as an entry of the catalogue; what it does not say in words of its own is said in general ones."""
        general = catalogue()[self._general]
        reason = self.reason.both() if self.reason else general.reason
        known = {"code": self.code, "rule": self.text}
        return Entry(self.code, self.severity, self._message, reason, self._mend, self.placeholders, known=known)

    @property
    def _message(self) -> dict[Language, str]:
        return self.message.both() if self.message else catalogue()[self._general].message

    @property
    def _mend(self) -> dict[Language, str]:
        return self.mend.both() if self.mend else catalogue()[self._general].mend

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Rule(_Ruling):
    """A rule about one row.

    Attributes:
        check: one-sided: a Boolean expression that is true where the row is fine; "" for a two-sided rule.
        left: with ``op`` and ``right`` the two sides.
        tolerance: by how much two numbers may differ: a number, ``5%`` of the right side, or ``auto``, half a unit of the last
            decimal that each of its terms declares.
        when: the rows that the rule speaks of; "" for all.
        passes: examples that must pass (``pass`` in the spec), each a row of field → text; ``fails``: that must fail.
    """

    check: str = ""
    left: str = ""
    op: Operator = Operator.EQUAL
    right: str = ""
    tolerance: int | float | str = 0
    when: str = ""
    missing: Missing = Missing.SKIP
    passes: Annotated[tuple[Example, ...], Setting(alias="pass")] = ()
    fails: Annotated[tuple[Example, ...], Setting(alias="fail")] = ()

    @property
    def text(self) -> str:
        """The check, or left, operator and right; two sides of which only the presence counts are but named."""
        if self.op in _PRESENCE and not self.check:
            return f"{self.left} / {self.right}"
        return self.check or f"{self.left} {self.op} {self.right}"

    @property
    def _general(self) -> str:
        return "rule-not-met" if self.check else _PRESENCE.get(self.op, "rule-not-met")

    @model_validator(mode="after")
    def _one_or_two_sided(self) -> Self:
        if bool(self.check) == bool(self.left or self.right) or bool(self.left) != bool(self.right):
            raise PydanticCustomError("rule-one-or-two-sided", "either check, or left and right")
        text = str(self.tolerance)
        if text != "auto" and not re.fullmatch(r"\d+(\.\d+)?%?", text):
            raise PydanticCustomError("rule-tolerance-wrong", "a number, a percent such as 5%, or auto")
        return self


class Reconcile(_Ruling):
    """A rule across templates, periods and units: one SELECT that gives the offending rows' ``_file``, ``_sheet`` and ``_row``."""

    sql: str

    @property
    def text(self) -> str:
        """The query in one line."""
        return " ".join(self.sql.split())
