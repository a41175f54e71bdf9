"""A clerk at LibreOffice: opens a workbook, types into cells, saves it in a format of her choice."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

OFFICE = shutil.which("soffice")
FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}
_LIBRARIES = (
    '<?xml version="1.0" encoding="UTF-8"?><library:libraries xmlns:library="http://openoffice.org/2000/library"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard" library:link="false"'
    ' xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple"/></library:libraries>'
)
_LIBRARY = (
    '<?xml version="1.0" encoding="UTF-8"?><library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"'
    ' library:readonly="false" library:passwordprotected="false"><library:element library:name="Clerk"/></library:library>'
)
_MODULE = (
    '<?xml version="1.0" encoding="UTF-8"?><script:module xmlns:script="http://openoffice.org/2000/script" script:name="Clerk"'
    ' script:language="StarBasic">{code}</script:module>'
)
_WORK = """Sub Work
Dim hidden(0) As New com.sun.star.beans.PropertyValue
hidden(0).Name = "Hidden"
hidden(0).Value = True
book = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, hidden())
{lines}
Dim how(0) As New com.sun.star.beans.PropertyValue
how(0).Name = "FilterName"
how(0).Value = "{filter}"
book.storeToURL("{target}", how())
book.close(True)
End Sub"""


class Clerk:
    """LibreOffice with a home of its own."""

    def __init__(self, home: Path) -> None:
        """Let the program make its home; skips where there is no such program."""
        if not OFFICE:
            if os.environ.get("CI"):
                pytest.fail("LibreOffice is needed: .ci/run installs it")
            pytest.skip("LibreOffice is not installed")
        self.home = home
        self._start("--terminate_after_init")

    def types(self, source: Path, target: Path, cells: Sequence[tuple[str, str, str]]) -> bytes:
        """Open a workbook, type (sheet, cell, text), save it as the target's name says; gives the bytes."""
        typed = [
            f'book.Sheets.getByName("{sheet}").getCellRangeByName("{cell}").setString("{text}")' for sheet, cell, text in cells
        ]
        told = {"source": source.as_uri(), "target": target.as_uri(), "filter": FILTERS[target.suffix[1:]]}
        basic = self.home / "user/basic"
        (basic / "Standard").mkdir(parents=True, exist_ok=True)
        (basic / "script.xlc").write_text(_LIBRARIES, "utf-8")
        (basic / "Standard/script.xlb").write_text(_LIBRARY, "utf-8")
        code = escape(_WORK.format(lines="\n".join(typed), **told))
        (basic / "Standard/Clerk.xba").write_text(_MODULE.format(code=code), "utf-8")
        self._start("macro:///Standard.Clerk.Work")
        return target.read_bytes()

    def prints(self, source: Path) -> str:
        """The text of the pages that a workbook is printed on."""
        self._start("--convert-to", "pdf", "--outdir", str(source.parent), str(source))
        reader = shutil.which("pdftotext")
        assert reader, "poppler-utils are needed: .ci/run installs them"
        done = [reader, "-layout", str(source.with_suffix(".pdf")), "-"]
        return subprocess.run(done, check=True, capture_output=True, text=True, encoding="utf-8").stdout

    def _start(self, *words: str) -> None:
        command = [str(OFFICE), f"-env:UserInstallation={self.home.as_uri()}", "--headless", "--norestore", *words]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
