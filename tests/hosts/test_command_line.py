"""How a call is read: help pages, languages, and the sentence on a call that cannot be understood."""

from __future__ import annotations

import ctypes
import os
import shlex
import subprocess
import sys
import types
from pathlib import Path

import pytest

import xlsales as package
from tests.commands.books import Command
from xlsales.commands.verbs import VERBS
from xlsales.hosts import addin_cli
from xlsales.hosts.command_line.examples import EXAMPLES
from xlsales.hosts.command_line.help_pages import WIDTH, width
from xlsales.hosts.command_line.language import language_asked
from xlsales.hosts.command_line.parser import COMMANDS, read_call

pytestmark = pytest.mark.unit
PAGES = [*COMMANDS, *(verb.key for verb in addin_cli.COMMANDS)]


# --- help ---


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", PAGES)
def test_help_of_each_command(xlsales: Command, command: str, lang: str) -> None:
    """Every command explains itself, with an example; `help COMMAND` and `COMMAND --help` are one page."""
    page = xlsales(*command.split(), "--help", "--lang", lang)
    assert page.code == 0
    assert page == xlsales("help", *command.split(), "--lang", lang) == xlsales("--lang", lang, *command.split(), "-h")
    assert ("例子:" if lang == "zh" else "examples:") in page.out.splitlines()
    assert all(width(line) <= WIDTH for line in page.out.splitlines())
    if lang == "en":
        words = page.out.replace("门店", "").replace("人员", "").replace("货品", "").replace("计划.xlsx", "")
        assert width(words) == len(words), "Chinese on an English page"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [30, 40, 60])
def test_help_fits_a_narrow_terminal(
    xlsales: Command, monkeypatch: pytest.MonkeyPatch, columns: int, lang: str
) -> None:
    """No line of words is longer than the terminal, down to 40 columns; calls to copy stay in one line."""
    monkeypatch.setenv("COLUMNS", str(columns))
    for page in (xlsales("--lang", lang), xlsales("help", "handout", "--lang", lang)):
        lines = [line for line in page.out.splitlines() if "xlsales" not in line]
        assert max(map(width, lines)) <= max(columns, 40)


@pytest.mark.parametrize("call", [(), ("--help",), ("-h",), ("help",), ("--lang", "zh"), ("--lang=zh", "help")])
def test_help_of_the_whole(xlsales: Command, call: tuple[str, ...]) -> None:
    """The help lists every command, and the exit codes; `xlsales` alone shows it too."""
    page = xlsales(*call)
    assert (page.code, page.err) == (0, "")
    assert all(f"\n    {command} " in page.out for command in COMMANDS)
    assert "2 不能运行,什么都没写" in page.out


@pytest.mark.parametrize("key", PAGES)
def test_the_examples_can_be_typed(key: str) -> None:
    """Each command has examples, and each is a call of that command."""
    for example in EXAMPLES[key]:
        for call in example.call:
            program, *words = shlex.split(call)
            args = read_call(words, "en")
            assert program == "xlsales"
            assert not isinstance(args, str)
            assert args.command.startswith(key)
    assert set(PAGES) == set(EXAMPLES)


def test_help_starts_at_once() -> None:
    """The help needs neither numpy nor polars nor lxml, and of ours the table of verbs alone."""
    script = (
        "import sys\nfrom xlsales.hosts.cli import main\nmain(['--help'])\n"
        "heavy = {'numpy', 'polars', 'lxml', 'fastexcel', 'xlsxwriter', 'chinese_calendar'} & set(sys.modules)\n"
        "ours = {name for name in sys.modules if name.startswith('xlsales.') and '.hosts' not in name}\n"
        "table = {'xlsales.commands', *(f'xlsales.commands.{name}' for name in ('verb', 'verbs', 'changing_verbs'))}\n"
        "sys.exit(','.join(sorted(heavy | ours - table)) or 0)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(package.__file__).parents[1]), "PYTHONWARNINGS": "error"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr


def test_version(xlsales: Command) -> None:
    """The version is that of the package."""
    assert xlsales("--version").out == f"xlsales {package.__version__}\n"


# --- language ---


@pytest.mark.parametrize(
    ("variables", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({}, "zh"),
    ],
)
def test_the_language_of_the_locale(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], lang: str) -> None:
    """LC_ALL comes before LC_MESSAGES and LANG; without a language it is Chinese; `--lang` comes first."""
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language_asked(["split"]) == lang
    assert language_asked(["split", "--lang", "en"]) == language_asked(["--lang=en"]) == "en"


