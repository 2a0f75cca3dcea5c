"""The loader: which Python it starts, and what people read when it cannot."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.addin.sim import DLL, LOCAL, Sim
from xlsales.addin.build import XLWINGS
from xlsales.addin.texts import SENTENCES

pytestmark = pytest.mark.vba_sim

START = (
    r'"C:\Py\python.exe" -I -B -c "import xlsales.hosts.excel.server as s; '
    "s.serve('$(CLSID)', 'zh')\""
)


def test_python_is_started_from_the_profile(sim_with_plan: Sim) -> None:
    """A button starts the Python that the installer named, isolated from folders and environment variables."""
    sim_with_plan.run("RefreshProgress")
    assert sim_with_plan.dll.loaded == ["C:\\Py\\" + DLL]
    assert sim_with_plan.dll.commands == [(START, 1)]


def test_a_package_of_the_user_is_found(sim_with_plan: Sim) -> None:
    """Where xlsales lives in the user's own site-packages they are kept, still without folder and environment."""
    sim_with_plan.settings["user_site"] = "1"
    sim_with_plan.run("RefreshProgress")
    assert sim_with_plan.dll.commands == [(START.replace("-I", "-E -P"), 1)]


@pytest.mark.parametrize("title", ["xlsales.conf", "_xlsales.conf", "xlwings.conf", "xlsales"])
def test_no_workbook_redirects_python(sim: Sim, tmp_path: Path, title: str) -> None:
    """A macro-free workbook with a settings sheet, and settings files beside it, change neither Python nor its path."""
    book = openpyxl.Workbook()
    book.active.title = "Plan"
    sheet = book.create_sheet(title)
    settings = {
        "Interpreter_Win": r"\\evil\share\python.exe",
        "INTERPRETER": r"\\evil\share\python.exe",
        "PYTHONPATH": r"\\evil\share",
        "ADD_WORKBOOK_TO_PYTHONPATH": "True",
        "CONDA PATH": r"\\evil\conda",
        "CONDA ENV": "evil",
    }
    for row in settings.items():
        sheet.append(row)
    book.create_sheet("evil.py").append(["raise SystemExit"])
    book.save(tmp_path / "plan.xlsx")
    lines = "\n".join(f'"{key.upper()}","{value}"' for key, value in settings.items())
    for name in ("xlsales.conf", "xlwings.conf", "addin.ini", ".xlsales.conf"):
        (tmp_path / name).write_text(lines, encoding="utf-8")
    sim.app.activate_workbook(sim.app.open_workbook(tmp_path / "plan.xlsx"))
    assert sim.app.evaluate("ActiveWorkbook.Name") == "plan.xlsx"
    sim.run("RefreshProgress")
    sim.run("SPLIT_TARGET", 100.0, 1.0)
    assert {command for command, _ in sim.dll.commands} == {START}
    assert sim.dll.loaded == ["C:\\Py\\" + DLL]


def test_the_dll_is_loaded_once(sim_with_plan: Sim) -> None:
    """The second call finds the DLL loaded and the server by the same command line."""
    sim_with_plan.run("RefreshProgress")
    sim_with_plan.run("SplitTarget")
    assert len(sim_with_plan.dll.loaded) == 1
    assert len(set(sim_with_plan.dll.commands)) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("gone", ["python", "dll_folder"])
def test_not_installed(sim_with_plan: Sim, gone: str, lang: str) -> None:
    """Without settings nothing is started; the sentence says how to install, in the user's language."""
    sim_with_plan.settings[gone] = ""
    sim_with_plan.settings["lang"] = lang
    sim_with_plan.run("RefreshProgress")
    assert sim_with_plan.dialogs == [
        ("MsgBox", SENTENCES["not_installed"]["en" if lang == "en" else "zh"], "xlsales", 16)
    ]
    assert not sim_with_plan.dll.commands


def test_the_dll_is_missing(sim_with_plan: Sim) -> None:
    """After a move of Python the sentence names the missing file."""
    sim_with_plan.dll.there = False
    sim_with_plan.run("RefreshProgress")
    ((_, text, *_rest),) = sim_with_plan.dialogs
    assert text == SENTENCES["dll_missing"]["zh"].format("C:\\Py\\" + DLL)


