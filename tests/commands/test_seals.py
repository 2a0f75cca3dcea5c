"""Only headquarters makes a store's file: seals have a key, which stays in the sender's data folder.

What a store could forge is tried with everything a store can know: the format, the algorithms, its own file, and (for
all stores here have the same targets) the targets of the other. Then the ways of an honest round: another computer, a
lost key, files of an earlier version. Each remedy is followed as the sentence says it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.calc import read_back
from tests.commands.books import Command, Ran, opened, rewrite
from tests.commands.store_files import TODAY, StoreFile, saved_at, stores_plan
from xlsales.hosts import cli
from xlsales.store.sealing import Identity, digest, fingerprint
from xlsales.store.seals import Key

pytestmark = pytest.mark.unit
EARLIER = Path(__file__).resolve().parents[1] / "data" / "earlier"
MINE, THEIRS = "甲店", "乙店"
TRUE = {"2026-01-05": 9000.5, "2026-01-06": 8000.25}
FORGED = {"2026-01-05": 15_000.5, "2026-01-06": 30_000.0, "2026-01-07": 7000.0}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_now", lambda: TODAY)


def handed(home: Path, xlsales: Command) -> tuple[Path, Path]:
    """A plan of two stores with the same targets, and what was handed out."""
    book, out = home / "计划.xlsx", home / "下发"
    stores_plan(book, [MINE, THEIRS])
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, out).code == 0
    return book, out


def returned(out: Path, folder: Path, store: str, amounts: dict[str, float], name: str = "") -> StoreFile:
    """A copy of a store's file with amounts typed, put into the folder of returned files."""
    folder.mkdir(exist_ok=True)
    file = StoreFile(Path(shutil.copy(out / f"{store}.xlsx", folder / f"{name or store}.xlsx")), store)
    file.type({(day, "entry"): amount for day, amount in amounts.items()})
    return file


def taken(book: Path) -> dict[str, float]:
    """What stands in 实际, by store."""
    rows = list(opened(book).book["实际"].iter_rows(values_only=True))
    at = {header: i for i, header in enumerate(rows[0]) if header} if rows else {}
    amount = at.get("金额", at.get("销售额", 0))
    sums: dict[str, float] = {}
    for row in rows[1:]:
        if "回收来源" in at and row[at["回收来源"]]:
            sums[row[at["门店"]]] = sums.get(row[at["门店"]], 0) + row[amount]
    return sums


def sentences(ran: Ran) -> list[str]:
    return [problem["sentence"] for problem in ran.json["problems"]]


def targets_of(file: StoreFile) -> list[tuple[str, str, float]]:
    """The targets that a store sees in its file, in the form of the algorithm, tables and all."""
    days = read_back(file.path, data_only=True)
    found = []
    for title, prefix in (("日报", ""), ("分项", "member:")):
        sheet = days[title]
        columns = {cell.value: cell.column for cell in sheet[1] if cell.value}
        for row in range(2, sheet.max_row + 1):
            key = str(sheet.cell(row, 1).value or "")
            if title == "日报" and re.fullmatch(r"\d{4}-\d\d-\d\d", key):
                found.append((key, "target", float(sheet.cell(row, columns["target"]).value)))
            elif title == "分项" and key.startswith((prefix, "unassigned:")):
                name = sheet.cell(row, columns["member"]).value
                named = f"{key.rpartition(':')[0]}:{name}" if key.startswith(prefix) else key
                months = [column for column in columns if re.fullmatch(r"\d{4}-\d\d", str(column))]
                found += [(named, m, float(sheet.cell(row, columns[m]).value or 0)) for m in months if name]
    return found


def _plain(file: StoreFile) -> None:
    file.named("xs_store_fingerprint", fingerprint(Identity("2026年度", "门店", THEIRS), targets_of(file)))


def _own_key(file: StoreFile) -> None:
    made = digest(Identity("2026年度", "门店", THEIRS), targets_of(file))
    file.named("xs_store_fingerprint", Key(b"guess" * 7, "2020-01-01").seal(made))


def _name_of_key(file: StoreFile) -> None:
    """The name of headquarters' key, which stands in every file, and another's work behind it."""
    made = digest(Identity("2026年度", "门店", THEIRS), targets_of(file))
    own = str(read_back(file.path)["目标"][file.at("info:fingerprint", "target", "目标")].value)
    other = Key(b"guess" * 7, "2020-01-01").seal(made)
    file.named("xs_store_fingerprint", own[:9] + other[9:])


def _own_seal(file: StoreFile) -> None:
    pass


def _no_seal(file: StoreFile) -> None:
    file.named("xs_store_fingerprint", "")


def _nothing_but_targets(file: StoreFile) -> None:
    """Names lost and the front page blank: whose it is follows from targets and the file's name."""
    front = "xl/worksheets/sheet1.xml"

    def change(name: str, data: bytes) -> bytes:
        if name == "xl/workbook.xml":
            return re.sub(rb"<definedNames>.*</definedNames>", b"", data)
        return re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", data, flags=re.S) if name == front else data

    rewrite(file.path, change)


