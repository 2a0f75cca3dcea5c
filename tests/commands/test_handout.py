"""下发: the stores' files, their list and manifest, and what is never overwritten."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.calc import read_back
from tests.commands.books import PRODUCTS, REGIONS, Command, members, opened, plan, swap
from tests.store.stores import keyed, typed
from xlsales.core.faults import Lang
from xlsales.store.handout.mould import Mould

pytestmark = pytest.mark.unit
STORES = {"东北": {"沈阳/中街店": 3, "CON": 2}, "华东": {"上海徐汇店": 4, "杭州西湖店": 1}}


def split_plan(xlsales: Command, folder: Path, lang: Lang = "zh", **settings: Any) -> Path:
    """A split plan of four stores in two regions, and two products."""
    dimension, product = ("门店", "产品") if lang == "zh" else ("Store", "Product")
    rows: list[dict[str, object]] = []
    for region, stores in STORES.items():
        rows.append({"dimension": dimension, "member": region, "weight": sum(stores.values())})
        rows += [
            {"dimension": dimension, "member": s, "parent": region, "weight": w, "aliases": f"{s}别名"}
            for s, w in stores.items()
        ]
    rows += [{"dimension": product, "member": f"P{n}", "weight": n} for n in (1, 2)]
    given: dict[str, Any] = {"plan_name": "2026 目标", "start": dt.date(2026, 1, 1), "end": dt.date(2026, 3, 31)}
    index = [{"weekday": f"周{d}", "index": i} for d, i in zip("一二三四五六日", (1,) * 5 + (1.6, 1.6), strict=True)]
    tables: dict[str, Any] = {"xs_weekdays": index}
    path = plan(
        folder / "plan.xlsx", lang=lang, dimensions=rows, tables=tables,
        **{**given, "day_method": "day_index", **settings},
    )  # fmt: skip
    assert xlsales("split", path).code in (0, 1)
    return path


def bytes_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir()}


def manifest(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / "manifest.json").read_text("utf-8"))
    return {s["code"]: s for s in found["stores"]}


def change_total(xlsales: Command, folder: Path, total: float) -> Path:
    return split_plan(xlsales, folder, total=total)


def test_every_store_gets_its_targets(xlsales: Command, tmp_path: Path) -> None:
    """Each store's file carries its own target, and together they are the company's target."""
    book = split_plan(xlsales, tmp_path)
    ran = xlsales("handout", book, tmp_path / "out", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["stores"] == 4
    lines = manifest(tmp_path / "out")
    assert {s["file"] for s in lines.values()} == {
        "沈阳_中街店.xlsx",
        "_CON.xlsx",
        "上海徐汇店.xlsx",
        "杭州西湖店.xlsx",
    }
    total, company = 0.0, dict.fromkeys((f"2026-01-{d:02d}" for d in range(1, 32)), 0.0)
    for code, line in lines.items():
        path = tmp_path / "out" / line["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == line["sha256"]
        shown = read_back(path, data_only=True)
        front, days = keyed(shown, "front"), keyed(shown, "days")
        assert front["info:code", "target"] == code
        assert front["info:fingerprint", "target"] == line["seal"] != line["fingerprint"]
        assert front["plan", "target"] == line["target"]
        total += line["target"]
        for key in company:
            company[key] += days[key, "target"]
    assert total == 10_000_000
    breakdown = read_back(book, data_only=True)["按时间"]
    expected = {row[0].value: row[6].value for row in breakdown.iter_rows() if row[0].value in company}
    assert company == expected


def test_what_a_killed_hand_out_left_goes(xlsales: Command, tmp_path: Path) -> None:
    """A temporary file in the folder is cleared by the next hand-out; a person's files stay."""
    book, out = split_plan(xlsales, tmp_path), tmp_path / "out"
    out.mkdir()
    for name in (".xlsales-abc.tmp", "我的.tmp"):
        (out / name).write_bytes(b"half a file")
    assert xlsales("handout", book, out).code == 0
    assert [path.name for path in out.glob("*.tmp")] == ["我的.tmp"]
    assert not list(out.glob(".xlsales-*"))


