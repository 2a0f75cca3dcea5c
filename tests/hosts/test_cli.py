from __future__ import annotations

import ctypes
import datetime as dt
import io
import json
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

import xlsales as package
from tests.commands.books import WAN, Command, members, opened, plan
from xlsales.core.faults import Lang
from xlsales.hosts import cli
from xlsales.plan.sheets import ADDED
from xlsales.plan.sheets.notice import NOTICE
from xlsales.plan.sheets.weekday_shares import WEEKDAY_SHARES
from xlsales.vocabulary.contract import SHEETS

pytestmark = pytest.mark.unit
REGIONS = members({"区域": {"华东": 3, "华北": 2}})
SALES = (
    ("日期", "区域", "金额"),
    (dt.date(2026, 1, 5), "华东", 100.25),
    (dt.date(2026, 1, 6), "华北", 50),
    (dt.date(2026, 1, 7), "华冬", 7),
)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(package.__file__).parents[1]), "PYTHONWARNINGS": "error"}


# --- results ---


def test_json_of_a_split(xlsales: Command, tmp_path: Path) -> None:
    """The machine-readable result has sums, residuals, rows, amounts, and each problem's place."""
    book = plan(tmp_path / "计划.xlsx", dimensions=REGIONS, actuals=SALES)
    ran = xlsales("split", book, "--json")
    found = ran.json
    problem = next(p for p in found["problems"] if p["set_aside"])
    assert ran.code == found["exit_code"] == 1
    assert (found["command"], found["book"], found["changed"]) == ("split", str(book), True)
    assert (found["target"], found["actual"], found["as_of"]) == (1000 * WAN, 150.25, "2026-01-06")
    assert found["actual_by_dimension"] == {"区域": 150.25}
    assert found["residuals"]["time"] == found["residuals"]["区域:1"] == found["residuals"]["区域:1:months"] == 0
    assert found["rows"] == {"found": 3, "accepted": 2, "set_aside": 1, "totals": 0, "passed_over": 0}
    assert found["amounts"] == {"found": 157.25, "accepted": 150.25, "set_aside": 7, "totals": 0}
    assert found["columns"] == {"date": "日期", "amount": "金额", "区域": "区域"}
    assert (problem["sheet"], problem["row"], problem["column"]) == ("实际", 4, 2)
    assert (problem["value"], problem["amount"], problem["rows"]) == ("华冬", 7, 1)
    assert problem["sentence"].startswith("区域“华冬”不在维度表里")


def test_json_of_a_refusal(xlsales: Command, tmp_path: Path) -> None:
    """A refusal is JSON as well, with each fault's place and sentence, and nothing on stderr."""
    ran = xlsales("split", plan(tmp_path / "计划.xlsx", total=None), "--json")
    assert (ran.code, ran.err) == (2, "")
    assert ran.json["exit_code"] == 2
    (problem,) = ran.json["problems"]
    assert (problem["sheet"], problem["row"], problem["column"]) == ("设置", 6, 3)
    assert ran.json["faults"] == ["设置!C6: " + problem["sentence"]]
    assert xlsales("split", tmp_path / "没有.xlsx", "--json").json["problems"] == []


@pytest.mark.parametrize("command", ["new", "demo", "undo", "check", "refresh"])
def test_json_of_the_others(xlsales: Command, tmp_path: Path, command: str) -> None:
    """Every command has a JSON result with its exit code."""
    book = plan(tmp_path / "计划.xlsx", dimensions=REGIONS, actuals=SALES)
    assert xlsales("split", book).code == 1
    target = {"new": tmp_path / "新.xlsx", "demo": tmp_path / "demo"}.get(command, book)
    ran = xlsales(command, target, "--json")
    assert ran.json["command"] == command
    assert ran.json["exit_code"] == ran.code


