"""The command line's door, and the only place that exits. What a run needs is loaded behind it, so that Ctrl+C is always answered."""

from __future__ import annotations

import signal
import sys
from io import TextIOWrapper

_INTERRUPTED = 130


def main() -> None:
    """Run a command line and exit with its status."""
    try:
        from reportkit.cli.app import run

        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        status = int(run(sys.argv[1:]))
        sys.stdout.flush()
    except KeyboardInterrupt:
        status = _INTERRUPTED
    except BrokenPipeError:
        # Who read our output has left; the interpreter must not flush into the void once more.
        sys.stdout = None
        status = 0
    # What is done is done: a late Ctrl+C must not turn the status into another.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(status)
