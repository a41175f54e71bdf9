"""A workspace on disk: settings, units, templates with their blanks, inbox, outbox, and the lock of a running round."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Setting

from reportkit.errors import DiskError, LockedError, NoInputError, UsageError
from reportkit.messages import Language
from reportkit.outbox import file_name
from reportkit.specs import lint_together, load_spec
from reportkit.summary import Failing, Limits
from reportkit.templates import Template
from reportkit.units import COLUMNS, Units
from reportkit.writers.csv_text import decoded
from reportkit.writers.package import is_workbook

SETTINGS = "reportkit.toml"
UNITS = "units.csv"
RECEIVED = "received.csv"
TEMPLATES = "templates"
INBOX = "inbox"
OUTBOX = "outbox"
HIDDEN = ".reportkit"
REVIEW = "review.xlsx"

_FIRST_SETTINGS = """\
# 工作区设置 · settings of this workspace
name = "{name}"
period = "monthly"          # daily | weekly | monthly | quarterly | yearly
fail_on = "error"           # error | warning | note | never
# language = "zh"           # zh | en; 不写则按系统语言 · the system's where absent

[limits]                    # 单个文件的上限 · for one input file
seconds = 120
memory = 2048               # MiB
"""


class Bounds(BaseModel):
    """``[limits]``: what one file may cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: float = Setting(default=Limits().seconds, gt=0)
    memory: int = Setting(default=Limits().memory, gt=0)


class Settings(BaseModel):
    """What ``reportkit.toml`` says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    period: Literal["daily", "weekly", "monthly", "quarterly", "yearly"] = "monthly"
    fail_on: Failing = Failing.ERROR
    language: Language | None = None
    limits: Bounds = Bounds()

    @property
    def bounds(self) -> Limits:
        """What intake is given."""
        return Limits(self.limits.seconds, self.limits.memory)


@dataclass(frozen=True, slots=True)
class Blank:
    """A template's blank workbook as issued."""

    path: Path
    content: bytes

    @property
    def name(self) -> str:
        """Its file name."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Issued:
    """A template and the blank that it was issued with."""

    template: Template
    blank: Blank


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with everything that a round needs."""

    root: Path
    settings: Settings
    units: Units

    @classmethod
    def open(cls, root: Path) -> Workspace:
        """The workspace in a folder.

        Raises:
            UsageError: the folder is no workspace, or its settings or units are wrong; with path and line.
        """
        settings = settings_in(root)
        if not (root / UNITS).is_file():
            raise UsageError("units-missing", path=root / UNITS)
        return cls(root, settings, Units.parse(decoded((root / UNITS).read_bytes()), str(root / UNITS)))

    @property
    def inbox(self) -> Path:
        """What came in."""
        return self.root / INBOX

    def has_inbox(self) -> Path:
        """The inbox, for who is about to read it.

        Raises:
            NoInputError: there is no such folder.
        """
        if not self.inbox.is_dir():
            raise NoInputError("inbox-missing", path=self.inbox)
        return self.inbox

    @property
    def outbox(self) -> Path:
        """What goes out, a folder a period."""
        return self.root / OUTBOX

    @property
    def hidden(self) -> Path:
        """Lock and ledger; the owner's alone."""
        return self.root / HIDDEN

    def issued(self) -> tuple[Issued, ...]:
        """Templates and their blanks, by the specs' file names.

        Raises:
            UsageError: there is none, a spec is wrong, two bear one name, or one is filed by a level that no unit has.
        """
        issued = issued_in(self.root / TEMPLATES)
        levels = {unit.level for unit in self.units}
        for one in issued:
            if levels and one.template.reporters and one.template.reporters not in levels:
                facts = {"title": one.template.title, "level": one.template.reporters, "known": ", ".join(sorted(levels))}
                raise UsageError("reporters-unknown", **facts)
        return issued

    def received(self) -> dict[str, datetime]:
        """File below the inbox → when it came, as ``received.csv`` says; empty where there is no such file.

        Raises:
            UsageError: a time cannot be read; with path and line.
        """
        path = self.inbox / RECEIVED
        if not path.is_file():
            return {}
        lines = csv.DictReader(io.StringIO(decoded(path.read_bytes()), newline=""))
        return dict(_received(line, path, lines.line_num) for line in lines)

    @contextmanager
    def lock(self, wait: float = 0) -> Iterator[None]:
        """Held while a round runs; waits ``wait`` seconds for another's.

        Raises:
            LockedError: another run still holds it.
            DiskError: the folder may not be written.
        """
        try:
            self.hidden.mkdir(mode=0o700, exist_ok=True)
            lock = FileLock(self.hidden / "lock")
            lock.acquire(timeout=wait)
        except Timeout:
            raise LockedError("workspace-locked", path=self.root) from None
        except OSError as error:
            raise DiskError("cannot-write", path=self.hidden, why=error.strerror or error) from error
        try:
            yield
        finally:
            lock.release()


