"""``validate``: what is wrong, by file, sheet and cell, and copies to send back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from reportkit.cli.console import FACE, close
from reportkit.errors import UsageError
from reportkit.summary import Failing, ValidateOptions

_STDOUT = "-"


class Form(StrEnum):
    """What findings are written as: the names in ``formats``."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    SARIF = "sarif"
    ESS = "ess"


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("validate")(validate)


def validate(
    paths: Annotated[list[Path], typer.Argument(help="workbooks or folders · 文件或文件夹")],
    template: Annotated[str, typer.Option(help="spec, blank or pack template; else grouped by headers · 模板")] = "",
    workspace: Annotated[Path | None, typer.Option(help="units and templates of a workspace · 工作区")] = None,
    period: Annotated[
        str, typer.Option(metavar="P", help="of files that name none: 2026-11, 2026-Q4 … · 未写报告期的文件按此报告期")
    ] = "",
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day that dates are held against · 截止日期")
    ] = None,
    fail_on: Annotated[
        Failing, typer.Option(help="from which severity on the exit status is 1 · 达到何种程度退出码为 1")
    ] = Failing.ERROR,
    show_values: Annotated[bool, typer.Option("--show-values", help="do not mask values · 不隐藏号码")] = False,
    form: Annotated[
        Form | None,
        typer.Option("--format", help="how findings are told; else by the ending of -o · 输出格式，不写则看 -o 的后缀"),
    ] = None,
    out: Annotated[str, typer.Option("-o", "--out", help="a file for the findings; - is standard output · 输出文件")] = "",
    marked: Annotated[
        Path | None, typer.Option(help="folder for copies with the wrong cells coloured and commented · 标注副本文件夹")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="overwrite what is not ours · 覆盖")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="write nothing · 只说明，不写")] = False,
) -> int:
    """Say what is wrong, by file, sheet and cell · 逐格校验表格.

    \b
    Gravest first, and what moves a total most; values are masked.
    要紧的在前，对合计影响大的在前；号码隐藏中间几位。

    \b
    Example · 例:
      reportkit validate 报送/ --workspace 区里汇总

    \b
    Copies to send back: wrong cells coloured and commented, the first sheet
    lists the problems and takes explanations. Mended or explained, the same
    file is sent again; give it to this command or put it into the inbox.
    生成标注副本退回：错格标色加批注，首页列出问题并可填说明；改好或填好说明后
    原样发回，再次校验或放进 inbox：
      reportkit validate 报送/ --workspace 区里汇总 --marked 退回/

    \b
    Into a file (.csv .json .jsonl .sarif .txt), or another form · 写成文件:
      reportkit validate 报送/ --workspace 区里汇总 -o 问题.csv
      reportkit validate 报送/ --format ess -o 报告.json

    \b
    A long list, CSV or Parquet, a column at a time · 长名单按列校验:
      reportkit validate 名单.csv --template 表.yaml

    \b
    For a program · 给程序读:
      reportkit validate 报送/ --format jsonl | jq -r .code | sort | uniq -c

    \b
    With a workspace its waivers.csv counts: an error that a named person let
    pass, until a day. 带工作区时 waivers.csv 有效：经具名批准、限期放行的错误。
      template,unit,code,field,key,value,reason,approved_by,approved_at,until
      津贴,甲镇,identity-number-length,,,,军官证,王主任,2026-12-01,2026-12-31

    \b
    Exit: 0 nothing at or above --fail-on, 1 something, 3 some files could not
    be read, 5 no file.
    退出码：0 没有达到 --fail-on 的问题，1 有，3 有文件读不出，5 没有文件。
    """
    from reportkit import validating
    from reportkit.formats import FORMATS
    from reportkit.workspace import settings_in

    chosen = _chosen(form, out)
    _refuse_two_documents(chosen, out)
    _refuse_input(paths, out)
    FACE.piped = out == _STDOUT or (chosen is not Form.TABLE and not out)

    if workspace is not None:
        FACE.prefer(settings_in(workspace).language)
    options = ValidateOptions(
        tuple(paths),
        template,
        marked,
        workspace,
        period,
        fail_on=fail_on,
        force=force,
        dry_run=dry_run,
        show_values=show_values,
        as_of=as_of.date() if as_of else None,
        language=FACE.language,
    )
    with FACE.progress() as told:
        summary = validating.validate(options, told)
    elsewhere = bool(out) or chosen is not Form.TABLE
    if elsewhere and not (dry_run and out not in {"", _STDOUT}):
        _put(FORMATS[chosen].render(summary.listed), out, force=force)
    return close(summary, findings=not elsewhere)


def _chosen(form: Form | None, out: str) -> Form:
    """What is asked for, else what the file's name says, else a table.

    Raises:
        UsageError: neither says it.
    """
    from reportkit.formats import ENDINGS

    if form is not None or out in {"", _STDOUT}:
        return form or Form.TABLE
    ending = Path(out).suffix.lower()
    if ending not in ENDINGS:
        raise UsageError("format-unknown-ending", path=out, known=" ".join(ENDINGS))
    return Form(ENDINGS[ending])


def _refuse_two_documents(form: Form, out: str) -> None:
    if FACE.as_json and (out == _STDOUT or (form is not Form.TABLE and not out)):
        raise UsageError("format-and-json", name=form.value)


def _refuse_input(paths: list[Path], out: str) -> None:
    """An input is never written to, not with --force either; what an earlier run left among the inputs is none."""
    from reportkit.formats import is_own

    if out in {"", _STDOUT} or not Path(out).is_file():
        return
    there = Path(out).resolve()
    named = any(there == path.resolve() for path in paths)
    below = any(path.is_dir() and there.is_relative_to(path.resolve()) for path in paths)
    if named or (below and not is_own(there)):
        raise UsageError("out-is-input", path=out)


def _put(content: bytes, out: str, *, force: bool) -> None:
    from reportkit.formats import save

    if out in {"", _STDOUT}:
        FACE.hand_over(content)
    else:
        save(Path(out), content, force=force)
        FACE.line("findings-written", path=out)
