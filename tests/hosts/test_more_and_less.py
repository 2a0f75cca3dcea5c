"""`--quiet`, `--verbose` and `--open`."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path

import pytest

from tests.commands.books import Command, members, plan

pytestmark = pytest.mark.unit
REGIONS = members({"区域": {"华东": 3, "华北": 2}})
DIRTY = (
    ("日期", "区域", "金额"),
    (dt.date(2026, 1, 5), "华东", 100),
    *((dt.date(2026, 1, 6), f"错{n}", n + 1) for n in range(15)),
)


def test_quiet_says_nothing_if_all_is_well(xlsales: Command, tmp_path: Path) -> None:
    """Problems are still told, and a refusal; a table is what was asked for."""
    clean = plan(tmp_path / "a.xlsx", dimensions=REGIONS)
    dirty = plan(tmp_path / "b.xlsx", dimensions=REGIONS, actuals=DIRTY)
    ran = xlsales("split", clean, "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    ran = xlsales("split", dirty, "-q")
    assert (ran.code, sum("不在维度表里" in line for line in ran.out.splitlines())) == (1, 15)
    assert "总目标" not in ran.out
    assert xlsales("split", tmp_path / "c.xlsx", "-q").err.startswith("找不到文件")
    assert "单位:万元" in xlsales("show", dirty, "-q").out
    assert xlsales("demo", tmp_path / "demo", "-q").out == ""
    assert xlsales("split", dirty, "-q", "--json").json["command"] == "split"


def test_verbose_says_more(xlsales: Command, tmp_path: Path) -> None:
    """The seconds of each stage, and every problem."""
    book = plan(tmp_path / "b.xlsx", dimensions=REGIONS, actuals=DIRTY)
    short = xlsales("check", book)
    ran = xlsales("check", book, "--verbose")
    stages = [line.split(" s  ") for line in ran.err.splitlines()]
    assert all(float(seconds) >= 0 for seconds, _ in stages)
    assert {"读取实际", "分解"} <= {name for _, name in stages}
    assert short.err == ""
    told = [sum(f"“错{n}”" in text for n in range(15)) for text in (short.out, ran.out)]
    assert told[0] < told[1] == 15
    assert ran.out.startswith(short.out.rstrip())


def test_verbose_shows_an_error_that_nobody_foresaw(
    xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its details, before the sentence."""
    monkeypatch.setattr("xlsales.commands.check.open_job", lambda *_, **__: 1 / 0)
    book = plan(tmp_path / "b.xlsx", dimensions=REGIONS)
    assert "Traceback" not in xlsales("check", book).err
    ran = xlsales("check", book, "-v")
    assert ran.code == 2
    assert ran.err.startswith("Traceback")
    assert ran.err.splitlines()[-1].startswith("程序内部出错(ZeroDivisionError)")


OPENER = """#!/bin/sh
echo "$1" > "{told}"
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows opens files itself")
def test_open_opens_the_result(xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own program gets the workbook, or the folder that was handed out; a refusal opens nothing."""
    told, programs = tmp_path / "told", tmp_path / "bin"
    programs.mkdir()
    for name in ("xdg-open", "open"):
        (programs / name).write_text(OPENER.format(told=told))
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")

    def opened() -> str:
        for _ in range(100):
            if told.exists() and told.read_text().endswith("\n"):
                text = told.read_text().strip()
                told.unlink()
                return text
            time.sleep(0.05)
        return ""

    book = plan(tmp_path / "b.xlsx", dimensions=members({"门店": {"春熙": 1, "太古里": 1}}))
    assert xlsales("split", book, "-o", tmp_path / "out.xlsx", "--open").code == 0
    assert opened() == str(tmp_path / "out.xlsx")
    assert xlsales("handout", tmp_path / "out.xlsx", tmp_path / "stores", "--open", "-q").code == 0
    assert opened() == str(tmp_path / "stores")
    assert xlsales("split", tmp_path / "none.xlsx", "--open").code == 2
    assert xlsales("new", tmp_path / "new.xlsx", "--open").code == 0
    assert opened() == str(tmp_path / "new.xlsx")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_to_open_it_with(xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    """One sentence more; the command is done all the same."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = xlsales("new", tmp_path / "new.xlsx", "--open", "--lang", lang)
    assert (ran.code, (tmp_path / "new.xlsx").exists()) == (0, True)
    assert ("没能打开它" if lang == "zh" else "could not be opened") in ran.err


def test_only_commands_that_write_have_something_to_open(xlsales: Command, tmp_path: Path) -> None:
    """`check` and `show` do not know `--open`."""
    for command in ("check", "show"):
        assert "没有选项“--open”" in xlsales(command, tmp_path / "b.xlsx", "--open").err
