"""What every test shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import xlsales

if "site-packages" in Path(xlsales.__file__).parts:
    os.environ["PYTHONSAFEPATH"] = "1"  # started programs too take the installed package, not the folder they are in

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
settings.load_profile("house")

HOST_MARKERS = ("libreoffice", "validator")
"""What CI installs itself: there, a test that skips for want of it is a failure."""


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if os.environ.get("CI") and report.skipped and any(marker in report.keywords for marker in HOST_MARKERS):
        _skipped_hosts.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if _skipped_hosts and exitstatus == 0:
        print("\nskipped for want of a program that CI installs: " + ", ".join(_skipped_hosts))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


_skipped_hosts: list[str] = []


@pytest.fixture(scope="session")
def orders() -> Path:
    """A real order list of 10,000 lines; it is not part of the product."""
    path = Path(__file__).resolve().parents[2] / "shared" / "data" / "示例-超市.xls"
    if not path.exists():
        pytest.skip(f"the real order list is not here: {path.name} in ../shared/data")
    return path
