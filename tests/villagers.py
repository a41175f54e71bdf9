"""People of a made-up village, their slips of the pen, and what linkage makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import polars as pl
from desk import identity

from reportkit.linkage import Clusters, LinkField, link

SURNAMES, GIVEN = "王李张刘陈杨黄赵周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华文斌鹏辉波鑫"
FIELDS = (
    LinkField("姓名", "person-name", "person.name"),
    LinkField("身份证号", "identity-number", "person.identity_number", key=True),
    LinkField("联系电话", "phone"),
    LinkField("家庭住址", "address"),
)
Person = tuple[str | None, ...]


def villagers(number: int = 50) -> list[Person]:
    """People of whom no two share anything but single characters of a name."""
    return [
        (
            SURNAMES[n % 10] + GIVEN[n * 7 % 30] + GIVEN[n * 11 % 29],
            identity(n, f"19{40 + n % 50}0{1 + n % 9}{10 + n % 18}"),
            f"139{n * 7919 % 10**8:08}",
            f"前岭村{n + 1}号",
        )
        for n in range(number)
    ]


def nothing() -> Clusters:
    """What linkage says of no records: to be given other clusters and links."""
    return linked([])


@dataclass(frozen=True, slots=True)
class Member:
    """A row of a register of households: name, birthday, phone, address; and whose row it is, of which household."""

    values: Person
    who: int
    home: int


def households(number: int, people: int, again: float, seed: int) -> list[Member]:
    """Families of that many people with one surname, phone and address; a share of the people stands twice, with slips and gaps."""
    random = Random(seed)  # noqa: S311 - made-up people
    rows = []
    for home in range(number):
        surname = random.choice(SURNAMES)
        phone, place = f"13{random.randrange(10**9):09}", f"{random.choice('前后东西')}岭村{home + 1}号"
        for n in range(people):
            name = surname + "".join(random.sample(GIVEN, 2))
            rows.append(Member((name, birthday(random), phone, place), home * people + n, home))
    twice = random.sample(rows, round(again * len(rows)))
    return rows + [Member(rewritten(one.values, random), one.who, one.home) for one in twice]


def birthday(random: Random) -> str:
    return f"{random.randrange(1935, 2020)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"


def rewritten(values: Person, random: Random) -> Person:
    """The same person by another clerk: one in seven of the values is wrong or left out."""
    name, born, phone, place = (str(value) for value in values)
    wrong: list[Person] = [
        (
            name[:-1] + random.choice(GIVEN),
            born[:8] + f"{random.randrange(1, 29):02}",
            f"188{random.randrange(10**8):08}",
            "石良镇" + place,
        ),
        (name, None, None, None),
    ]
    return tuple(
        random.choice(wrong)[n] if random.random() < 1 / 7 else value for n, value in enumerate((name, born, phone, place))
    )


def slipped(number: str, at: int = 10) -> str:
    """An identity number with one wrong digit; its check character tells."""
    return number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]


def messy(seed: int, size: int = 40, again: int = 20) -> list[Person]:
    """Villagers in households, with repetitions that have slips, gaps, and other people's values."""
    random = Random(seed)  # noqa: S311 - made-up people
    rows = [(name, number, f"139{n // 3:08}", f"前岭村{n // 3 + 1}号") for n, (name, number, *_) in enumerate(villagers(size))]
    for _ in range(again):
        name, number, phone, place = random.choice(rows[:size])
        number = random.choice([number, number, None, slipped(str(number)), str(number)[:-2]])
        name = random.choice([name, name, name, str(name)[:-1], random.choice(SURNAMES) + str(name)[1:]])
        phone = random.choice([phone, phone, None, f"188{random.randrange(10**8):08}"])
        rows.append((name, number, phone, random.choice([place, place, None])))
    return rows


def frame(rows: Sequence[Person], fields: Sequence[LinkField] = FIELDS) -> pl.DataFrame:
    schema = {"_id": pl.UInt32} | {field.name: pl.String for field in fields}
    return pl.DataFrame([[n, *row] for n, row in enumerate(rows)], schema=schema, orient="row")


def linked(rows: Sequence[Person], fields: Sequence[LinkField] = FIELDS, entity: str = "person") -> Clusters:
    return link(frame(rows, fields), fields, entity)


def groups(rows: Sequence[Person], found: Clusters) -> list[list[Person]]:
    """The rows of every cluster, in an order that has nothing to do with the rows' own."""
    together: dict[int, list[Person]] = {}
    for row, cluster in zip(rows, found.frame["cluster"], strict=True):
        together.setdefault(cluster, []).append(row)
    return sorted((sorted(group, key=repr) for group in together.values()), key=repr)
