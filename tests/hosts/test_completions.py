"""Tab in a terminal: a real bash runs the script of `xlsales completion bash`; other shells get theirs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import xlsales as package
from tests.commands.books import Command, members, plan
from xlsales.commands.verbs import VERBS
from xlsales.plan.sheets import ADDED

pytestmark = pytest.mark.unit

PROGRAM = '#!/bin/sh\nexec "{python}" -m xlsales "$@"\n'
PRESS_TAB = """
COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=9 COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
source "$2"
$(complete -p xlsales | sed 's/.* -F \\([^ ]*\\) .*/\\1/') xlsales
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def tab(xlsales: Command, tmp_path: Path) -> Callable[[str], list[str]]:
    """Return what bash offers for the beginning of a line."""
    bash = shutil.which("bash")
    if bash is None or os.name != "posix":
        pytest.skip("there is no bash")
    program = tmp_path / "bin" / "xlsales"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(0o755)
    script = tmp_path / "completion.bash"
    script.write_text(xlsales("completion", "bash").out)
    env = {
        **os.environ,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(package.__file__).parents[1]),
        "LC_ALL": "C.UTF-8",
    }

    def offered(line: str) -> list[str]:
        command = [bash, "--norc", "--noprofile", "-c", PRESS_TAB, "bash", line, str(script)]
        done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path, timeout=60)
        assert done.stderr == ""
        return [word.strip() for word in done.stdout.splitlines() if word.strip()]

    return offered


def test_bash_completes_the_words_of_a_call(xlsales: Command, tmp_path: Path, tab: Callable[[str], list[str]]) -> None:
    """Commands, options, their values, workbooks, and what is in a workbook: dimensions, members, sheets."""
    book = plan(tmp_path / "目标.xlsx", dimensions=members({"区域": {"华东": 3, "华北": 2}, "门店": {"春熙店": 1}}))
    assert xlsales("split", book).code == 0
    (tmp_path / "note.txt").write_text("")
    (tmp_path / "实际").mkdir()
    assert tab("xlsales ref") == ["refresh"]
    assert set(tab("xlsales ")) >= {verb.key for verb in VERBS if verb.arguments}
    assert tab("xlsales split 目标.xlsx --cl") == ["--close"]
    assert tab("xlsales addin install --for lib") == ["libreoffice"]
    assert tab("xlsales check --lang ") == ["zh", "en"]
    assert sorted(tab("xlsales split ")) == ["bin/", "memory/", "实际/", "目标.xlsx"]
    assert tab("xlsales refresh 目标.xlsx --actuals no") == ["note.txt"]
    words = [word for sheet in ADDED for word in (sheet.tables[0].label.zh, sheet.tables[0].label.en)]
    assert [word.replace("\\", "") for word in tab("xlsales add 目标.xlsx ")] == words  # spaces are escaped
    assert tab("xlsales show 目标.xlsx ") == ["区域", "门店"]
    assert tab("xlsales handout 目标.xlsx 下发 --store 春") == ["春熙店"]
    assert tab("xlsales handout 目标.xlsx 下发 --dimension 区域 --store ") == ["华东", "华北"]
    assert tab("xlsales refresh 目标.xlsx --actuals 目标.xlsx:历") == [
        "历史"
    ]  # bash has taken file and colon for a word
    assert tab("xlsales show none.xlsx ") == []
    assert tab("xlsales show note.txt ") == []


@pytest.mark.parametrize(
    ("shell", "registers"),
    [
        ("bash", "complete -o nospace -o default -o bashdefault -F _python_argcomplete xlsales"),
        ("zsh", "compdef _python_argcomplete xlsales"),
        ("fish", "complete --command xlsales -f"),
        ("powershell", "Register-ArgumentCompleter -Native -CommandName xlsales"),
    ],
)
def test_each_shell_gets_its_script(xlsales: Command, shell: str, registers: str) -> None:
    """The script registers the program with that shell. Only bash has run it here."""
    ran = xlsales("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert registers in ran.out
    assert xlsales("completion", shell, "--json").json["script"].strip() == ran.out.strip()


def test_a_shell_without_a_script(xlsales: Command) -> None:
    """One sentence with those that have one."""
    ran = xlsales("completion", "tcsh", "--lang", "en")
    assert ran.code == 2
    assert "bash, zsh, fish, powershell" in ran.err
