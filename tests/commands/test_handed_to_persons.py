"""A file handed out to something else than a store uses the plan's own word for it, on sheets and in what is told."""

from __future__ import annotations

import html
import re
import zipfile
from pathlib import Path

import pytest

from tests.commands.books import Command, plan
from tests.commands.store_files import TODAY, StoreFile
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
CASES = {
    "zh": ("人员", ("张三", "李四"), "门店|本店|各店", "人员(签字):"),
    "en": ("Person", ("Ann", "Ben"), r"\b[Ss]tores?\b", "Person:"),
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
