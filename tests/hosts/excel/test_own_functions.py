"""A function that a person writes: xlwings' own converters give it a DataFrame, and spill the one it returns."""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.excel.calling import call, sheet
from xlsales.core.faults import Lang

pytestmark = pytest.mark.com_sim
PAGES = Path(__file__).resolve().parents[3] / "xlsales" / "addin"
HEADERS = {"en": ["Region", "Store", "Sales"], "zh": ["区域", "门店", "销售额"]}
TARGET = {"en": "target", "zh": "目标"}


@pytest.fixture(name="module", params=["en", "zh"])
def _module(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lang, str]:
    """The module on the page about the add-in, as a file of a person's."""
    lang: Lang = request.param
    page = PAGES / {"en": "README.md", "zh": "README.zh-CN.md"}[lang]
    (code,) = re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.S | re.M)
    name = f"own_functions_{lang}"
    (tmp_path / f"{name}.py").write_text(code, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, name, raising=False)
    return lang, name


def targets(module: tuple[Lang, str], total: Any, *rows: list[Any]) -> Any:
    """What the formula over these rows gives."""
    lang, name = module
    return call("STORE_TARGETS", sheet(HEADERS[lang], *rows), total, module=name)


def test_a_table_in_a_table_out(module: tuple[Lang, str]) -> None:
    """10,000 over 4 : 2 is 6,700 and 3,300 in hundreds; 6,700 over 3 : 1 is 5,000 and 1,700."""
    spilt = targets(module, 10_000, ["East", "Hill", 3], ["North", "Lake", 2], ["East", "Bay", 1])
    assert spilt == (
        (*HEADERS[module[0]], TARGET[module[0]]),
        ("East", "Hill", 3.0, 5000),
        ("North", "Lake", 2.0, 3300),
        ("East", "Bay", 1.0, 1700),
    )


def test_currency_cells(module: tuple[Lang, str]) -> None:
    """They arrive as decimals, the total too."""
    spilt = targets(module, Decimal("300"), ["East", "Hill", Decimal("1.5")], ["East", "Bay", Decimal("3")])
    assert [row[-1] for row in spilt[1:]] == [100, 200]


FAULTS: dict[str, tuple[list[Any], float, str, str]] = {
    "a blank weight": (["East", "Hill", None], 100, 'Row 2 (index 1) of column "Sales"', "列“销售额”第 2 行"),
    "a blank group": ([None, "Hill", 1], 100, 'Row 2 (index 1) of column "Region"', "列“区域”第 2 行"),
    "half a step": (["East", "Hill", 1], 50, "not a multiple of the step 100", "不是步长 100 的整数倍"),
}


@pytest.mark.parametrize(("row", "total", "en", "zh"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_a_sentence_in_the_cell(
    row: list[Any], total: float, en: str, zh: str, module: tuple[Lang, str]
) -> None:
    """In the language that the function asks for."""
    said = targets(module, total, ["East", "Bay", 1], row)
    assert {"en": en, "zh": zh}[module[0]] in said