@pytest.mark.parametrize(("number", "lang"), [(0x0804, "zh"), (0x0404, "zh"), (0x0409, "en"), (0x0411, "en")])
def test_the_language_of_windows(monkeypatch: pytest.MonkeyPatch, number: int, lang: str) -> None:
    """On Windows it is the language of the desktop. That Windows gives these numbers is not proven here."""
    monkeypatch.setattr(sys, "platform", "win32")
    kernel = types.SimpleNamespace(GetUserDefaultUILanguage=lambda: number)
    monkeypatch.setattr(ctypes, "windll", types.SimpleNamespace(kernel32=kernel), raising=False)
    assert language_asked([]) == lang


def test_a_fresh_plan_is_in_the_language_of_the_system(
    xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person who reads English messages gets an English plan, unless they say otherwise."""
    monkeypatch.setenv("LC_MESSAGES", "en_US.UTF-8")
    assert xlsales("new", tmp_path / "plan.xlsx").out.endswith("then run xlsales split.\n")
    assert "Settings" in xlsales("split", tmp_path / "plan.xlsx").err
    assert xlsales("new", tmp_path / "计划.xlsx", "--lang", "zh").out.startswith("已新建")


# --- calls that cannot be understood ---

MISUSED = {
    "splti 计划.xlsx": ("没有命令“splti”。是不是 split?", 'no command "splti". Did you mean split?'),
    "Split 计划.xlsx": ("没有命令“Split”。是不是 split?", "Did you mean split?"),
    "分解 计划.xlsx": ("没有命令“分解”。是不是 split?", "Did you mean split?"),
    "melt 计划.xlsx": ("没有命令“melt”。全部命令:xlsales help", "All commands: xlsales help"),
    "help spilt": ("没有命令“spilt”。是不是 split?", "Did you mean split?"),
    "addin instal": ("没有命令“instal”。是不是 install?全部命令:xlsales help addin", "Did you mean install?"),
    "split": ("还缺 BOOK。用法:xlsales split BOOK [选项]", "BOOK is missing. Usage: xlsales split BOOK [options]"),
    "collect": ("还缺 BOOK、DIR。", "BOOK, DIR is missing."),
    "split my plan.xlsx": ("多出“plan.xlsx”。名称里有空格时请加引号", "Put quotes around names with spaces"),
    "refresh x.xlsx --as_of 2026-08-31": ("没有选项“--as_of”。是不是 --as-of?", "Did you mean --as-of?"),
    "split x.xlsx --outt=y.xlsx": ("没有选项“--outt”。是不是 --out?", "Did you mean --out?"),
    "split x.xlsx --frobnicate": (
        "没有选项“--frobnicate”。全部选项:xlsales help split",
        'no option "--frobnicate". All',
    ),
    "--frobnicate": ("没有选项“--frobnicate”。", 'no option "--frobnicate".'),
    "--json": ("没有写命令。", "There is no command."),
    "split x.xlsx -o": ("--out 后面要写 OUT。", "--out takes OUT."),
    "split x.xlsx --close=yes": ("--close 后面不用写“yes”。", '"yes" is too many'),
    "addin build --for word": ("--for 没有“word”。可以写 excel、libreoffice。", "It takes excel, libreoffice."),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("call", MISUSED)
def test_a_call_that_cannot_be_understood(xlsales: Command, call: str, lang: str) -> None:
    """Exit 2 and one sentence in the person's language, which says what to type instead; as JSON if they asked."""
    sentence = MISUSED[call][lang == "en"]
    ran = xlsales(*call.split(), "--lang", lang)
    if call != "--json":
        assert (ran.code, ran.out, len(ran.sentences)) == (2, "", 1)
        assert sentence in ran.err
    told = xlsales(*call.split(), "--lang", lang, "--json")
    assert (told.code, told.err) == (2, "")
    assert (told.json["exit_code"], told.json["problems"]) == (2, [])
    assert sentence in told.json["faults"][0]
    assert told.json["command"] == (call.split()[0] if call.split()[0] in COMMANDS else told.json["command"])


def test_the_beginning_of_several_options(xlsales: Command) -> None:
    """An option may be shortened, unless several begin like that."""
    assert xlsales("collect", "x.xlsx", "d", "--d", "门店").err == "“--d”可以是 --dimension、--due。请写全。\n"


def test_every_verb_of_the_table_is_a_command() -> None:
    """The help of all is read from the table."""
    assert list(COMMANDS) == [verb.key for verb in VERBS if verb.arguments]
