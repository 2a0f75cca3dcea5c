"""Many stores' files are filled with the help of other processes: the folder is the same, byte for byte."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.commands import bad_fillers
from tests.commands.books import PRODUCTS, Command, members, plan
from xlsales.commands import filled_files
from xlsales.store.handout.folder import Deed, Folder
from xlsales.store.handout.mould import Mould
from xlsales.store.targets import Store
from xlsales.tables.files.crew import Crew

pytestmark = pytest.mark.unit
STORES = 37


@pytest.fixture
def book(xlsales: Command, tmp_path: Path) -> Path:
    """A split plan of a month with so many stores, some with odd names, and a table of products."""
    names = ["CON", "a<b>&c", "沈阳/中街店", *(f"门店{n:02d}" for n in range(STORES - 3))]
    rows = [{"dimension": "门店", "member": name, "weight": n % 7 + 1} for n, name in enumerate(names)]
    path = tmp_path / "plan.xlsx"
    plan(path, dimensions=rows + members({"产品": PRODUCTS}), start=dt.date(2026, 1, 1), end=dt.date(2026, 1, 31))
    assert xlsales("split", path).code in (0, 1)
    return path


@pytest.fixture
def with_helpers(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Give a hand-out so many processes that help, if it is large enough by now."""

    def give(count: int) -> None:
        monkeypatch.setattr(filled_files, "FROM", 1)
        monkeypatch.setattr(filled_files, "MOST", 3)
        monkeypatch.setattr(filled_files, "cores", lambda: count + 1)

    return give


class Noted(Crew[Any, bytes]):
    """A crew that is remembered."""

    crews: ClassVar[list[Noted]] = []

    def __init__(self, begin: str, count: int) -> None:
        super().__init__(begin, count)
        self.crews.append(self)


def folder(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()}


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_same_whatever_the_number_of_processes(
    xlsales: Command, book: Path, tmp_path: Path, with_helpers: Callable[[int], None], monkeypatch: pytest.MonkeyPatch,
    count: int,
) -> None:  # fmt: skip
    """Files, manifest, list and zip are those of a run without helpers; the plan's key seals both."""
    here = xlsales("handout", book, tmp_path / "a", "--zip", "--json")
    with_helpers(count)
    monkeypatch.setattr(Mould, "filled", None)  # nothing is filled in this process
    apart = xlsales("handout", book, tmp_path / "b", "--zip", "--json")
    assert apart.json["counts"] == here.json["counts"] == {"written": STORES, "beside": 0, "unchanged": 0, "kept": 0}
    assert folder(tmp_path / "a") == folder(tmp_path / "b")


@pytest.mark.parametrize("begin", [bad_fillers.never_begins, bad_fillers.dies_at_each_fifth])
def test_a_process_that_dies_costs_no_file(
    xlsales: Command, book: Path, tmp_path: Path, with_helpers: Callable[[int], None], monkeypatch: pytest.MonkeyPatch,
    begin: Callable[[Mould], object],
) -> None:  # fmt: skip
    """What it was to fill is filled here, and nobody is told of anything."""
    here = xlsales("handout", book, tmp_path / "a")
    with_helpers(2)
    monkeypatch.setattr(filled_files, "filling", begin)
    apart = xlsales("handout", book, tmp_path / "b")
    assert (apart.code, apart.out.replace("/b", "/a")) == (here.code, here.out)
    assert folder(tmp_path / "a") == folder(tmp_path / "b")


@pytest.mark.parametrize("after", [0, 1, 20])
def test_who_breaks_off_leaves_whole_files(
    xlsales: Command, book: Path, tmp_path: Path, with_helpers: Callable[[int], None], monkeypatch: pytest.MonkeyPatch,
    after: int,
) -> None:  # fmt: skip
    """The folder has the files of the manifest and no other; no process is left; the next run does the rest."""
    xlsales("handout", book, tmp_path / "whole")
    with_helpers(2)
    put = Folder.put

    def breaks_off(self: Folder, store: Store, fingerprint: str, data: bytes) -> Deed:
        if len(self.lines) == after:
            raise KeyboardInterrupt
        return put(self, store, fingerprint, data)

    out = tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.setattr(Folder, "put", breaks_off)
        patched.setattr(filled_files, "Fillers", Noted)
        Noted.crews.clear()
        assert "已中断" in xlsales("handout", book, out).err
    lines = json.loads((out / "manifest.json").read_text("utf-8"))["stores"]
    assert len(lines) == after
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.glob("*.xlsx")}
    assert digests == {line["file"]: line["sha256"] for line in lines}
    assert [helper._process.poll() is not None for crew in Noted.crews for helper in crew._helpers] == [True, True]
    ran = xlsales("handout", book, out, "--json")
    assert (ran.json["counts"]["unchanged"], ran.json["counts"]["written"]) == (after, STORES - after)
    assert folder(out) == folder(tmp_path / "whole")


@pytest.mark.parametrize(
    ("stores", "cores", "helpers"), [(149, 8, 0), (150, 8, 2), (150, 2, 1), (5000, 1, 0), (5000, 0, 0)]
)
def test_processes_help_where_they_are_worth_it(
    monkeypatch: pytest.MonkeyPatch, stores: int, cores: int, helpers: int
) -> None:
    """Few stores, a single core, or a program without Python: then this process fills all."""
    monkeypatch.setattr(filled_files, "cores", lambda: cores)
    with filled_files.fillers(stores) as crew:
        assert len(crew._helpers) == helpers
