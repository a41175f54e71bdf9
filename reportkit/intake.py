"""Files as they arrive: found, hashed, read and searched for tables in worker processes with limits.

Reading can hang, eat memory or abort its process; it never does so in ours. A worker holds one file at a time, so that the one
that dies names the culprit.
"""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from pathlib import Path

from reportkit.findings import Finding
from reportkit.marking import Marks, marks_in
from reportkit.sheets import SheetTables
from reportkit.summary import LIMITS, Limits

if sys.platform != "win32":
    import resource

#: What the name of a file or folder that is never input begins with, or is.
_SKIPPED_STARTS = ("~$", ".")
_SKIPPED_NAMES = {"thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r", "__macosx"}
#: What programs and systems leave beside files: shortcuts, half-made downloads, copies for safety.
_SKIPPED_ENDS = (".lnk", ".url", ".webloc", ".tmp", ".temp", ".bak", ".crdownload", ".part", ".download")
#: Files about an inbox, not of it: neither read nor counted as passed over.
_ABOUT = {"received.csv"}
#: A chunk of small files goes to a worker at once, so that its way there costs nothing.
_SMALL, _CHUNK = 256 << 10, 8


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read; ``file`` is its path as evidence shows it, with ``/``."""

    path: Path
    file: str


@dataclass(frozen=True, slots=True)
class Discovered:
    """Files to read, by name, and those passed over: lock files, system and dot files, pipes and devices."""

    sources: tuple[Source, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A readable file: its tables, and what was noticed.

    ``stamp``: the program's own document properties; ``marks``: what a marked copy brings back, whose list is none of the sheets.
    """

    file: str
    sha256: str
    modified: float
    format: str
    sheets: tuple[SheetTables, ...]
    findings: tuple[Finding, ...] = ()
    stamp: Mapping[str, str] = field(default_factory=dict)
    marks: Marks | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """An unreadable file, as data: the finding's code and its detail."""

    file: str
    sha256: str
    modified: float
    code: str
    detail: str = ""


Work = Callable[[bytes, Source, float], "Arrival | Refused"]
Told = Callable[[int, int], None]


def discover(paths: Sequence[Path], root: Path | None = None) -> Discovered:
    """Files below folders, and files, in the order of their names; ``file`` is relative to ``root`` where they lie below it."""
    sources: dict[str, Source] = {}
    skipped: list[str] = []
    for path in paths:
        for file in sorted(_below(path)) if path.is_dir() else [path]:
            name = _shown(file, root)
            below = file.relative_to(path) if path.is_dir() else Path(file.name)
            if file.parent == path and file.name.casefold() in _ABOUT:
                continue
            if _passed_over(below) or _is_device(file):
                skipped.append(name)
            else:
                sources.setdefault(name, Source(file, name))
    return Discovered(tuple(sources[name] for name in sorted(sources)), tuple(skipped))


def _below(folder: Path) -> Iterator[Path]:
    for where, _, names in os.walk(folder):
        yield from (Path(where, name) for name in names)


def _shown(file: Path, root: Path | None) -> str:
    below = file.relative_to(root) if root is not None and file.is_relative_to(root) else file
    return _decoded(below.as_posix())


def _decoded(name: str) -> str:
    """A name that every output can hold: bytes that are no UTF-8 are a Chinese Windows' own, else shown as numbers."""
    try:
        name.encode()
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            return raw.decode("utf-8", "backslashreplace")
    return name


def _passed_over(file: Path) -> bool:
    parts = [part.casefold() for part in file.parts]
    system = any(part.startswith(_SKIPPED_STARTS) or part in _SKIPPED_NAMES for part in parts)
    return system or parts[-1].endswith(_SKIPPED_ENDS)


def _is_device(file: Path) -> bool:
    """A pipe, a socket, a device: what one could wait on for ever."""
    return file.exists() and not (file.is_file() or file.is_dir())


def read_file(data: bytes, source: Source, modified: float) -> Arrival | Refused:
    """What a worker does with one file's bytes."""
    from reportkit.readers import Unreadable, read  # noqa: PLC0415 - the parent process needs none of the readers
    from reportkit.tables import find_tables  # noqa: PLC0415 - as above
    from reportkit.writers.stamp import stamp_in  # noqa: PLC0415 - as above

    digest = hashlib.sha256(data).hexdigest()
    try:
        book = read(data, source.file)
    except Unreadable as reason:
        return Refused(source.file, digest, modified, reason.code, reason.detail)
    stamp = stamp_in(data)
    marks = marks_in(book.sheets, stamp)
    sheets = tuple(find_tables(sheet) for sheet in book.sheets if marks is None or sheet.name != marks.sheet)
    findings = tuple(Finding(one.code, source.file, one.sheet, detail=one.detail) for one in book.remarks)
    return Arrival(source.file, digest, modified, book.format, sheets, findings, stamp, marks)


def take_in(
    sources: Sequence[Source],
    *,
    limits: Limits = LIMITS,
    jobs: int | None = None,
    told: Told | None = None,
    work: Work = read_file,
) -> list[Arrival | Refused]:
    """Read every file, in the order of the sources. ``told`` hears how many are done, of how many."""
    return _Pool(sources, limits, jobs or min(os.cpu_count() or 1, 8), work).run(told or (lambda _done, _total: None))


