"""What is done with a file made worse, and what must hold whatever the file is.

A run ends with 0, 1 or 2, in sentences, within its time. With 2 the workbook is as it was, byte for byte; with 0 or 1
it opens, what was split adds up, and every row found is accounted for. A file among others costs itself alone.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.commands.books import PRODUCTS, REGIONS, members, part_of, plan
from tests.commands.store_files import StoreFile, stores_plan
from tests.fuzz import mutations
from tests.fuzz.old_books import ods, xls
from xlsales.core.faults import Fault
from xlsales.hosts.cli import main
from xlsales.ooxml.book import Book
from xlsales.ooxml.files import LEFT_OVER
from xlsales.ooxml.package import Package

SECONDS = 30
"""As long as a run may take the processor for one of these small files: unharmed they take half a second."""
QUARTER = {"start": dt.date(2026, 1, 1), "end": dt.date(2026, 3, 31)}
GOOD = 140_000.0
"""What the unharmed files of a folder report."""


class Late(Exception):
    """A run that does not end."""


@dataclass
class Base:
    """The unharmed files that all trials begin with."""

    home: Path
    plans: dict[str, bytes] = field(default_factory=dict)
    inputs: dict[str, list[str]] = field(default_factory=dict)
    """The parts of each plan into which people type."""
    tables: dict[str, bytes] = field(default_factory=dict)
    returned: Path = Path()
    """A plan of stores, with the folder of what came back."""

    @classmethod
    def made(cls, home: Path) -> Base:
        """Make them in a folder."""
        base = cls(home)
        with in_memory_of(home / "memory"):
            base._make_plans()
            base._make_tables()
            base._make_returned()
        return base

    def _make_plans(self) -> None:
        rows: list[list[object]] = [["日期", "区域", "产品", "金额"]]
        rows += [[dt.date(2026, 1, 1 + i), list(REGIONS)[i % 5], "产品A", 1000.5 + i] for i in range(20)]
        old = [["日期", "区域", "产品", "金额"]]
        old += [[dt.date(2025, 1 + i % 3, 5), list(REGIONS)[i % 5], "产品B", 900 + i] for i in range(9)]
        locks = [{"dimension": "区域", "member": "华东", "period": "2026-02", "amount": 50}]
        book = plan(
            self.home / "计划.xlsx",
            dimensions=members({"区域": REGIONS, "产品": PRODUCTS}),
            tables={"xs_locks": locks},
            actuals=rows,
            history=old,
            **QUARTER,
        )
        typed = [part_of(book, title) for title in ("设置", "维度", "锁定", "实际", "历史")]
        for name in ("fresh", "split"):
            self.plans[name], self.inputs[name] = book.read_bytes(), typed
            assert ran(["split", book, "--yes", "--rewrite"]).code in (0, 1)

    def _make_tables(self) -> None:
        head = ["日期", "区域", "产品", "金额"]
        body = [[f"2026-0{1 + i % 3}-0{1 + i % 9}", list(REGIONS)[i % 5], "产品A", 100.5 + i] for i in range(30)]
        lines = [",".join(map(str, row)) for row in (head, *body)]
        self.tables[".csv"] = "\n".join(lines).encode()
        self.tables[".xls"], self.tables[".ods"] = xls([head, *body]), ods([head, *body])
        dated: list[list[object]] = [[dt.date.fromisoformat(str(row[0])), *row[1:]] for row in body]
        book = plan(self.home / "实际.xlsx", actuals=[head, *dated])
        parts = mutations.unpacked(book.read_bytes())
        self.tables[".xlsx"] = mutations.packed(_only(parts, part_of(book, "实际")))

    def _make_returned(self) -> None:
        self.returned = self.home / "回收"
        self.returned.mkdir()
        book = stores_plan(self.returned / "计划.xlsx", ["甲店", "乙店", "丙店"], **QUARTER)
        folder = self.returned / "下发"
        assert ran(["split", book]).code == 0
        assert ran(["handout", book, folder]).code == 0
        for name in ("甲店", "乙店", "丙店"):
            file = StoreFile(folder / f"{name}.xlsx", name)
            file.type({("2026-01-05", "entry"): 30_000.0, ("2026-01-06", "entry"): 40_000.0})
        file.paste([(dt.date(2026, 1, 7), "男装", 50_000.0), (dt.date(2026, 1, 8), "女装", 6_000.0)])
        self.inputs["丙店"] = [part_of(file.path, title) for title in ("日报", "明细")]


def two_stores_back(home: Path) -> None:
    """Write a plan of two stores and a quarter, and what came back of them: 70,000 yuan each."""
    book = stores_plan(home / "计划.xlsx", ["甲店", "乙店"], **QUARTER)
    with in_memory_of(home / "memory"):
        assert ran(["split", book]).code == 0
        assert ran(["handout", book, home / "下发"]).code == 0
    for name in ("甲店", "乙店"):
        file = StoreFile(home / "下发" / f"{name}.xlsx", name)
        file.type({("2026-01-05", "entry"): 30_000.0})
        file.paste([(dt.date(2026, 1, 7), "男装", 20_000.0), (dt.date(2026, 1, 8), "男装", 20_000.0)])


def _only(parts: mutations.Parts, sheet: str) -> mutations.Parts:
    """Return a workbook whose only sheet is that part: a table as programs export it."""
    keep = {"[Content_Types].xml", "_rels/.rels", "xl/styles.xml", "xl/sharedStrings.xml", sheet}
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kinds = (("worksheet", sheet), ("styles", "xl/styles.xml"), ("sharedStrings", "xl/sharedStrings.xml"))
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{relation}/{kind}" Target="/{part}"/>' for n, (kind, part) in enumerate(kinds)
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    book = f'<workbook xmlns="{space}" xmlns:r="{relation}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId0"/>'
    return {name: data for name, data in parts.items() if name in keep} | {
        "xl/workbook.xml": f"{book}</sheets></workbook>".encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{relations}</Relationships>'.encode(),
    }


# --- running ---


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said."""

    code: int
    said: str
    error: str

    @property
    def json(self) -> Any:
        return json.loads(self.said)


