"""The command line: the app, and the only place that exits and prints errors."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer
from platformdirs import user_state_dir
from typer.exceptions import TyperException

from reportkit.cli import consolidate, explain, init, inspect, merge, template, validate
from reportkit.cli.console import FACE, language
from reportkit.errors import ExitStatus, ReportkitError
from reportkit.messages import mend

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
for verb in (merge, validate, inspect, init, template, consolidate, explain):
    verb.register(app)


@app.callback()
def reportkit(
    lang: Annotated[str, typer.Option(help="zh | en")] = "",
    json: Annotated[bool, typer.Option("--json", help="one JSON document on standard output")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print nothing but errors")] = False,
) -> None:
    """Merge the spreadsheets that townships send in · 汇总镇街报送的表格."""
    FACE.language = language(lang)
    FACE.as_json, FACE.quiet = json, quiet


_GLOBAL = {"--json": False, "--quiet": False, "-q": False, "--lang": True}


def _global_first(arguments: list[str]) -> list[str]:
    """Global options may stand behind the verb as well: they are moved before it."""
    first: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in _GLOBAL:
            first += [word, next(words, "")] if _GLOBAL[word] else [word]
        elif word.startswith("--lang="):
            first.append(word)
        else:
            rest.append(word)
    return first + rest


def main() -> None:
    """Run a command line and exit with its status."""
    sys.exit(int(_run(_global_first(sys.argv[1:]))))


def _run(arguments: list[str]) -> ExitStatus:
    FACE.language = language()
    try:
        status = app(arguments, standalone_mode=False)
    except ReportkitError as error:
        return _failed(error.code, error.status, **error.facts)
    except TyperException as error:
        return _failed("usage", ExitStatus.USAGE, why=getattr(error, "message", "") or error)
    except (KeyboardInterrupt, typer.Abort):
        return _failed("interrupted", ExitStatus.INTERRUPTED)
    except OSError as error:
        return _failed("cannot-write", ExitStatus.IO, path=error.filename or "", why=error.strerror or error)
    except Exception as error:  # noqa: BLE001 - the last net: people get a sentence and a log, never a traceback
        return _failed("internal", ExitStatus.INTERNAL, why=type(error).__name__, log=_log())
    return ExitStatus(status) if isinstance(status, int) else ExitStatus.DONE


def _failed(code: str, status: ExitStatus, **facts: object) -> ExitStatus:
    """What is wrong and how to mend it on standard error, with file and line where there are; the document where a program listens."""
    words, remedy = FACE.say(code, **facts), mend(code, FACE.language, **facts)
    place = f"{facts['path']}:{facts['line']}: " if {"path", "line"} <= facts.keys() else ""
    typer.echo(f"{place}{words}\n{remedy}", err=True)
    told = {name: str(value) for name, value in facts.items()}
    FACE.document({"exit": int(status), "error": code, "facts": told, "message": words, "mend": remedy})
    return status


def _log() -> Path:
    folder = Path(user_state_dir("reportkit", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "error.log").write_text(traceback.format_exc(), encoding="utf-8")
    except OSError:
        return Path("-")
    return folder / "error.log"
