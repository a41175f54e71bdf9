"""What a round leaves behind, made aside and then renamed into place: nobody ever sees half of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from reportkit.errors import DiskError
from reportkit.writers.csv_text import write_csv

#: Bytes of a name; file systems take 255, and a name has its ending and, while it is made, ``.new`` besides.
_LONGEST = 200

#: The evidence of a template by name, and how each file's header begins.
EVIDENCE = {
    "records.csv": "file,sheet,row,cluster_id",
    "links.csv": "file,sheet,row,other_file",
    "places.csv": "sheet,row,column,field",
    "fields.csv": "template,file,sheet,column",
    "figures.csv": "file,sheet,row,column,cell",
    "findings.csv": "file,sheet,row,column,code",
    "explanations.csv": "file,sheet,row,column,code",
    "rules.csv": "code,passed,failed",
    "changes.csv": "file,sheet,row,column,field",
    "conflicts.csv": "cluster_id,field,chosen",
    "unmapped.csv": "file,sheet,row,column,header",
}


@contextmanager
def staged(target: Path, *, private: bool = False) -> Iterator[Path]:
    """A new folder that takes ``target``'s place when the block ends well, and vanishes when it does not.

    ``private``: the folder is its owner's alone, whatever the umask.

    Raises:
        DiskError: the disk is full or the folder may not be written; ``target`` is as it was.
    """
    fresh, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    try:
        _restore(target, old)
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        if private:
            fresh.chmod(0o700)
        yield fresh
        if target.exists():
            target.replace(old)
        fresh.replace(target)
    except OSError as error:
        raise DiskError("cannot-write", path=error.filename or target, why=error.strerror or error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        _restore(target, old)


def _restore(target: Path, old: Path) -> None:
    """What was moved aside comes back where nothing took its place, be it now or by a run that was killed; else it goes."""
    if old.exists() and not target.exists():
        old.replace(target)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def staged_into(target: Path) -> Iterator[Path]:
    """A new folder whose files go into ``target`` when the block ends well, beside whatever stands there.

    Raises:
        DiskError: it cannot be written; ``target`` is as it was.
    """
    fresh = target.with_name(f".{target.name}.new")
    try:
        with staged(fresh, private=True) as folder:
            yield folder
        for path in sorted(path for path in fresh.rglob("*") if path.is_file()):
            (target / path.relative_to(fresh)).parent.mkdir(parents=True, exist_ok=True)
            path.replace(target / path.relative_to(fresh))
    except OSError as error:
        raise DiskError("cannot-write", path=error.filename or target, why=error.strerror or error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


@contextmanager
def staged_file(target: Path) -> Iterator[Path]:
    """A new file beside ``target`` that takes its place when the block ends well.

    Raises:
        DiskError: it cannot be written; ``target`` is as it was.
    """
    fresh = target.with_name(f".{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield fresh
        fresh.replace(target)
    except OSError as error:
        raise DiskError("cannot-write", path=error.filename or target, why=error.strerror or error) from error
    finally:
        fresh.unlink(missing_ok=True)


def write_evidence(folder: Path, frames: Mapping[str, pl.DataFrame]) -> None:
    """CSV files by name; the files, the folder and the folders made on the way to it are the owner's alone, whatever the umask."""
    for one in (*reversed(folder.parents), folder):
        if not one.exists():
            one.mkdir()
            one.chmod(0o700)
    for name, frame in frames.items():
        write_csv(folder / name, frame)
        (folder / name).chmod(0o600)


def is_evidence(folder: Path) -> bool:
    """Whether a folder holds nothing but evidence that this program wrote: its names, and the first column of each."""
    found = [path for path in folder.rglob("*") if not path.is_dir()]
    return all(is_evidence_file(path) for path in found)


def is_evidence_file(path: Path) -> bool:
    """Whether this program wrote a file as evidence."""
    header = EVIDENCE.get(path.name)
    if header is None or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(header) + 3).removeprefix(b"\xef\xbb\xbf").startswith(header.encode())


def write_json(path: Path, document: Mapping[str, object]) -> None:
    """One JSON document, readable, the same bytes for the same content."""
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def file_name(title: str) -> str:
    """A report's file name: its title without what file systems refuse, and no longer than they take."""
    safe = "".join("_" if character in '\\/:*?"<>|' or ord(character) < 32 else character for character in title)
    return safe.encode()[:_LONGEST].decode(errors="ignore").strip(" .") or "report"
