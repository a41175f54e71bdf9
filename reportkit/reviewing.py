"""Questions out, decisions back: ``review.xlsx`` is written anew, or read and kept in the workspace."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from reportkit import verdicts
from reportkit.arrivals import Told, silent
from reportkit.decisions import DIFFERENT, SAME, decision
from reportkit.errors import DiskError, UsageError
from reportkit.messages import Language, say
from reportkit.outbox import staged_file
from reportkit.reckoning import summarise
from reportkit.rounds import arrived, open_workspace, produce_forms, write_questions
from reportkit.sheets import letter
from reportkit.summary import ConsolidateOptions, ReviewOptions, RoundSummary
from reportkit.workspace import OUTBOX, REVIEW, Workspace
from reportkit.writers.review_book import BY, DECISION, MARK


@dataclass(frozen=True, slots=True)
class Decided:
    """What an import read: how many decisions of each kind, from which file, of which period."""

    path: Path
    period: str
    same: int
    different: int
    columns: int
    dry_run: bool

    @property
    def number(self) -> int:
        """All decisions."""
        return self.same + self.different + self.columns


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that takes a decision: where it is, what it is about, what is written, and by whom."""

    sheet: str
    row: int
    about: Mapping[str, Any]
    word: str
    by: str

    @property
    def cell(self) -> str:
        return f"{letter(DECISION + 1)}{self.row}"


def ask(options: ConsolidateOptions, told: Told = silent) -> RoundSummary:
    """Only what a person has to decide of a round, written anew into its outbox.

    Raises:
        UsageError: the workspace or a template is wrong.
        NoInputError: nothing came in.
        LockedError: another run holds the workspace.
    """
    workspace, options = open_workspace(options)
    with nullcontext() if options.dry_run else workspace.lock(options.wait):
        issued, inbox, outcome = arrived(workspace, options, told)
        outcome, products = produce_forms(outcome, issued, (None, None), options, told)
        target = workspace.outbox / outcome.period.name / REVIEW
        place = f"{OUTBOX}/{outcome.period.name}/{REVIEW}"
        summary = replace(summarise(outcome, products, inbox, options), outputs=(place,), dry_run=options.dry_run)
        if not options.dry_run:
            summary = replace(summary, kept_review=str(verdicts.keep_unread(workspace.hidden, target) or ""))
            with staged_file(target) as fresh:
                write_questions(fresh, workspace, outcome, products, options.language)
    return summary


def take_back(options: ReviewOptions) -> Decided:
    """Read the decisions of a workbook and keep them.

    Raises:
        UsageError: a cell holds what is no decision, or the workbook is none of ours; nothing was kept.
        DiskError: it cannot be read, or the decisions cannot be written.
        LockedError: another run holds the workspace.
    """
    workspace = Workspace.open(options.workspace)
    path = options.file or _latest(workspace, options.period)
    lines = _lines(path)
    period = path.resolve().parent.name if path.resolve().parent.parent == workspace.outbox.resolve() else ""
    signed = _Signer(path, options, period)
    with nullcontext() if options.dry_run else workspace.lock(options.wait):
        asked = verdicts.asked(workspace.hidden)
        rows = _consistent(path, [*_pairs(lines, asked, signed), *_groups(lines, asked, signed)])
        columns = list(_columns(lines, workspace, signed))
        if not options.dry_run:
            known = verdicts.load(workspace.hidden)
            verdicts.store(workspace.hidden, known.with_more(rows, columns))
            verdicts.know(workspace.hidden, path.read_bytes())
    same = sum(one["decision"] == SAME for one in rows)
    return Decided(path, period, same, len(rows) - same, len(columns), options.dry_run)


def _latest(workspace: Workspace, period: str) -> Path:
    found = sorted(workspace.outbox.glob(f"{period or '*'}/{REVIEW}"), key=lambda path: path.parent.name)
    found = [path for path in found if not path.parent.name.startswith(".")]
    if not found:
        raise UsageError("review-missing", path=workspace.outbox / (period or "*") / REVIEW)
    return found[-1]


# -- the workbook -------------------------------------------------------------------------------------------


def _lines(path: Path) -> list[_Line]:
    """Every line with a mark, wherever it was sorted to."""
    try:
        with warnings.catch_warnings():
            # What a spreadsheet program adds to a file of ours is none of a person's business.
            warnings.simplefilter("ignore")
            book = load_workbook(path, data_only=True)
    except OSError as error:
        raise DiskError("cannot-read", path=path, why=error.strerror or error) from error
    except Exception as error:  # a library raises what it likes over a file that is no workbook
        raise UsageError("review-unreadable", path=path) from error
    found = [
        _Line(page.title, at, about, _text(cells, DECISION), _text(cells, BY))
        for page in book.worksheets
        for at, cells in enumerate(page.iter_rows(values_only=True), 1)
        if (about := _about(cells))
    ]
    marks = any(say(f"review-sheet-{name}", one) in book.sheetnames for name in ("pairs", "columns") for one in Language)
    if not found and not marks:
        raise UsageError("review-not-ours", path=path)
    return found


