"""In a plan in pieces nothing that is said speaks of yuan."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import xlsales as package
from tests.calc import read_back
from tests.commands.books import Command, members, opened, plan
from tests.commands.store_files import StoreFile
from xlsales.core.faults import Fault
from xlsales.store.sheets.commitment import CommitmentNotInSteps
from xlsales.store.sheets.detail.retold import RETOLD
from xlsales.vocabulary.money import Money

pytestmark = pytest.mark.unit


def faults(of: type[Fault] = Fault) -> Iterator[type[Fault]]:
    for one in of.__subclasses__():
        yield one
        yield from faults(one)


def test_no_sentence_speaks_of_yuan_by_itself() -> None:
    """All take the word of the plan's unit and currency."""
    for module in pkgutil.walk_packages(package.__path__, "xlsales."):
        if not re.search(r"\.(hosts|lite|addin|__main__)\b", module.name):
            importlib.import_module(module.name)
    told = {one for one in faults() if one.__module__.startswith("xlsales.")} - set(RETOLD.values())
    assert len(told) > 200
    yuan = {one for one in told if re.search("(?<!单)元(?!旦)", one.zh) or "yuan" in one.en}
    assert not yuan


def test_what_is_required_per_day_has_a_decimal(xlsales: Command, tmp_path: Path) -> None:
    """Of 480 pieces 201 by 17 August leave 279 for 44 days: 6 a day would be too few."""
    book = plan(
        tmp_path / "计划.xlsx", total=480, unit="piece", step=1, start=dt.date(2026, 7, 1), end=dt.date(2026, 9, 30),
        dimensions=REGIONS, actuals=[("日期", "区域", "件数"), (dt.date(2026, 8, 17), "华东", 201)],
    )  # fmt: skip
    assert xlsales("split", book).code == 0
    shown = opened(book)
    for sheet, row, column in (("overview", "figure", "c10"), ("dimension:区域", "total", "required_per_day")):
        cell = shown.sheet(sheet).cell(row, column)
        assert (round(cell.value, 4), cell.number_format[:7]) == (6.3409, "#,##0.0")
    assert " 6.3 " in xlsales("show", book).out.splitlines()[2]


def test_a_file_that_is_handed_out_has_the_decimal_too(xlsales: Command, tmp_path: Path) -> None:
    """The front page in this month and in all, and every month of 日报."""
    rows = [{"dimension": "人员", "member": name, "weight": 1} for name in ("王芳", "李强")]
    book = plan(tmp_path / "计划.xlsx", total=4_800, unit="piece", step=1, dimensions=rows)
    assert xlsales("split", book).code == 0
    ran = xlsales("handout", book, tmp_path / "out")
    assert ran.code == 0, ran.out
    handed = read_back(tmp_path / "out" / "王芳.xlsx")
    labels = [cell for sheet in handed for row in sheet.iter_rows() for cell in row if cell.value == "日均需达"]
    formats = [
        cell.number_format[:7]
        for label in labels
        for (cell,) in label.parent.iter_rows(label.row + 1, label.row + 2, label.column, label.column)
    ]
    assert len(labels) == 2
    assert set(formats) == {"#,##0.0"}


REGIONS = members({"区域": {"华东": 3, "华北": 2}})


@pytest.mark.parametrize(
    ("settings", "lock", "zh", "en"),
    [
        ({"step": 100}, 950, "“锁定目标”950 件不是最小步长(100 件)的整数倍", "of the smallest step (100 pieces)"),
        ({"step": 100, "total": 1_050}, None, "1050 件不是最小步长(100 件)", "of the smallest step (100 pieces)"),
        ({"step": 100, "total": 100}, None, "最小步长 100 件太大", "the step of 100 pieces is too large"),
    ],
    ids=["lock", "total", "coarse"],
)  # fmt: skip
def test_faults_of_the_step_speak_of_pieces(
    xlsales: Command, tmp_path: Path, settings: dict[str, int], lock: int | None, zh: str, en: str
) -> None:
    tables = {"xs_locks": [{"period": "2026-01", "amount": lock}]} if lock is not None else {}
    for lang, sentence in (("zh", zh), ("en", en)):
        own = {"total": 10_000, "unit": "piece", "dimensions": REGIONS, "tables": tables, "lang": lang, **settings}
        ran = xlsales("split", plan(tmp_path / f"{lang}.xlsx", **own))
        assert ran.code in (1, 2)
        assert sentence in ran.out + ran.err
        assert "元" not in (ran.out + ran.err).replace("单元格", "")


def test_a_commitment_off_the_step_speaks_of_the_unit_of_its_file() -> None:
    fault = CommitmentNotInSteps(value="950", step="100", near="900", base=Money("piece").said)
    assert fault.say("zh") == "承诺值 950 不是 100 件的整数倍。请填 900。"
    assert fault.say("en") == "The commitment 950 is no multiple of 100 pieces. Enter 900."


def test_a_part_of_a_piece_from_a_store_is_asked_about(xlsales: Command, tmp_path: Path) -> None:
    """It counts; with a remark beside it, nothing is asked."""
    rows = members({"门店": {"一店": 3, "二店": 2}})
    book = plan(tmp_path / "plan.xlsx", total=48_000, unit="piece", step=1, dimensions=rows)
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, tmp_path / "out").code == 0
    store = StoreFile(tmp_path / "out" / "一店.xlsx", "一店")
    days = ("2026-01-05", "2026-01-06", "2026-01-07")
    amounts = {(day, "entry"): amount for day, amount in zip(days, (60, 62.5, 70.5), strict=True)}
    store.type({**amounts, (days[2], "remark"): "与二店各半"})
    ran = xlsales("collect", book, tmp_path / "out", "--json")
    (told,) = [one["sentence"] for one in ran.json["problems"] if "不是整数" in one["sentence"]]
    assert told.startswith("62.5 件不是整数,已照收")
    assert xlsales("refresh", book).code in (0, 1)
    assert opened(book).dimension("门店").value("m:一店", "actual") == 193
