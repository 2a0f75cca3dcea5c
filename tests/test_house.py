"""The house rules: types, lint, form, dead code, layers, module size, and that the installed package is tested."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import xlsales
from tests.conftest import TOGETHER
from xlsales.commands.verbs import VERBS
from xlsales.plan.sheets import SHEETS

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[1]
CODE = ROOT / "xlsales"
CALLED_FROM_OUTSIDE = """
__init__.py: __dir__ __getattr__
addin/build.py: create_system external_attr
addin/libreoffice/build.py: create_system
addin/libreoffice/xlsales_calc.py: getImplementationName getLocale getServiceName getSupportedServiceNames setLocale
addin/libreoffice/xlsales_calc.py: supportsService trigger
hosts/excel/cells.py: raw_value
hosts/command_line/parser.py: _negative_number_matcher
hosts/excel/looks.py: Bold NumberFormat
hosts/excel/window.py: status_bar
hosts/excel/functions.py: __doc__ __signature__
hosts/excel/live.py: screen_updating trace
hosts/excel/engine.py: N_COM_ATTEMPTS
hosts/libreoffice/live.py: trace
hosts/libreoffice/cells.py: NumberFormat
hosts/libreoffice/window.py: notify
hosts/libreoffice/reversible.py: AutoFilter
hosts/libreoffice/styles.py: VertJustify
hosts/libreoffice/undoing.py: redo
hosts/libreoffice/views.py: ShowGrid
hosts/python/workbooks.py: _hyperlink _parent data_type default_factory start_cell ws
layout/writer.py: _prepare_formula expand_future_functions worksheet_class
plan/sheets/returns.py: rows_aside
"""
"""Python, Excel, LibreOffice or a library uses these; `rows_aside` is read by its name, as a column's key."""


def run(*command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_types() -> None:
    """The types hold, strictly."""
    run("mypy", str(CODE))


def test_lint() -> None:
    """The lint is clean."""
    run("ruff", "check", "xlsales", "tests")


def test_form() -> None:
    """The code is in ruff's form; tables of words, which pyproject.toml names, are not."""
    run("ruff", "format", "--check", "xlsales", "tests")


def test_no_dead_code() -> None:
    """Nothing is without a caller but what is listed above with its reason, and the list names nothing else."""
    vulture = pytest.importorskip("vulture", reason="vulture is missing: pip install '.[test]'")
    examined = vulture.Vulture(ignore_decorators=["@worksheet"])
    examined.scavenge([CODE])
    unused = {(item.filename.relative_to(CODE).as_posix(), item.name) for item in examined.get_unused_code()}
    by_their_rows = {(f"commands/{verb.key}.py", verb.key) for verb in VERBS}
    by_their_rows |= {(f"plan/sheets/{line.file.replace('.', '/')}.py", line.key.upper()) for line in SHEETS.lines}
    listed = set()
    for line in CALLED_FROM_OUTSIDE.split("\n"):
        module, _, names = line.partition(": ")
        listed |= {(module, name) for name in names.split()}
    assert unused - listed - by_their_rows == set(), "has no caller: remove it, or list it with the reason"
    assert listed - unused == set(), "has a caller, or is gone: take it off the list"


def test_layers() -> None:
    """Hosts know commands, commands know the workbook, the workbook knows the core, and nothing the other way."""
    command = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", sorted(CODE.rglob("*.py")), ids=lambda p: p.relative_to(CODE).as_posix())
def test_modules_stay_small(module: Path) -> None:
    """A module can be read in one sitting."""
    assert len(module.read_text("utf-8").splitlines()) <= 400


def test_the_built_package_is_tested() -> None:
    """In CI the installed wheel is tested, not the checkout beside the tests."""
    if not os.environ.get("CI"):
        pytest.skip("not in CI: the checkout may be tested")
    assert "site-packages" in Path(xlsales.__file__).parts


def test_files_that_stay_on_one_worker_exist() -> None:
    """A file that was renamed is not split among workers in silence."""
    assert [name for name in TOGETHER if not (ROOT / name).exists()] == []


def test_benchmarks_import_what_is_there() -> None:
    """Their libraries are no part of a test's set-up, so no test runs them: what they take from here exists."""
    gone = []
    for path in sorted((ROOT / "tests/benchmarks").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            module = str(node.module) if isinstance(node, ast.ImportFrom) else ""
            if module.startswith(("xlsales", "tests")) and "benchmarks" not in module:
                home = importlib.import_module(module)
                names = [one.name for one in node.names]
                gone += [(path.name, name) for name in names if not _has(home, name)]
    assert gone == []


def _has(home: ModuleType, name: str) -> bool:
    return hasattr(home, name) or importlib.util.find_spec(f"{home.__name__}.{name}") is not None


def test_classes_of_values_are_cheap_to_make() -> None:
    """A class of values is a `Struct` of msgspec: the standard library's takes forty times as long at each start."""
    assert [path.name for path in sorted(CODE.rglob("*.py")) if "dataclass" in path.read_text("utf-8")] == []


def test_structs_have_room_for_what_they_keep() -> None:
    """A `Struct` with a cached property keeps it in a dictionary, which it has only if it says so."""
    missing = []
    for path in sorted(CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and "Struct" in map(ast.unparse, node.bases):
                kept = any(
                    "cached_property" in map(ast.unparse, getattr(item, "decorator_list", ())) for item in node.body
                )
                if kept and "dict" not in {keyword.arg for keyword in node.keywords}:
                    missing.append((path.name, node.name))
    assert missing == []


def test_no_possessive_repeats() -> None:
    """Python 3.11 before 3.11.5, as Debian's LibreOffice has it, matches them wrongly: cells were lost in silence."""
    repeats = re.compile(r"""(?:[\])\w.]|\\[a-zA-Z])[*+?}]\+""")
    found = []
    for path in sorted(CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
                if "(?:" in text and repeats.search(text):
                    found.append((path.name, text[:60]))
    assert found == []
