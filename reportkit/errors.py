"""What can go wrong that is not the data's fault, and the exit status that says so."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """How a command ends; where several apply, the first in ``PRECEDENCE`` wins."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    PARTIAL = 3
    INCOMPLETE = 4
    NO_INPUT = 5
    INTERNAL = 70
    IO = 74
    LOCKED = 75
    INTERRUPTED = 130


PRECEDENCE = (
    ExitStatus.INTERNAL,
    ExitStatus.IO,
    ExitStatus.LOCKED,
    ExitStatus.USAGE,
    ExitStatus.NO_INPUT,
    ExitStatus.PARTIAL,
    ExitStatus.INCOMPLETE,
    ExitStatus.FINDINGS,
)


def gravest(statuses: set[ExitStatus]) -> ExitStatus:
    """The status that wins where several apply: ``{FINDINGS, PARTIAL}`` → ``PARTIAL``."""
    return next((status for status in PRECEDENCE if status in statuses), ExitStatus.DONE)


class ReportkitError(Exception):
    """A promise was broken by the person or the machine, never by the data.

    Carries facts; the words are made at the edge from the catalogue's entry ``code``.
    """

    status = ExitStatus.INTERNAL

    def __init__(self, code: str, /, **facts: object) -> None:
        """Keep the catalogue code and the facts that its message names."""
        super().__init__(code, facts)
        self.code = code
        self.facts = {name: str(value) for name, value in facts.items()}


class UsageError(ReportkitError):
    """Wrong usage, workspace, template or rule; nothing was written."""

    status = ExitStatus.USAGE


class NoInputError(ReportkitError):
    """No input matched."""

    status = ExitStatus.NO_INPUT


class DiskError(ReportkitError):
    """Something cannot be read or written; nothing half-written is left."""

    status = ExitStatus.IO


class LockedError(ReportkitError):
    """Another run holds the workspace's lock."""

    status = ExitStatus.LOCKED