@contextlib.contextmanager
def in_memory_of(folder: Path) -> Iterator[None]:
    """Let runs remember in a folder of their own."""
    with patch.dict(os.environ, {"XLSALES_DATA": str(folder)}):
        yield


def ran(arguments: list[object], seconds: float = SECONDS) -> Ran:
    """Run a command in this process; what it says is JSON. Raises Late."""
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error), _within(seconds):
        code = main([*map(str, arguments), "--json"])
    return Ran(code, out.getvalue(), error.getvalue())


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return
    until = time.process_time() + seconds

    def late(*_: object) -> None:
        if time.process_time() > until:
            raise Late(f"more than {seconds} s of the processor")

    old = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def is_sound(end: Ran) -> None:
    """Check that a run ended as README says, in sentences."""
    assert end.code in (0, 1, 2), end
    said = end.said + end.error
    for word in ("Traceback", "程序内部出错", "The program failed", "内存不够", "Late"):
        assert word not in said, said[-2000:]
    found = end.json
    assert found["exit_code"] == end.code
    if end.code == 2:
        assert found["faults"]
        assert all(found["faults"]), found
    for problem in found["problems"]:
        assert problem["sentence"], problem


def adds_up(found: Any) -> None:
    """Check the two lines of conservation: of the targets written, and of the rows read."""
    assert not any(found.get("residuals", {}).values()), found["residuals"]
    rows, amounts = found.get("rows"), found.get("amounts")
    if rows:
        assert rows["found"] == sum(rows.get(what, 0) for what in ("accepted", "set_aside", "totals")), rows
    if amounts:
        parts = sum(n for what, n in amounts.items() if what != "found")
        assert abs(amounts["found"] - parts) <= 0.01 + 1e-9 * abs(amounts["found"]), amounts


