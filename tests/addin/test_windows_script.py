"""The double-click installer: no Windows has run it. Its syntax, and the commands in it, are tried here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

tree_sitter = pytest.importorskip("tree_sitter", reason="tree-sitter is missing: pip install '.[test]'")
tree_sitter_powershell = pytest.importorskip("tree_sitter_powershell", reason="its grammar too")
pytestmark = pytest.mark.unit
FOLDER = Path(__file__).resolve().parents[2] / "xlsales" / "addin" / "windows"
SCRIPT = (FOLDER / "install.ps1").read_bytes()
START = (FOLDER / "install.cmd").read_text("utf-8")


def parsed(script: bytes) -> Any:
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
    return parser.parse(script.removeprefix(b"\xef\xbb\xbf")).root_node


def nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in node.children:
        yield from nodes(child)


def commands() -> list[list[str]]:
    """The commands of the script, in words."""
    texts = [node.text for node in nodes(parsed(SCRIPT)) if node.type == "command" and node.text]
    return [text.decode().split() for text in texts]


def calls(program: str) -> list[list[str]]:
    """What the script gives to a program, without variables."""
    said = [words[2:] for words in commands() if words[:2] == ["&", program]]
    assert said
    return [[word for word in words if not word.startswith("$")] for words in said]


def test_the_script_is_powershell() -> None:
    """A grammar of PowerShell reads it whole, and does not read a script with a brace too few."""
    assert not parsed(SCRIPT).has_error
    assert parsed(SCRIPT.replace(b"}", b"", 1)).has_error


def test_windows_powershell_reads_its_chinese() -> None:
    """PowerShell 5.1 takes a script for the system's code page unless it begins with a mark of UTF-8."""
    assert SCRIPT.startswith(b"\xef\xbb\xbf")
    assert START.isascii()


def test_a_double_click_runs_the_script_that_is_beside() -> None:
    """install.cmd names the script by its own folder, wherever it was started from, and waits at the end."""
    assert re.findall(r'-File "%~dp0([\w.]+)"', START) == ["install.ps1"]
    assert START.rstrip().endswith("pause")


def test_uv_has_what_the_script_asks_of_it() -> None:
    """Each option and subcommand that the script gives to uv is one of uv's."""
    beside = os.pathsep.join((sysconfig.get_path("scripts"), os.environ["PATH"]))
    uv = shutil.which("uv", path=beside)
    assert uv is not None
    for words in calls("$uv"):
        subcommands = words[:2]
        done = subprocess.run([uv, *subcommands, "--help"], capture_output=True, text=True, check=True)
        options = [word for word in words if word.startswith("--")]
        assert [option for option in options if not re.search(rf"{option}\b", done.stdout)] == []


def test_xlsales_has_what_the_script_asks_of_it() -> None:
    """The add-in's commands in the script exist."""
    for words in calls("$xlsales"):
        subprocess.run([sys.executable, "-m", "xlsales", *words, "--help"], capture_output=True, check=True)


def test_it_changes_nothing_but_the_user_s_own() -> None:
    """No administrator is asked for, and no place of the whole computer is named."""
    text = SCRIPT.decode("utf-8-sig")
    assert not re.search(r"runas|hklm|programfiles|programdata|allusers|machine", text, re.I)
    assert {name.upper() for name in re.findall(r"\$env:(\w+)", text)} <= {
        "LOCALAPPDATA",
        "UV_INSTALL_DIR",
        "UV_NO_MODIFY_PATH",
    }


def test_it_is_read_in_a_minute() -> None:
    """It stays short, and every sentence that a person sees is in both languages."""
    text = SCRIPT.decode("utf-8-sig")
    assert len(text.splitlines()) <= 65
    told = re.findall(r'Stop-With "([^"]+)" "([^"]+)"', text)
    assert len(told) == text.count("Stop-With") - 1 == 5
    for zh, en in told:
        assert re.search(r"[\u4e00-\u9fff]", zh)
        assert not re.search(r"[\u4e00-\u9fff]", en)
