"""What a wrong or missing cell most likely should hold: suggested, never applied.

Nothing is suggested where two answers are as likely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from reportkit.contradictions import Fact, age_on
from reportkit.elements import code_list, credit_code, disability_certificate, identity_number, slips
from reportkit.namesakes import whole_numbers
from reportkit.records import ID, Records
from reportkit.templates import Field

#: Digits of a rounded number that have to agree with a whole one.
_KEPT = 14
#: The part of a credit code that says who registered it and where.
_REGISTRY = 8
#: From this share of a column's codes on an office's codes are held to carry the check digit of GB 11714 inside.
_CARRIED = 0.95


@dataclass(frozen=True, slots=True)
class Known:
    """What a suggestion may build on.

    Attributes:
        records: all rows.
        facts: what rows tell of their other cells.
        until: the day on which ages are reckoned.
    """

    records: Records
    facts: Sequence[Fact]
    until: date


def suggest(known: Known, field: Field, cells: pl.DataFrame) -> pl.Series:
    """For cells of a field (``ID``, ``value``, ``code``; wrong or blank) what each should hold; "" where nothing is likely."""
    told = _told(known, field.name, cells[ID])
    own = _SUGGESTED.get(field.element)
    if own is not None:
        told = pl.select(pl.coalesce(told, own(known, field, cells).replace("", None))).to_series()
    return told.fill_null("").alias("suggestion")


def _told(known: Known, name: str, rows: pl.Series) -> pl.Series:
    """What the other cells of rows say that a field holds."""
    wanted = [fact.wanted.gather(rows) for fact in known.facts if fact.field == name]
    nothing = pl.repeat(None, len(rows), dtype=pl.String, eager=True)
    return pl.select(pl.coalesce(*wanted, nothing)).to_series()


def _by_value(cells: pl.DataFrame, found: Callable[[str], str]) -> pl.Series:
    """What is found for each distinct value."""
    words = cells["value"].drop_nulls().unique(maintain_order=True)
    return cells["value"].replace_strict({one: found(one) for one in words}, default="", return_dtype=pl.String)


def _only(found: Iterable[str]) -> str:
    """The one of its kind, else ""."""
    distinct = set(found)
    return distinct.pop() if len(distinct) == 1 else ""


# -- codes of lists and of organisations --------------------------------------------------------------------


def _listed(_known: Known, field: Field, cells: pl.DataFrame) -> pl.Series:
    return _by_value(cells, lambda value: code_list.nearest(value, field.values))


def _credit(known: Known, field: Field, cells: pl.DataFrame) -> pl.Series:
    """A code that stands in another row; else one of a registry that others have, with a right organisation code inside."""
    others = known.records.right(field.name).drop_nulls().unique()
    seen = set(others.filter(others.str.len_chars() == 18))
    registries = {code[:_REGISTRY] for code in seen}
    carried = len(seen) > 0 and sum(map(_carries, seen)) >= _CARRIED * len(seen)

    def found(value: str) -> str:
        candidates = slips.credit_codes(value)
        usual = [one for one in candidates if one[:_REGISTRY] in registries and (_carries(one) or not carried)]
        return _only(candidates) or _only(seen.intersection(candidates)) or _only(usual)

    rounded = _rounded(known, field, cells).replace("", None)
    return pl.select(pl.coalesce(rounded, _by_value(cells, found))).to_series()


def _carries(code: str) -> bool:
    return credit_code.organisation_check(code[8:16]) == code[16]


# -- identity numbers and certificates ----------------------------------------------------------------------


def _identity(known: Known, field: Field, cells: pl.DataFrame) -> pl.Series:
    """Of all numbers that a slip or Excel turns into what is written the one that the row's other cells, or another row, leave."""
    own = [fact for fact in known.facts if fact.holder == field.name]
    stated = {fact.code: fact.stands.gather(cells[ID]).to_list() for fact in own}
    kinds = {fact.code: fact for fact in own}
    seen = _numbers(known.records)
    found, begun = [], whole_numbers(known.records, field, cells).to_list()
    for at, (value, whole) in enumerate(zip(cells["value"], begun, strict=True)):
        row = {code: said for code, values in stated.items() if (said := values[at]) is not None}
        slipped = slips.identity_numbers(value or "", known.until)
        candidates = [one for one in whole or slipped if _fits(one, row, kinds, known.until)]
        found.append(_meant(value or "", row, candidates, seen))
    return pl.Series("suggestion", found, dtype=pl.String)