@dataclass(slots=True)
class _Worker:
    process: multiprocessing.process.BaseProcess
    pipe: Connection
    files: deque[int] = field(default_factory=deque)
    started: float = 0.0


class _Pool:
    """Workers and their files. Of a chunk, results come back one by one, so that a death is the first missing one's."""

    def __init__(self, sources: Sequence[Source], limits: Limits, jobs: int, work: Work) -> None:
        self.sources, self.limits, self.work = sources, limits, work
        self.waiting = deque(range(len(sources)))
        self.results: dict[int, Arrival | Refused] = {}
        self.jobs = max(1, min(jobs, (len(sources) + 3) // 4))
        self.workers: list[_Worker] = []

    def run(self, told: Told) -> list[Arrival | Refused]:
        context = _context()
        try:
            while len(self.results) < len(self.sources):
                self._feed(context)
                self._listen()
                told(len(self.results), len(self.sources))
        finally:
            for worker in self.workers:
                _stop(worker)
        return [self.results[at] for at in range(len(self.sources))]

    def _feed(self, context: BaseContext) -> None:
        while len(self.workers) < self.jobs and self.waiting:
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, self.work, self.limits), daemon=True)  # type: ignore[attr-defined]
            process.start()
            theirs.close()
            self.workers.append(_Worker(process, ours))
        for worker in list(self.workers):
            if not worker.files and self.waiting:
                self._hand_over(worker)

    def _hand_over(self, worker: _Worker) -> None:
        most = max(1, min(_CHUNK, len(self.waiting) // (2 * self.jobs)))
        while self.waiting and len(worker.files) < most:
            small = _size(self.sources[self.waiting[0]].path) < _SMALL
            if not small and worker.files:
                break
            worker.files.append(self.waiting.popleft())
            if not small:
                break
        worker.started = time.monotonic()
        try:
            worker.pipe.send([self.sources[at] for at in worker.files])
        except OSError:
            self._give_up(worker, "file-crashed", "")

    def _listen(self) -> None:
        busy = {worker.pipe: worker for worker in self.workers if worker.files}
        patience = min((w.started + self.limits.seconds - time.monotonic() for w in busy.values()), default=0)
        ready = wait(list(busy), timeout=max(0.0, min(patience, 1.0)))
        for pipe in ready:
            self._receive(busy[pipe])  # type: ignore[index]
        for worker in list(self.workers):
            if worker.files and time.monotonic() - worker.started > self.limits.seconds:
                self._give_up(worker, "file-timeout", f"{self.limits.seconds:g}")

    def _receive(self, worker: _Worker) -> None:
        try:
            result = worker.pipe.recv()
        except (EOFError, OSError):
            self._give_up(worker, "file-crashed", "")
            return
        self.results[worker.files.popleft()] = result
        worker.started = time.monotonic()

    def _give_up(self, worker: _Worker, code: str, detail: str) -> None:
        """The file in hand is the culprit; those behind it in the chunk go back to the front of the queue."""
        culprit = worker.files.popleft()
        source = self.sources[culprit]
        self.results[culprit] = Refused(source.file, _digest(source.path), _modified(source.path), code, detail)
        self.waiting.extendleft(reversed(worker.files))
        worker.files.clear()
        self.workers.remove(worker)
        _stop(worker)


def _context() -> BaseContext:
    """Workers that start fast and inherit no threads; polars in them runs on one thread."""
    kind = "spawn" if sys.platform == "win32" else "forkserver"
    context = multiprocessing.get_context(kind)
    if kind == "forkserver":
        context.set_forkserver_preload(["reportkit.readers", "reportkit.tables"])
        _start_deaf()
    return context


def _start_deaf() -> None:
    """Start the server of workers so that Ctrl+C reaches us alone: they inherit the mask, and we end them."""
    from multiprocessing import forkserver, resource_tracker  # noqa: PLC0415 - Windows has none

    # The server asks for the tracker first, and that unblocks the signal: so it is started before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection, work: Work, limits: Limits) -> None:
    """A worker's life: chunks of sources in, one result a source out."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    # A file's cells are many objects without a cycle; looking for cycles among them took an eighth of the time.
    gc.set_threshold(200_000, 20, 20)
    # What a library cries out over a hostile file is no word of ours to the person at the terminal.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_DATA, (limits.memory << 20, limits.memory << 20))
    while True:
        try:
            chunk: list[Source] = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        for source in chunk:
            pipe.send(_one(source, work))


def _one(source: Source, work: Work) -> Arrival | Refused:
    modified = _modified(source.path)
    try:
        data = source.path.read_bytes()
    except OSError as error:
        return Refused(source.file, "", modified, "file-not-readable", error.strerror or str(error))
    try:
        return work(data, source, modified)
    except MemoryError:
        return Refused(source.file, hashlib.sha256(data).hexdigest(), modified, "file-memory")
    except Exception as error:  # noqa: BLE001 - whatever a hostile file makes a library raise is the file's trouble
        return Refused(source.file, hashlib.sha256(data).hexdigest(), modified, "file-broken", f"{type(error).__name__}: {error}")


def _stop(worker: _Worker) -> None:
    worker.pipe.close()
    worker.process.kill()
    worker.process.join()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
