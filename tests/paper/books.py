"""Workbooks to print and to look at: every sheet of a plan and of a store, in both languages, in plans of two shapes.

The demo has what most plans have; the large plan has what is hard to lay out: many members, long names, a
fiscal year, weeks for months in English.
"""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

from tests.calc import read_back
from tests.commands.books import plan, type_in
from tests.commands.store_files import StoreFile
from xlsales.core.faults import Lang
from xlsales.hosts.cli import main
from xlsales.plan.sheets import ADDED
from xlsales.plan.template.plan import TEMPLATES
from xlsales.store.sheets import SHEETS as STORE_SHEETS
from xlsales.vocabulary.contract import Word

STORES_FOLDER = "stores"
_FIRST_DAY = dt.date(2026, 9, 1)
_FIRST_TABLE_ROW = 5
_REASON = Word("门前修路到年底", "The road in front is closed until December")
_REGION, _STORE, _CATEGORY = Word("大区", "Region"), Word("门店", "Store"), Word("品类", "Category")
_REGIONS = tuple(
    Word(zh, en)
    for zh, en in (
        ("华东大区(上海、江苏、浙江、安徽)", "East (Shanghai, Jiangsu, Zhejiang, Anhui)"),
        ("华南大区", "South"), ("华北大区", "North"), ("东北大区", "Northeast"), ("西南大区", "Southwest"),
        ("西北大区", "Northwest"), ("华中大区", "Central China"), ("电商与直播事业部", "E-commerce and live streaming"),
    )
)  # fmt: skip
_LONG_STORE = Word("{n:02}号 国际购物中心负一层联营专柜店", "{n:02} International Shopping Centre, lower ground floor")
_CATEGORIES = (Word("女装", "Women"), Word("男装", "Men"), Word("童装与亲子家居", "Children, family and home"))
STORES = 60
_LONG_PLAN = Word(
    "2026 财年全国直营与联营门店销售目标(第二稿)",
    "Fiscal 2026 sales target, own and franchised stores (2nd draft)",
)
_COMPANY = Word("杭州某某服饰集团股份有限公司", "Example Fashion Group Company Limited")


def title(key: str, lang: Lang) -> str:
    """Return the title of a sheet of a store's workbook."""
    return next(sheet.title for sheet in STORE_SHEETS if sheet.key == key)[lang]


def run(*arguments: object) -> None:
    """Run the command line, without a word unless it refuses."""
    code = main([*map(str, arguments), "--quiet"])
    assert code in (0, 1), arguments


def fresh(lang: Lang, folder: Path) -> Path:
    """Write a plan as it comes."""
    book = folder / TEMPLATES[lang]
    run("new", book, "--lang", lang)
    return book


def demo(lang: Lang, folder: Path) -> Path:
    """Write the demo after a round with its stores: sheets added, files handed out, two returned, one with an offer."""
    run("demo", folder, "--lang", lang)
    (book,) = folder.glob("*.xlsx")
    for sheet in ADDED:
        run("add", book, sheet.key)
        note = chr(ord("B") + len(sheet.tables[0].columns) - 1)
        for n in range(len(sheet.examples)):
            type_in(book, sheet.tables[0].label[lang], f"{note}{_FIRST_TABLE_ROW + n}", "")
    run("split", book, "--yes", "--rewrite")
    stores = folder / STORES_FOLDER
    run("handout", book, stores, "--yes")
    first, second, *_ = sorted(path for path in stores.glob("*.xlsx") if "!" not in path.name and is_store(path))
    returned = StoreFile(first, first.stem)
    returned.type(_days(), title("days", lang))
    offer = {(f"2026-{month}", "commitment"): 50_000.0 for month in (10, 11, 12)}
    returned.type(offer | {(row, "reason"): _REASON[lang] for row, _ in offer}, title("commitment", lang))
    StoreFile(second, second.stem).type({(_FIRST_DAY.isoformat(), "entry"): -5_000_000.0}, title("days", lang))
    run("collect", book, stores)
    run("split", book, "--yes", "--rewrite")
    return book


