"""Whatever is wrong is said in one run, wherever one fault does not hide another."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import COMPANY, Command, members, paste, plan

pytestmark = pytest.mark.unit


def test_weights_of_three_dimensions(xlsales: Command, tmp_path: Path) -> None:
    """Each dimension's missing weights, and the months', are told with their rows."""
    blank = {name: dict.fromkeys(weights) for name, weights in COMPANY.items()}
    book = plan(tmp_path / "计划.xlsx", dimensions=members(blank), month_method="weights")
    ran = xlsales("split", book)
    assert ran.code == 2
    for name in COMPANY:
        assert sum(f"维度“{name}”" in sentence for sentence in ran.sentences) == 1
    assert len(ran.sentences) == 4
    assert len({sentence.partition(":")[0] for sentence in ran.sentences}) == 4


def test_date_and_amount(xlsales: Command, tmp_path: Path) -> None:
    """Neither column can be told: both are asked for."""
    book = plan(tmp_path / "计划.xlsx")
    assert xlsales("split", book).code == 0
    paste(book, [("甲", "乙", "区域"), ("a", "b", "华东"), ("c", "d", "华北")])
    ran = xlsales("refresh", book)
    assert ran.code == 2
    assert len(ran.sentences) == 2
    assert "日期" in ran.sentences[0]
    assert "金额" in ran.sentences[1]


def test_settings_and_members(xlsales: Command, tmp_path: Path) -> None:
    """A bad setting does not hide a bad member, nor the other way round."""
    rows = [*members({"区域": {"华东": 1, "华北": 2}}), {"dimension": "区域", "member": "华东", "weight": 3}]
    rows.append({"dimension": "产品", "member": "笔", "parent": "文具", "weight": 1})
    book = plan(tmp_path / "计划.xlsx", dimensions=rows, end=dt.date(2025, 1, 1), clock="x")
    ran = xlsales("split", book)
    assert ran.code == 2
    for said in ("早于开始日期", "“华东”出现了两次", "上级“文具”不在维度“产品”里"):
        assert said in ran.err