def test_messages_in_the_workbooks_language(xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are in the workbook's language; of a file that is none, in the one asked for, else the system's."""
    english = plan(tmp_path / "plan.xlsx", lang="en", dimensions=REGIONS, total=None)
    chinese = plan(tmp_path / "计划.xlsx", dimensions=REGIONS, total=None)
    assert xlsales("split", english).err.startswith('Settings!C6: "Total target" is blank.')
    assert xlsales("split", chinese).err.startswith("设置!C6: “总目标”没有填写。")
    missing = tmp_path / "none.xlsx"
    assert xlsales("split", missing).err.startswith("找不到文件")
    assert xlsales("split", missing, "--lang", "en").err.startswith("There is no file")
    monkeypatch.setenv("LC_MESSAGES", "en_GB.UTF-8")
    assert xlsales("split", missing).err.startswith("There is no file")
    assert xlsales("split", chinese).err.startswith("设置!C6: “总目标”没有填写。")


def test_exit_codes(xlsales: Command, tmp_path: Path) -> None:
    """0 done, 1 done with data problems, 2 refused."""
    clean = plan(tmp_path / "a.xlsx", dimensions=REGIONS)
    dirty = plan(tmp_path / "b.xlsx", dimensions=REGIONS, actuals=SALES)
    assert [xlsales("split", book).code for book in (clean, dirty, tmp_path / "c.xlsx")] == [0, 1, 2]


# --- files ---


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_new_and_ready(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """A fresh plan is never written over another file; with a total and a period it can be split."""
    book = tmp_path / "plan.xlsx"
    assert xlsales("new", book, "--lang", lang).code == 0
    before = book.read_bytes()
    again = xlsales("new", book, "--lang", lang)
    assert (again.code, len(again.sentences)) == (2, 1)
    assert book.read_bytes() == before
    ran = xlsales("split", book)
    assert ran.code == 2
    total = "总目标" if lang == "zh" else "Total target"
    assert total in ran.sentences[0]


def test_new_where_there_is_no_folder(xlsales: Command, tmp_path: Path) -> None:
    """A folder that does not exist is one sentence."""
    ran = xlsales("new", tmp_path / "没有" / "plan.xlsx")
    assert (ran.code, len(ran.sentences)) == (2, 1)
    ran = xlsales("split", plan(tmp_path / "计划.xlsx"), "-o", tmp_path / "没有" / "out.xlsx")
    assert (ran.code, len(ran.sentences)) == (2, 1)


def test_a_folder_is_no_workbook(xlsales: Command, tmp_path: Path) -> None:
    """A folder instead of a workbook is one sentence."""
    ran = xlsales("split", tmp_path)
    assert (ran.code, len(ran.sentences)) == (2, 1)


@pytest.mark.parametrize(("lang", "dimension"), [("zh", "门店"), ("en", "Store")])
def test_demo(xlsales: Command, tmp_path: Path, lang: str, dimension: str) -> None:
    """The demo ends well although its data are dirty on purpose; it counts the dirt, and lists it on request."""
    ran = xlsales("demo", tmp_path / "demo", "--lang", lang, "--verbose")
    assert ran.code == 0
    (book,) = (tmp_path / "demo").glob("*.xlsx")
    assert str(book) in ran.out.splitlines()[-1]
    assert len([line for line in ran.out.splitlines() if line.startswith("  ")]) >= 7
    assert {"zh": "数据问题 7 条、说明 1 条:见“数据问题”。", "en": '7 problems, 1 remark: see "Problems".'}[
        lang
    ] in ran.out
    shown = opened(book)
    assert shown.time.value("total", "target") == 1000 * WAN
    assert shown.time.value("2026Q1", "actual") > 0
    assert sum(shown.dimension(dimension).down("actual", "m:.*")) == pytest.approx(shown.time.value("total", "actual"))
    assert xlsales("demo", tmp_path / "demo", "--lang", lang).code == 2
    assert xlsales("refresh", book).code == 1
    assert xlsales("undo", book).code == 0
    assert opened(book).time.value("total", "actual") is None
    assert [path.name for path in (tmp_path / "demo").iterdir()] == [book.name]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_full_demo(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Every sheet that people add is there with figures, nothing that was filled in is wrong, and it closes."""
    ran = xlsales("demo", tmp_path / "demo", "--full", "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    (book,) = (tmp_path / "demo").glob("*.xlsx")
    assert str(book) in ran.out.splitlines()[-1]
    shown = opened(book)
    titles = [sheet.title[lang].partition("{name}")[0] for sheet in ADDED]
    lacking = [one for one in titles if not any(title.startswith(one) for title in shown.titles)]
    # past sales are sums of months, and the holidays of the year are known without a notice
    assert lacking == [WEEKDAY_SHARES.title[lang], NOTICE.title[lang]]
    assert len(shown.titles) == len(set(shown.titles))
    assert {shown.sheet("problems").value(key, "sheet") for key in shown.sheet("problems").rows if key[:2] == "p:"} == {
        SHEETS["actuals"][lang]
    }
    held = book.read_bytes()
    assert xlsales("split", book, "--rewrite").code == 1  # the dirt in the actuals
    assert book.read_bytes() == held


# --- as a program ---


def test_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    """`xlsales … | head` ends without a traceback."""
    rows = [("日期", "区域", "金额"), *((dt.date(2026, 1, 5), f"错{i}", i) for i in range(500))]
    book = plan(tmp_path / "计划.xlsx", dimensions=REGIONS, actuals=[*rows, (dt.date(2026, 1, 5), "华东", 1)])
    read, write = os.pipe()
    os.close(read)  # nobody reads
    command = [sys.executable, "-m", "xlsales", "check", str(book), "--json"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, env=environment())
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")


def test_as_a_program_in_a_plain_terminal(tmp_path: Path) -> None:
    """`python -m xlsales` writes UTF-8 whatever the terminal claims, without a progress bar where no terminal is."""
    book = plan(tmp_path / "计划.xlsx", dimensions=REGIONS)
    done = subprocess.run(
        [sys.executable, "-m", "xlsales", "check", str(book), "--json"],
        capture_output=True,
        env={**environment(), "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode("utf-8"))["book"] == str(book)


@pytest.mark.parametrize(
    ("page", "variables", "encoding"),
    [
        (936, {}, "gbk"),
        (65001, {}, "utf-8"),
        (0, {}, "utf-8"),
        (437, {}, "cp437"),
        (936, {"PYTHONIOENCODING": "utf-8"}, "utf-8"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_a_pipe_on_windows_gets_the_console_s_code_page(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    page: int,
    variables: dict[str, str],
    encoding: str,
    as_json: bool,
) -> None:
    """PowerShell 5.1 decodes what a program writes by the console's code page, 936 in China; JSON is read anywhere.

    Microsoft: [Console]::OutputEncoding. That Windows gives this page is not proven here.
    """
    book = plan(tmp_path / "计划.xlsx", dimensions=REGIONS)
    out = io.BytesIO()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    windll = types.SimpleNamespace(kernel32=types.SimpleNamespace(GetConsoleOutputCP=lambda: page))
    monkeypatch.setattr(ctypes, "windll", windll, raising=False)
    monkeypatch.setattr(
        cli, "sys", WindowsSys(io.TextIOWrapper(out, encoding=variables.get("PYTHONIOENCODING", "cp936")))
    )
    monkeypatch.setattr("sys.stdout", cli.sys.stdout)
    assert cli.main(["check", str(book), *(["--json"] if as_json else [])]) == 0
    written = out.getvalue()
    monkeypatch.undo()
    if as_json:
        assert json.loads(written.decode("ascii" if encoding != "utf-8" else encoding))["command"] == "check"
    elif encoding != "cp437":
        assert "只检查" in written.decode(encoding)


class WindowsSys(types.SimpleNamespace):
    """The module sys of a Windows Python whose output goes into a pipe."""

    platform = "win32"

    def __init__(self, stdout: io.TextIOWrapper) -> None:
        super().__init__(stdout=stdout, stderr=io.StringIO(), flags=sys.flags)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_error_of_windows_without_a_file_names_the_workbook(
    xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    """Some errors of Windows name no file, and have no reason in words; the sentence has both."""
    book = plan(tmp_path / "计划.xlsx", dimensions=REGIONS)

    def fails(*_: object, **__: object) -> None:
        raise OSError(33, "The process cannot access the file because another process has locked a portion of it")

    monkeypatch.setattr("xlsales.commands.check.open_job", fails)
    ran = xlsales("check", book, "--lang", lang)
    assert ran.code == 2
    assert ran.err.startswith("计划.xlsx: ")
    assert "locked a portion" in ran.err
    monkeypatch.setattr("xlsales.commands.check.open_job", lambda *_, **__: (_ for _ in ()).throw(OSError("no words")))
    assert "no words" in xlsales("check", book, "--lang", lang).err


# --- whatever happens ---


def of_program(tmp_path: Path, shell: str, broken: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program in a shell of its own, `broken` being Python that runs before it; `$X` stands for it."""
    site = tmp_path / "site"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(broken, encoding="utf-8")
    root = Path(package.__file__).parents[1]
    env = {
        **os.environ,
        "PYTHONPATH": f"{site}{os.pathsep}{root}",
        "XLSALES_DATA": str(tmp_path / "data"),
        "LC_ALL": "C",
    }
    env |= {"X": f"{sys.executable} -m xlsales.hosts.cli", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        ["sh", "-c", shell], cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", check=False, timeout=120
    )


@pytest.mark.skipif(os.name != "posix", reason="a shell is needed to close the streams")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_closed_streams_change_no_exit_code(xlsales: Command, tmp_path: Path, closed: str) -> None:
    plan(tmp_path / "p.xlsx", dimensions=REGIONS, total=1000 * WAN)
    done = of_program(tmp_path, f"$X split p.xlsx {closed}")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert xlsales("undo", tmp_path / "p.xlsx").code == 2  # it is on the record of the other data folder
    assert of_program(tmp_path, f"$X split missing.xlsx {closed}").returncode == 2


FAILS = """
import importlib.util, sys
class Finder:
    def find_spec(self, name, path, target=None):
        if name != "xlsales.commands.outcome":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        run = spec.loader.exec_module
        def failing(module):
            run(module)
            def fail(self):
                raise %s
            module.Outcome.as_text = module.Outcome.as_json = fail
        spec.loader.exec_module = failing
        return spec
sys.meta_path.insert(0, Finder())
"""


@pytest.mark.skipif(os.name != "posix", reason="started by a shell")
@pytest.mark.parametrize("option", ["", "--json"])
@pytest.mark.parametrize("error", ["KeyError('甲')", "type('Panic', (BaseException,), {})('x')", "MemoryError()"])
def test_what_fails_while_telling_is_told(tmp_path: Path, error: str, option: str) -> None:
    """The workbook is written by then: exit 1, one sentence that says so; without a change exit 2."""
    book = plan(tmp_path / "p.xlsx", dimensions=REGIONS, total=1000 * WAN)
    before = book.read_bytes()
    done = of_program(tmp_path, f"$X split p.xlsx {option}", FAILS % error)
    said = json.loads(done.stdout)["faults"][0] if option else done.stderr
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert "已经写好" in said
    assert "xlsales.log" in said
    assert book.read_bytes() != before
    done = of_program(tmp_path, f"$X check p.xlsx {option}", FAILS % error)
    said = json.loads(done.stdout)["faults"][0] if option else done.stderr
    assert done.returncode == 2
    assert "没有改动" in said


@pytest.mark.skipif(os.name != "posix", reason="started by a shell")
@pytest.mark.parametrize("option", ["", "--json", "--lang en"])
@pytest.mark.parametrize("library", ["polars", "numpy", "lxml", "platformdirs"])
def test_a_library_that_is_gone_is_one_sentence(tmp_path: Path, library: str, option: str) -> None:
    """What scanners of viruses take away from an installation: exit 2, never the 1 that means done."""
    book = plan(tmp_path / "p.xlsx", dimensions=REGIONS, total=1000 * WAN)
    before = book.read_bytes()
    done = of_program(tmp_path, f"$X split p.xlsx {option}", f"import sys; sys.modules[{library!r}] = None")
    said = json.loads(done.stdout)["faults"][0] if option == "--json" else done.stderr
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert library in said
    assert ("Install it again" if "en" in option else "重新安装") in said
    assert book.read_bytes() == before
    log = Path(said.strip().split()[-1].rpartition("见 ")[2])
    assert "Traceback" in log.read_text("utf-8")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no pipes among files")
def test_a_pipe_to_write_to_is_told(tmp_path: Path) -> None:
    """Nothing waits for a reader that never comes."""
    plan(tmp_path / "p.xlsx", dimensions=REGIONS, total=1000 * WAN)
    os.mkfifo(tmp_path / "o.xlsx")
    done = of_program(tmp_path, "$X split p.xlsx -o o.xlsx")
    assert (done.returncode, done.stderr) == (2, "o.xlsx 不是文件。请给出文件的路径。\n")


_READER_AT_WORK = """
import sys, threading
from xlsales.hosts import cli
from xlsales.tables.files import native
turned, back = threading.Event(), threading.Event()
def read():
    with native.fence("sales.xlsx"):
        turned.set()
        back.wait(60)
threading.Thread(target=read).start()
turned.wait(60)
threading.Timer(0.3, back.set).start()
sys.exit(cli.main(["split", "none.xlsx", "--lang", "en"]))
"""


def test_a_sentence_waits_for_the_stream_that_a_reader_has_turned_away(tmp_path: Path) -> None:
    """The native reader prints into nothing, for the whole process; a refusal meanwhile must not go there too."""
    done = subprocess.run([sys.executable, "-c", _READER_AT_WORK], cwd=tmp_path, capture_output=True, timeout=120)
    assert done.returncode == 2
    assert "none.xlsx" in done.stderr.decode()
