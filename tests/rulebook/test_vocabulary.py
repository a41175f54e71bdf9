"""What is listed as callable is what may be called, and does what is said of it."""

from __future__ import annotations

import polars as pl
import pytest
from ruled import form, rule

from reportkit.messages import Language, say
from reportkit.periods import Period
from reportkit.rulebook import problems
from reportkit.rulebook.functions import CONSTANTS, SQL_FUNCTIONS, expand
from reportkit.rulebook.tokens import Names, scan, spell
from reportkit.rulebook.trial import compiled
from reportkit.rulebook.vocabulary import CALLS, Call, Subject, meant

EVERY = [(subject, call) for subject, calls in CALLS.items() for call in calls]
ALONG_ROWS = (Subject.ROWS, Subject.ORDER)
#: Calls on fields of the form, for those that no example without a field could show.
ON_FIELDS = {
    "birth_date": "birth_date(身份证号) < period_end",
    "sex": "sex(身份证号) = '男'",
    "age_at": "age_at(身份证号, period_end) > 1",
}


def named(pair: tuple[Subject, Call]) -> str:
    return pair[1].name


def test_all_that_may_be_called_is_listed_once() -> None:
    listed = [name for _, call in EVERY for name in call.names]
    assert len(listed) == len(set(listed))
    assert set(listed) == SQL_FUNCTIONS | CONSTANTS


@pytest.mark.parametrize("pair", EVERY, ids=named)
def test_each_has_a_meaning_in_both_languages(pair: tuple[Subject, Call]) -> None:
    zh, en = (say(f"function-{pair[1].name}", language) for language in (Language.ZH, Language.EN))
    assert zh != en
    assert zh
    assert en


@pytest.mark.parametrize("pair", [pair for pair in EVERY if pair[1].example], ids=named)
def test_each_example_holds(pair: tuple[Subject, Call]) -> None:
    said = pair[1].example
    assert any(name in said for name in pair[1].names)
    expression, _ = compiled(spell(expand(scan(said, Names(())), Period.parse("2026-11"))), {"a": pl.Int64()})
    assert pl.DataFrame({"a": [1]}).select(expression).item() is True


@pytest.mark.parametrize("pair", EVERY, ids=named)
def test_each_name_can_be_called_in_a_rule(pair: tuple[Subject, Call]) -> None:
    subject, call = pair
    for name in call.names:
        assert meant(name.upper()) == call
        if subject in ALONG_ROWS:
            check = f"{name}({call.arguments and '合计'}) OVER (PARTITION BY 姓名) > 0"
        else:
            check = ON_FIELDS.get(name) or call.example.replace(f"{call.name}(", f"{name}(", 1) + " AND 合计 > 0"
        codes = {code for _, code, _ in problems(form(rule(check=check)))}
        assert codes == ({"rule-function"} if subject is Subject.ORDER else set()), check