def _numbers(records: Records) -> set[str]:
    """All right identity numbers of all rows, whoever's they are."""
    names = [field.name for field in records.template.fields if field.element == "identity-number"]
    return {number for name in names for number in records.right(name).drop_nulls().unique()}


def _meant(value: str, row: Mapping[str, str], candidates: Sequence[str], seen: set[str]) -> str:
    certified = {number for said in row.values() if (number := disability_certificate.number(said))}
    rounded = identity_number.kept(value)
    if certified and (not value or (len(rounded) >= _KEPT and _only(certified).startswith(rounded[:_KEPT]))):
        return _only(certified)
    return _only(candidates) or _only(certified.intersection(candidates)) or _only(seen.intersection(candidates))


def _fits(number: str, row: Mapping[str, str], kinds: Mapping[str, Fact], until: date) -> bool:
    """Whether a number says what the row's birth date, sex and age do."""
    born = identity_number.birth_date(number)
    for code, said in row.items():
        match code.partition("-")[0]:
            case "birth" if born is not None:
                fits = born.isoformat().startswith(said)
            case "sex":
                fits = kinds[code].words.get(identity_number.sex(number), said) == said
            case "age" if born is not None:
                fits = not said.isdecimal() or abs(age_on(born, until) - int(said)) <= kinds[code].near
            case _:
                fits = True
        if not fits:
            return False
    return True


def _certificate(known: Known, field: Field, cells: pl.DataFrame) -> pl.Series:
    """The row's identity number with the category and grade that are written, or stand in other cells."""
    told = [fact for fact in known.facts if fact.field == field.name and fact.holder]
    number = _right_number(known.records, told[0].holder).gather(cells[ID]) if told else pl.Series([None] * cells.height)
    digits = [_digits(known, field.name, at).gather(cells[ID]) for at in (18, 19)]
    lines = zip(cells["value"], number, *digits, strict=True)
    return pl.Series("suggestion", [_certified(*line) for line in lines], dtype=pl.String)


def _right_number(records: Records, name: str) -> pl.Series:
    number = records.right(name)
    return pl.select(pl.when(number.str.len_chars() == 18).then(number)).to_series()


def _digits(known: Known, name: str, at: int) -> pl.Series:
    """The digit of category (18) or grade (19) that the column of that says."""
    fact = next((one for one in known.facts if one.holder == name and one.digit == at), None)
    if fact is None:
        return pl.repeat(None, known.records.height, dtype=pl.String, eager=True)
    return fact.stands.replace_strict({word: digit for digit, word in fact.words.items()}, default=None, return_dtype=pl.String)


def _certified(value: str | None, number: str | None, category: str | None, grade: str | None) -> str:
    if not number:
        return ""
    written = (value or "")[18:20] if len(value or "") >= 20 else ""
    tail = written if disability_certificate.is_right(number + written) else f"{category or ''}{grade or ''}"
    found = number + tail + (value or "")[20:]
    return found if disability_certificate.is_right(found) else ""


# -- accounts -----------------------------------------------------------------------------------------------


def _rounded(known: Known, field: Field, cells: pl.DataFrame) -> pl.Series:
    """The one whole number that other rows give to the same name; there is nothing to reckon the lost digits from."""
    return pl.Series("suggestion", [_only(one) for one in whole_numbers(known.records, field, cells)], dtype=pl.String)


_SUGGESTED: Mapping[str, Callable[[Known, Field, pl.DataFrame], pl.Series]] = {
    "code": _listed,
    "account": _rounded,
    "credit-code": _credit,
    "identity-number": _identity,
    "disability-certificate": _certificate,
}
