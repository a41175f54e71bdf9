"""Reports as an office program shows them: opened by LibreOffice, printed, and read back from the page."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from desk import Desk

EXAMPLE = Path(__file__).parents[2] / "examples" / "yantai"
OFFICE, READER = shutil.which("soffice"), shutil.which("pdftotext")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Title → the text of the printed report."""
    if not (OFFICE and READER):
        if os.environ.get("CI"):
            pytest.fail("LibreOffice and poppler-utils are needed: .ci/run installs them")
        pytest.skip("LibreOffice and poppler-utils are not installed")
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(EXAMPLE, folder / "ws", ignore=shutil.ignore_patterns("outbox", ".reportkit"))
    Desk(folder).run("consolidate", "ws", "--period", "2026-11", "--as-of", "2026-12-31")
    reports = sorted(path for path in (folder / "ws/outbox/2026-11").glob("*.xlsx") if path.name != "review.xlsx")
    home = f"-env:UserInstallation=file://{folder}/home"
    subprocess.run(
        [str(OFFICE), home, "--headless", "--convert-to", "pdf", "--outdir", folder, *reports], check=True, capture_output=True
    )
    return {path.stem: _text(folder / f"{path.stem}.pdf") for path in reports}


def _text(path: Path) -> str:
    return subprocess.run(
        [str(READER), "-layout", path, "-"], check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout


def test_every_report_prints_its_title_and_its_sources(printed: dict[str, str]) -> None:
    assert len(printed) == 23
    for title, text in printed.items():
        plain = "".join(text.split())
        assert "".join(title.split())[:12] in plain
        assert "本表由下列文件汇总而成" in plain


def test_no_cell_is_too_narrow_for_its_figure(printed: dict[str, str]) -> None:
    assert [title for title, text in printed.items() if "###" in text] == []


def test_no_formula_fails(printed: dict[str, str]) -> None:
    assert [
        title for title, text in printed.items() if any(word in text for word in ("#REF!", "#NAME?", "#VALUE!", "Err:5"))
    ] == []


def test_totals_are_what_the_office_program_adds_up_as_well(printed: dict[str, str]) -> None:
    text = printed["城乡居民最低生活保障对象花名册"].splitlines()
    (total,) = [line.split() for line in text if line.strip().startswith("合计") and "11700" in line]
    assert total[-1] == "11700"


def test_the_footer_and_the_reporting_unit_stand_where_the_form_has_them(printed: dict[str, str]) -> None:
    text = printed["高龄老人津贴发放花名册"]
    assert text.index("填报单位(盖章):东莱市") < text.index("身份证号") < text.index("单位负责人") < text.index("审核人")
