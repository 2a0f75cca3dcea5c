"""Files that would take all memory or time, or crash the reader: each costs itself a sentence, the others are read.

Each is tried as a store's file among others, and as actuals, in a process whose time and memory are measured.
"""

from __future__ import annotations

import itertools
import os
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.commands.books import Command, part_of, plan
from tests.commands.conftest import Kept
from tests.fuzz import mutations
from tests.fuzz.old_books import ods, xls, xlsb
from tests.fuzz.trials import two_stores_back
from tests.measured import MOST_MB, MOST_SECONDS, Measured, measured
from xlsales.core import a1

pytestmark = [
    pytest.mark.unit,
    pytest.mark.skipif(os.name != "posix", reason="processes are forked, and measured as POSIX systems do"),
]
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
MB = 1_000_000
REAL = 800 if os.environ.get("XLSALES_CORPUS") == "all" else 80
"""Megabytes of a sheet that is too large for a store; those of the attack, where all files are tried."""
ROWS = [["日期", "金额"], ["2026-01-05", 5.0]]


@pytest.fixture
def folder(kept: Kept, tmp_path: Path) -> Path:
    """A plan of two stores with what came back of them: 70,000 yuan each."""
    kept.copy("two stores of a quarter", two_stores_back, tmp_path)
    return tmp_path


def within_limits(done: Measured) -> None:
    """Check that a run ended in sentences, in time, in memory."""
    assert done.code in (0, 1, 2), done
    assert done.cpu < MOST_SECONDS, done
    assert done.mb < MOST_MB, done
    for word in ("Traceback", "程序内部出错", "内存不够"):
        assert word not in done.said


def collected(folder: Path) -> tuple[Measured, dict[str, float], str]:
    """Collect; return how it went, what was taken of each store, and why not of 乙店."""
    command = ["collect", folder / "计划.xlsx", folder / "下发", "-o", folder / "out.xlsx", "--json"]
    (done,) = measured([command], folder)
    within_limits(done)
    found = done.json
    (why,) = (line["why"] for line in found["stores"] if line["store"] == "乙店")
    return done, {line["store"]: line["accepted"] for line in found["stores"]}, why


def as_actuals(folder: Path, file: Path) -> Measured:
    """Refresh a plan beside a file."""
    book = plan(folder / "其他.xlsx")
    commands = [["split", book, "--rewrite"], ["refresh", book, "--actuals", file, "--json"]]
    first, done = measured(commands, folder)
    assert first.code == 0
    within_limits(done)
    return done


# --- .xlsx ---

Parts = dict[str, bytes]


def grown(path: Path, part: str, new: Iterable[bytes], before: bytes) -> None:
    """Write pieces into a part of a workbook, in front of its last `before`; they are never in memory together."""
    parts = mutations.unpacked(path.read_bytes())
    at = parts[part].rfind(before)
    assert at > 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            with archive.open(name, "w") as out:
                if name != part:
                    out.write(data)
                    continue
                out.write(data[:at])
                for piece in new:
                    out.write(piece)
                out.write(data[at:])


def up_to(size: int, piece: Callable[[int], str]) -> Iterator[bytes]:
    """Yield so many bytes of pieces, by number from 5,000 on."""
    n, done = 5_000, 0
    while done < size and n <= 1_048_576:
        data = piece(n).encode()
        done, n = done + len(data), n + 1
        yield data


def padded(r: int) -> str:
    return f'<row r="{r}">{" " * 900}<c r="C{r}"><v>{r % 977}</v></c></row>'


def worded(r: int) -> str:
    return f'<row r="{r}"><c r="C{r}" t="inlineStr"><is><t>{"abcdefgh" * 64}</t></is></c></row>'


def crowded(r: int) -> str:
    return f'<row r="{r}">' + "".join(f'<c r="{c}{r}"/>' for c in "ABCDEFGHIJKLMNOP") * 8 + "</row>"


