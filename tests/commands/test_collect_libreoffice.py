"""A real spreadsheet program saves what a store returns: it is taken back all the same."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.calc import _ALWAYS_RECALCULATE, read_back
from tests.commands.books import Command, opened
from tests.commands.conftest import Kept
from tests.commands.store_files import TODAY, StoreFile, fill, sales_of, stores_plan
from tests.commands.test_collect import collected, states
from xlsales.hosts import cli

pytestmark = pytest.mark.libreoffice
STORES = ["徐汇店", "静安店", "虹口店", "浦东店"]


def saved_by_calc(paths: list[Path], kind: str, folder: Path) -> None:
    """Let LibreOffice open, compute and save workbooks into a folder."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: no soffice on the path")
    profile = folder / f"profile-{kind}"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind]
    subprocess.run(
        [*command, "--outdir", folder / "交回", *paths], check=True, capture_output=True, timeout=300, cwd=folder
    )


@pytest.fixture
def round_(
    tmp_path: Path, kept: Kept, xlsales: Command, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Path, dict[str, StoreFile]]:
    """A plan of four stores, and their workbooks as filled in, beside the folder to collect."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)

    def make(home: Path) -> None:
        book, handed = home / "计划.xlsx", home / "下发"
        stores_plan(book, STORES)
        assert xlsales("split", book).code == 0
        assert xlsales("handout", book, handed).code == 0
        files = fill(handed, STORES)
        files["徐汇店"].type({("2026-04", "commitment"): 250_000.0, ("2026-04", "reason"): "门前修路"}, "承诺")
        files["静安店"].type({("2026-01-12", "entry"): "没开门"})
        files["虹口店"].type({("2026-01-12", "target"): 1.0})

    kept.copy("four stores", make, tmp_path)
    files = {code: StoreFile(tmp_path / "下发" / f"{code}.xlsx", code) for code in STORES}
    return tmp_path / "计划.xlsx", tmp_path / "交回", files


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_saved_anew_by_another_program(
    round_: tuple[Path, Path, dict[str, StoreFile]], xlsales: Command, tmp_path: Path, kind: str
) -> None:
    """Saved by LibreOffice as .xlsx, .xls or .ods, files are told by their seals, and faults are found."""
    book, folder, files = round_
    saved_by_calc([file.path for file in files.values()], kind, tmp_path)
    ran = xlsales("collect", book, folder, "--json")
    told = {"徐汇店": "returned", "静安店": "partly", "虹口店": "mend", "浦东店": "returned"}
    assert states(ran) == told
    shown = opened(book)
    for code in STORES:
        wanted = {day: a for day, a in sales_of(code).items() if (code, day) != ("静安店", "2026-01-12")}
        assert {d: pytest.approx(a, abs=1e-6) for s, d, a, _ in collected(shown.book) if s == code} == wanted
    whys = {line["store"]: line["why"] for line in ran.json["stores"]}
    back = sorted((folder / "退回").glob("静安店*.xlsx"))
    assert [path.name for path in back] == ["静安店.xlsx" if kind == "xlsx" else "静安店-退回说明.xlsx"]
    subline = str(read_back(back[0])["退回说明"]["C3"].value)
    marked = "涂红的单元格就是要改的" if kind == "xlsx" else f".{kind} 文件里不能涂红,请按工作表和单元格找"
    assert marked in subline
    assert "没开门" in whys["静安店"]
    assert "被改过,下发的是" in whys["虹口店"]
    assert "承诺" in shown.titles
    before = book.read_bytes()
    assert xlsales("collect", book, folder, "--json").json["changed"] is False
    assert book.read_bytes() == before
    refreshed = xlsales("refresh", book, "--as-of", "2026-02-28", "--json").json
    sold = sum(sum(sales_of(code).values()) for code in STORES) - sales_of("静安店")["2026-01-12"]
    assert refreshed["actual"] == pytest.approx(sold, abs=1e-6)


def test_a_plan_saved_by_another_program_is_collected_into_again(
    round_: tuple[Path, Path, dict[str, StoreFile]], xlsales: Command, tmp_path: Path
) -> None:
    """After LibreOffice saved the plan, collecting the same files replaces the same rows, none twice."""
    book, folder, files = round_
    folder.mkdir()
    for file in files.values():
        shutil.copy(file.path, folder)
    xlsales("collect", book, folder)
    rows = sorted(collected(opened(book).book))
    moved = tmp_path / "moved"
    moved.mkdir()
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: no soffice on the path")
    profile = (tmp_path / "profile-plan").as_uri()
    subprocess.run(
        [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx", "--outdir", moved, book],
        check=True,
        capture_output=True,
        timeout=300,
    )
    again = moved / book.name
    files["浦东店"].type({("2026-01-12", "entry"): 4321.0})
    shutil.copy(files["浦东店"].path, folder)
    xlsales("collect", again, folder)
    found = sorted(collected(opened(again).book))
    assert len(found) == len(rows)
    assert [(s, d) for s, d, _, _ in found] == [(s, d) for s, d, _, _ in rows]
    changed = {(s, d): a for s, d, a, o in found if (s, d, a, o) not in rows}
    assert changed == {("浦东店", "2026-01-12"): 4321.0}
