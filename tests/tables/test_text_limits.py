"""Text files beyond what is read: told in a sentence, before they cost time or memory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xlsales.core.faults import Fault
from xlsales.tables.files.source import Source, load
from xlsales.tables.files.texts import _BATCH

pytestmark = pytest.mark.unit
HEAD = "日期,门店,金额"
ROW = "2026-01-05,甲店,100"


def sparse(path: Path, size: int) -> None:
    """A file of a size that takes no room."""
    path.write_text(f"{HEAD}\n{ROW}\n", encoding="utf-8")
    os.truncate(path, size)


REFUSED: dict[str, tuple[str | int, str]] = {
    "500,000 columns": (f"{HEAD},{'x,' * 500_000}\n{ROW},{'1,' * 500_000}\n", "第 1 行有 500,004 列"),
    "500,000 blank columns": (f"{HEAD}{',' * 500_000}\n{ROW}{',' * 500_000}\n", "第 1 行有 500,003 列"),
    "a late line of 500,000 columns": (f"{HEAD}\n{ROW}\n{ROW}{',' * 500_000}\n", "第 3 行有 500,003 列"),
    "16,385 columns by tabs": (HEAD.replace(",", "\t") + "\t" * 16_382 + "\n", "第 1 行有 16,385 列"),
    "a line of 5 MB": (f"{HEAD}\n2026-01-05,甲店,{'1' * 5_000_000}\n", "第 2 行有 5,000,018 个字节"),
    "one line and nothing else": ("x" * 5_000_000, "第 1 行有 5,000,000 个字节"),
    "a quoted cell of 5 MB": (f'{HEAD}\n2026-01-05,"{"x" * 5_000_000}",1\n', "第 2 行有 5,000,015 个字节"),
    "five million blank lines": (f"{HEAD}\n{ROW}\n" + "\n" * 5_000_000, "5,000,002 行;最多 3,000,000 行"),
    "as many, each ending with CR": (f"{HEAD}\r{ROW}\r" + "\r" * 3_000_000, "3,000,002 行;最多 3,000,000 行"),
    "few lines made wide by one": (f"{HEAD}\n" + f"{ROW}\n" * 5000 + "," * 16_000 + "\n", "格;最多 40,000,000 格"),
    "2 GB": (2 << 30, "2,048 MB;最多 256 MB"),
}


@pytest.mark.parametrize("ending", [".csv", ".txt"])
@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_beyond_is_told(tmp_path: Path, kind: str, ending: str) -> None:
    content, found = REFUSED[kind]
    path = tmp_path / f"数据{ending}"
    if isinstance(content, int):
        sparse(path, content)
    else:
        path.write_bytes(content.encode())
    with pytest.raises(Fault) as caught:
        load(Source(path, None, path.name))
    zh, en = caught.value.say("zh"), caught.value.say("en")
    assert found in zh
    assert path.name in zh
    assert path.name in en
    assert "只" in zh.split("。")[1]  # the remedy


READ: dict[str, tuple[str, int, int]] = {
    "as many columns as Excel has": (f"{HEAD}{',' * 16_381}\n{ROW}{',' * 16_381}\n", 2, 16_384),
    "a null byte in a cell": (f"{HEAD}\n2026-01-05,甲\0店,1\x0000\n", 2, 3),
    "a null byte and a blank line": (f'{HEAD}\n\n2026-01-05,"甲\0店",100\n', 3, 3),
    "blank lines beyond a batch": (f"{HEAD}\n{ROW}\n" + "\n" * (2 * _BATCH) + f"{ROW}\n", 2 * _BATCH + 3, 3),
    "wider from batch to batch": (f"{HEAD}\n\n" + f"{ROW}\n" * _BATCH + f"{ROW},备注\n", _BATCH + 3, 4),
    "no more than a header": (f"{HEAD}\n", 1, 3),
}


@pytest.mark.parametrize("kind", READ)
def test_what_is_within_is_read(tmp_path: Path, kind: str) -> None:
    content, height, width = READ[kind]
    path = tmp_path / "数据.csv"
    path.write_bytes(content.encode())
    grid = load(Source(path, None, path.name))
    assert (grid.height, grid.width) == (height, width)
    lines = content.replace("\0", "").rstrip("\n").split("\n")
    assert grid.top(height)[-1][:2] == tuple(lines[-1].replace('"', "").split(",")[:2])
