"""What a real Excel is known to do otherwise than one thinks: sixteen points, in an Excel of its own.

`pytest tests/excel -m excel -s` on a Windows PC; the notes that are printed are evidence worth keeping. Steps that a
person must look at are in `LOOK`, printed at the end. Nothing here has run yet.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import COMPANY, members, plan
from tests.excel.boxes import NO, OF_EXCEL, OK, answered
from tests.excel.test_smoke import command, excel_program, run
from tests.excel.test_smoke import excel as excel
from tests.hosts.excel.texts import READ_ANEW, TEXT

pytestmark = [
    pytest.mark.excel,
    pytest.mark.skipif(excel_program() is None, reason="no desktop Excel on Windows here: day one was not tried"),
]
LINK = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath"
NEVER_ANSWERS = r"C:\Windows\System32\charmap.exe"
"""A program that stays open whatever its arguments; Notepad of Windows 11 hands over to another and ends."""
LOOK = [
    "Close every workbook, press 新建计划, name a file: it is written and opened. Once more, name one in OneDrive.",
    "Start Excel five times with the add-in and five times without: no flicker while it opens, as fast as without it.",
    "fx on =SPLIT_TARGET( has texts.",
    "Open a colleague's file with =SPLIT_TARGET( from mail, choose Enable Editing: the formula computes.",
    "下发目标, choose a folder of OneDrive: the files are there, or one sentence says that it is no folder here.",
    "A question of 分解目标, meanwhile Esc in the window of another workbook, Yes: no code is interrupted.",
    "A question of 分解目标, meanwhile a cell of another workbook in editing, Yes: one sentence, nothing changed.",
    "Press 刷新进度 over a million rows and click into cells all the time: no message of Excel, no cell in edit mode.",
    "While a question of 分解目标 is shown, go to another workbook and press F9; Yes is carried out in the first one.",
    "A plan on OneDrive: split, close Excel, open both again, 撤销上次 (or name one in XLSALES_SMOKE_CLOUD).",
    "A plan with a sensitivity label that encrypts: the message says so, and what to do.",
    "Defender's rules on (audit first): the doctor names both; do the macros still run with the second one?",
    "An Excel from a conda prompt and one from the start menu: xlsales addin doctor says the same in both.",
    "Start Excel as administrator: does Python answer? The doctor explains it when not.",
]


@pytest.fixture(scope="module", autouse=True)
def look() -> Iterator[None]:
    """Print at the end what only a person sees."""
    yield
    print("\nLook at:", *LOOK, sep="\n- ")


@pytest.fixture
def demo(excel: Any, tmp_path: Path) -> Iterator[Any]:
    """The demo, open."""
    assert command("demo", str(tmp_path)).returncode == 0
    book = excel.books.open(next(tmp_path.glob("*.xlsx")))
    yield book
    book.close()


def add_a_member(book: Any) -> None:
    """Let the sheets of regions be written anew."""
    dimensions = book.sheets["维度"]
    row = next(r for r in range(1, 500) if dimensions.range((r, 2)).value == "区域")
    while dimensions.range((row, 2)).value:
        row += 1
    dimensions.range((row, 2)).value = ["区域", "新区", None, None, 50]


@pytest.fixture
def company(excel: Any, tmp_path: Path) -> Iterator[Any]:
    """A plan without problems, split, open."""
    path = plan(tmp_path / "计划.xlsx", dimensions=members(COMPANY), end=dt.date(2026, 3, 31))
    book = excel.books.open(path)
    run(excel, "SplitTarget")
    yield book
    book.close()


def test_1_2_an_excel_without_a_workbook(excel: Any, tmp_path: Path) -> None:
    """帮助 answers without a workbook, and the doctor, run beside such an Excel, leaves it alive."""
    for book in list(excel.books):  # a list: Excel counts anew while they close
        book.close()
    assert excel.api.Workbooks.Count == 0
    with answered(OK) as said:
        run(excel, "ShowHelp")
    assert "五步" in said[0]
    done = command("addin", "doctor")
    print(done.stdout)
    assert done.returncode == 0
    time.sleep(3)
    assert excel.api.Version, "Excel is gone"
    excel.books.add()


def test_3_a_call_of_100_seconds(excel: Any, demo: Any) -> None:
    """A message that stays open holds the call: Excel never says that it waits for another application."""
    with answered(OK, wait=100, never=OF_EXCEL) as said:
        run(excel, "CheckPlan")
    assert "只检查" in said[0]
    assert (excel.api.Interactive, excel.api.DisplayAlerts) == (True, True)


def test_4_a_colleague_s_formula(excel: Any, tmp_path: Path) -> None:
    """A formula saved with another person's XLSTART is led to this add-in when the workbook is opened."""
    path, moved = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book = excel.books.add()
    book.sheets[0]["A1"].formula = "=WORKDAYS_CN(DATE(2026,1,1),DATE(2026,12,31))"
    book.save(path)
    book.close()
    links: list[str] = []
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(moved, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if re.match(r"xl/externalLinks/_rels/.*\.rels", name):
                links += re.findall(r'Type="[^"]*/(\w+)" Target="([^"]*)"', data.decode())
                data = re.sub(rb'Target="[^"]*xlsales.xlam"', rb'Target="file:///C:\\Users\\wang\\xlsales.xlam"', data)
                data = re.sub(rb'Type="[^"]*xlExternalLinkPath/\w+"', b'Type="%s"' % LINK, data)
            new.writestr(name, data)
    print("how Excel stores the link:", links)
    assert links, "Excel stores the formula without a link; see how"
    excel.api.DisplayAlerts = False
    book = excel.books.open(moved)
    excel.api.DisplayAlerts = True
    own = excel.api.Workbooks("xlsales.xlam").FullName
    assert set(book.api.LinkSources(1) or (own,)) == {own}
    excel.api.CalculateFull()
    assert isinstance(book.sheets[0]["A1"].value, float)
    book.close()


def test_5_a_workbook_on_a_cloud_drive(excel: Any) -> None:
    """Split and undo with a restart of Python between; XLSALES_SMOKE_CLOUD is the address of a plan there."""
    address = os.environ.get("XLSALES_SMOKE_CLOUD")
    if not address:
        pytest.skip("XLSALES_SMOKE_CLOUD names no plan on OneDrive or SharePoint")
    book = excel.books.open(address)
    print("FullName:", book.api.FullName, "Path:", book.api.Path)
    run(excel, "SplitTarget")
    with answered(OK):
        run(excel, "RestartPython")
    with answered(OK) as said:
        run(excel, "UndoLast")
    assert "已撤销" in said[0]
    book.close()


def test_6_defender_s_rules_are_those_that_windows_tells() -> None:
    """The doctor names a rule exactly where Get-MpPreference has it block or warn."""
    rules = {"defender": "d4f940ab-401b-4efc-aadc-ad5f3c50688a", "calls": "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"}
    script = (
        "$p = Get-MpPreference; for ($i = 0; $i -lt $p.AttackSurfaceReductionRules_Ids.Count; $i++) "
        "{ $p.AttackSurfaceReductionRules_Ids[$i] + '=' + $p.AttackSurfaceReductionRules_Actions[$i] }"
    )
    done = subprocess.run(["powershell", "-NoProfile", "-Command", script], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no Defender here: {done.stderr.strip()[:80]}")
    states = dict(line.lower().split("=") for line in done.stdout.split())
    found = {finding["key"] for finding in json.loads(command("addin", "doctor", "--json").stdout)["findings"]}
    print("rules:", {key: states.get(rule) for key, rule in rules.items()})
    assert {key for key, rule in rules.items() if states.get(rule) in ("1", "6")} == found & rules.keys()


def test_7_seconds_that_the_add_in_adds(excel: Any) -> None:
    """The add-in notes them; the doctor tells them."""
    lines = [line for line in command("addin", "doctor").stdout.splitlines() if "秒" in line]
    print(*lines)
    assert lines
    assert float(re.findall(r"([\d.]+) 秒", lines[0])[0]) < 5


def test_8_a_python_that_never_answers(excel: Any) -> None:
    """A program that is no Python: two minutes once, then refused at once, until 重启 Python."""
    import winreg

    key = r"Software\VB and VBA Program Settings\xlsales\addin"
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_ALL_ACCESS) as opened:
        python = winreg.QueryValueEx(opened, "python")[0]
        with answered(OK):
            run(excel, "RestartPython")
        winreg.SetValueEx(opened, "python", 0, winreg.REG_SZ, NEVER_ANSWERS)
        try:
            cell = excel.books.active.sheets.add()["A1"]
            for most in (150, 3):
                began = time.monotonic()
                cell.formula2 = "=WORKDAYS_CN(DATE(2026,1,1),DATE(2026,12,31))"
                print(f"{time.monotonic() - began:.0f} s:", cell.value)
                assert "重启 Python" in str(cell.value)
                assert time.monotonic() - began < most
        finally:
            winreg.SetValueEx(opened, "python", 0, winreg.REG_SZ, python)
    with answered(OK):
        run(excel, "RestartPython")
    cell.formula2 = "=WORKDAYS_CN(DATE(2026,1,1),DATE(2026,12,31))"
    assert isinstance(cell.value, float)


def test_9_a_workbook_with_a_password(excel: Any, demo: Any, tmp_path: Path) -> None:
    """One sentence says that the copy is encrypted."""
    demo.api.SaveAs(str(tmp_path / "geheim.xlsx"), Password="x")
    with answered(OK) as said:
        run(excel, "CheckPlan")
    assert "打开密码" in said[0]


def test_10_the_wizard_s_texts(excel: Any) -> None:
    """The first try on a hidden add-in fails and the second works: nothing in the log, the add-in hidden again."""
    began = time.monotonic()
    run(excel, "Wizard.DescribeFunctions")
    print(f"texts of the wizard: {time.monotonic() - began:.2f} s")
    log = Path(os.environ["LOCALAPPDATA"]) / "xlsales" / "addin.log"
    assert not log.exists() or " wizard:" not in log.read_text("utf-16")
    assert excel.api.Workbooks("xlsales.xlam").IsAddin


def test_11_a_pipe_in_powershell(tmp_path: Path) -> None:
    """What Windows PowerShell 5.1 takes from a pipe is what was said, in the code page of this PC."""
    assert command("demo", str(tmp_path)).returncode == 0
    book = next(tmp_path.glob("*.xlsx"))
    script = (
        f"[Console]::OutputEncoding.CodePage; $said = & '{sys.executable}' -m xlsales check '{book}' | Out-String; "
        "[Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($said))"
    )
    done = subprocess.run(["powershell", "-NoProfile", "-Command", script], capture_output=True, text=True)
    page, said = done.stdout.split()
    print("code page", page)
    assert "只检查" in base64.b64decode(said).decode("utf-16-le")


def test_12_text_stays_text(excel: Any) -> None:
    """Every example of the tests is written and comes back to the letter; what Excel would make of each is printed."""
    from tests.fakes.typed import taken
    from xlsales.book.blocks import Block
    from xlsales.hosts.excel.cells import write_block

    sheet = excel.books.active.sheets.add()
    texts = [*READ_ANEW, *TEXT]
    write_block(sheet, Block(1, 1, tuple((text,) for text in texts)))
    assert [value for (value,) in sheet.range((1, 1), (len(texts), 1)).api.Value2] == texts
    sheet.range((1, 3), (1, 3)).api.NumberFormat = "@"
    write_block(sheet, Block(1, 3, (("Mar 5",),)))
    assert sheet["C1"].api.Value2 == "Mar 5", "an apostrophe in a cell of format Text"
    others = []
    for text in texts:
        try:
            sheet["E1"].api.Clear()
            sheet["E1"].api.Value = text
            real, fake = sheet["E1"].api.Value2, taken(text)
        except Exception as refused:
            real, fake = refused, None
        if (real == text) != (fake == text):
            others.append((text, real, fake))
    print("other than the fake thinks:", *others, sep="\n  ")
    assert not [text for text, *_ in others if text in TEXT], "text that has to be quoted, too"


def test_13_the_clipboard_stays_the_person_s(excel: Any, company: Any) -> None:
    """New rows get their formats, and what was copied is still there."""
    subprocess.run(["powershell", "-NoProfile", "-Command", "Set-Clipboard -Value 'mine'"], check=True)
    log = company.sheets["运行记录"].used_range.last_cell
    add_a_member(company)
    with answered(OK):
        run(excel, "SplitTarget")
    below = company.sheets["运行记录"].range((log.row + 1, 1))
    assert below.number_format == below.offset(-1, 0).number_format
    pasted = subprocess.run(["powershell", "-NoProfile", "-Command", "Get-Clipboard"], capture_output=True, text=True)
    assert pasted.stdout.strip() == "mine"


def test_14_a_question_of_one_workbook(excel: Any, company: Any) -> None:
    """No on the question leaves everything as it was (what another workbook does meanwhile: see `LOOK`)."""
    company.sheets["按区域"]["Z3"].value = "mine"
    add_a_member(company)
    before = company.sheets["按区域"].used_range.value
    with answered(NO, OK, wait=5) as said:
        run(excel, "SplitTarget")
    print(said)
    assert company.sheets["按区域"].used_range.value == before


def test_15_an_excel_in_which_a_cell_is_edited(excel: Any) -> None:
    """A call from outside ends in an error after ten seconds instead of never."""
    import ctypes

    sheet = excel.books.active.sheets[0]
    sheet["A1"].select()
    excel.activate(steal_focus=True)
    for code in (0x71, 0x41):  # F2, a
        ctypes.windll.user32.keybd_event(code, 0, 0, 0)
        ctypes.windll.user32.keybd_event(code, 0, 2, 0)
    time.sleep(1)
    began = time.monotonic()
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever pywin32 says
        sheet["B1"].value = 1
    print(f"given up after {time.monotonic() - began:.0f} s")
    assert time.monotonic() - began < 30
    ctypes.windll.user32.keybd_event(0x1B, 0, 0, 0)
    ctypes.windll.user32.keybd_event(0x1B, 0, 2, 0)


def test_16_python_without_an_activated_prompt() -> None:
    """The server gets ready with the PATH that Excel has, in a conda environment too; with no PATH at all it shows."""
    server = [sys.executable, "-I", "-B", "-c", "import xlsales.hosts.excel.server as s; s.prepare(); print('ready')"]
    plain = {**os.environ, "PATH": r"C:\Windows\system32;C:\Windows"}
    done = subprocess.run(server, capture_output=True, text=True, env=plain)
    print("conda" if (Path(sys.prefix) / "conda-meta").is_dir() else "not conda", done.stderr[-300:])
    assert done.stdout.split() == ["ready"]


def test_16_the_status_bar_is_given_back(excel: Any, company: Any) -> None:
    """The line of a run is there at first, and gone after half a minute."""
    assert "总目标" in str(excel.api.StatusBar)
    time.sleep(40)
    assert excel.api.StatusBar in (False, "FALSE")