FORGERIES: dict[str, Callable[[StoreFile], None]] = {
    "a fingerprint without a key": _plain,
    "a key of one's own": _own_key,
    "the name of the true key": _name_of_key,
    "the seal of one's own file": _own_seal,
    "no seal at all": _no_seal,
    "nothing but targets": _nothing_but_targets,
}


def forge(out: Path, folder: Path, how: str, name: str) -> None:
    file = returned(out, folder, MINE, FORGED, name)
    file.named("xs_store_code", THEIRS)
    FORGERIES[how](file)
    saved_at(file.path, "2026-03-09T00:00:00Z")


@pytest.mark.parametrize("how", FORGERIES)
def test_a_forged_file_never_counts(tmp_path: Path, xlsales: Command, how: str) -> None:
    """Alone nothing of it is taken; beside the true one, saved earlier, the true one counts and is named with why."""
    book, out = handed(tmp_path, xlsales)
    folder = tmp_path / "交回"
    forge(out, folder, how, THEIRS)
    ran = xlsales("collect", book, folder, "--json")
    assert THEIRS not in taken(book), sentences(ran)
    forge(out, folder, how, "另一份")
    (folder / f"{THEIRS}.xlsx").unlink()
    true = returned(out, folder, THEIRS, TRUE)
    saved_at(true.path, "2026-02-01T00:00:00Z")
    ran = xlsales("collect", book, folder, "--json")
    assert taken(book) == {THEIRS: pytest.approx(sum(TRUE.values()))}
    why = opened(book).sheet("returns").value(f"s:{THEIRS}", "why") or ""
    if how not in ("the seal of one's own file", "no seal at all", "nothing but targets"):  # these name no store
        assert f"采用的是“{THEIRS}.xlsx”:它的封印对" in why
        assert "另一份.xlsx" in why


def test_of_two_true_files_the_account_says_which(tmp_path: Path, xlsales: Command) -> None:
    book, out = handed(tmp_path, xlsales)
    folder = tmp_path / "交回"
    saved_at(returned(out, folder, MINE, TRUE, "早").path, "2026-02-01T00:00:00Z")
    saved_at(returned(out, folder, MINE, FORGED, "晚").path, "2026-02-02T00:00:00Z")
    xlsales("collect", book, folder)
    assert taken(book) == {MINE: sum(FORGED.values())}
    why = opened(book).sheet("returns").value(f"s:{MINE}", "why")
    assert "采用的是“晚.xlsx”:它最后保存。没有采用:早.xlsx" in why


def test_the_secret_is_in_no_file(tmp_path: Path, xlsales: Command) -> None:
    """One key a plan; it is in none of the files handed out, nor in the plan; handing out again changes nothing."""
    book, out = handed(tmp_path, xlsales)
    (kept,) = (tmp_path / "memory" / "seals").glob("*.json")
    assert kept.stat().st_mode & 0o077 == 0
    secret = json.loads(kept.read_text())["key"]
    before = {path: path.read_bytes() for path in out.iterdir()}
    assert xlsales("handout", book, out, "--json").json["changed"] is False
    assert {path: path.read_bytes() for path in out.iterdir()} == before
    folder = tmp_path / "交回"
    returned(out, folder, MINE, TRUE).type({("2026-01-08", "entry"): "没开门"})
    xlsales("collect", book, folder)
    looked_at = 0
    for path in [book, *out.iterdir(), *folder.rglob("*.xlsx")]:
        parts = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                parts += [archive.read(name) for name in archive.namelist()]
        for data in parts:
            looked_at += 1
            assert secret.encode() not in data.lower()
            assert bytes.fromhex(secret) not in data
    assert looked_at > 60
    assert list((tmp_path / "memory" / "seals").iterdir()) == [kept]


# --- an honest round goes on ------------------------------------------------------------------


def _gone(seals: Path) -> None:
    shutil.rmtree(seals)


def _damaged(seals: Path) -> None:
    for path in seals.iterdir():
        path.write_bytes(path.read_bytes()[:40])


def _no_record(seals: Path) -> None:
    for path in seals.iterdir():
        path.write_text('{"plan": "2026年度", "made": 1, "key": "abc", "before": []}')


def _list(seals: Path) -> None:
    for path in seals.iterdir():
        path.write_text("[" * 5000)


LOSSES = {"gone": _gone, "damaged": _damaged, "no key in it": _no_record, "hostile": _list}


@pytest.mark.parametrize("how", LOSSES)
def test_a_lost_key_loses_no_round(tmp_path: Path, xlsales: Command, how: str) -> None:
    """The record of the hand-out beside the plan speaks for the files; not for one that it does not know."""
    book, out = handed(tmp_path, xlsales)
    folder = tmp_path / "交回"
    returned(out, folder, MINE, TRUE)
    forge(out, folder, "a key of one's own", THEIRS)
    shutil.copy(out / "manifest.json", folder / "manifest.json")  # as a store could have sent it
    forged = json.loads((folder / "manifest.json").read_text())
    for line in forged["stores"]:
        line["seal"] = read_back(folder / f"{THEIRS}.xlsx")["目标"]["C1"].value or line["seal"]
    (folder / "manifest.json").write_text(json.dumps(forged))
    LOSSES[how](tmp_path / "memory" / "seals")
    ran = xlsales("collect", book, folder, "--json")
    assert ran.code == 1
    assert taken(book) == {MINE: sum(TRUE.values())}
    assert any("读不懂" in said for said in sentences(ran)) == (how != "gone")