def test_a_rerun_leaves_files_untouched(xlsales: Command, tmp_path: Path) -> None:
    """Handing out again what has not changed touches no file."""
    book, out = split_plan(xlsales, tmp_path), tmp_path / "out"
    xlsales("handout", book, out)
    before = bytes_of(out)
    ran = xlsales("handout", book, out, "--json")
    assert ran.json["counts"] == {"written": 0, "beside": 0, "unchanged": 4, "kept": 0}
    assert not ran.json["changed"]
    assert bytes_of(out) == before


@pytest.mark.parametrize("filled", [False, True])
def test_files_that_another_computer_packed_stay(xlsales: Command, tmp_path: Path, filled: bool) -> None:
    """Another kind of processor, or another version of a library, gives the same contents as other bytes."""
    book, out = split_plan(xlsales, tmp_path), tmp_path / "out"
    xlsales("handout", book, out)
    record = (out / "manifest.json").read_text("utf-8")
    for line in manifest(out).values():
        path = out / line["file"]
        with zipfile.ZipFile(path) as file:
            contents = {info.filename: file.read(info) for info in file.infolist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
            for name, data in contents.items():
                file.writestr(name, data)
        record = record.replace(line["sha256"], hashlib.sha256(path.read_bytes()).hexdigest())
    (out / "manifest.json").write_text(record, "utf-8")
    if filled:
        fill_in(out / "上海徐汇店.xlsx")
    before = bytes_of(out)
    ran = xlsales("handout", book, out, "--json")
    assert (ran.json["counts"]["unchanged"], ran.json["counts"]["kept"]) == (4 - filled, filled)
    assert bytes_of(out) == before


def test_changed_targets_are_a_new_version(xlsales: Command, tmp_path: Path) -> None:
    """When targets change, the files nobody has filled in are replaced and say which version they are."""
    out = tmp_path / "out"
    xlsales("handout", split_plan(xlsales, tmp_path), out)
    first = manifest(out)
    ran = xlsales("handout", change_total(xlsales, tmp_path, 1200), out, "--json")
    assert ran.json["counts"]["written"] == 4
    second = manifest(out)
    assert all(second[c]["version"] == 2 and second[c]["fingerprint"] != first[c]["fingerprint"] for c in first)
    front = keyed(read_back(out / "上海徐汇店.xlsx", data_only=True), "front")
    assert front["info:version", "target"] == 2
    assert "第 2 版" in front["#subline", "period"]
    xlsales("handout", tmp_path / "plan.xlsx", out)
    assert manifest(out) == second


def fill_in(path: Path) -> bytes:
    data = typed(path.read_bytes(), {"2026-01-02": 321.0})
    path.write_bytes(data)
    return data


def test_a_filled_file_is_never_overwritten(xlsales: Command, tmp_path: Path) -> None:
    """A file that a store has filled in stays; new targets go beside it, and that is told."""
    book, out = split_plan(xlsales, tmp_path), tmp_path / "out"
    xlsales("handout", book, out)
    filled = fill_in(out / "上海徐汇店.xlsx")
    ran = xlsales("handout", book, out, "--json")  # nothing new for it
    assert (ran.code, ran.json["counts"]["kept"], ran.json["counts"]["unchanged"]) == (0, 1, 3)
    book = change_total(xlsales, tmp_path, 1300)
    ran = xlsales("handout", book, out, "--json")
    assert (ran.code, ran.json["counts"]["beside"], ran.json["counts"]["written"]) == (1, 1, 3)
    assert "上海徐汇店_v2.xlsx" in ran.json["problems"][0]["sentence"]
    assert (out / "上海徐汇店.xlsx").read_bytes() == filled
    assert manifest(out)["上海徐汇店"]["file"] == "上海徐汇店_v2.xlsx"
    before = bytes_of(out)
    assert xlsales("handout", book, out, "--json").json["counts"]["unchanged"] == 4
    assert bytes_of(out) == before
    second = fill_in(out / "上海徐汇店_v2.xlsx")
    xlsales("handout", change_total(xlsales, tmp_path, 1400), out)
    assert (out / "上海徐汇店.xlsx").read_bytes() == filled
    assert (out / "上海徐汇店_v2.xlsx").read_bytes() == second
    assert manifest(out)["上海徐汇店"]["file"] == "上海徐汇店_v3.xlsx"


def test_a_foreign_file_of_that_name_stays(xlsales: Command, tmp_path: Path) -> None:
    """A file that was there before, under a store's name, is not ours to overwrite."""
    book, out = split_plan(xlsales, tmp_path), tmp_path / "out"
    out.mkdir()
    (out / "上海徐汇店.xlsx").write_bytes(b"somebody's")
    ran = xlsales("handout", book, out, "--json")
    assert ran.json["counts"]["beside"] == 1
    assert (out / "上海徐汇店.xlsx").read_bytes() == b"somebody's"


OTHERS: dict[str, Callable[[Path], None]] = {
    "a folder": Path.mkdir,
    "a pipe": lambda path: os.mkfifo(path),
    "a link to an endless device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.skipif(os.name != "posix", reason="Windows has no pipes among files")
@pytest.mark.parametrize("name", ["上海徐汇店.xlsx", "下发清单.xlsx", "下发文件.zip"])
@pytest.mark.parametrize("what", OTHERS)
def test_what_is_no_file_stops_a_hand_out_before_it_begins(
    xlsales: Command, tmp_path: Path, what: str, name: str
) -> None:
    """A folder, pipe or device of a file's name is told before anything is written; moved away, all goes on."""
    book, out = split_plan(xlsales, tmp_path), tmp_path / "out"
    out.mkdir()
    OTHERS[what](out / name)
    ran = xlsales("handout", book, out, "--zip")
    assert ran.code == 2
    assert name in ran.err
    assert "移走" in ran.err
    assert [path.name for path in out.iterdir()] == [name]
    (out / name).rename(tmp_path / "moved")
    assert xlsales("handout", book, out, "--zip").code == 0
    assert (out / name).is_file()


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_to_nothing_is_replaced(xlsales: Command, tmp_path: Path) -> None:
    book, out = split_plan(xlsales, tmp_path), tmp_path / "out"
    out.mkdir()
    (out / "上海徐汇店.xlsx").symlink_to(tmp_path / "elsewhere.xlsx")
    assert xlsales("handout", book, out).code == 0
    assert (out / "上海徐汇店.xlsx").is_file()
    assert not (tmp_path / "elsewhere.xlsx").exists()


def test_only_some_stores(xlsales: Command, tmp_path: Path) -> None:
    """One store's file can be made alone, also by an alias, and is the one it gets among all."""
    book = split_plan(xlsales, tmp_path)
    xlsales("handout", book, tmp_path / "all")
    ran = xlsales("handout", book, tmp_path / "one", "--store", "上海徐汇店别名", "CON", "--json")
    assert ran.json["stores"] == 2
    assert set(manifest(tmp_path / "one")) == {"上海徐汇店", "CON"}
    name = "上海徐汇店.xlsx"
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "all" / name).read_bytes()
    xlsales("handout", book, tmp_path / "one", "--store", "杭州西湖店")
    assert set(manifest(tmp_path / "one")) == {"上海徐汇店", "CON", "杭州西湖店"}


def test_a_zip_of_all(xlsales: Command, tmp_path: Path) -> None:
    """One zip carries every store's file, the same bytes every time."""
    book, out = split_plan(xlsales, tmp_path), tmp_path / "out"
    ran = xlsales("handout", book, out, "--zip", "--json")
    path = Path(ran.json["zip"])
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        assert set(file.namelist()) == {s["file"] for s in manifest(out).values()}
        assert (
            file.read("CON.xlsx" if "CON.xlsx" in file.namelist() else "_CON.xlsx") == (out / "_CON.xlsx").read_bytes()
        )
    before = path.read_bytes()
    xlsales("handout", book, out, "--zip")
    assert path.read_bytes() == before


def test_the_list_of_stores(xlsales: Command, tmp_path: Path) -> None:
    """The list names every store with its region, target, version and file, and adds up."""
    xlsales("handout", split_plan(xlsales, tmp_path), tmp_path / "out")
    shown = keyed(read_back(tmp_path / "out" / "下发清单.xlsx", data_only=True), "index")
    assert shown["total", "target"] == 10_000_000
    assert shown["store:上海徐汇店", "parent"] == "华东"
    assert shown["store:CON", "file"] == "_CON.xlsx"


def test_how_the_target_was_derived(xlsales: Command, tmp_path: Path) -> None:
    """Each store reads in one sentence what its target rests on."""
    history = [["日期", "门店", "金额"]]
    for month in (1, 2, 3):
        history += [[dt.date(2025, month, 15), "上海徐汇店", 1_000_000], [dt.date(2025, month, 16), "CON", 500_000]]
    xlsales("handout", split_plan(xlsales, tmp_path), tmp_path / "plain")
    front = keyed(read_back(tmp_path / "plain" / "上海徐汇店.xlsx", data_only=True), "front")
    assert front["sentence", "period"] == "目标怎么来的:总目标 10,000,000 元 × 占比 40.00%,周末系数 1.6。"
    other = tmp_path / "other"
    other.mkdir()
    xlsales("handout", split_plan(xlsales, other, history=history), other / "out")
    front = keyed(read_back(other / "out" / "上海徐汇店.xlsx", data_only=True), "front")
    assert front["sentence", "period"] == "目标怎么来的:去年同期 3,000,000 元 × 1.333,周末系数 1.6。"


def test_a_store_that_is_gone(xlsales: Command, tmp_path: Path) -> None:
    """A store that left the plan is told and leaves the list; its file stays."""
    book, out = split_plan(xlsales, tmp_path), tmp_path / "out"
    xlsales("handout", book, out)
    data = json.loads((out / "manifest.json").read_text("utf-8"))
    data["stores"].append({**data["stores"][0], "code": "老店", "file": "老店.xlsx"})
    (out / "manifest.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    ran = xlsales("handout", book, out, "--json")
    assert ran.code == 1
    assert "老店" in ran.json["problems"][0]["sentence"]
    assert "老店" not in manifest(out)


def test_a_restyled_template(xlsales: Command, tmp_path: Path) -> None:
    """A store's file of an earlier hand-out serves as template for all."""
    book = split_plan(xlsales, tmp_path)
    xlsales("handout", book, tmp_path / "a")
    sample = tmp_path / "样板.xlsx"
    sample.write_bytes(typed((tmp_path / "a" / "上海徐汇店.xlsx").read_bytes(), {"2026-01-02": 321.0}))
    ran = xlsales("handout", book, tmp_path / "b", "--template", sample, "--json")
    assert ran.code == 0
    one = keyed(read_back(tmp_path / "b" / "杭州西湖店.xlsx", data_only=True), "days")
    other = keyed(read_back(tmp_path / "a" / "杭州西湖店.xlsx", data_only=True), "days")
    assert one == other


def test_a_run_that_breaks_off_is_taken_up(xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a run breaks off in the middle, the next one finishes it: no file twice, no version skipped."""
    book, out = split_plan(xlsales, tmp_path), tmp_path / "out"
    xlsales("handout", book, tmp_path / "whole")
    filled = []

    def fails(self: Mould, store: object) -> bytes:
        filled.append(store)
        if len(filled) == 3:
            raise OSError(28, "No space left on device", "x.xlsx")
        return fill(self, store)  # type: ignore[arg-type]

    fill = Mould.filled
    monkeypatch.setattr(Mould, "filled", fails)
    assert "x.xlsx" in faults(xlsales, book, out)
    assert len(manifest(out)) == 2
    monkeypatch.setattr(Mould, "filled", fill)
    ran = xlsales("handout", book, out, "--json")
    assert ran.json["counts"] == {"written": 2, "beside": 0, "unchanged": 2, "kept": 0}
    assert {p.name: p.read_bytes() for p in out.iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "whole").iterdir()
    }


def test_a_step_too_coarse_for_days_is_told(xlsales: Command, tmp_path: Path) -> None:
    """Where the step leaves days without a target, that is said with what to do; nothing is rounded away."""
    book = split_plan(xlsales, tmp_path, step=10_000, day_step=None)
    ran = xlsales("handout", book, tmp_path / "out", "--json")
    assert ran.code == 1
    said = ran.json["problems"][0]["sentence"]
    assert "10000 元对每天太粗。请把“日步长”改小,例如 1,运行“分解目标”,再下发一次。" in said
    assert sum(s["target"] for s in manifest(tmp_path / "out").values()) == 10_000_000
    book = split_plan(xlsales, tmp_path, step=10_000, day_step=1)  # the remedy
    assert xlsales("handout", book, tmp_path / "finer").code == 0


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        ({"unit": "piece", "total": 400, "step": 1, "day_step": 1}, 0, "有些天的目标是 0:它们平均每天不到 1 件"),
        ({"unit": "yuan", "total": 400, "step": 1, "day_step": 1}, 1, "1 元对每天太粗。请把“日步长”改小,例如 0.01,"),
        ({"unit": "yuan", "total": 400, "step": 1, "day_step": 0.01}, 0, ""),  # the remedy
    ],
    ids=["pieces", "yuan", "cents"],
)
def test_days_of_less_than_one(
    xlsales: Command, tmp_path: Path, settings: Mapping[str, object], code: int, said: str
) -> None:
    """No step is named that is there already; of pieces there is none below 1."""
    ran = xlsales("handout", split_plan(xlsales, tmp_path, **settings), tmp_path / "out", "--json")
    assert ran.code == code, ran.err
    assert [said in one["sentence"] for one in ran.json["problems"]] == [True] * bool(said)


@pytest.mark.parametrize(("step", "day_step", "grain"), [(1000, 1, 1), (1000, 10, 10), (1000, None, 1000), (25, 10, 5)])
def test_days_have_a_step_of_their_own(
    xlsales: Command, tmp_path: Path, step: int, day_step: int | None, grain: int
) -> None:
    """Months stay in the plan's step and close; days, the company's too, are finer, and stores' add up to them."""
    book = split_plan(xlsales, tmp_path, step=step, day_step=day_step, day_method="equal")
    assert xlsales("handout", book, tmp_path / "out").code == 0
    time = opened(book).time
    company = {key: time.value(key, "target") for key in time.rows if re.fullmatch(r"2026-\d\d-\d\d", key)}
    for key in ("2026-01", "2026-02", "2026-03"):
        alike = {target for day, target in company.items() if day.startswith(key)}
        assert max(alike) - min(alike) <= grain
        assert time.value(key, "target") % step == 0
        assert all(target % grain == 0 for target in alike)
    total = dict.fromkeys(company, 0.0)
    for code, line in manifest(tmp_path / "out").items():
        days = keyed(read_back(tmp_path / "out" / line["file"], data_only=True), "days")
        month = {key: days[key, "target"] for key in ("2026-01", "2026-02", "2026-03")}
        own = opened(book).dimension("门店")
        assert month == {key: own.value(f"m:{code}", f"t:{key}") for key in month}
        for key in company:
            target = days[key, "target"]
            total[key] += target
            assert target % grain == 0
            share = month[key[:7]] * company[key] / time.value(key[:7], "target")
            assert abs(target - share) < grain
    assert total == company


def test_files_of_another_day_step_still_count(xlsales: Command, tmp_path: Path) -> None:
    """A file handed out before the step of days was changed comes back as an earlier version, in full."""
    book, out = split_plan(xlsales, tmp_path, day_step=None), tmp_path / "out"
    xlsales("handout", book, out)
    back = tmp_path / "back"
    back.mkdir()
    (back / "CON.xlsx").write_bytes(typed((out / "_CON.xlsx").read_bytes(), {"2026-01-02": 30_000.0}))
    book = split_plan(xlsales, tmp_path, day_step=1)
    xlsales("handout", book, out)
    assert manifest(out)["CON"]["version"] == 2
    ran = xlsales("collect", book, back, "--json").json
    assert ran["rows"] == {"found": 1, "accepted": 1, "set_aside": 0}
    assert any("第 1 版的文件" in s["why"] for s in ran["stores"])


def test_years_without_a_notice_are_marked(xlsales: Command, tmp_path: Path) -> None:
    """Where holidays are not announced yet, the store's sheets say so."""
    dates = {"start": dt.date(2031, 1, 1), "end": dt.date(2031, 1, 31)}
    xlsales("handout", split_plan(xlsales, tmp_path, **dates), tmp_path / "out")
    shown = keyed(read_back(tmp_path / "out" / "上海徐汇店.xlsx", data_only=True), "days")
    assert shown["#subline", "date"].endswith("2031 年节假日未公布")


def test_a_new_look_does_not_disturb_who_has_filled_in(xlsales: Command, tmp_path: Path) -> None:
    """Another template with the same targets renews untouched files and leaves filled ones alone."""
    book, out = split_plan(xlsales, tmp_path), tmp_path / "out"
    xlsales("handout", book, out)
    sample = tmp_path / "样板.xlsx"
    sample.write_bytes((out / "上海徐汇店.xlsx").read_bytes())
    swap(sample, "FF1F3A5F", "FF7A1F3D", "xl/styles.xml")
    filled = fill_in(out / "杭州西湖店.xlsx")
    before = manifest(out)
    ran = xlsales("handout", book, out, "--template", sample, "--json")
    assert (ran.code, ran.json["counts"]) == (0, {"written": 3, "beside": 0, "unchanged": 0, "kept": 1})
    assert (out / "杭州西湖店.xlsx").read_bytes() == filled
    after = manifest(out)
    assert after["杭州西湖店"] == before["杭州西湖店"]
    assert all(after[code]["version"] == 1 for code in after)


def faults(xlsales: Command, *arguments: object) -> str:
    ran = xlsales("handout", *arguments)
    assert ran.code == 2
    return ran.err


def test_what_cannot_be_handed_out(xlsales: Command, tmp_path: Path) -> None:
    """Without targets, without stores, with unknown names or another plan's folder nothing is written."""
    out = tmp_path / "out"
    assert "先运行“分解目标”" in faults(xlsales, plan(tmp_path / "new.xlsx"), out)
    regions = plan(tmp_path / "regions.xlsx", dimensions=members({"区域": REGIONS, "产品": PRODUCTS}))
    xlsales("split", regions)
    assert "--dimension 指定:区域、产品" in faults(xlsales, regions, out)
    assert "没有维度“门面”" in faults(xlsales, regions, out, "--dimension", "门面")
    book = split_plan(xlsales, tmp_path)
    assert "相近的有:上海徐汇店" in faults(xlsales, book, out, "--store", "上海徐会店")
    assert "没有“东北”" in faults(xlsales, book, out, "--store", "东北")
    assert not out.exists()
    assert xlsales("handout", regions, out, "--dimension", "区域").code == 0
    assert "请换一个文件夹" in faults(xlsales, book, out)
    (out / "manifest.json").write_text("{", encoding="utf-8")
    assert "读不懂" in faults(xlsales, regions, out, "--dimension", "区域")


def test_english(xlsales: Command, tmp_path: Path) -> None:
    """An English plan hands out English workbooks and speaks English."""
    book = split_plan(xlsales, tmp_path, lang="en")
    ran = xlsales("handout", book, tmp_path / "out")
    assert ran.code == 0, ran.out + ran.err
    assert '4 of "Store"' in ran.out
    shown = read_back(tmp_path / "out" / "上海徐汇店.xlsx", data_only=True)
    assert shown.sheetnames == ["Target", "Daily", "Weekly", "Detail", "Commitment", "Breakdown", "Agreement"]
    assert (tmp_path / "out" / "handout-index.xlsx").exists()
    texts = [c.value for s in shown.worksheets for r in s.iter_rows() for c in r if isinstance(c.value, str)]
    chinese = {t for t in texts if any("一" <= ch <= "鿿" for ch in t)}
    assert all("上海徐汇店" in t or "2026 目标" in t or t in ("上海徐汇店", "2026 目标") for t in chinese), chinese


def test_a_folder_that_is_a_file(xlsales: Command, tmp_path: Path) -> None:
    """If the folder cannot be made, one sentence says so."""
    book, out = split_plan(xlsales, tmp_path), tmp_path / "out"
    out.write_text("a file")
    assert "是文件,不是文件夹" in faults(xlsales, book, out)
    assert out.read_text() == "a file"
