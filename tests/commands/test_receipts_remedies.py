"""What is wrong with a store's receipts is told with a remedy that its file has; followed to the letter, it works."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from tests.commands.books import Command
from tests.commands.store_files import TODAY, Typed, add_rows, stores_plan
from xlsales.hosts import cli

pytestmark = pytest.mark.unit


def day(month: int, number: int) -> float:
    return float((dt.date(2026, month, number) - dt.date(1899, 12, 30)).days)


DAYS: dict[str, Typed] = {f"C{6 + i}": day(1, 12 + i) for i in range(4)}
AMOUNTS: dict[str, Typed] = {f"E{6 + i}": 4000.0 + 7 * i * i for i in range(4)}
GOOD = DAYS | AMOUNTS
SUM = 16_098.0


def beside(header: str, odd: str, usual: str) -> dict[str, Typed]:
    """A column of the store's own in which the second row says something else than the others."""
    return {"G5": header, "G6": usual, "G7": odd, "G8": usual, "G9": usual}


Cells = dict[str, Typed]
CASES: dict[str, tuple[Cells, str, Cells, float]] = {
    # as pasted, what is said, what is typed after it, what counts then
    "short dates": (GOOD | {"C6": "2/3", "C7": "2/4"}, "请写全年月日,如 2026-04-02",
                    {"C6": "2026-02-03", "C7": "2026-02-04"}, SUM),
    "dates either way round": (GOOD | {"C6": "1/2/2026", "C7": "2/2/2026"}, "请写全年月日",
                               {"C6": "2026-02-01", "C7": "2026-02-02"}, SUM),
    "dollars in the cells": (GOOD | {"E6": "USD 4000"}, "请换算成元填写", {"E6": 4000.0}, SUM),
    "text among dates": (GOOD | {"C6": "25/1/2026", "C7": day(2, 1), "C8": day(2, 3), "C9": day(2, 4)},
                         "文本日期请写全年月日", {"C6": "2026-01-25"}, SUM),
    "a category that is none": (GOOD | {"D6": "鞋子"}, "计划里没有品类“鞋子”", {"D6": "女装"}, SUM),
    "a category misspelt": (GOOD | {"D6": "女裝"}, "是不是“女装”?请改正", {"D6": "女装"}, SUM),
    "another header over the amounts": (GOOD | {"E5": "数目"}, "请把这一列的表头改为“金额”", {"E5": "金额"}, SUM),
    "dollars in the header": (GOOD | {"E5": "金额(USD)"}, "请换算成元填写,并把表头里的单位改为“元”",
                              {"E5": "金额(元)"}, SUM),
    "dollars in a column": (GOOD | beside("币种", "USD", "CNY"), "请换算成元填写,并清空“币种”里的“USD”",
                            {"E7": 28_000.0, "G7": ""}, SUM + 28_000 - 4007),
    "returns": (GOOD | beside("业务类型", "退货", "销售"), "要减去的,请把金额改成负数", {"E7": -4007.0}, SUM - 8014),
    "returns that do add": (GOOD | beside("业务类型", "退货", "销售"), "请清空“业务类型”里的“退货”", {"G7": ""}, SUM),
    "closed orders": (GOOD | beside("交易状态", "交易关闭", "成功"), "请清空“交易状态”里的“交易关闭”", {"G7": ""}, SUM),
    "targets among sales": (GOOD | beside("指标", "目标", "销售额"), "请清空“指标”里的“目标”", {"G7": ""}, SUM),
    "a refund alone": (GOOD | {"C10": day(1, 20), "G5": "退款金额", "G10": 500.0}, "请在“金额”里填负数并清空“退款金额”",
                       {"E10": -500.0, "G10": ""}, SUM - 500),
}  # fmt: skip


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan of one store, split and handed out."""
    folder = tmp_path_factory.mktemp("handed")
    book = stores_plan(folder / "plan.xlsx", ["徐汇店"])
    for command in (["split", str(book)], ["handout", str(book), str(folder / "下发")]):
        assert cli.main(command) == 0
    return folder


def returned(folder: Path) -> tuple[Path, Path]:
    """The plan and the store's file in the folder of what came back; the record of the hand-out lies beside it."""
    (folder / "交回").mkdir()
    return folder / "plan.xlsx", shutil.copy(folder / "下发" / "徐汇店.xlsx", folder / "交回" / "徐汇店.xlsx")


@pytest.mark.parametrize("name", CASES)
def test_the_remedy_works(
    name: str, handed: Path, tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence names the remedy, and no sheet or table that the file lacks; then all is taken, and nothing told."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    shutil.copytree(handed, tmp_path / "round")
    book, file = returned(tmp_path / "round")
    pasted, said, mended, total = CASES[name]
    add_rows(file, "明细", pasted)
    first = xlsales("collect", book, file.parent, "--json")
    told = [problem["sentence"] for problem in first.json["problems"]]
    assert any(said in sentence for sentence in told), told
    assert not any(word in sentence for word in ("列对应", "设置", "维度表") for sentence in told), told
    add_rows(file, "明细", mended)
    second = xlsales("collect", book, file.parent, "--json")
    assert second.json["problems"] == []
    assert second.json["amounts"]["accepted"] == second.json["amounts"]["found"] == total
    assert second.code == 0


def test_the_column_that_the_store_sees_summed_is_the_one_that_counts(
    handed: Path, tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """日报 sums 金额: another column of amounts that a store adds is not taken in its place."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    shutil.copytree(handed, tmp_path / "round")
    book, file = returned(tmp_path / "round")
    add_rows(file, "明细", GOOD | {"G5": "销售额"} | {f"G{6 + i}": 3000.0 + i for i in range(4)})
    ran = xlsales("collect", book, file.parent, "--json")
    assert (ran.code, ran.json["amounts"]["accepted"], ran.json["problems"]) == (0, SUM, [])


def test_rows_whose_columns_cannot_be_told_are_counted_as_pasted(
    handed: Path, tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four rows under a header that says nothing are four rows set aside, whatever stands above them."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    shutil.copytree(handed, tmp_path / "round")
    book, file = returned(tmp_path / "round")
    add_rows(file, "明细", GOOD | {"E5": "数目"})
    ran = xlsales("collect", book, file.parent, "--json")
    assert ran.json["rows"] == {"found": 4, "accepted": 0, "set_aside": 4}
