from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import reportkit

PACKAGE = Path(reportkit.__file__).parent

#: The storeys from the ground up; a module may import its own storey and those below, never one above.
STOREYS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "words",
        frozenset(
            {
                "errors",
                "findings",
                "severity",
                "rules",
                "messages",
                "periods",
                "units",
                "sheets",
                "templates",
                "elements",
                "summary",
                "masking",
                "arrays",
            }
        ),
    ),
    (
        "core",
        frozenset(
            {
                "tables",
                "grids",
                "fields",
                "submissions",
                "dating",
                "records",
                "checks",
                "linkage",
                "survivorship",
                "statistics",
                "consolidation",
            }
            | {"layout", "evidence", "sources", "acceptance", "duplicates", "linking", "mentions", "register"}
            | {"decisions", "holding", "explanation", "suspicion", "doubts"}
            | {"wording", "rulebook", "constraints", "totals", "localisation", "suggestions", "folding", "effects"}
            | {"disputes", "completeness", "rounding", "reconciling", "answers", "marking", "chronicle", "setting", "sums"}
            | {"money", "contradictions", "unlisted", "referring", "namings", "namesakes", "variety", "groups"}
        ),
    ),
    (
        "shell",
        frozenset(
            {
                "readers",
                "writers",
                "blanks",
                "intake",
                "specs",
                "refusals",
                "drafting",
                "workspace",
                "compilation",
                "outbox",
                "production",
                "rounds",
                "oneshot",
                "looks",
                "verdicts",
                "reviewing",
                "tracing",
                "lists",
                "flatlist",
                "textlist",
                "linkfile",
                "keeping",
                "history",
                "formats",
                "locks",
                "waivers",
                "closing",
                "arrivals",
                "reckoning",
                "returning",
                "desk",
                "validating",
                "workers",
                "scaled",
            }
        ),
    ),
    ("face", frozenset({"cli", "__main__"})),
)
DISK_AND_CLOCK = {"pathlib", "os", "shutil", "time", "subprocess", "tempfile", "locale", "random"}


def parts() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in PACKAGE.rglob("*.py")
    }


def imported(path: Path) -> set[str]:
    """Dotted names below the package, and top names of everything else."""
    found: set[str] = set()
    known = parts()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{name.name}" for name in node.names}
            members = {name for name in whole if name.removeprefix("reportkit.") in known}
            # ``from reportkit.tables import words`` needs the member; that its package gathers it too is no circle.
            found |= members if members == whole else {*members, node.module}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


def storey(module: str) -> int:
    top = module.split(".", maxsplit=1)[0]
    return next(number for number, (_, rooms) in enumerate(STOREYS) if top in rooms)


MODULES = sorted(name for name in parts() if name and name != "__init__")


def inner(module: str) -> set[str]:
    return {name.removeprefix("reportkit.") for name in imported(parts()[module]) if name.startswith("reportkit.")}


def test_every_module_has_a_storey() -> None:
    assert [name for name in MODULES if not any(name.split(".")[0] in rooms for _, rooms in STOREYS)] == []


@pytest.mark.parametrize("module", MODULES)
def test_imports_only_go_down(module: str) -> None:
    assert [name for name in sorted(inner(module)) if storey(name) > storey(module)] == []


def test_there_is_no_circle() -> None:
    below = {module: {name for name in inner(module) if name in parts() and name != module} for module in MODULES}
    while free := [module for module, needs in below.items() if not needs & below.keys()]:
        for module in free:
            del below[module]
    # What is left imports something that imports it. A package that gathers its own members is no circle.
    circles = {m: sorted(needs & below.keys()) for m, needs in below.items()}
    assert circles == {}


@pytest.mark.parametrize("module", [name for name in MODULES if name != "messages" and storey(name) < 2])
def test_words_and_core_touch_no_disk_and_no_clock(module: str) -> None:
    tops = {name.split(".")[0] for name in imported(parts()[module])}
    # A path that is only spelt, never opened, is a word.
    spelt = module == "summary" or "from pathlib import PurePosixPath\n" in parts()[module].read_text("utf-8")
    assert tops & DISK_AND_CLOCK <= ({"pathlib"} if spelt else set())


@pytest.mark.parametrize(
    "verb", sorted(path.stem for path in (PACKAGE / "cli").glob("*.py") if path.stem not in {"__init__", "app", "console"})
)
def test_no_verb_imports_another(verb: str) -> None:
    assert {name for name in inner(f"cli.{verb}") if name.startswith("cli")} <= {"cli", "cli.console"}


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"util", "utils", "helpers", "common", "base", "misc", "manager"}
    assert [name for name in MODULES if name.split(".")[-1] in drawers] == []


def test_no_module_grows_past_four_hundred_lines() -> None:
    assert {name: n for name, path in parts().items() if (n := len(path.read_text("utf-8").splitlines())) > 400} == {}


def test_the_words_load_without_the_heavy_libraries() -> None:
    heavy = (
        "import reportkit.errors, reportkit.periods, sys; print([m for m in ('polars', 'openpyxl', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_holds_a_list_against_a_spec_loads_without_the_libraries_of_linking() -> None:
    heavy = (
        "import reportkit.flatlist, reportkit.specs, sys; "
        "print([m for m in ('numpy', 'scipy', 'openpyxl', 'opencc', 'pypinyin') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_element_loads_no_other_that_it_does_not_need() -> None:
    code = "from reportkit.elements import element; import sys; element('integer'); print('reportkit.elements.address' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
