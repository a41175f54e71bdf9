"""``link``: any list → which of its records are about one thing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reportkit.cli.console import FACE
from reportkit.errors import ExitStatus, UsageError
from reportkit.messages import writable

if TYPE_CHECKING:
    from reportkit.linkfile import Added, Linked

#: Blocking rules and rules with blocks left out that a terminal shows.
_RULES, _CAPPED = 12, 5
_CROWDED = "block-not-compared"


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("link")(link)


def link(
    file: Annotated[Path, typer.Argument(help="a list: CSV, Parquet, xlsx, xls, et · 名单文件")],
    record_id: Annotated[str, typer.Option("--id", help="column that names a record · 记录编号列")],
    field: Annotated[list[str], typer.Option(help="COLUMN=ELEMENT, once a column · 列=类型")],
    out: Annotated[Path, typer.Option("-o", "--out", help="record_id,cluster_id,score as .csv or .parquet · 输出")],
    pairs: Annotated[Path | None, typer.Option(help="also why pairs were joined or doubted · 记录对及依据")] = None,
    keep: Annotated[Path | None, typer.Option(help="keep what was linked; if it is there, add to it · 留存，下期续接")] = None,
    force: Annotated[bool, typer.Option("--force", help="overwrite · 覆盖")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="write nothing · 只说明，不写")] = False,
) -> int:
    """Find the records of any list that are about one thing · 名单查重.

    Elements · 类型: given-name surname person-name organisation phone address postcode place date year code text identity-number
    credit-code and more; an unknown one lists them all.

    \b
    Example · 例:
      reportkit link persons.csv --id id --field name=person-name \\
        --field born=date -o clusters.csv
    """
    from reportkit import linkfile

    options = linkfile.LinkOptions(file, record_id, _fields(field), out, pairs, keep, force, dry_run, FACE.language)
    with _Watch() as watch:
        found = linkfile.link_file(options, watch.told)
    FACE.document(found.to_json())
    if not FACE.quiet:
        told: tuple[Table | str, ...]
        if isinstance(found, linkfile.Added):
            told = (*_added(found), _times(watch.seconds), _added_verdict(found))
        else:
            told = (*_lines(found), _times(watch.seconds), _verdict(found))
        for line in told:
            FACE.people.print(line if isinstance(line, Table) else escape(writable(line)))
    return ExitStatus.DONE


def _fields(words: list[str]) -> dict[str, str]:
    """``born=date`` → column and element; a column's name may hold ``=`` itself."""
    fields: dict[str, str] = {}
    for word in words:
        column, _, element = word.rpartition("=")
        if not column.strip() or not element.strip():
            raise UsageError("link-field-malformed", text=word)
        if column.strip() in fields:
            raise UsageError("link-field-twice", column=column.strip())
        fields[column.strip()] = element.strip()
    return fields


class _Watch:
    """Shows on a terminal which stage is at work, and knows how long each took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._stage, self._began = "", 0.0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        console = Console(stderr=True, quiet=FACE.quiet)
        self._status = self._stack.enter_context(console.status("")) if console.is_terminal and not FACE.quiet else None
        return self

    def __exit__(self, *_: object) -> None:
        self.told("")
        self._stack.close()

    def told(self, stage: str) -> None:
        """A stage begins; "" when the last one is over."""
        now = time.perf_counter()
        if self._stage:
            self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._began
        self._stage, self._began = stage, now
        if stage and self._status is not None:
            self._status.update(_stage(stage))


def _stage(name: str) -> str:
    """A stage in words; one that the catalogue lacks by its own name."""
    try:
        return FACE.say(f"link-stage-{name}")
    except KeyError:
        return name


def _times(seconds: dict[str, float]) -> str:
    told = ", ".join(f"{_stage(name)} {took:.1f}" for name, took in seconds.items())
    return FACE.say("link-time", stages=told)


def _lines(found: Linked) -> Iterator[Table | str]:
    said = found.diagnosis
    file = f"{found.options.source.name} [{found.sheet}]" if found.sheet else found.options.source.name
    yield FACE.say("link-records", file=file, records=f"{found.records:,}")
    if found.aside:
        yield FACE.say("link-aside", what=", ".join(_aside(kind, number) for kind, number in found.aside.items()))
    yield FACE.say("link-compared", pairs=f"{said.pairs:,}", recall=_percent(said.recall))
    yield _rules(said.rules)
    if len(said.rules) > _RULES:
        yield FACE.say("link-rules-more", number=len(said.rules) - _RULES)
    yield from _crowds(found)
    if said.unlinkable >= 0.0005:
        yield FACE.say("link-unlinkable", share=_percent(said.unlinkable))
    if said.doubts:
        yield FACE.say("link-built-in", why=FACE.say("link-and").join(map(_doubt, said.doubts)))
    yield FACE.say("link-joined", joined=f"{found.joined:,}", groups=f"{found.groups:,}")
    if found.doubtful:
        yield FACE.say("link-doubtful", doubtful=f"{found.doubtful:,}")


def _added(found: Added) -> Iterator[str]:
    """A list that was added to what is kept."""
    file = f"{found.options.source.name} [{found.sheet}]" if found.sheet else found.options.source.name
    yield FACE.say("link-records", file=file, records=f"{found.new:,}")
    if found.aside:
        yield FACE.say("link-aside", what=", ".join(_aside(kind, number) for kind, number in found.aside.items()))
    yield FACE.say("link-added", known=f"{found.known:,}", where=found.options.keep)
    if found.renamed:
        yield FACE.say("link-renamed", renamed=f"{found.renamed:,}")


def _added_verdict(found: Added) -> str:
    follow = FACE.say("dry-run") if found.options.dry_run else FACE.say("link-next-kept", where=found.options.out)
    return f"{FACE.say('link-verdict', records=f'{found.records:,}', clusters=f'{found.clusters:,}')} {follow}"


def _rules(rules: tuple[tuple[str, int], ...]) -> Table:
    table = Table(header_style="bold")
    table.add_column(FACE.say("link-rule"), overflow="fold")
    table.add_column(FACE.say("link-rule-pairs"), justify="right", no_wrap=True)
    for name, number in rules[:_RULES]:
        table.add_row(escape(writable(name or FACE.say("link-rule-every"))), f"{number:,}")
    return table


def _crowds(found: Linked) -> Iterator[str]:
    """Blocks that were left out: the key, its number of records, and how to mend it."""
    for one in found.capped[:_CAPPED]:
        yield FACE.say("link-capped", rule=one.rule, blocks=f"{one.blocks:,}", records=f"{one.records:,}", code=_CROWDED)
    if len(found.capped) > _CAPPED:
        yield FACE.say("link-capped-more", number=len(found.capped) - _CAPPED)
    if found.capped:
        yield FACE.say("link-capped-why")


def _aside(kind: str, number: int) -> str:
    return FACE.say(f"link-aside-{kind}", number=number)


def _doubt(code: str) -> str:
    """``differs:name`` in words; a doubt that the catalogue lacks by its code."""
    kind, _, field = code.partition(":")
    try:
        return FACE.say(f"link-doubt-{kind}", field=field)
    except KeyError:
        return code


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _verdict(found: Linked) -> str:
    words = FACE.say("link-verdict", records=f"{found.records:,}", clusters=f"{found.clusters:,}")
    if found.options.dry_run:
        follow = FACE.say("dry-run")
    elif found.options.pairs is not None:
        follow = FACE.say("link-next-pairs", where=found.options.pairs)
    else:
        follow = FACE.say("link-next", where=found.options.out)
    return f"{words} {follow}"
