"""`xlsales addin`: what it prints and how it ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.addin.machines import healthy
from tests.commands.books import Command
from xlsales.addin.build import ADDIN, PLANS, build_all, shipped
from xlsales.addin.vbaproject import NeedsPyOpenVba

pytestmark = pytest.mark.unit


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Windows machine on which nothing is wrong."""
    machine, _ = healthy(tmp_path)
    monkeypatch.setattr("xlsales.addin.machine.this_machine", lambda: machine)
    return tmp_path


def test_build(xlsales: Command, tmp_path: Path) -> None:
    """Build writes the add-in and both macro templates, the same bytes as the shipped ones."""
    ran = xlsales("addin", "build", "-o", tmp_path / "out", "--json")
    assert ran.code == 0
    assert [Path(file).name for file in json.loads(ran.out)["files"]] == [ADDIN, *PLANS.values()]
    assert (tmp_path / "out" / ADDIN).read_bytes() == shipped(ADDIN)


def test_build_without_the_library(xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not pyOpenVBA gets the same files, as they ship."""
    monkeypatch.setitem(sys.modules, "pyopenvba", None)
    with pytest.raises(NeedsPyOpenVba, match="pip install pyOpenVBA"):
        build_all()
    assert xlsales("addin", "build", "-o", tmp_path / "out").code == 0
    for name in (ADDIN, *PLANS.values()):
        assert (tmp_path / "out" / name).read_bytes() == shipped(name)


@pytest.mark.parametrize("action", ["install", "uninstall", "doctor"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_elsewhere_than_windows(xlsales: Command, monkeypatch: pytest.MonkeyPatch, action: str, lang: str) -> None:
    """On other systems it says in one line that the add-in needs Windows and what works instead."""
    monkeypatch.setattr("sys.platform", "linux")
    ran = xlsales("addin", action, "--lang", lang)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.strip().splitlines()) == 1
    assert ("命令行 xlsales" if lang == "zh" else "command line xlsales") in ran.err


def test_install_doctor_uninstall(xlsales: Command, windows: Path) -> None:
    """The whole round on Windows: not installed, installed and healthy, gone again."""
    before = xlsales("addin", "doctor", "--json")
    assert before.code == 1
    bad = [f["key"] for f in json.loads(before.out)["findings"] if f["level"] == "bad"]
    assert bad == ["addin"]
    installed = xlsales("addin", "install", "--json")
    assert installed.code == 0
    assert Path(json.loads(installed.out)["addin"]).read_bytes() == shipped(ADDIN)
    healthy_now = xlsales("addin", "doctor", "--lang", "en")
    assert healthy_now.code == 0
    assert all(line.startswith("√ ") for line in healthy_now.out.splitlines())
    assert xlsales("addin", "uninstall").code == 0
    again = xlsales("addin", "uninstall")
    assert again.code == 2
    assert len(again.err.strip().splitlines()) == 1


def test_a_filled_plan_is_not_overwritten_by_a_build(tmp_path: Path, xlsales: Command) -> None:
    """A plan under the template's own name stays as it is, and nothing else is written beside it."""
    plan = tmp_path / "目标计划.xlsm"
    plan.write_bytes(b"my plan")
    ran = xlsales("addin", "build", "-o", tmp_path)
    assert ran.code == 2
    assert "没有覆盖" in ran.err
    assert plan.read_bytes() == b"my plan"
    assert [path.name for path in tmp_path.glob("*.xl*")] == [plan.name]
