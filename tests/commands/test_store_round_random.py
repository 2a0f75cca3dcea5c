"""The whole round on random plans: what stores typed is counted to the cent in every dimension, twice is once."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import Command, opened, paste, plan
from tests.commands.store_files import TODAY, StoreFile
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
REGIONS, PRODUCTS, CHANNELS, PERSONS = (
    ("华东", "华北", "华南"),
    ("男装", "女装", "童装"),
    ("线上", "线下"),
    ("张三", "李四"),
)
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 2, 28)


@dataclass
class Story:
    """A random plan with its stores' places, and what must come: cents by dimension and member, "" for no member."""

    chance: random.Random
    region_of: dict[str, str]
    known_by: str
    others: dict[str, tuple[str, ...]]
    wanted: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))

    def count(self, store: str, cents: int, **named: str) -> None:
        """Expect an amount of a store that names members."""
        region = self.region_of[store] if self.known_by != "nothing" else ""
        for dimension in ("门店", "区域", *self.others):
            member = {"门店": store, "区域": region}.get(dimension, named.get(dimension, ""))
            self.wanted[dimension][member] += cents


def tell(seed: int, book: Path) -> Story:
    """Write a random plan."""
    chance = random.Random(seed)
    stores = {f"{n}号店": chance.choice(REGIONS) for n in range(1, chance.randint(2, 4) + 1)}
    others = {"产品": PRODUCTS, "渠道": CHANNELS, "人员": PERSONS}
    story = Story(
        chance,
        stores,
        ("tree", "history", "pasted", "nothing")[seed % 4],
        {name: others[name] for name in chance.sample(list(others), chance.randint(1, 3))},
    )
    rows: list[dict[str, object]] = [{"dimension": "区域", "member": name, "weight": 1} for name in REGIONS]
    if story.known_by == "tree":
        used = sorted(set(stores.values()))
        rows += [{"dimension": "门店", "member": name, "weight": 1} for name in used]
    for store, region in stores.items():
        parent = {"parent": region} if story.known_by == "tree" else {}
        rows.append({"dimension": "门店", "member": store, "weight": chance.randint(1, 5), **parent})
    for name, members in story.others.items():
        rows += [{"dimension": name, "member": member, "weight": chance.randint(1, 3)} for member in members]
    past = None
    if story.known_by == "history":
        past = [["日期", "区域", "门店", "金额"], *([dt.date(2025, 6, 30), r, s, 1000] for s, r in stores.items())]
    plan(book, dimensions=rows, plan_name="2026年度", total=360 * len(stores), step=100, history=past)
    if story.known_by == "pasted":
        paste(book, list(pasted(story)))
    return story


def pasted(story: Story) -> Any:
    """Rows that headquarters pasted: December's last days would be outside, so days after what stores report."""
    yield ["日期", "区域", "门店", *story.others, "金额"]
    for store, region in story.region_of.items():
        for n in range(1, 4):
            cents = story.chance.randint(100_000, 900_000)
            named = {name: story.chance.choice(members) for name, members in story.others.items()}
            story.count(store, cents, **named)
            yield [dt.date(2026, 3, n), region, store, *named.values(), cents / 100]


def fill(story: Story, folder: Path) -> None:
    """Each store types some days and pastes receipts of others, which name members or not."""
    days = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    for store in story.region_of:
        file = StoreFile(folder / f"{store}.xlsx", store)
        chosen = story.chance.sample(days, story.chance.randint(5, 50))
        half = story.chance.randint(0, len(chosen))
        typed = {day: story.chance.randint(300_000, 1_900_000) for day in chosen[:half]}
        file.type({(day.isoformat(), "entry"): cents / 100 for day, cents in typed.items()})
        for cents in typed.values():
            story.count(store, cents)
        receipts = []
        for day in chosen[half:]:
            for _ in range(story.chance.randint(1, 3)):
                cents = story.chance.randint(250_000, 900_000)
                named = {name: m for name, ms in story.others.items() if (m := story.chance.choice(("", *ms)))}
                story.count(store, cents, **named)
                receipts.append({"日期": day, **named, "金额": cents / 100})
        if receipts:
            file.paste_receipts(receipts)


@pytest.mark.parametrize("seed", range(8))
def test_what_was_typed_is_counted_everywhere(
    tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Members and 未分到… add up to what was typed; twice changes nothing; undo gives back the bytes."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    book, folder = tmp_path / "计划.xlsx", tmp_path / "交回"
    story = tell(seed, book)
    xlsales("split", book)
    xlsales("handout", book, folder)
    fill(story, folder)
    before = book.read_bytes()
    ran = xlsales("collect", book, folder, "--json")
    assert ran.json["rows"]["set_aside"] == 0
    after_collect = book.read_bytes()
    ran = xlsales("refresh", book, "--json")
    total = sum(story.wanted["门店"].values())
    assert round(ran.json["actual"] * 100) == total
    assert ran.json["rows"]["set_aside"] == 0
    shown = opened(book)
    for dimension, wanted in story.wanted.items():
        sheet = shown.dimension(dimension)
        assert round(sheet.value("total", "actual") * 100) == total
        apart = sheet.value("unassigned:1", "actual") if "unassigned:1" in sheet.rows else 0
        assert round(apart * 100) == wanted.get("", 0), dimension
        assert round(ran.json["unassigned_by_dimension"][dimension] * 100) == wanted.get("", 0)
        found = {member: round(sheet.value(f"m:{member}", "actual") * 100) for member in wanted if member}
        assert found == {member: cents for member, cents in wanted.items() if member}, dimension
        months = [sum(sheet.value(row, c) or 0 for row in sheet.rows if row == "unassigned:1" or is_top(row, sheet))
                  for c in sheet.columns if c.startswith("a:")]  # fmt: skip
        assert [round(m * 100) for m in months] == [round((m or 0) * 100) for m in sheet.along("total", "a:")]
    done = book.read_bytes()
    assert xlsales("collect", book, folder, "--json").json["changed"] is False
    assert xlsales("refresh", book, "--json").json["changed"] is False
    assert book.read_bytes() == done
    assert xlsales("undo", book).code == 0
    assert book.read_bytes() == after_collect
    assert xlsales("undo", book).code == 0
    assert book.read_bytes() == before


def is_top(row: str, sheet: Any) -> bool:
    """Whether a row is that of a lowest member: those alone add up, whatever the tree."""
    return row.startswith("m:") and not (
        row.removeprefix("m:") in REGIONS and any(r.endswith("号店") for r in sheet.rows)
    )