def is_store(path: Path) -> bool:
    """Whether a handed-out file is a store's, and not the list of them all."""
    return "xs_store_actuals" in read_back(path, read_only=True).defined_names


def _days() -> dict[tuple[str, str], float | str]:
    chance = random.Random(9)
    days = [_FIRST_DAY + dt.timedelta(days=n) for n in range(20)]
    return {(day.isoformat(), "entry"): round(2_000 * chance.uniform(0.5, 1.5), 2) for day in days}


def large(lang: Lang, folder: Path) -> Path:
    """Write a plan of sixty stores with long names, of a fiscal year; in English its months are 4, 4 and 5 weeks."""
    regions = [{"dimension": _REGION[lang], "member": region[lang], "weight": 1} for region in _REGIONS]
    chance = random.Random(60)
    names = [_LONG_STORE[lang].format(n=n) for n in range(1, STORES + 1)]
    of = {name: _REGIONS[n % len(_REGIONS)][lang] for n, name in enumerate(names)}
    stores = [{"dimension": _STORE[lang], "member": name, "weight": chance.randint(20, 99)} for name in names]
    categories = [{"dimension": _CATEGORY[lang], "member": one[lang], "weight": 1} for one in _CATEGORIES]
    header = [("日期", "Date"), ("大区", "Region"), ("门店", "Store"), ("品类", "Category"), ("金额", "Amount")]
    first = dt.date(2026, 4, 1) if lang == "zh" else dt.date(2026, 3, 30)
    days = 365 if lang == "zh" else 364

    def sales(day: dt.date, count: int) -> list[list[object]]:
        rows: list[list[object]] = []
        for n in range(count):
            name, one = chance.choice(names), chance.choice(_CATEGORIES)[lang]
            amount = round(chance.uniform(0.4, 1.9) * 130_000_000 / count, 2)
            rows.append([day + dt.timedelta(days=7 * (n % 4)), of[name], name, one, amount])
        return rows

    months = [first + dt.timedelta(days=30 * n) for n in range(8)]
    past = [first - dt.timedelta(days=365) + dt.timedelta(days=30 * n) for n in range(12)]
    book = folder / Word("六十家门店.xlsx", "sixty-stores.xlsx")[lang]
    return_to = Word("李敏 limin@example.com", "Ann Lee, ann.lee@example.com")[lang]
    plan(
        book,
        lang=lang,
        dimensions=[*regions, *stores, *categories],
        actuals=[[one[lang == "en"] for one in header], *(row for day in months for row in sales(day, 200))],
        history=[[one[lang == "en"] for one in header], *(row for day in past for row in sales(day, 150))],
        total=160_000 if lang == "zh" else 1_600_000,
        unit="wan" if lang == "zh" else "thousand",
        currency="CNY" if lang == "zh" else "USD",
        start=first,
        end=first + dt.timedelta(days=days - 1),
        plan_name=_LONG_PLAN[lang],
        fiscal_month=4,
        stretch_1=1.05,
        month_pattern="natural" if lang == "zh" else "4-4-5",
        company=_COMPANY[lang],
        return_due=dt.date(2026, 12, 20),
        return_to=return_to,
    )
    run("split", book, "--yes", "--rewrite")
    run("handout", book, folder / STORES_FOLDER, "--store", names[0])
    return book


def workbooks(lang: Lang, folder: Path) -> dict[str, Path]:
    """Write all workbooks of a language; return them by what they are."""
    books = {}
    for name, write in (("fresh", fresh), ("demo", demo), ("large", large)):
        home = folder / name
        home.mkdir(parents=True)
        books[name] = write(lang, home)
        if (home / STORES_FOLDER).exists():
            books[f"{name}-store"] = min(path for path in (home / STORES_FOLDER).glob("*.xlsx") if is_store(path))
    return books