def _received(line: dict[str, str | None], path: Path, number: int) -> tuple[str, datetime]:
    at = line.get("received_at") or ""
    try:
        return (line.get("file") or "").replace("\\", "/"), datetime.fromisoformat(at)
    except ValueError:
        raise UsageError("received-wrong", path=path, line=number, value=at) from None


def issued_in(folder: Path) -> tuple[Issued, ...]:
    """Templates and blanks of a folder of specs.

    Raises:
        UsageError: there is none, a spec is wrong, or two bear one name.
        DiskError: a blank cannot be read.
    """
    found: dict[str, Issued] = {}
    titles: dict[str, str] = {}
    specs: dict[Path, Template] = {}
    for path in spec_paths(folder):
        template = load_spec(path)
        if template.name in found:
            raise UsageError("template-name-twice", path=path, line=1, name=template.name)
        other = titles.setdefault(file_name(template.title).casefold(), path.name)
        if other != path.name:
            raise UsageError("template-title-twice", path=path, line=1, title=template.title, other=other)
        specs[path] = template
        found[template.name] = Issued(template, read_blank(folder / template.workbook))
    if not found:
        raise UsageError("workspace-without-templates", path=folder)
    for wrong in lint_together(specs):
        raise UsageError(wrong.code, path=wrong.file, line=wrong.line, **dict(wrong.facts))
    return tuple(found.values())


def spec_paths(folder: Path) -> list[Path]:
    """The specs in a folder, by name."""
    return sorted(path for path in folder.glob("*") if path.suffix in {".yaml", ".yml"} and not path.name.startswith("."))


def read_blank(path: Path) -> Blank:
    """A blank workbook with its bytes.

    Raises:
        UsageError: it is no .xlsx, into which alone reports can be written.
        DiskError: it cannot be read.
    """
    try:
        blank = Blank(path, path.read_bytes())
    except OSError as error:
        raise DiskError("cannot-read", path=path, why=error.strerror or error) from error
    if not is_workbook(blank.content):
        raise UsageError("blank-not-xlsx", path=path)
    return blank


def settings_in(root: Path) -> Settings:
    """What a workspace's ``reportkit.toml`` says.

    Raises:
        UsageError: the folder is no workspace, or a setting is wrong; with path and line.
    """
    path = root / SETTINGS
    if not path.is_file():
        raise UsageError("workspace-missing", path=root)
    try:
        return Settings.model_validate(tomllib.loads(decoded(path.read_bytes())))
    except tomllib.TOMLDecodeError as error:
        raise UsageError("settings-not-toml", path=path, line=_toml_line(error), why=error) from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        line = _line_of(str(first["loc"][-1]), decoded(path.read_bytes()))
        raise UsageError("settings-wrong", path=path, line=line, key=key, why=first["msg"]) from None


def _line_of(key: str, text: str) -> int:
    return next((at for at, line in enumerate(text.splitlines(), 1) if line.strip(' "[').startswith(key)), 1)


def _toml_line(error: tomllib.TOMLDecodeError) -> int:
    _, _, after = str(error).partition("at line ")
    digits = after.split(",")[0].rstrip(")")
    return int(digits) if digits.isdigit() else 1


def packs() -> dict[str, Path]:
    """Template packs by name: in the installed package, or in the repository that an editable install runs from."""
    here = Path(str(files("reportkit")))
    roots = [root for root in (here / "packs", here.parent / TEMPLATES) if root.is_dir()]
    return {pack.name: pack for root in reversed(roots) for pack in sorted(root.iterdir()) if pack.is_dir() and spec_paths(pack)}


def create(root: Path, *, pack: str = "", force: bool = False, dry_run: bool = False) -> tuple[Path, ...]:
    """A new workspace, empty or from a template pack. Files that stand there already are kept unless ``force``.

    Returns:
        What was written, or would be.

    Raises:
        UsageError: the folder is a workspace already, or there is no such pack.
        DiskError: it cannot be written.
    """
    if (root / SETTINGS).exists() and not force:
        raise UsageError("workspace-exists", path=root)
    if pack and pack not in packs():
        raise UsageError("pack-unknown", name=pack, known=", ".join(packs()) or "-")
    plan = {SETTINGS: _FIRST_SETTINGS.format(name=root.resolve().name.replace("\\", "").replace('"', "")).encode()}
    plan[UNITS] = b"\xef\xbb\xbf" + (",".join(COLUMNS) + "\n").encode()
    if pack:
        plan |= {f"{TEMPLATES}/{path.name}": path.read_bytes() for path in sorted(packs()[pack].iterdir()) if path.is_file()}
    plan = {name: content for name, content in plan.items() if force or not (root / name).exists()}
    if not dry_run:
        _write(root, plan)
    return tuple(root / name for name in plan)


def _write(root: Path, plan: dict[str, bytes]) -> None:
    try:
        for folder in (TEMPLATES, INBOX, OUTBOX):
            (root / folder).mkdir(parents=True, exist_ok=True)
        (root / HIDDEN).mkdir(mode=0o700, exist_ok=True)
        for name, content in plan.items():
            (root / name).write_bytes(content)
    except OSError as error:
        raise DiskError("cannot-write", path=error.filename or root, why=error.strerror or error) from error
