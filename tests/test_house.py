"""The house rules: types, lint, layers, module size, and that the installed package is what is tested."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import xlsales

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[1]
CODE = ROOT / "xlsales"


def run(*command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_types() -> None:
    """The types hold, strictly."""
    run("mypy", str(CODE))


def test_lint() -> None:
    """The lint is clean."""
    run("ruff", "check", "xlsales", "tests")


def test_layers() -> None:
    """Hosts know commands, commands know the workbook, the workbook knows the core, and nothing the other way."""
    command = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", sorted(CODE.rglob("*.py")), ids=lambda p: p.relative_to(CODE).as_posix())
def test_modules_stay_small(module: Path) -> None:
    """A module can be read in one sitting."""
    assert len(module.read_text("utf-8").splitlines()) <= 440


def test_the_built_package_is_tested() -> None:
    """In CI the installed wheel is tested, not the checkout beside the tests."""
    if not os.environ.get("CI"):
        pytest.skip("not in CI: the checkout may be tested")
    assert "site-packages" in Path(xlsales.__file__).parts