def test_python_that_does_not_start_is_tried_once_for_a_sheet_of_functions(sim_with_plan: Sim) -> None:
    """Fifty cells do not wait for fifty failing starts; each shows one line, the log has the reason once."""
    sim_with_plan.dll.refusal = "Could not create Python process.\nError message: access denied"
    shown = {sim_with_plan.run("SPLIT_TARGET", 100.0, 1.0) for _ in range(50)}
    assert len(shown) == 1
    assert "\n" not in shown.pop()
    assert len(sim_with_plan.dll.commands) == 1
    assert [line for line in sim_with_plan.log if "access denied" in line] == sim_with_plan.log
    assert len(sim_with_plan.log) == 1


def test_python_is_tried_again_after_a_while(sim_with_plan: Sim) -> None:
    """Once what kept Python from starting is mended, the functions compute without a restart of Excel."""
    now = dt.datetime(2026, 3, 1, 9, 0, 0)
    sim_with_plan.app.freeze_clock(now)
    sim_with_plan.dll.refusal = "not now"
    assert isinstance(sim_with_plan.run("SPLIT_TARGET", 100.0, 1.0), str)
    sim_with_plan.dll.refusal = None
    sim_with_plan.app.freeze_clock(now + dt.timedelta(seconds=6))
    assert sim_with_plan.run("SPLIT_TARGET", 100.0, 1.0) == 42.0


@pytest.mark.parametrize("waited", [6, 120])
def test_a_python_that_never_answers_holds_excel_once(sim_with_plan: Sim, waited: int) -> None:
    """The DLL waits up to two minutes for a Python that runs and does not answer (1,200 × 100 ms in its source).

    It is not tried again before 重启 Python; one that failed sooner is.
    """
    now = [dt.datetime(2026, 3, 1, 9, 0, 0)]

    def pass_seconds(seconds: int) -> None:
        now[0] += dt.timedelta(seconds=seconds)
        sim_with_plan.app.freeze_clock(now[0])

    pass_seconds(0)
    dll = sim_with_plan.dll
    dll.refusal, dll.wait = "Could not activate Python COM server, hr = -2147221164", lambda: pass_seconds(waited)
    first = sim_with_plan.run("SPLIT_TARGET", 100.0, 1.0)
    pass_seconds(60)
    again = sim_with_plan.run("SPLIT_TARGET", 100.0, 1.0)
    sim_with_plan.run("SplitTarget")
    log = LOCAL + r"\xlsales\addin.log"
    if waited == 6:
        assert len(dll.commands) == 2
        assert first == again == SENTENCES["not_started"]["zh"].format(log)
        return
    assert len(dll.commands) == 1
    assert first == again == SENTENCES["never_connected"]["zh"].format(log)
    assert sim_with_plan.dialogs == [("MsgBox", first, "xlsales", 16)]
    assert "重启 Python" in str(first)
    assert len(sim_with_plan.log) == 1 + 1  # the start, and the macro
    dll.refusal = None
    sim_with_plan.run("RestartPython")
    assert sim_with_plan.run("SPLIT_TARGET", 100.0, 1.0) == 42.0


def test_a_restart_that_fails_lets_python_be_tried_again(sim_with_plan: Sim) -> None:
    """Also where nothing could be stopped, since nothing ran."""
    sim_with_plan.dll.refusal = "no job"
    sim_with_plan.run("SplitTarget")
    sim_with_plan.run("RestartPython")
    sim_with_plan.dll.refusal = None
    assert sim_with_plan.run("SPLIT_TARGET", 100.0, 1.0) == 42.0


