"""``explain``: what a finding's code means and how to mend it."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Annotated

import typer

from reportkit.cli.console import FACE
from reportkit.errors import UsageError
from reportkit.messages import catalogue


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("explain")(explain)


def explain(code: Annotated[str, typer.Argument(help="a finding's code, such as row-repeated · 问题代码")]) -> None:
    """Say what a finding means and how to mend it · 解释问题代码.

    Example: reportkit explain row-repeated
    """
    entry = catalogue().get(code)
    if entry is None:
        near = [known for known in catalogue() if code.casefold() in known][:5] or get_close_matches(code, catalogue(), 5, 0.3)
        raise UsageError("code-without-entry", name=code, near=", ".join(near))
    language = FACE.language
    words = {"message": entry.message[language], "reason": entry.reason[language], "mend": entry.mend[language]}
    words = {name: readable(text) for name, text in words.items()}
    FACE.document({"code": code, "severity": entry.severity.value, **words})
    FACE.line("explain", code=code, severity=FACE.say(f"severity-{entry.severity}"), **words)


def readable(text: str) -> str:
    """``{value} 不是数字`` → ``‹值› 不是数字``."""
    return re.sub(r"\{(\w+)\}", lambda fact: f"‹{_fact(fact[1])}›", text)


def _fact(name: str) -> str:
    try:
        return FACE.say(f"fact-{name}")
    except KeyError:
        return name