def shared(r: int) -> str:
    return f"<si><t>{'abcdefgh' * 64}{r}</t></si>"


def styled(r: int) -> str:
    return f'<xf numFmtId="{r % 99}" fontId="0" fillId="0" borderId="0" xfId="0"/>'


LARGE: dict[str, tuple[str, str, Callable[[int], str]]] = {
    "few cells in much space": ("日报", "</sheetData>", padded),
    "texts": ("明细", "</sheetData>", worded),
    "many cells": ("日报", "</sheetData>", crowded),
    "shared texts": ("xl/sharedStrings.xml", "</sst>", shared),
    "formats": ("xl/styles.xml", "</cellXfs>", styled),
}


@pytest.mark.parametrize("what", LARGE)
def test_a_returned_file_that_is_too_large(folder: Path, what: str) -> None:
    """It is told with its part and its size; the remedy, to take out what is no data, is what it was before."""
    path = folder / "下发" / "乙店.xlsx"
    before = path.read_bytes()
    place, end, piece = LARGE[what]
    part = place if "/" in place else part_of(path, place)
    grown(path, part, up_to((40 if what == "formats" else REAL) * MB, piece), end.encode())
    assert path.stat().st_size < 30 * MB
    _, taken, why = collected(folder)
    assert taken == {"甲店": 70_000, "乙店": 0}
    assert re.search(rf"“{place}”展开有 \d+ MB\(最多 64 MB\)|内容不正常\({part}: \d+ MiB", why), why
    path.write_bytes(before)
    assert collected(folder)[1] == {"甲店": 70_000, "乙店": 70_000}


@pytest.mark.parametrize("what", [name for name in LARGE if name not in ("shared texts", "formats")])
def test_actuals_that_are_too_large(folder: Path, tmp_path: Path, what: str) -> None:
    """A sheet packed as tightly as none is that people fill is refused, by what it claims."""
    path = plan(tmp_path / "销售.xlsx", actuals=[["日期", "区域", "金额"], ["2026-01-05", "华东", 5]])
    parts = mutations.unpacked(path.read_bytes())
    sheet = part_of(path, "实际")
    first = next(name for name in parts if name.startswith("xl/worksheets/sheet"))
    parts[first], parts[sheet] = parts[sheet], parts[first]  # so that it is the first that people see
    path.write_bytes(mutations.packed(parts))
    grown(path, first, up_to((800 if REAL == 800 else 280) * MB, LARGE[what][2]), b"</sheetData>")
    as_actuals(folder, path)


STEPS = ("GN", "NZ", "VL", "ACX", "AKJ")
FAR = {
    "the last cell": ["XFD1048576"],
    "the last row": ["C1048576"],
    "the last column": ["XFD2000"],
    "a column and rows": [f"AX{row}" for row in range(50_000, 1_000_000, 49_000)],
    "cells a little less than a gap apart": [f"{column}{n * 49_000}" for n, column in enumerate(STEPS, 1)],
}


@pytest.mark.parametrize("what", FAR)
def test_cells_far_away_in_a_returned_file(folder: Path, what: str) -> None:
    """Work goes with the cells that are there; what is far from the receipts is told, and they count."""
    path = folder / "下发" / "乙店.xlsx"
    rows = (f'<row r="{re.sub("[A-Z]", "", at)}"><c r="{at}"><v>9</v></c></row>'.encode() for at in FAR[what])
    grown(path, part_of(path, "明细"), rows, b"</sheetData>")
    done, taken, _ = collected(folder)
    assert taken == {"甲店": 70_000, "乙店": 70_000}
    assert "离表很远" in done.said or "没有表头" in done.said or "没有日期" in done.said


