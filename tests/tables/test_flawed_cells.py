"""A cell's fault stays a cell's fault, whichever reader chokes on it; and what a reader misses, the cells tell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tables.raw import inline, number, sale, table, write_raw
from tests.tables.tables import read, write
from xlsales.tables import reasons
from xlsales.tables.files import native, worker
from xlsales.tables.files.source import Source, load
from xlsales.tables.files.unreadable import ReaderGone

pytestmark = pytest.mark.unit

CODES = [
    "#NAME?", "#SPILL!", "#CALC!", "#BUSY!", "#FIELD!", "#GETTING_DATA", "#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NUM!",
    "#NULL!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "#PYTHON!", "#EXTERNAL!", "Err:522", "Err:508", "#FEHLER!",
]  # fmt: skip


def error(address: str, code: str) -> str:
    return f'<c r="{address}" t="e"><v>{code}</v></c>'


@pytest.mark.parametrize("code", CODES)
def test_an_error_in_a_column_of_no_use_refuses_nothing(tmp_path: Path, code: str) -> None:
    path = write_raw(tmp_path / "t.xlsx", table(sale(2, 10, error("E2", code)), sale(3, 20)))
    records = read(path)
    assert records.accepted_micros == 30_000_000
    assert not records.problems


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("column", ["A", "B", "D"])
def test_an_error_in_a_column_that_counts_sets_its_row_aside(tmp_path: Path, code: str, column: str) -> None:
    row = {"A": number("A3", 46027, 1), "B": inline("B3", "上海"), "C": inline("C3", "线上"), "D": number("D3", 7)}
    row[column] = error(f"{column}3", code)
    records = read(write_raw(tmp_path / "t.xlsx", table(sale(2, 10), "".join(row.values()), sale(4, 20))))
    assert records.accepted_micros == 30_000_000
    (problem,) = records.problems
    assert isinstance(problem.fault, reasons.ErrorInColumn)
    assert (str(problem.place), problem.value) == (f"实际!{column}3", code)


@pytest.mark.parametrize(
    ("what", "cell", "amount"),
    [
        ("a comment within a number", '<c r="D2"><v>1<!-- x -->2</v></c>', 12),
        ("character data", '<c r="D2" t="str"><v><![CDATA[12]]></v></c>', 12),
        ("a number as text of a formula", '<c r="D2" t="str"><f>A1</f><v>12</v></c>', 12),
        ("spaces about a number", '<c r="D2"><v> 12 </v></c>', 12),
        ("an exponent", '<c r="D2"><v>1.2E1</v></c>', 12),
        ("a cell without its address", '<c><v>12</v></c>', 12),
        ("apostrophes", "<c r='D2' t='n'><v>12</v></c>", 12),
        ("a cell written twice", '<c r="D2"><v>9</v></c><c r="D2"><v>12</v></c>', 12),
        ("a shared string that is not there", '<c r="D2"><v>12</v></c><c r="E2" t="s"><v>99</v></c>', 12),
        ("a formula without a result beside", '<c r="D2"><v>12</v></c><c r="E2"><f>A1</f></c>', 12),
        ("an empty text", '<c r="D2"><v>12</v></c><c r="E2" t="str"><f>A1</f><v></v></c>', 12),
        ("a boolean", '<c r="D2"><v>12</v></c><c r="E2" t="b"><v>1</v></c>', 12),
        ("escaped text", '<c r="D2" t="inlineStr"><is><t>12_x000D__x000A_</t></is></c>', 12),
        ("escaped text of a formula", '<c r="D2" t="str"><f>A1</f><v>12_x000D_</v></c>', 12),
        ("runs", '<c r="D2" t="inlineStr"><is><r><t>1</t></r><r><t>2</t></r></is></c>', 12),
    ],
)  # fmt: skip
@pytest.mark.parametrize("prefix", ["", "x"])
def test_cells_as_odd_programs_write_them(tmp_path: Path, what: str, cell: str, amount: int, prefix: str) -> None:
    start = number("A2", 46027, 1) + inline("B2", "上海") + inline("C2", "线上")
    records = read(write_raw(tmp_path / "t.xlsx", table(start + cell, sale(3, 20)), prefix=prefix))
    assert records.accepted_micros == (amount + 20) * 1_000_000, what
    assert not records.problems


@pytest.mark.parametrize(
    "cell", ['<c r="A2" t="d"><v>2026-01-05</v></c>', '<c r="A2" t="d"><v>2026-01-05T10:30:00Z</v></c>',
             number("A2", 46027.4375, 1), number("A2", 46027)],
)  # fmt: skip
def test_dates_as_odd_programs_write_them(tmp_path: Path, cell: str) -> None:
    start = cell + inline("B2", "上海") + inline("C2", "线上") + number("D2", 5)
    records = read(write_raw(tmp_path / "t.xlsx", table(start, sale(3, 20))))
    assert [str(d) for d in records.day] == ["2026-01-05", "2026-01-05"]


def test_what_the_loader_misses_is_read_from_the_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loader that loses a cell, as one may in its next version, is found out by counting."""
    path = write(
        tmp_path / "t.xlsx",
        [["日期", "区域", "渠道", "销售额"], *(["2026-01-05", "上海", "线上", 5] for _ in range(9))],
    )
    whole = load(Source(path, None, "实际"))
    loaded = worker.load

    def lossy(*arguments: object, **options: object) -> object:
        cells, first = loaded(*arguments, **options)  # type: ignore[arg-type]
        return cells.with_columns(cells["3"].set(cells["0"].cum_count() == 4, None)), first

    monkeypatch.setattr(worker, "load", lossy)
    assert load(Source(path, None, "实际")).below(0).rows() == whole.below(0).rows()
    assert read(path).accepted_micros == 45_000_000


def test_a_readers_chatter_reaches_nobody(tmp_path: Path) -> None:
    """Blank columns, columns of errors, odd formats: not a word on the error stream."""
    header = ["日期", "空列", "区域", "渠道", "销售额", None, "备注"]
    write(tmp_path / "a.xlsx", [header, *(["2026-01-05", None, "上海", "线上", 5, None, None] for _ in range(3))])
    write_raw(
        tmp_path / "b.xlsx", table(*(sale(r, 5, error(f"E{r}", "#NAME?") + f'<c r="G{r}" s="1"/>') for r in (2, 3)))
    )
    (tmp_path / "c.csv").write_text("日期,空,金额\n2026-01-05,,5\n", "utf-8")
    code = (
        "import sys, pathlib\nfrom xlsales.tables.files.source import Source, load\n"
        "for path in sys.argv[1:]: load(Source(pathlib.Path(path), None, 'x'))"
    )
    files = [str(tmp_path / name) for name in ("a.xlsx", "b.xlsx", "c.csv")]
    done = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_kills_the_native_reader_is_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    """It panics on some damaged files, which is no `Exception`, and writes to the error stream itself."""

    class PanicException(BaseException):
        pass

    def panics() -> None:
        with native.fence("t.xls"):
            os.write(2, b"thread panicked")
            raise PanicException

    with pytest.raises(ReaderGone, match=r"t\.xls"):
        panics()
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"
