"""A file handed out to something else than a store uses the plan's own word for it, on sheets and in what is told."""

from __future__ import annotations

import datetime as dt
import html
import re
import zipfile
from pathlib import Path

import pytest

from tests.commands.books import Command, opened, paste, plan
from tests.commands.store_files import TODAY, StoreFile
from xlsales.commands.verbs import VERBS
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
CASES = {
    "zh": ("人员", ("张三", "李四"), "门店|本店|各店", "人员(签字):"),
    "en": ("Person", ("Ann", "Ben"), r"\b[Ss]tores?\b", "Person:"),
    "sales": ("业务员", ("张三", "李四"), "门店|本店|各店", "业务员(签字):"),
    "dealers": ("经销商", ("甲公司", "乙公司"), "门店|本店|各店", "经销商负责人(签字):"),
}


def texts(path: Path) -> list[str]:
    """Every text that the file shows: cells, headers, footers, validations, charts, titles of sheets."""
    with zipfile.ZipFile(path) as parts:
        found = []
        for name in parts.namelist():
            if name.startswith(("xl/worksheets/sheet", "xl/sharedStrings", "xl/charts/", "docProps/core")):
                xml = parts.read(name).decode()
                found += re.findall(r">([^<>]+)<", re.sub(r"<f[ >].*?</f>", "", xml))
                found += re.findall(r' (?:prompt|error|promptTitle|errorTitle)="([^"]*)"', xml)
            if name == "xl/workbook.xml":
                found += re.findall(r'<sheet [^>]*name="([^"]*)"', parts.read(name).decode())
        return [html.unescape(text) for text in found]


@pytest.mark.parametrize("case", list(CASES))
def test_no_text_calls_it_a_store(xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """The dimension's own word is in the file's info and in the letter; a bad cell that comes back says it too."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    dimension, names, wrong, signature = CASES[case]
    book, folder = tmp_path / "plan.xlsx", tmp_path / "out"
    rows = [{"dimension": dimension, "member": name, "weight": 1} for name in names]
    plan(book, lang="en" if case == "en" else "zh", dimensions=rows, plan_name="2026", total=720, step=100)
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, folder, "--dimension", dimension).code == 0
    path = folder / f"{names[0]}.xlsx"
    shown = texts(path)
    marks = re.compile("xlsales:store:|xs_store")
    assert not [text for text in shown if re.search(wrong, marks.sub("", text))]
    assert dimension in shown
    assert signature in shown
    daily = "Daily" if case == "en" else "日报"
    StoreFile(path, names[0]).type({("2026-01-05", "entry"): 9_999_999.0, ("2026-01-06", "entry"): "abc"}, daily)
    ran = xlsales("collect", book, folder, "--dimension", dimension, "--json")
    said = [p["sentence"] for p in ran.json["problems"]] + [line["why"] for line in ran.json["stores"]]
    assert said
    assert not [sentence for sentence in said if re.search(wrong, sentence)]


@pytest.mark.parametrize("case", list(CASES))
def test_the_round_says_whose_it_is(
    xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """Handed out without naming the dimension: no command's line and no written sheet calls a member a store."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    dimension, names, wrong, _ = CASES[case]
    en = case == "en"
    book, folder = tmp_path / "plan.xlsx", tmp_path / "out"
    rows = [{"dimension": "Product" if en else "产品", "member": "A", "weight": 1}]
    rows += [{"dimension": dimension, "member": name, "weight": 1} for name in names]
    head = ["Date", dimension, "Product", "Amount"] if en else ["日期", dimension, "产品", "金额"]
    pasted = [head, *([dt.date(2026, 1, 5), name, "A", 700] for name in names)]
    given = {"plan_name": "2026", "total": 720, "step": 100}
    plan(book, lang="en" if en else "zh", dimensions=rows, actuals=pasted, **given)
    said = [xlsales("split", book, "--verbose").out]
    said.append(xlsales("handout", book, folder, "--zip").out)
    daily, commitment = ("Daily", "Commitment") if en else ("日报", "承诺")
    amount, twice = {
        "zh": (800.0, "又有人员交回的"),
        "en": (800.0, "both pasted"),
        "sales": (700.0, "2 个“业务员”"),
        "dealers": (700.0, "2 个“经销商”"),
    }[case]
    for name in names:
        file = StoreFile(folder / f"{name}.xlsx", name)
        file.type({("2026-01-05", "entry"): amount, ("2026-01-06", "entry"): 9_000.0}, daily)
        file.type({("2026-02", "commitment"): 250_000.0, ("2026-02", "reason"): "x"}, commitment)
    calls = (("collect", book, folder), ("refresh", book))
    said += [xlsales(*call, "--verbose").out for call in calls]
    assert twice in said[-1]
    assert dimension in said[-1]
    written = [
        text for text in texts(book) if text != "store" and not re.search("人员|, [Pp]erson", text)
    ]  # the list of examples
    for text in (*said, *written):
        assert not re.search(wrong, re.sub("stores?/|xlsales:store|xs_store", "", text)), text


def test_the_only_dimension_is_handed_out(xlsales: Command, tmp_path: Path) -> None:
    """With one dimension there is nothing to choose; with two that say nothing, the names are told."""
    book = plan(tmp_path / "one.xlsx", dimensions=[{"dimension": "柜组", "member": "甲", "weight": 1}])
    assert xlsales("split", book).code == 0
    handed_out = xlsales("handout", book, tmp_path / "out").out
    assert "下发 1 个“柜组”" in handed_out
    assert handed_out.splitlines()[-1] == "下一步:把文件发出去;交回来的放进一个文件夹,再收回填报。"
    rows = [{"dimension": name, "member": "甲", "weight": 1} for name in ("柜组", "产品")]
    book = plan(tmp_path / "two.xlsx", dimensions=rows)
    assert xlsales("split", book).code == 0
    ran = xlsales("handout", book, tmp_path / "out2")
    assert (ran.code, "不知道下发给谁" in ran.err) == (2, True)
    assert "下发 1 个“柜组”" in xlsales("handout", book, tmp_path / "out2", "--dimension", "柜组").out


def test_the_earlier_word_of_a_choice_still_counts(xlsales: Command, tmp_path: Path) -> None:
    """A plan from before, whose cell 重复来源 says 门店优先, counts what was collected."""
    book = plan(
        tmp_path / "p.xlsx", dimensions=[{"dimension": "门店", "member": "甲", "weight": 1}], same_twice="门店优先"
    )
    paste(
        book,
        [
            ["日期", "门店", "金额", "回收来源"],
            [dt.date(2026, 1, 5), "甲", 700, None],
            [dt.date(2026, 1, 5), "甲", 800, "甲 ← 甲.xlsx"],
        ],
    )
    assert xlsales("split", book).code in (0, 1)
    assert xlsales("refresh", book, "--json").json["actual"] == 800
    assert opened(book).dimension("门店").value("m:甲", "actual") == 800


def test_buttons_name_no_store() -> None:
    """The words of menus and buttons fit whoever a file is handed out to."""
    assert not [verb.key for verb in VERBS if re.search("门店|[Ss]tore", "".join(verb.label))]
