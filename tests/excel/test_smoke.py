"""The add-in in a real Excel on Windows, from install to uninstall. Not run elsewhere; counted as skipped.

Run on a machine with desktop Excel and no other workbook open: `pytest tests/excel -m excel`. The steps depend on one
another and run in order; a dialog that waits for an answer is a failure, watch the screen.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.excel.boxes import OK, answered

EXCEL = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"


def excel_program() -> str | None:
    """The Excel of this machine; None where there is none."""
    if sys.platform != "win32":
        return None
    from xlsales.addin.machine import WindowsRegistry

    path = WindowsRegistry().get("machine", EXCEL, "")
    return path if isinstance(path, str) and os.path.exists(path) else None


pytestmark = [
    pytest.mark.excel,
    pytest.mark.skipif(excel_program() is None, reason="no desktop Excel on Windows here: the smoke test was not run"),
]

FUNCTIONS: dict[str, tuple[str, int, float | None]] = {
    "SPLIT_TARGET": ("=SPLIT_TARGET(1000,B1:B3)", 3, 1000),
    "SPLIT_MATRIX": ("=SPLIT_MATRIX(B1:B3,C1:E1)", 9, 6),
    "SPLIT_TIME": ("=SPLIT_TIME(1200,DATE(2026,1,1),DATE(2026,12,31))", 60, None),
    "SPLIT_SERIES": ("=SPLIT_SERIES(1000,4,5%)", 4, 1000),
    "WEEKDAY_INDEX": ("=WEEKDAY_INDEX(G1:G14,H1:H14)", 7, None),
    "WORKDAYS_CN": ("=WORKDAYS_CN(DATE(2026,1,1),DATE(2026,12,31))", 1, None),
    "TIME_PROGRESS": ("=TIME_PROGRESS(DATE(2026,1,1),DATE(2026,12,31),DATE(2026,12,31))", 1, 1),
    "TARGET_PROGRESS": ("=TARGET_PROGRESS(B1:B3,B1:B3,50%)", 24, None),
    "LEADS_NEEDED": ("=LEADS_NEEDED(100,C3:E3)", 4, None),
}
"""Function → a formula, how many cells it fills, what they add up to."""

_FIND = """
Add-Type -AssemblyName UIAutomationClient
$window = [System.Windows.Automation.AutomationElement]::FromHandle([IntPtr]{window})
$name = New-Object System.Windows.Automation.PropertyCondition(
    [System.Windows.Automation.AutomationElement]::NameProperty, '{name}')
if ($window.FindFirst([System.Windows.Automation.TreeScope]::Descendants, $name)) {{ 'found' }}
"""


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-m", "xlsales", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


@pytest.fixture(scope="module")
def excel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An Excel started as a person starts it (one started by COM opens nothing from XLSTART), the add-in installed.

    It is started on a workbook: xlwings finds no Excel that shows its start screen.
    """
    from xlsales.hosts.excel.engine import xw  # untamed, xlwings would end every Excel without a workbook

    assert len(xw.apps) == 0, "close Excel first"
    installed = command("addin", "install", "--lang", "zh")
    assert installed.returncode == 0, installed.stderr
    first = tmp_path_factory.mktemp("excel") / "first.xlsx"
    assert command("new", str(first)).returncode == 0
    began = time.monotonic()
    process = subprocess.Popen([excel_program() or "", str(first)])
    deadline = time.monotonic() + 60
    while len(xw.apps) == 0:
        assert time.monotonic() < deadline, "Excel did not start"
        time.sleep(0.2)
    print(f"Excel with the add-in shows a workbook after {time.monotonic() - began:.1f} s")
    app = xw.apps.active
    app.books.add()
    yield app
    for book in list(app.books):
        book.close()
    app.api.Quit()
    process.wait(60)
    gone = command("addin", "uninstall")
    assert gone.returncode == 0, gone.stderr


def run(excel: Any, macro: str) -> None:
    excel.api.Run(f"'xlsales.xlam'!{macro}")


def test_the_doctor_finds_nothing(excel: Any) -> None:
    """After the installation the doctor has nothing to object to."""
    done = command("addin", "doctor")
    assert done.returncode == 0, done.stdout