def test_an_answer_is_noted_for_the_doctor(sim_with_plan: Sim) -> None:
    """The first answer of an Excel, and the first after a failure: so the doctor knows which failures are over."""
    now = dt.datetime(2026, 3, 1, 9, 0, 0)
    sim_with_plan.app.freeze_clock(now)
    sim_with_plan.run("RefreshProgress")
    assert sim_with_plan.settings["connected"] == "2026-03-01 09:00:00"
    sim_with_plan.app.freeze_clock(now + dt.timedelta(minutes=1))
    sim_with_plan.run("RefreshProgress")
    assert sim_with_plan.settings["connected"] == "2026-03-01 09:00:00"
    sim_with_plan.dll.refusal = "Access is denied."
    sim_with_plan.run("RefreshProgress")
    sim_with_plan.dll.refusal = None
    sim_with_plan.app.freeze_clock(now + dt.timedelta(minutes=2))
    sim_with_plan.run("RefreshProgress")
    assert sim_with_plan.settings["connected"] == "2026-03-01 09:02:00"
    (line,) = [line for line in sim_with_plan.log if "Access is denied" in line and " start: " in line]
    assert re.fullmatch(r"2026-03-01 09:01:00 start: .*", line)


def test_a_note_that_cannot_be_made_stops_nobody(sim_with_plan: Sim) -> None:
    """Where the registry takes nothing, or Excel no timer, the add-in opens and runs without a message."""
    sim_with_plan.refuses_notes = True
    sim_with_plan.run("ThisWorkbook.Workbook_Open")
    bar = sim_with_plan.app.application
    sim_with_plan.dll.server.during = lambda: bar.vba_set("StatusBar", "done", [], {}, by_ref=False)
    sim_with_plan.run("RefreshProgress")
    assert sim_with_plan.run("SPLIT_TARGET", 100.0, 1.0) == 42.0
    assert sim_with_plan.dialogs == []
    assert "connected" not in sim_with_plan.settings
    assert sim_with_plan.due == []


@pytest.mark.parametrize("installed", [True, False])
def test_the_time_that_the_add_in_takes_is_noted(sim: Sim, installed: bool) -> None:
    """When Excel opens the add-in, its milliseconds go where the installer's settings are; nowhere without those."""
    if not installed:
        sim.settings["python"] = ""
    sim.run("ThisWorkbook.Workbook_Open")
    if installed:
        assert 0 <= int(sim.settings["open_ms"]) < 60_000
    else:
        assert "open_ms" not in sim.settings


def test_restart(sim_with_plan: Sim) -> None:
    """重启 Python ends the server of the same command line and says so."""
    sim_with_plan.run("RestartPython")
    assert sim_with_plan.dll.commands == [(START, -1)]
    assert sim_with_plan.dialogs == [("MsgBox", SENTENCES["restarted"]["zh"], "xlsales", 64)]


def test_a_restart_that_fails_says_so(sim_with_plan: Sim) -> None:
    """A server that cannot be stopped is told, once."""
    sim_with_plan.dll.refusal = "CloseHandle on job object failed"
    sim_with_plan.run("RestartPython")
    ((_, text, *_rest),) = sim_with_plan.dialogs
    assert text.startswith(SENTENCES["not_started"]["zh"][:8])


@pytest.mark.unit
@pytest.mark.parametrize("user_site", ["0", "1"])
def test_no_folder_and_no_variable_reaches_python(sim: Sim, tmp_path: Path, user_site: str) -> None:
    """A real Python started with those switches imports nothing from the current folder or the environment."""
    sim.settings["user_site"] = user_site
    command = sim.run("Loader.ServerCommand")
    switches = re.fullmatch(r'"[^"]+" (.*) -c "(.*)"', command)
    assert switches, command
    evil = tmp_path / "evil"
    evil.mkdir()
    for folder in (tmp_path, evil):
        for name in ("xlwings", "sitecustomize", "usercustomize", "evil_startup"):
            (folder / f"{name}.py").write_text("print('evil')\n")
    variables = {"PYTHONPATH": str(evil), "PYTHONSTARTUP": str(evil / "evil_startup.py"), "PYTHONUSERBASE": str(evil)}

    def said(*arguments: str) -> str:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        done = subprocess.run(
            [sys.executable, *arguments, "-c", "import xlwings; print(xlwings.__version__)"],
            cwd=tmp_path,
            env={**environment, **variables},
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    assert said(*switches[1].split()) == XLWINGS
    assert "evil" in said(), "the trap works"