@pytest.mark.parametrize("remedy", ["seals", "manifest.json"])
def test_on_another_computer(tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch, remedy: str) -> None:
    """The plan and the returned files alone have moved: the sentence says what is to be copied where, and it works."""
    book, out = handed(tmp_path, xlsales)
    other = tmp_path / "another computer"
    other.mkdir()
    moved, folder = Path(shutil.copy(book, other / "计划.xlsx")), other / "交回"
    returned(out, folder, MINE, TRUE)
    monkeypatch.setenv("XLSALES_DATA", str(other / "memory"))
    ran = xlsales("collect", moved, folder, "--json")
    assert taken(moved) == {}
    (said,) = [s for s in sentences(ran) if "另一台电脑" in s]
    found = re.search(r"请把那台电脑的 seals 文件夹拷到 (.+?);", said)
    assert found
    assert "manifest.json 拷到那里" in said
    if remedy == "seals":
        shutil.copytree(tmp_path / "memory" / "seals", found[1])
    else:
        Path(found[1]).mkdir(parents=True)
        shutil.copy(out / "manifest.json", found[1])
    assert xlsales("collect", moved, folder).code == 0
    assert taken(moved) == {MINE: sum(TRUE.values())}
    assert not (folder / "退回").exists()  # there was nothing for the store to mend


def test_handing_out_on_another_computer_is_told(
    tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key of one's own is made there; files of the first computer count by what the folder's record said then."""
    book, out = handed(tmp_path, xlsales)
    folder = tmp_path / "交回"
    returned(out, folder, MINE, TRUE)
    monkeypatch.setenv("XLSALES_DATA", str(tmp_path / "other"))
    ran = xlsales("handout", book, out, "--json")
    assert any("有 2 份是另一台电脑封印的" in said for said in sentences(ran))
    assert ran.json["counts"]["written"] == 2
    assert xlsales("collect", book, folder).code == 0
    assert taken(book) == {MINE: sum(TRUE.values())}


@pytest.mark.parametrize("where", ["beside the plan", "nowhere"])
def test_files_of_an_earlier_version(
    tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Without a key they count while nothing is keyed; then where a record says that they were handed out so."""
    monkeypatch.setattr(cli, "_now", lambda: dt.datetime(2026, 11, 28, 9, 30))
    book = Path(shutil.copy(EARLIER / "plan.xlsx", tmp_path / "plan.xlsx"))
    shown = read_back(EARLIER / "returned.xlsx")["目标"]
    rows = {row[0].value: row[0].row for row in shown.iter_rows() if row[0].value}
    column = next(cell.column for cell in shown[1] if cell.value == "target")
    facts = {key: shown.cell(rows[f"info:{key}"], column).value for key in ("plan", "dimension", "code", "fingerprint")}
    line = {"code": facts["code"], "file": "东店.xlsx", "version": 1, "fingerprint": facts["fingerprint"]}
    manifest = json.dumps(
        {
            "format": "1", "plan": facts["plan"] or "", "dimension": facts["dimension"], "lang": "zh",
            "stores": [line | {"sha256": "", "target": 1.0}],
        }
    )  # fmt: skip
    if where == "beside the plan":
        (tmp_path / "旧下发").mkdir()
        (tmp_path / "旧下发" / "manifest.json").write_text(manifest)
    back = tmp_path / "back"
    back.mkdir()
    shutil.copy(EARLIER / "returned.xlsx", back / "东店.xlsx")
    assert xlsales("handout", book, tmp_path / "out").code == 0
    if where == "beside the plan":
        shutil.rmtree(tmp_path / "旧下发")  # the key's file has kept what it said
    ran = xlsales("collect", book, back, "--json")
    if where == "nowhere":
        assert "东店" not in taken(book)
        (said,) = [s for s in sentences(ran) if "没有密钥封印" in s]
        found = re.search(r"manifest.json 拷到 (.+?),再收一次", said)
        assert found
        (Path(found[1]) / "manifest.json").write_text(manifest)
        ran = xlsales("collect", book, back, "--json")
    assert taken(book) == {"东店": sum(range(101, 111))}
    assert xlsales("collect", book, back, "--json").json["changed"] is False


def test_without_room_for_the_key_nothing_is_handed_out(tmp_path: Path, xlsales: Command) -> None:
    book, out = tmp_path / "计划.xlsx", tmp_path / "下发"
    stores_plan(book, [MINE])
    xlsales("split", book)
    (tmp_path / "memory" / "seals").write_text("a file where the folder belongs")
    ran = xlsales("handout", book, out)
    assert ran.code == 2
    assert "封印用的密钥写不进" in ran.err
    assert not list(out.glob("*.xlsx"))
    (tmp_path / "memory" / "seals").unlink()
    assert xlsales("handout", book, out).code == 0
