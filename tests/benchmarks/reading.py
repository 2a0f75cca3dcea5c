"""Reading pasted actuals: load, clean, match and sum, against the fastest reader's loading alone and against pandas.

Run `python -m tests.benchmarks.reading [--small | --full]`; `--full` lets pandas + openpyxl read the full
sheet as well.
Every reading is a process of its own, so that its peak memory is its own; start-up is taken off inside.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.benchmarks.measure import FULL, SMALL, Result, growth, report, share, times, wanted

SIZES = (10_000, 100_000) if SMALL else (10_000, 100_000, 1_048_575)
"""Rows of the sheet, its header included."""
REGIONS, PRODUCTS, CHANNELS, STORES = (
    [f"{word}{i:03d}" for i in range(count)] for word, count in (("区域", 31), ("产品", 40), ("渠道", 6), ("门店", 500))
)
HEADERS = ("销售日期", "区域", "产品", "渠道", "门店", "数量", "单价", "销售额")
BAR, MOST_MB = 1.4, 500
"""At most so many times the fastest reader's loading alone, and so many MB: asked of the full sheet."""

PROBE = """
import resource, sys, time
path = sys.argv[1]
{imports}
started = time.perf_counter()
{work}
print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
BETWEEN = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"
"""A small process between: a new one begins with the peak of the process that starts it."""
OURS = (
    "import xlsales.tables.reading, xlsales.tables.sums\nfrom tests.benchmarks.reading import read_and_sum",
    "read_and_sum(path)",
)
FASTEXCEL = (
    "import fastexcel, polars",
    "fastexcel.read_excel(path).load_sheet(0).to_polars()",
)
PANDAS = ("import pandas, openpyxl", "pandas.read_excel(path, engine='openpyxl')")


def read_and_sum(path: str) -> None:
    """The whole reading of a refresh: records and their sums by day and by member and month."""
    import datetime as dt

    from xlsales.core.plan import Dimension, Member
    from xlsales.tables import sums
    from xlsales.tables.files.source import Source
    from xlsales.tables.reading import read_records

    dimensions = [
        Dimension(name, tuple(map(Member, members)), (-1,) * len(members), (1,) * len(members))
        for name, members in zip(HEADERS[1:5], (REGIONS, PRODUCTS, CHANNELS, STORES), strict=True)
    ]
    first = dt.date(2026, 1, 1)
    records = read_records(Source(Path(path), None, "实际"), dimensions, start=first, end=dt.date(2026, 12, 31))
    months = np.array([(first + dt.timedelta(days=i)).month - 1 for i in range(365)])
    totals = [sums.by_day(records, first, 365).sum()]
    for d in dimensions:
        totals.append(sums.by_member_period(records, d.name, len(d.members), first, months, 12).sum())
    assert set(totals) == {records.accepted_micros}


def write_sheet(path: Path, rows: int, dirty: bool = False) -> None:
    """Write a sheet as Excel does, with shared strings; `dirty`: one row in a thousand has a fault."""
    rng = np.random.default_rng(1)
    members = (REGIONS, PRODUCTS, CHANNELS, STORES)
    words = [*HEADERS, *(name for group in members for name in group), "约500", "火星"]
    at = {word: i for i, word in enumerate(words)}
    days, quantity = rng.integers(46023, 46388, rows), rng.integers(1, 9, rows)
    price = np.round(rng.gamma(2, 60, rows) + 1, 2)
    keys = [rng.choice([at[name] for name in group], rows) for group in members]
    columns = [c.tolist() for c in (days, *keys, quantity, price, np.round(price * quantity, 2))]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as package:
        for name, text in _frame(words).items():
            package.writestr(name, text)
        with package.open("xl/worksheets/sheet1.xml", "w") as sheet:
            header = "".join(f'<c r="{"ABCDEFGH"[i]}1" t="s"><v>{i}</v></c>' for i in range(8))
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{header}</row>'.encode())
            for start in range(0, rows - 1, 50_000):
                stop = min(rows - 1, start + 50_000)
                block = zip(range(start + 2, stop + 2), *(c[start:stop] for c in columns), strict=True)
                texts = (_row(at, dirty and cells[0] % 1000 == 0, *cells) for cells in block)
                sheet.write("".join(texts).encode())
            sheet.write(b"</sheetData></worksheet>")


def _row(
    at: dict[str, int], bad: bool,
    r: int, day: int, region: int, product: int, channel: int, store: int, quantity: int, price: float, amount: float,
) -> str:  # fmt: skip
    last = f'<c r="H{r}"><v>{amount}</v></c>'
    if bad and r % 3000 == 0:
        last = f'<c r="H{r}" t="e"><v>#N/A</v></c>'
    elif bad and r % 2000 == 0:
        last = f'<c r="H{r}" t="s"><v>{at["约500"]}</v></c>'
    elif bad:
        region = at["火星"]
    return (
        f'<row r="{r}"><c r="A{r}" s="1"><v>{day}</v></c><c r="B{r}" t="s"><v>{region}</v></c>'
        f'<c r="C{r}" t="s"><v>{product}</v></c><c r="D{r}" t="s"><v>{channel}</v></c>'
        f'<c r="E{r}" t="s"><v>{store}</v></c><c r="F{r}"><v>{quantity}</v></c>'
        f'<c r="G{r}"><v>{price}</v></c>{last}</row>'
    )


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def _frame(words: list[str]) -> dict[str, str]:
    parts = {
        "workbook": "sheet.main",
        "worksheets/sheet1": "worksheet",
        "sharedStrings": "sharedStrings",
        "styles": "styles",
    }
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in parts.items()
    )
    related = "".join(
        f'<Relationship Id="rId{i}" Type="{_REL}/{kind}" Target="{target}.xml"/>'
        for i, (kind, target) in enumerate(
            (("worksheet", "worksheets/sheet1"), ("sharedStrings", "sharedStrings"), ("styles", "styles")), 1
        )
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_REL}"><sheets>'
        '<sheet name="实际" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts>'
        '<fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">' + "".join(f"<si><t>{w}</t></si>" for w in words) + "</sst>",
    }


def measured(path: Path, *readings: tuple[str, str], times: int) -> list[tuple[float, float]]:
    """Median seconds and peak MB of each reading; they take turns."""
    found: list[list[tuple[float, float]]] = [[] for _ in readings]
    for _ in range(times):
        for (imports, work), runs in zip(readings, found, strict=True):
            code = PROBE.format(imports=imports, work=work)
            command = [sys.executable, "-c", BETWEEN, sys.executable, "-c", code, str(path)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            seconds, peak = map(float, done.stdout.split())
            runs.append((seconds, peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)))
    return [(statistics.median(s for s, _ in runs), max(p for _, p in runs)) for runs in found]


def rows(sizes: tuple[int, ...] = SIZES) -> Iterator[Result]:
    """Yield the figures of reading."""
    times_taken = 3 if SMALL else 5
    clean = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            for dirty in (False, True):
                what = f"reading {size:,} rows × 8" + (", dirty" if dirty else "")
                if not wanted(what):
                    continue
                path = Path(folder) / "actuals.xlsx"
                write_sheet(path, size, dirty)
                (ours, peak), (fastest, _) = measured(path, OURS, FASTEXCEL, times=times_taken)
                asked, most = (BAR, MOST_MB) if size > 1_000_000 else (None, None)
                yield share(what, ours, "fastexcel", fastest, asked, peak_mb=peak, most_mb=most)
                clean += [] if dirty else [ours]
            if wanted(what) and not SMALL and (FULL or size <= 100_000):
                (pandas, _) = measured(path, PANDAS, times=1)[0]
                yield times(what, ours, "pandas + openpyxl", pandas, peak_mb=peak)
        if len(clean) == len(sizes):
            yield growth("growth: reading, rows", sizes, clean)


if __name__ == "__main__":
    report(rows())
