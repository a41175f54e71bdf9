"""People of a made-up village, their slips of the pen, and what linkage makes of them."""

from __future__ import annotations

from collections.abc import Sequence

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


def slipped(number: str, at: int = 10) -> str:
    """An identity number with one wrong digit; its check character tells."""
    return number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]


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