@pytest.mark.parametrize("first", [3, 60])
def test_cells_that_are_no_table(folder: Path, first: int) -> None:
    """A diagonal over the whole sheet has no gap: where it begins beside the receipts, nothing is laid out for it."""
    path = folder / "下发" / "乙店.xlsx"
    rows = (f'<row r="{n + 6}"><c r="{a1.letters(n)}{n + 6}"><v>9</v></c></row>'.encode() for n in range(first, 16_000))
    grown(path, part_of(path, "明细"), rows, b"</sheetData>")
    _, taken, why = collected(folder)
    assert taken == {"甲店": 70_000, "乙店": 0 if first == 3 else 70_000}
    assert ("乙店.xlsx" if first == 3 else "离表很远") in why


def test_many_receipts_are_good_use(folder: Path) -> None:
    """20,000 receipts are read in a time that grows with them."""
    path = folder / "下发" / "乙店.xlsx"
    rows = (
        f'<row r="{n}"><c r="C{n}"><v>{46023 + n % 40}</v></c><c r="E{n}"><v>1</v></c>'
        f'<c r="F{n}" t="inlineStr"><is><t>单 {n}</t></is></c></row>'.encode()
        for n in range(100, 20_100)
    )
    grown(path, part_of(path, "明细"), rows, b"</sheetData>")
    done, taken, _ = collected(folder)
    assert taken["乙店"] > 70_000
    assert done.cpu < 6, done


def test_a_workbook_of_thousands_of_sheets(folder: Path, tmp_path: Path) -> None:
    path = plan(tmp_path / "销售.xlsx")
    parts = mutations.unpacked(path.read_bytes())
    sheets = "".join(f'<sheet name="x{n}" sheetId="{n + 500}" r:id="rX{n}"/>' for n in range(3_000))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    related = "".join(f'<Relationship Id="rX{n}" Type="{kind}" Target="worksheets/sheet1.xml"/>' for n in range(3_000))
    for name, end, new in (
        ("xl/workbook.xml", b"</sheets>", sheets),
        ("xl/_rels/workbook.xml.rels", b"</Relationships>", related),
    ):
        parts[name] = parts[name].replace(end, new.encode() + end)
    path.write_bytes(mutations.packed(parts))
    done = as_actuals(folder, path)
    assert done.code == 2
    assert "张工作表" in done.said


# --- .xls, .xlsb, .ods ---


def damaged_xls(offset: int, number: int, bits: str = "<I") -> bytes:
    """An `.xls` with another number at an offset from its head, or, below 0, from its last record but two."""
    data = bytearray(xls(ROWS))
    struct.pack_into(bits, data, offset, number)
    return bytes(data)


def record(kind: int, after: int) -> int:
    """Where something stands in the first record of a kind of that `.xls`."""
    return xls(ROWS).index(struct.pack("<H", kind), 3 * 512) + after


def repeated(rows: int, columns: int) -> bytes:
    """An `.ods` of a few hundred bytes whose last cell is repeated."""
    parts = mutations.unpacked(ods(ROWS))
    cell = f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="float" office:value="1"/>'
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row></table:table>'
    parts["content.xml"] = parts["content.xml"].replace(b"</table:table>", row.encode())
    return mutations.packed(parts)


def public(name: str) -> bytes:
    (path,) = CORPUS.rglob(name)
    return path.read_bytes()