def opens(path: Path, before: bytes = b"") -> None:
    """Check that a workbook opens, and that each sheet can be read that could be read before."""
    unreadable = _unreadable(before) if before else set()
    book = Book.open(path)
    for sheet in book.sheets:
        if sheet.has_cells and sheet.title not in unreadable:
            book.cells(sheet)


def _unreadable(data: bytes) -> set[str]:
    """Return the sheets that cannot be read."""
    book, found = Book(Package.of_bytes(data)), set()
    for sheet in book.sheets:
        try:
            book.cells(sheet)
        except Fault:
            found.add(sheet.title)
    return found


# --- trials ---


def try_plan(base: Base, folder: Path, data: bytes) -> None:
    """Split, refresh, check and undo in a plan made worse."""
    book = folder / "计划.xlsx"
    book.write_bytes(data)
    for command in (["split", book, "--yes", "--rewrite"], ["refresh", book], ["check", book]):
        before = book.read_bytes()
        end = ran(list(command))
        is_sound(end)
        if end.code == 2 or command[0] == "check":
            assert book.read_bytes() == before, "changed although refused"
        else:
            opens(book, before)
            adds_up(end.json)
        if end.code == 2:
            return
    changed = book.read_bytes() != data
    end = ran(["undo", book])
    is_sound(end)
    if changed and end.code == 0:
        opens(book, data)


def try_table(base: Base, folder: Path, data: bytes, ending: str) -> None:
    """Refresh a plan with actuals made worse."""
    book, table = folder / "计划.xlsx", folder / f"销售{ending}"
    book.write_bytes(base.plans["split"])
    table.write_bytes(data)
    before = book.read_bytes()
    end = ran(["refresh", book, "--actuals", table])
    is_sound(end)
    assert table.read_bytes() == data
    if end.code == 2:
        assert book.read_bytes() == before, "changed although refused"
    else:
        opens(book)
        adds_up(end.json)


def try_returned(base: Base, folder: Path, data: bytes, ending: str = ".xlsx") -> None:
    """Collect a folder in which one file of three was made worse: the other two count."""
    shutil.copytree(base.returned, folder, dirs_exist_ok=True)
    shutil.copytree(base.home / "memory", folder / "memory", dirs_exist_ok=True)  # the seals' key is there
    book, back = folder / "计划.xlsx", folder / "下发"
    (back / "丙店.xlsx").unlink()
    (back / f"丙店{ending}").write_bytes(data)
    end = ran(["collect", book, back])
    is_sound(end)
    assert end.code in (0, 1), end.said
    opens(book)
    found = end.json
    adds_up(found)
    state = {line["store"]: line["accepted"] for line in found["stores"]}
    assert (state["甲店"], state["乙店"]) == (GOOD / 2, GOOD / 2), found["stores"]
    assert found["amounts"]["accepted"] >= GOOD
    again = ran(["collect", book, back])
    is_sound(again)
    assert again.json["changed"] is False, "a second collection changes the plan"


def mutated_plan(base: Base, folder: Path, chance: random.Random) -> tuple[bytes, Callable[[], None]]:
    """Make a plan worse; return it, and what tries it."""
    name = chance.choice(["fresh", "split", "split"])
    data = base.plans[name]
    how = chance.random()
    if how < 0.5:
        data = mutations.zip_changed(data, chance)
    elif how < 0.95:
        data = mutations.cells_changed(data, chance, base.inputs[name])
    else:
        data = mutations.bytes_changed(data, chance)
    return data, lambda: try_plan(base, folder, data)


