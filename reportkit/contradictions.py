"""What a row's own numbers tell of its other cells, and cells that deny it.

An identity number tells birth date, sex and age; a disability certificate the identity number, category and grade; the relation to the
householder often the sex. A number that lost its last digits still tells the birth date; one with a slip in it tells what all right
numbers have in common that it can have been.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import polars as pl

from reportkit.elements import code_list, disability_certificate, identity_number, slips
from reportkit.elements.shape import Scope
from reportkit.fields.headers import attribute, word
from reportkit.fields.owners import whose
from reportkit.records import Records
from reportkit.templates import Field

#: A column tells what a number tells where this share of its rows agrees, on this many rows at least …
_AGREES, _ENOUGH = 0.75, 5
#: … or, where its header asks for just that of the same person, where this share does, or where there are fewer rows.
_NAMED = 0.6
#: Relations are words of everyday speech; they tell the sex only where nearly all do.
_KIN_AGREE, _KIN_ENOUGH = 0.9, 10

_SEXES = ("男", "女")
_SONS = "子 儿子 长子 次子 三子 四子 独生子 孙子 孙 外孙 外孙子 女婿 婿 父亲 父 爸爸 岳父 公公 祖父 爷爷 外祖父 丈夫 夫 兄 弟 哥哥 弟弟 侄子 外甥 叔叔 伯父 舅舅"
_DAUGHTERS = "女 女儿 长女 次女 三女 四女 独生女 孙女 外孙女 儿媳 儿媳妇 媳妇 母亲 母 妈妈 岳母 婆婆 祖母 奶奶 外祖母 妻子 妻 姐 妹 姐姐 妹妹 侄女 外甥女 姑姑 姨"
_KIN = dict.fromkeys(_SONS.split(), "男") | dict.fromkeys(_DAUGHTERS.split(), "女")
#: Digits that Excel lost were the last ones; a mantissa of fourteen digits still holds the birth date.
_MANTISSA = r"^(\d)\.(\d{13,})E\+?17$"
_LOST = "digits-lost"


@dataclass(frozen=True, slots=True)
class Fact:
    """What something else in each row says that a field holds.

    Attributes:
        field: the field's name.
        code: the finding of a cell that says otherwise.
        wanted: what it should hold, in the field's canonical words (String); null where nothing is known.
        stands: what it holds, to compare (String); null where the cell is blank or wrong.
        near: numbers no further apart than this are no contradiction.
        holder: the field of the number that tells it; "" where words tell it.
        words: what the number says → the field's word for it (男 → 男性, 4 → 肢体); empty where it says the value itself.
        digit: which character of the number says it; 0 where several do.
    """

    field: str
    code: str
    wanted: pl.Series
    stands: pl.Series
    near: int = 0
    holder: str = ""
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)
    digit: int = 0

    @property
    def agrees(self) -> pl.Series:
        """Whether each cell says so (Boolean); null where either is unknown."""
        if self.near:
            return (self.stands.cast(pl.Float64, strict=False) - self.wanted.cast(pl.Float64, strict=False)).abs() <= self.near
        return self.stands == self.wanted


def facts(records: Records, until: date) -> tuple[Fact, ...]:
    """What rows tell of their other cells, one fact a field at most of each kind; ``until``: the day on which ages are reckoned."""
    found = [*_of_identity(records, until), *_of_certificates(records)]
    return (*found, *_of_kin(records, found))


def contradictions(records: Records, known: Iterable[Fact]) -> Iterator[pl.DataFrame]:
    """Cells that deny what their row tells, with what it tells."""
    for fact in known:
        cells = records.cells(fact.field).with_columns(fact.wanted.alias("suggestion"), fact.agrees.alias("agrees"))
        yield cells.filter(~pl.col("agrees")).select(
            "file",
            "sheet",
            "row",
            "column",
            pl.lit(fact.code).alias("code"),
            pl.lit(fact.field).alias("field"),
            pl.col("written").alias("value"),
            "suggestion",
        )


def of_element(records: Records, *elements: str) -> list[Field]:
    """The fields of some elements."""
    return [field for field in records.template.fields if field.element in elements]


# -- the identity number ------------------------------------------------------------------------------------


def _of_identity(records: Records, until: date) -> list[Fact]:
    """Of several numbers in a row the one counts for a field that it agrees with most."""
    holders = of_element(records, "identity-number")
    plain = {one.name: _told(records, one.name, until) for one in holders}
    plain = {name: told for name, told in plain.items() if told["birth"].null_count() < records.height}
    owners = {field.name: _owner(records, field, plain) for field in records.template.fields if plain}
    told = {name: _with_slips(records, name, one, _births(records, owners, name), until) for name, one in plain.items()}
    made = [(owner, _fact(records, name, told[owner])) for name, owner in owners.items() if owner]
    return [replace(fact, holder=owner) for owner, fact in made if fact]


def _owner(records: Records, field: Field, told: dict[str, pl.DataFrame]) -> str:
    """The identity number that tells what a field holds; "" where none does."""
    judged = [(*_share(fact.agrees), name) for name, one in told.items() if (fact := _fact(records, field.name, one))]
    for agreed, rows, name in sorted(judged, reverse=True):
        named = _is_named(field) and _person(records.template.field(name)) == _person(field)
        if rows >= _ENOUGH and agreed >= (_NAMED if named else _AGREES):
            return name
        if named and 0 < rows < _ENOUGH:
            return name
    return ""


def _share(agrees: pl.Series) -> tuple[float, int]:
    """The share of judged rows that agree, and their number."""
    judged = agrees.drop_nulls()
    return (float(judged.sum()) / judged.len() if judged.len() else 0.0), judged.len()


def _is_named(field: Field) -> bool:
    """Whether the header asks for a birth date, a sex or an age in everyday words."""
    what, sure = attribute(word(field.name.split(">")[-1]).name)
    return what in ("birth_date", "birth_month", "sex", "age") and sure >= 0.95


def _person(field: Field) -> str:
    return whose(field).replace("self", "")


def _fact(records: Records, name: str, told: pl.DataFrame) -> Fact | None:
    """What identity numbers tell of a field; None of a field of which they tell nothing."""
    field, stands = records.template.field(name), records.right(name)
    size = {"date": 10, "month": 7, "year": 4}.get(field.element)
    if size:
        return Fact(name, "birth-differs-from-identity-number", told["birth"].str.head(size), stands)
    if words := sexes(field):
        called = dict(zip(_SEXES, words, strict=True))
        wanted = told["sex"].replace_strict(called, default=None, return_dtype=pl.String)
        return Fact(name, "sex-differs-from-identity-number", wanted, _read(stands, words), words=called)
    if field.element == "integer":
        return Fact(name, "age-differs-from-identity-number", told["age"].cast(pl.String), stands, near=1)
    return None


def sexes(field: Field) -> tuple[str, str] | tuple[()]:
    """The words for 男 and 女 of a field that holds a sex, else nothing."""
    if not field.values:
        asked = field.element in ("text", "code") and attribute(word(field.name.split(">")[-1]).name)[0] == "sex"
        return ("男", "女") if asked else ()
    man, woman = (code_list.normalise(one, Scope(field.values)) for one in _SEXES)
    return (man, woman) if {man, woman} <= set(field.values) and man != woman and len(field.values) <= 4 else ()


def _read(values: pl.Series, words: Sequence[str]) -> pl.Series:
    """Values in the words of a list; null where they are none of them."""
    distinct = values.drop_nulls().unique().to_list()
    known = {one: code_list.normalise(one, Scope(tuple(words))) for one in distinct}
    return values.replace_strict(
        {one: word for one, word in known.items() if word in words}, default=None, return_dtype=pl.String
    )


def _told(records: Records, holder: str, until: date) -> pl.DataFrame:
    """``birth`` (ISO date), ``sex`` and ``age`` (whole years on a day) that right numbers and rounded ones tell; else null."""
    values, codes = records.frame[holder], records.codes[holder]
    distinct = records.right(holder).drop_nulls().unique()
    valid = distinct.filter(identity_number.valid(distinct))
    number = pl.when(codes.is_null() & values.is_in(valid.implode())).then(values)
    rounded = pl.when(codes == _LOST).then(values.str.replace(_MANTISSA, "$1$2").str.extract(r"^(\d{14})"))
    whole = pl.select(number.alias("number"), pl.coalesce(number, rounded).str.slice(6, 8).alias("day"))
    born = pl.col("day").str.to_date("%Y%m%d", strict=False)
    born = pl.when(born.dt.year() >= identity_number.OLDEST.year, born <= until).then(born)
    odd = pl.col("number").str.slice(16, 1).cast(pl.Int8, strict=False) % 2
    sex = pl.when(odd == 1).then(pl.lit("男")).when(odd == 0).then(pl.lit("女"))
    return _aged(whole.select(born.alias("birth"), sex.alias("sex")), until)


def _aged(told: pl.DataFrame, until: date) -> pl.DataFrame:
    born = pl.col("birth")
    later = (born.dt.month() * 100 + born.dt.day()) > until.month * 100 + until.day
    age = until.year - born.dt.year().cast(pl.Int64) - later.cast(pl.Int64)
    return told.select(born.dt.to_string("%Y-%m-%d"), "sex", age.alias("age"))


def age_on(born: date, day: date) -> int:
    """Whole years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _births(records: Records, owners: dict[str, str], holder: str) -> pl.Series:
    """The birth date, or as much of it, that other columns of each row state."""
    names = [
        name for name, owner in owners.items() if owner == holder and records.template.field(name).element in ("date", "month")
    ]
    names.sort(key=lambda name: records.template.field(name).element)
    stated = [records.right(name) for name in names]
    return pl.select(pl.coalesce(*stated, pl.lit(None, dtype=pl.String)).alias("birth")).to_series() if stated else pl.Series()


