"""Values that a field may hold, to try rules on: from its list and its bounds, and from what the rules themselves name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations

import polars as pl

from reportkit.elements import element
from reportkit.elements.identity_number import check_digit
from reportkit.records import scope
from reportkit.rulebook.examples import USUAL
from reportkit.rulebook.kinds import kind
from reportkit.rulebook.phrases import Source
from reportkit.rulebook.tokens import Sort, scan
from reportkit.templates import Field, Template

_LENGTHS = (1, 2, 3, 4, 8, 11, 18, 30, 120)
_AGES = (0, 1, 5, 6, 16, 18, 22, 35, 50, 55, 60, 65, 70, 79, 80, 81, 89, 90, 100, 110)
_STEPS = (-1, 0, 1)
#: Elements of texts whose values are made here.
_MADE = frozenset({"text", "amount", "identity-number"})
#: Papers of people without an identity number of their own.
_PAPERS = ("E12345678", "H1234567890", "军字第1234567号")
_PAIRED = 12


@dataclass(frozen=True, slots=True)
class Constants:
    """What a template's rules name beside fields."""

    numbers: tuple[float, ...]
    texts: tuple[str, ...]


def constants(template: Template, source: Source) -> Constants:
    """Numbers and texts of all its rules, each once."""
    written = [text for rule in template.rules for text in (rule.check, rule.left, rule.right, rule.when) if text]
    tokens = [token for text in written for token in scan(text, source.names)]
    numbers = dict.fromkeys(float(token.text) for token in tokens if token.sort is Sort.NUMBER)
    return Constants(tuple(numbers), tuple(dict.fromkeys(token.text for token in tokens if token.sort is Sort.TEXT)))


def fields(template: Template) -> tuple[Field, ...]:
    """The fields of a list; the cells of a statistics form as fields of amounts."""
    return template.fields or tuple(Field(name=cell.name, element="amount") for cell in template.cells)


def pool(field: Field, named: Constants) -> list[str]:
    """Canonical values that element and constraints find nothing wrong with: all others are never judged."""
    around = scope(field, USUAL.last)
    found = field.values or _candidates(field, named)
    values = dict.fromkeys(element(field.element).normalise(text, around) for text in found)
    return [value for value in values if fits(field, value)]


def guessed(field: Field) -> bool:
    """Whether a field's values are texts of a shape that none can be made of: telephones, addresses, names."""
    return kind(field) == pl.String() and not field.values and field.element not in _MADE


def fits(field: Field, value: str) -> bool:
    """Whether a canonical value is one that rules would judge."""
    kept = element(field.element)
    listed = not field.values or value in field.values
    return bool(value) and listed and not kept.check(value, scope(field, USUAL.last))


def _candidates(field: Field, named: Constants) -> Iterable[str]:
    of = pl.Float64() if field.element == "amount" else kind(field)
    if of == pl.Date():
        return _days(named, 7 if "month" in (field.type.removeprefix("year"), field.element) else 10)
    if of.is_numeric():
        return _numbers(field, named, whole=of.is_integer())
    return _identities() if field.element == "identity-number" else _texts(named)


def _numbers(field: Field, named: Constants, *, whole: bool) -> Iterator[str]:
    limits = [float(one) for one in (field.constraints.minimum, field.constraints.maximum) if isinstance(one, (int, float))]
    around = [number + step for number in (*named.numbers, *limits) for step in _STEPS]
    years = [float(USUAL.last.year - age) for age in _AGES] if "year" in (field.element, field.type) else []
    parts = [] if whole else [0.5, 12.34]
    for number in (*around, *years, *map(float, range(-2, 11)), 100.0, 1000.0, *parts):
        if number.is_integer():
            yield str(int(number))
        elif not whole:
            yield f"{number:.6f}".rstrip("0")


def _days(named: Constants, size: int) -> Iterator[str]:
    days = [USUAL.last, USUAL.first, *(_back(age) for age in _AGES), *filter(None, map(_day, named.texts))]
    for day in days:
        yield from ((day + timedelta(days=step)).isoformat()[:size] for step in _STEPS)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    except ValueError:
        return None


def _back(years: int) -> date:
    return USUAL.last.replace(year=USUAL.last.year - years)


def _identities() -> Iterator[str]:
    for number, age in enumerate(_AGES):
        for step in _STEPS:
            born = _back(age) + timedelta(days=step)
            first = f"370602{born:%Y%m%d}{number * 3 + step + 1:03d}"
            yield first + check_digit(first)
    yield from _PAPERS


def _texts(named: Constants) -> Iterator[str]:
    for text in named.texts:
        yield from (text, text + "甲", "甲" + text)
    yield from (one + other for one, other in permutations(named.texts[:_PAIRED], 2))
    for size in sorted({*_LENGTHS, *_lengths(named.numbers)}):
        yield from ("甲乙丙丁"[size % 4] * size, str(size % 9 + 1) * size, "ABCD"[size % 4] * size)


def _lengths(numbers: Sequence[float]) -> Iterator[int]:
    """Texts about as long as the numbers that rules name: some speak of lengths."""
    for number in numbers:
        if 1 < number <= 500:
            yield from (int(number) + step for step in _STEPS)