def mutated_table(base: Base, folder: Path, chance: random.Random) -> tuple[bytes, Callable[[], None]]:
    """Make a file of actuals worse; return it, and what tries it."""
    ending = chance.choice(list(base.tables))
    data = base.tables[ending]
    if ending == ".csv":
        data = (mutations.lines_changed if chance.random() < 0.8 else mutations.bytes_changed)(data, chance)
    elif ending == ".xls" or chance.random() < 0.1:
        data = mutations.bytes_changed(data, chance)
    elif ending == ".xlsx" and chance.random() < 0.5:
        sheets = [name for name in mutations.unpacked(data) if name.startswith("xl/worksheets/")]
        data = mutations.cells_changed(data, chance, sheets)
    else:
        data = mutations.zip_changed(data, chance)
    return data, lambda: try_table(base, folder, data, ending)


def mutated_return(base: Base, folder: Path, chance: random.Random) -> tuple[bytes, Callable[[], None]]:
    """Make one returned file worse; return it, and what tries it."""
    data = (base.returned / "下发" / "丙店.xlsx").read_bytes()
    how = chance.random()
    if how < 0.4:
        data = mutations.zip_changed(data, chance)
    elif how < 0.9:
        data = mutations.cells_changed(data, chance, base.inputs["丙店"])
    elif how < 0.95:
        data = mutations.bytes_changed(data, chance)
    else:
        ending = chance.choice([".xls", ".ods"])
        data = mutations.bytes_changed(base.tables[ending], chance)
        return data, lambda: try_returned(base, folder, data, ending)
    return data, lambda: try_returned(base, folder, data)


def try_names(folder: Path, names: list[str], file: str) -> None:
    """Hand out to members of odd names and collect, in a folder and a plan of odd names; all or nothing."""
    home = folder / file
    home.mkdir()
    rows = members({"门店": dict.fromkeys(names, 1.0)})
    book = plan(home / f"{file}.xlsx", plan_name=names[0], dimensions=rows, **QUARTER)
    before = book.read_bytes()
    for command in (["split", book], ["handout", book, home / "下发", "--zip"], ["collect", book, home / "下发"]):
        end = ran(list(command))
        is_sound(end)
        if end.code == 2:
            assert command[0] != "split" or book.read_bytes() == before
            return
        opens(book)
        adds_up(end.json)
        assert sorted(path.name for path in folder.iterdir()) in ([file], sorted([file, "memory"])), "written outside"


KILLED = """
import os, signal, sys
from xlsales.core.faults import Fault
from xlsales.hosts.cli import main
import xlsales.commands, xlsales.book.publish
left = {left}
def at_work(event, arguments):
    global left
    if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.chmod", "os.link", "os.utime", "shutil.move"):
        if str(arguments[0]).startswith({home!r}):
            left -= 1
            if left == 0:
                {end}
sys.addaudithook(at_work)
{limit}
sys.exit(main(sys.argv[1:]))
"""