def _with_slips(records: Records, holder: str, told: pl.DataFrame, births: pl.Series, until: date) -> pl.DataFrame:
    """Also what numbers with a slip tell, where a birth date stands beside them to choose between what they can have been."""
    wrong = records.codes[holder].is_in(["identity-number-check-digit", "identity-number-length", "identity-number-birth-date"])
    rows = pl.DataFrame({"value": records.frame[holder], "birth": births}).with_row_index() if births.len() else pl.DataFrame()
    if not rows.height:
        return told
    rows = rows.filter(wrong & rows["birth"].is_not_null())
    meant = [_meant(value, birth, until) for value, birth in rows.select("value", "birth").iter_rows()]
    found = pl.DataFrame(meant, schema={"birth": pl.Date, "sex": pl.String}, orient="row")
    found = _aged(found, until).with_columns(rows["index"])
    return told.with_row_index().update(found, on="index").drop("index")


@lru_cache(maxsize=65536)
def _meant(value: str, birth: str, until: date) -> tuple[date | None, str | None]:
    """Birth date and sex of the right numbers that a wrong one can have been, those of the stated birth date before others."""
    born = {one: identity_number.birth_date(one) for one in slips.identity_numbers(value, until)}
    fitting = [one for one, day in born.items() if day and day.isoformat().startswith(birth)]
    if not fitting:
        return next((day for day in born.values() if day and f"{day:%Y%m%d}" == value[6:14]), None), None
    days, told = {born[one] for one in fitting}, {identity_number.sex(one) for one in fitting}
    return (days.pop() if len(days) == 1 else None), (told.pop() if len(told) == 1 else None)


