"""What every test shares."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

import xlsales

if TYPE_CHECKING:
    from tests.commands.books import Command, Ran

if "site-packages" in Path(xlsales.__file__).parts:
    os.environ["PYTHONSAFEPATH"] = "1"  # started programs too take the installed package, not the folder they are in

gc.set_threshold(100_000, 20, 50)  # reading a workbook makes a million small objects, no rubbish among them

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
settings.load_profile("house")

TOGETHER = (
    "tests/commands/test_collect.py",
    "tests/commands/test_real_orders.py",
    "tests/hosts/libreoffice/test_on_screen.py",
    "tests/paper/test_paper.py",
    "tests/store/test_in_calc.py",
)
"""Files whose tests share a dear fixture: in a run in parallel (`-n auto`) one worker takes the whole file."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadScopeScheduling

    class FilesOrTests(LoadScopeScheduling):
        """Hands out tests one by one, and the files above as a whole, first."""

        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return file if file in TOGETHER else nodeid

    return FilesOrTests(config, log)


MAY_SKIP = ("excel", "realdata")
"""What CI cannot install: a real Excel, and data that are no part of the product. Any other skip fails there."""
_missed: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail") and not any(m in report.keywords for m in MAY_SKIP):
        _missed.append(f"{report.nodeid}: {_why(report)}")


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.skipped:
        _missed.append(f"{report.nodeid}: {_why(report)}")


def _why(report: pytest.TestReport | pytest.CollectReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)


@pytest.hookimpl(tryfirst=True)  # before the line with the sums, which then is red
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if os.environ.get("CI") and _missed and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if os.environ.get("CI") and _missed:
        terminalreporter.section("skipped for want of what CI installs", red=True)
        for line in _missed:
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def orders() -> Path:
    """A real order list of 10,000 lines; it is not part of the product."""
    path = Path(__file__).resolve().parents[2] / "shared" / "data" / "示例-超市.xls"
    if not path.exists():
        pytest.skip(f"the real order list is not here: {path.name} in ../shared/data")
    return path


@pytest.fixture(name="xlsales")
def _command_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The command line, with a memory of runs of its own."""
    from tests.commands.books import Ran  # a copy of this file elsewhere, which test_skips runs, needs none of it
    from xlsales.hosts.cli import main

    monkeypatch.setenv("XLSALES_DATA", str(tmp_path / "memory"))
    monkeypatch.delenv("LC_ALL", raising=False)  # programs that tests start read names of files by it
    monkeypatch.setenv("LC_MESSAGES", "zh_CN.UTF-8")

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run