def killed(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own that a script breaks off."""
    command = [sys.executable, "-c", script, *map(str, arguments), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)
    assert "Traceback" not in done.stdout + done.stderr, done.stderr[-2000:]
    assert done.returncode in (0, 1, 2, -signal.SIGKILL), done
    return done


def no_left_overs(folder: Path) -> None:
    """Check that nothing half written lies about, once another run has ended."""
    assert not [path.name for path in folder.rglob(LEFT_OVER[0] + "*")], "left-overs"


ROUND = {
    "refresh": ["refresh", "{book}", "--actuals", "{home}/销售.csv", "--as-of", "2026-01-31"],
    "collect": ["collect", "{book}", "{home}/下发"],
    "handout": ["handout", "{book}", "{home}/再下发", "--zip"],
    "undo": ["undo", "{book}"],
}
"""The commands that write besides splitting."""


def try_round(base: Base, folder: Path, script: str, verb: str) -> None:
    """Break a command of the round with the stores: the plan is the old or the new one, and another run does it."""
    shutil.copytree(base.returned, folder, dirs_exist_ok=True)
    shutil.copytree(base.home / "memory", folder / "memory", dirs_exist_ok=True)
    book = folder / "计划.xlsx"
    (folder / "销售.csv").write_text("日期,门店,金额\n2026-01-05,甲店,5\n", "utf-8")
    command = [part.format(book=book, home=folder) for part in ROUND[verb]]
    first = book.read_bytes()
    if verb == "undo":
        assert ran(["collect", book, folder / "下发"]).code in (0, 1)
    before = book.read_bytes()
    done = killed(script, *command)
    stands = book.read_bytes()
    opens(book)
    if done.returncode == 2:
        assert stands == before, "changed although refused"
    again = ran(list(command))
    is_sound(again)
    if verb == "undo":  # what was undone before the kill cannot be undone twice
        assert again.code == 0 or (again.code == 2 and stands == first), again
        assert book.read_bytes() == first
    else:
        assert again.code in (0, 1), again
        opens(book)
        third = ran(list(command))
        assert third.json.get("changed") is not True or verb == "handout", "a second run changes the plan"
    if verb == "collect":
        assert again.json["amounts"]["accepted"] >= GOOD
    if verb == "handout":
        files = {path.name for path in (folder / "再下发").glob("*店.xlsx")}
        assert files == {"甲店.xlsx", "乙店.xlsx", "丙店.xlsx"}, files
        for path in (folder / "再下发").glob("*.xlsx"):
            opens(path)
    no_left_overs(folder)


def try_end(base: Base, folder: Path, script: str) -> None:
    """Break a split in a process of its own: what stands is the old plan or the new one, and undo leads back."""
    book = folder / "计划.xlsx"
    book.write_bytes(base.plans["fresh"])
    before = book.read_bytes()
    done = killed(script, "split", book, "--yes", "--rewrite")
    stands = book.read_bytes()
    opens(book)
    if done.returncode == 2:
        assert stands == before
        assert json.loads(done.stdout)["faults"]
    back = ran(["undo", book])
    is_sound(back)
    assert book.read_bytes() == before, "undo does not lead back"
    again = ran(["split", book, "--yes", "--rewrite"])
    is_sound(again)
    assert again.code in (0, 1), again
    no_left_overs(folder)


def odd_names(base: Base, folder: Path, chance: random.Random) -> tuple[bytes, Callable[[], None]]:
    """Choose odd names; return them, and what tries them."""
    names = [text for text in mutations.TEXTS if text.strip()]
    chosen = ["华东", *chance.sample(names, 4), chance.choice(names) + chance.choice(names)]
    file = "".join(c for c in chance.choice(names)[:60] if c not in "/\\\0") or "x"
    file = file.encode("utf-8", "replace").decode().strip(". ") or "x"
    return repr((chosen, file)).encode(), lambda: try_names(folder, chosen, file)


def broken_off(base: Base, folder: Path, chance: random.Random) -> tuple[bytes, Callable[[], None]]:
    """Choose where a run is killed, or finds no room; return the script, and what tries it."""
    room = chance.randrange(60_000)
    fills_up = chance.random() < 0.4
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))" if fills_up else ""
    end = chance.choice(["os.kill(os.getpid(), signal.SIGKILL)", "raise OSError(28, 'No space left on device')"])
    verb = chance.choice(["split", "split", *ROUND])
    most = 25 if verb == "split" else 80
    script = KILLED.format(left=0 if limit else chance.randrange(1, most), home=str(folder), limit=limit, end=end)
    if verb == "split":
        return script.encode(), lambda: try_end(base, folder, script)
    return f"{verb}\n{script}".encode(), lambda: try_round(base, folder, script, verb)


Trial = tuple[bytes, Callable[[], None]]
KINDS: dict[str, Callable[[Base, Path, random.Random], Trial]] = {
    "plan": mutated_plan,
    "table": mutated_table,
    "returned": mutated_return,
    "names": odd_names,
    "end": broken_off,
}