# -- the disability certificate -----------------------------------------------------------------------------

_LENGTH = 20
_CERTIFICATE = r"^\d{17}[\dX][1-7][1-4](?:B\d{1,2})?$"
_KINDS = (
    (18, disability_certificate.CATEGORIES, "disability-category-differs-from-certificate"),
    (19, disability_certificate.GRADES, "disability-grade-differs-from-certificate"),
)


def certificates(records: Records) -> list[Field]:
    """Fields that hold disability certificates, whatever their element is called."""
    return [
        field for field in of_element(records, "disability-certificate", "account", "text") if _holds_certificates(records, field)
    ]


def _holds_certificates(records: Records, field: Field) -> bool:
    if field.element == "disability-certificate":
        return True
    values = records.right(field.name)
    # Most texts are too short for one, and lengths are told in no time.
    long = values.str.len_bytes() >= _LENGTH
    enough = 0.8 * long.count()
    return 0 < long.sum() >= enough and values.filter(long).str.contains(_CERTIFICATE).sum() >= enough


def _of_certificates(records: Records) -> Iterator[Fact]:
    for field in certificates(records):
        stands = records.right(field.name)
        stands = pl.select(pl.when(stands.str.contains(_CERTIFICATE)).then(stands)).to_series()
        yield from _numbers_inside(records, field, stands)
        for at, words, code in _KINDS:
            for other in of_element(records, "code"):
                if called := _called(other, words):
                    wanted = stands.str.slice(at, 1).replace_strict(called, default=None, return_dtype=pl.String)
                    yield Fact(other.name, code, wanted, records.right(other.name), holder=field.name, words=called, digit=at)


def _numbers_inside(records: Records, field: Field, stands: pl.Series) -> Iterator[Fact]:
    """The certificate that the row's identity number would make, where both mostly agree."""
    for holder in of_element(records, "identity-number"):
        number = records.right(holder.name)
        number = pl.select(pl.when(number.str.len_chars() == 18).then(number + stands.str.slice(18))).to_series()
        fact = Fact(field.name, "disability-certificate-differs-from-identity-number", number, stands, holder=holder.name)
        agreed, rows = _share(fact.agrees)
        if rows and agreed >= _AGREES:
            yield fact


def _called(field: Field, words: Mapping[str, str]) -> dict[str, str]:
    """What the certificate's digits are called in a field's list; nothing where the list is of other things."""
    named = {digit: code_list.normalise(one, Scope(field.values)) for digit, one in words.items()}
    named = {digit: one for digit, one in named.items() if one in field.values}
    return named if len(set(named.values())) >= max(3, len(words) - 1) else {}


# -- the relation to the householder ------------------------------------------------------------------------


def _of_kin(records: Records, known: Sequence[Fact]) -> Iterator[Fact]:
    """The sex that a relation tells (子, 儿媳), where no identity number does."""
    told = {fact.field: fact.wanted for fact in known if fact.code.startswith("sex-")}
    relations = [one for one in of_element(records, "code", "text") if "关系" in one.name.split(">")[-1]]
    for field in records.template.fields if relations else ():
        words = sexes(field)
        for relation in relations if words else ():
            wanted = records.right(relation.name).replace_strict(_KIN, default=None, return_dtype=pl.String)
            wanted = wanted.replace_strict(dict(zip(_SEXES, words, strict=True)), default=None, return_dtype=pl.String)
            fact = Fact(field.name, "sex-differs-from-relation", wanted, _read(records.right(field.name), words))
            agreed, rows = _share(fact.agrees)
            if rows >= _KIN_ENOUGH and agreed >= _KIN_AGREE:
                sure = told.get(field.name, pl.Series([None] * records.height, dtype=pl.String))
                yield Fact(fact.field, fact.code, pl.select(pl.when(sure.is_null()).then(wanted)).to_series(), fact.stands)