BROKEN: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a table of 16 GiB": (".xls", lambda: damaged_xls(44, 0xFFFFFFFF)),
    "a table of 1 TiB": (".xls", lambda: damaged_xls(44, 1 << 28)),
    "a panic": (".xls", lambda: damaged_xls(record(0x85, 4), 0xFFFF, "<H")),
    "a record cut short": (".xls", lambda: damaged_xls(record(0x809, 2), 1, "<H")),
    "a used range of 4 billion rows": (".xls", lambda: damaged_xls(record(0x200, 8), 0xFFFFFFFF)),
    "columns without end": (".xls", lambda: damaged_xls(record(0x204, 6), 0xFFFF, "<H")),
    "cut off": (".xls", lambda: xls(ROWS)[:2000]),
    "repeated 30 million times": (".ods", lambda: repeated(1_000_000, 30)),
    "repeated 3 million times": (".ods", lambda: repeated(1_000_000, 3)),
    "repeated 4 billion times": (".ods", lambda: repeated(4_000_000_000, 1)),
    "a used range beyond all": (".xlsb", lambda: xlsb(ROWS, last=(0xFFFFFFFF, 0xFFFFFFFF))),
    "a cell beyond the last column": (".xlsb", lambda: _moved_cell(0xFFFF)),
    "a cell beyond the last row": (".xlsb", lambda: _moved_cell(0xFFFFFF)),
    "public: a loop": (".xls", lambda: public("oleloop.xls")),
    "public: 16 GiB asked for": (".xls", lambda: public("OOM_alloc2.xls")),
}


def _moved_cell(column: int) -> bytes:
    parts = mutations.unpacked(xlsb(ROWS))
    data = bytearray(parts["xl/worksheets/sheet1.bin"])
    struct.pack_into("<I", data, bytes(data).index("日期".encode("utf-16-le")) - 12, column)
    parts["xl/worksheets/sheet1.bin"] = bytes(data)
    return mutations.packed(parts)


@pytest.mark.parametrize("what", BROKEN)
def test_a_damaged_file_of_another_kind(folder: Path, what: str) -> None:
    """Among stores' files it costs itself; as actuals it is a sentence, or a table."""
    if what.startswith("public") and not CORPUS.is_dir():
        pytest.skip("the public workbooks are not here: ../shared/corpus")
    ending, made = BROKEN[what]
    (folder / "下发" / "乙店.xlsx").unlink()
    path = folder / "下发" / f"乙店{ending}"
    path.write_bytes(made())
    _, taken, why = collected(folder)
    assert taken == {"甲店": 70_000, "乙店": 0}
    assert why
    done = as_actuals(folder, path)
    assert done.json["problems"] or done.json["faults"]


@pytest.mark.parametrize("ending", [".xls", ".ods", ".xlsb"])
def test_the_unharmed_files_are_read(xlsales: Command, tmp_path: Path, ending: str) -> None:
    """What the damaged ones are made of."""
    made = {".xls": xls, ".ods": ods, ".xlsb": xlsb}[ending]
    book = plan(tmp_path / "计划.xlsx")
    assert xlsales("split", book).code == 0
    sales = tmp_path / f"销售{ending}"
    sales.write_bytes(made([["日期", "区域", "金额"], ["2026-01-05", "华东", 5.0]]))
    assert xlsales("refresh", book, "--actuals", sales, "--as-of", "2026-01-31", "--json").json["actual"] == 5


# --- public workbooks ---

ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")
EACH = 1 if REAL == 800 else 37


@pytest.mark.realdata
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the public workbooks are not here: ../shared/corpus")
def test_public_workbooks_as_actuals(tmp_path: Path) -> None:
    """Each ends in a table or a sentence, in time and in memory; `XLSALES_CORPUS=all` tries all 739."""
    files = [path for path in sorted(CORPUS.rglob("*")) if path.suffix.lower() in ENDINGS][::EACH]
    book, out = plan(tmp_path / "计划.xlsx"), tmp_path / "out.xlsx"
    asked = (["refresh", book, "--actuals", file, "-o", out, "--json"] for file in files)
    commands = itertools.chain([["split", book, "--rewrite"]], asked)
    first, *done = measured(commands, tmp_path)
    assert first.code == 0
    for file, one in zip(files, done, strict=True):
        within_limits(one)
        assert one.json["problems"] or one.json.get("faults") or one.code == 0, file
    for field in ("cpu", "seconds", "mb"):
        most = max(range(len(done)), key=lambda i: getattr(done[i], field))
        print(f"{len(files)} files, {field} at most {getattr(done[most], field):.1f}: {files[most].name}")