def _about(cells: Sequence[object]) -> Mapping[str, Any]:
    mark = _text(cells, MARK)
    if not mark.startswith("{"):
        return {}
    try:
        about = json.loads(mark)
    except ValueError:
        return {}
    return about if isinstance(about, dict) else {}


def _text(cells: Sequence[object], at: int) -> str:
    value = cells[at] if at < len(cells) else None
    whole = isinstance(value, float) and value.is_integer()
    return "" if value is None else str(int(value) if whole and isinstance(value, float) else value).strip()


# -- decisions ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Signer:
    """Who decided, when and in which period; and how a wrong cell is named."""

    path: Path
    options: ReviewOptions
    period: str

    def sign(self, by: str) -> tuple[str, str, str]:
        return (by or self.options.by, self.options.decided_at.isoformat(), self.period)

    def wrong(self, line: _Line, code: str, **facts: object) -> UsageError:
        return UsageError(code, path=self.path, sheet=line.sheet, cell=line.cell, value=line.word, **facts)

    def known(self, line: _Line, token: str, asked: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
        """Entity and key of the row that a mark names."""
        if token not in asked:
            raise self.wrong(line, "review-row-unknown", at="; ".join(map(str, line.about.get("at", ()))))
        return asked[token]


def _verdicts() -> dict[str, str]:
    """Every word of the drop-down, in either language, with what it decides."""
    words = {SAME: SAME, DIFFERENT: DIFFERENT, "unsure": "", "": ""}
    for name in ("same", "different", "unsure"):
        words |= {say(f"review-{name}", one).casefold(): words[name] for one in Language}
    return words


def _pairs(
    lines: Sequence[_Line], asked: Mapping[str, tuple[str, str]], signer: _Signer
) -> Iterator[tuple[_Line, dict[str, str]]]:
    words = _verdicts()
    for line in lines:
        if "pair" in line.about:
            if line.word.casefold() not in words:
                known = "、".join(say(f"review-{name}", Language.ZH) for name in ("same", "different", "unsure"))
                raise signer.wrong(line, "review-word-wrong", known=known)
            if verdict := words[line.word.casefold()]:
                (entity, left), (_, right) = (signer.known(line, token, asked) for token in line.about["pair"])
                yield line, decision(entity, (left, right), verdict, signer.sign(line.by))


def _groups(
    lines: Sequence[_Line], asked: Mapping[str, tuple[str, str]], signer: _Signer
) -> Iterator[tuple[_Line, dict[str, str]]]:
    """A cluster in whose lines nothing is written is left as it is; a blank among others is a group of its own.

    Rows of one group are the same as its first, rows of different groups are different.
    """
    clusters: dict[str, list[_Line]] = {}
    for line in lines:
        if "cluster" in line.about:
            clusters.setdefault(str(line.about["cluster"]), []).append(line)
    for own in clusters.values():
        if not any(line.word for line in own):
            continue
        firsts: dict[str, _Line] = {}
        for line in own:
            firsts.setdefault(line.word.casefold(), line)
        for left, right in combinations(own, 2):
            together = left.word.casefold() == right.word.casefold()
            if together and firsts[left.word.casefold()] is not left:
                continue
            (entity, one), (_, other) = (signer.known(line, line.about["row"], asked) for line in (left, right))
            if one != other or not together:
                yield right, decision(entity, (one, other), SAME if together else DIFFERENT, signer.sign(right.by or left.by))


def _consistent(path: Path, found: Sequence[tuple[_Line, dict[str, str]]]) -> list[dict[str, str]]:
    """The decisions, each pair once.

    Raises:
        UsageError: one pair of rows is decided both ways.
    """
    kept: dict[tuple[str, str, str], tuple[_Line, dict[str, str]]] = {}
    for line, one in found:
        before, first = kept.setdefault((one["entity"], one["left"], one["right"]), (line, one))
        if first["decision"] != one["decision"]:
            where = {"sheet": line.sheet, "cell": line.cell, "other_sheet": before.sheet, "other": before.cell}
            raise UsageError("review-both-ways", path=path, **where)
    return [one for _, one in kept.values()]


def _columns(lines: Sequence[_Line], workspace: Workspace, signer: _Signer) -> Iterator[dict[str, str]]:
    mine = [line for line in lines if "header" in line.about and line.word]
    fields = {one.template.name: [f.name for f in one.template.fields] for one in workspace.issued()} if mine else {}
    for line in mine:
        form = str(line.about["form"])
        if line.word not in fields.get(form, ()):
            raise signer.wrong(line, "review-field-unknown", known="、".join(fields.get(form, ())))
        by, at, period = signer.sign(line.by)
        told = {"template": form, "header": str(line.about["header"]), "field": line.word}
        yield {**told, "by": by, "decided_at": at, "period": period}
