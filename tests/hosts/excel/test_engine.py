"""What xlwings would do behind a person's back, and does not."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.pywin32 import RPC_E_CALL_REJECTED, VBA_E_IGNORE, ComObject, com_error, desktop, excel_says_no
from xlsales.addin.doctor import SERVER_IMPORTS
from xlsales.hosts.excel import engine

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.com_sim


@pytest.fixture(autouse=True)
def clean_desktop(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """No windows left over, and pauses that take no time; the test gets them."""
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    desktop.clear()
    yield waited
    desktop.clear()


# --- the exit hook ----------------------------------------------------------------------------------------------------

ENTRIES = {
    "functions": "import xlsales.hosts.excel.functions",
    "macros": "import xlsales.hosts.excel.window",
    "xlwings Lite": "import xlsales.lite",
    "the doctor's try": SERVER_IMPORTS,
    "the server": (
        "import xlwings; xlwings.serve = lambda clsid: None; "
        "import xlsales.hosts.excel.server as s; s.serve('{0}', 'zh')"
    ),
}


def at_exit(entry: str) -> str:
    """Run a program that imports xlwings as on Windows; return whether xlwings' hook ran when it ended."""
    program = f"""
import sys
sys.path.append({str(ROOT)!r})
from tests.fakes.pywin32 import install
windows = install()._xlwindows
windows.Apps.cleanup = staticmethod(lambda: print("every Excel without a workbook is ended by force"))
{entry}
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip()


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_no_excel_is_ended_when_python_ends(entry: str) -> None:
    """However our code gets at xlwings, its hook that kills every Excel showing no workbook is gone.

    The hook is xlwings' own; that it would find and end processes on Windows was seen elsewhere, not here.
    """
    assert at_exit(entry) == ""


def test_the_hook_is_there_without_us() -> None:
    """Should xlwings drop its hook one day, the tests above prove nothing any more."""
    assert "by force" in at_exit("")


@pytest.mark.unit
def test_one_module_imports_xlwings() -> None:
    """Every other module takes it from there, so that none has it untamed; nothing ends Excel by xlwings' quit."""
    importers = set()
    for path in (ROOT / "xlsales").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "xlwings" for name in names):
                importers.add(path.relative_to(ROOT).as_posix())
            if isinstance(node, ast.Attribute) and path.parent.name == "excel":  # App.quit and App.kill clean up too
                assert node.attr not in ("quit", "kill"), path
    assert importers == {"xlsales/hosts/excel/engine.py"}


# --- a busy Excel -----------------------------------------------------------------------------------------------------


class Busy(ComObject):
    """An Excel that refuses so many calls."""

    Hwnd = 16

    def __init__(self, refusals: int, error: com_error) -> None:
        self._refusals, self._error = refusals, error

    def _refuse(self) -> None:
        if self._refusals:
            self._refusals -= 1
            raise self._error

    @property
    def StatusBar(self) -> Any:  # noqa: N802
        self._refuse()
        return "ready"

    @StatusBar.setter
    def StatusBar(self, value: Any) -> None:  # noqa: N802
        self._refuse()

    def Workbooks(self) -> Any:  # noqa: N802
        self._refuse()
        return "there"


REJECTED = com_error(RPC_E_CALL_REJECTED, "Call was rejected by callee.")
EDITING = excel_says_no("", VBA_E_IGNORE)
ACTS = {
    "read": (lambda app: app.StatusBar, REJECTED, "ready"),
    "write while a cell is edited": (lambda app: setattr(app, "StatusBar", "x"), EDITING, None),
    "write": (lambda app: setattr(app, "StatusBar", "x"), REJECTED, None),
    "call": (lambda app: app.Workbooks(), REJECTED, "there"),
}


@pytest.mark.parametrize(("act", "error", "answer"), ACTS.values(), ids=ACTS)
def test_a_busy_excel_is_asked_again_with_pauses(
    act: Any, error: com_error, answer: Any, clean_desktop: list[float]
) -> None:
    """What Excel refuses for a moment is asked again; xlwings by itself would take a refused call for None."""
    app = engine.application(Busy(0, error)).api
    object.__setattr__(app._inner, "_refusals", 3)
    assert act(app) == answer
    assert clean_desktop == [engine.PAUSE] * 3


@pytest.mark.parametrize(("act", "error", "answer"), ACTS.values(), ids=ACTS)
def test_an_excel_that_stays_busy_is_given_up(
    act: Any, error: com_error, answer: Any, clean_desktop: list[float]
) -> None:
    """xlwings by itself asks for ever, at full speed; here it ends in an error after ten seconds."""
    app = engine.application(Busy(0, error)).api
    object.__setattr__(app._inner, "_refusals", 10**9)
    with pytest.raises(com_error):
        act(app)
    assert sum(clean_desktop) == pytest.approx(10, abs=0.2)


def test_a_property_that_is_not_there_is_given_up(clean_desktop: list[float]) -> None:
    """Setting what an older Excel does not have ends in an error too."""
    app = engine.application(Busy(0, REJECTED)).api
    with pytest.raises(AttributeError):
        app.NoSuchProperty = 1
    assert sum(clean_desktop) == pytest.approx(10, abs=0.2)
