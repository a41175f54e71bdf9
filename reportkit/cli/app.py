"""The app: verbs, global options, and what becomes of an error: a sentence, how to mend it, and a status."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from platformdirs import user_state_dir
from typer.exceptions import TyperException

from reportkit.cli import consolidate, explain, init, inspect, link, lock, merge, review, status, template, trace, validate
from reportkit.cli.console import FACE
from reportkit.errors import ExitStatus, ReportkitError
from reportkit.messages import mend, tidy, writable

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
for verb in (merge, validate, inspect, init, template, consolidate, status, review, lock, trace, link, explain):
    verb.register(app)


@app.callback()
def reportkit(
    lang: Annotated[str, typer.Option(help="zh | en")] = "",
    json: Annotated[bool, typer.Option("--json", help="one JSON document on standard output")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print nothing but errors")] = False,
) -> None:
    """Merge the spreadsheets that townships send in · 汇总镇街报送的表格."""
    # ``run`` has read these three before the app, so that wrong usage is told in the right language and form.


_GLOBAL = {"--json": False, "--quiet": False, "-q": False, "--lang": True}


def _global_first(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Global options may stand behind the verb as well: they are taken out; gives them and the rest."""
    first: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in _GLOBAL:
            first += [word, next(words, "")] if _GLOBAL[word] else [word]
        elif word.startswith("--lang="):
            first += ["--lang", word.removeprefix("--lang=")]
        else:
            rest.append(word)
    return first, rest


def run(arguments: list[str]) -> ExitStatus:
    """Run a command line; gives its status."""
    given, rest = _global_first(arguments)
    FACE.as_json, FACE.quiet, FACE.piped = "--json" in given, bool({"--quiet", "-q"} & set(given)), False
    try:
        FACE.speak(given[given.index("--lang") + 1] if "--lang" in given else "")
        status = app(rest, standalone_mode=False)
    except ReportkitError as error:
        return _failed(error.code, error.status, **error.facts)
    except TyperException as error:
        return _failed("usage", ExitStatus.USAGE, why=_misuse(error))
    except (KeyboardInterrupt, typer.Abort):
        return _failed("interrupted", ExitStatus.INTERRUPTED)
    except BrokenPipeError:
        raise
    except OSError as error:
        return _failed("cannot-write", ExitStatus.IO, path=error.filename or "stdout", why=error.strerror or error)
    except Exception as error:  # noqa: BLE001 - the last net: people get a sentence and a log, never a traceback
        return _failed("internal", ExitStatus.INTERNAL, why=type(error).__name__, log=_log(error))
    if status == ExitStatus.INTERRUPTED:
        # The library below us turns Ctrl+C into a bare status.
        return _failed("interrupted", ExitStatus.INTERRUPTED)
    return ExitStatus(status) if isinstance(status, int) else ExitStatus.DONE


def _misuse(error: TyperException) -> str:
    """What is wrong with the words. Without a command the library's message is the help."""
    words = str(getattr(error, "message", "") or error)
    if type(error).__name__ != "NoArgsIsHelpError":
        return words
    typer.echo(words, err=True)
    return FACE.say("no-command")


def _failed(code: str, status: ExitStatus, /, **facts: object) -> ExitStatus:
    """What is wrong and how to mend it on standard error, with file and line where there are; the document where a program listens."""
    told = {name: writable(str(value)) for name, value in facts.items()}
    try:
        words, remedy = tidy(FACE.say(code, **told)), mend(code, FACE.language, **told)
    except (KeyError, ValueError, IndexError):
        words, remedy = code, ""
    place = f"{told['path']}:{told['line']}: " if {"path", "line"} <= told.keys() else ""
    typer.echo(f"{place}{words}\n{remedy}".rstrip(), err=True)
    with suppress(OSError):  # where standard output is full, the sentence on standard error is all that can be told
        FACE.document({"exit": int(status), "error": code, "facts": told, "message": words, "mend": remedy})
    return status


def _log(error: BaseException) -> Path:
    """Where the program broke, for who looks after it: kinds of errors and places in the code, never an error's words or a cell."""
    chain: list[str] = []
    at: BaseException | None = error
    while at is not None:
        chain.append(f"{type(at).__name__}\n{''.join(traceback.format_tb(at.__traceback__))}")
        at = at.__cause__ or at.__context__
    folder = Path(user_state_dir("reportkit", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / "error.log"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            if sys.platform != "win32":
                os.fchmod(file.fileno(), 0o600)
            file.write("\n".join(chain))
    except OSError:
        return Path("-")
    return path