def test_excel_opened_the_add_in(excel: Any) -> None:
    """The add-in was opened from XLSTART, without repair, as an add-in with its code."""
    addin = excel.api.Workbooks("xlsales.xlam")
    assert addin.IsAddin
    assert addin.HasVBProject


@pytest.mark.parametrize("name", ["销售目标", "分解目标 Split target", "刷新进度 Refresh progress"])
def test_the_ribbon_is_there(excel: Any, name: str) -> None:
    """The tab stands in the ribbon, and its buttons when it is chosen (Alt, X, S)."""
    if name != "销售目标":
        excel.api.SendKeys("%xs")
        time.sleep(2)
    script = _FIND.format(window=excel.hwnd, name=name)
    shell = ["powershell", "-NoProfile", "-Command", script]
    assert "found" in subprocess.run(shell, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_spills(excel: Any, name: str) -> None:
    """Each function computes through Python and fills its cells; the parts add up."""
    formula, count, total = FUNCTIONS[name]
    sheet = excel.books.active.sheets.add()
    sheet["B1:B3"].value = [[1], [2], [3]]
    sheet["C1:E1"].value = [1, 2, 3]
    sheet["C3:E3"].value = [0.5, 0.5, 0.5]
    sheet["G1"].formula2 = "=SEQUENCE(14,1,DATE(2026,3,2))"
    sheet["H1"].formula2 = "=SEQUENCE(14,1,100)"
    sheet["J1"].formula2 = formula
    cell = sheet["J1"]
    filled = cell.api.SpillingToRange.Count if cell.api.HasSpill else 1
    assert filled == count, cell.value
    if total is not None:
        values = cell.expand().value if filled > 1 else [cell.value]
        flat = [v for row in values for v in (row if isinstance(row, list) else [row])]
        assert sum(flat) == pytest.approx(total)


def test_the_wizard_got_its_texts(excel: Any) -> None:
    """Nothing in the log says that Excel refused the help texts (open the wizard on =SPLIT_TARGET( to see them)."""
    log = Path(os.environ["LOCALAPPDATA"]) / "xlsales" / "addin.log"
    assert not log.exists() or " wizard:" not in log.read_text("utf-16")


def test_refresh_and_undo(excel: Any, tmp_path: Path) -> None:
    """刷新进度 refreshes the open demo, and 撤销上次 brings the cells back."""
    assert command("demo", str(tmp_path)).returncode == 0
    (path,) = tmp_path.glob("*.xlsx")
    book = excel.books.open(path)
    sheet = book.sheets["按区域"]
    before = sheet.used_range.value
    actuals = book.sheets["实际"]
    row = actuals.used_range.last_cell.row
    actuals.range((row, 1)).expand("right").copy(actuals.range((row + 1, 1)))
    with answered(OK):
        run(excel, "RefreshProgress")
    after = sheet.used_range.value
    assert after != before
    with answered(OK):
        run(excel, "UndoLast")
    assert sheet.used_range.value == before
    book.close()


def test_the_macro_template_opens(excel: Any, tmp_path: Path) -> None:
    """The plan with buttons opens without repair, and its buttons have their macros."""
    built = command("addin", "build", "-o", str(tmp_path))
    assert built.returncode == 0, built.stderr
    book = excel.api.Workbooks.Open(str(tmp_path / "目标计划.xlsm"), CorruptLoad=0)
    shapes = book.Worksheets("设置").Shapes
    assert [shapes(k + 1).OnAction.rpartition("!")[2] for k in range(shapes.Count)] == [
        "SplitTarget",
        "RefreshProgress",
    ]
    book.Close(False)


def test_restart(excel: Any) -> None:
    """After 重启 Python the functions compute again."""
    with answered(OK):
        run(excel, "RestartPython")
    sheet = excel.books.active.sheets.add()
    sheet["A1"].formula2 = "=WORKDAYS_CN(DATE(2026,1,1),DATE(2026,12,31))"
    assert isinstance(sheet["A1"].value, float)
