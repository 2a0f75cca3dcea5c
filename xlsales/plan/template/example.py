"""A worked example: a five-region company, its plan, and eight months of made-up sales with the usual dirt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from xlsales.core.faults import Lang
from xlsales.ooxml.book import Book
from xlsales.ooxml.changes import Change
from xlsales.ooxml.patch import patch_sheet
from xlsales.plan.example_members import plain_members
from xlsales.plan.template.plan import write_plan
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import AREA_ACTUALS, UNIT_YUAN, WEEKDAYS, Word
from xlsales.vocabulary.plan_tables import T_CALENDAR, T_DIMENSIONS, T_WEEKDAYS

YEAR, MONTHS = 2026, 8
TOTAL_YUAN = 10_000_000
_INDEX = (1.0, 1.0, 1.0, 1.05, 1.2, 1.6, 1.5)
_LINES_A_DAY = 9
_STORE = Word("门店", "Store")
STORES = (
    (Word("沈阳中街店", "Shenyang Zhongjie"), 90), (Word("哈尔滨中央店", "Harbin Central"), 60),
    (Word("北京朝阳店", "Beijing Chaoyang"), 130), (Word("天津滨江店", "Tianjin Binjiang"), 70),
    (Word("上海徐汇店", "Shanghai Xuhui"), 180), (Word("杭州西湖店", "Hangzhou Xihu"), 120),
    (Word("广州天河店", "Guangzhou Tianhe"), 140), (Word("深圳南山店", "Shenzhen Nanshan"), 110),
    (Word("成都春熙店", "Chengdu Chunxi"), 60), (Word("西安钟楼店", "Xi'an Zhonglou"), 40),
)  # fmt: skip
_REGION_OF_STORE = (0, 0, 1, 1, 2, 2, 3, 3, 4, 4)
_PACE = (0.93, 1.02, 1.07, 0.98, 0.86)
"""How the regions do against their targets."""
_CAMPAIGN = Word("年中大促", "Mid-year sale")
_HEADERS = tuple(
    Word(zh, en)
    for zh, en in (
        ("销售日期", "Sales date"), ("区域", "Region"), ("门店", "Store"), ("产品", "Product"), ("渠道", "Channel"),
        ("销售额", "Sales"),
    )
)  # fmt: skip


def unit_of(lang: Lang) -> str:
    """Return the unit of the example's amounts, as a code."""
    return Word("wan", "thousand")[lang]


def write_example(book: Path, lang: Lang, *, weighed: bool = True) -> None:
    """Write the example's plan: 1000万 for the year by region, product, channel and store.

    Unless `weighed`, weights of stores are blank, for the table of staff factors has them.
    """
    stores = [
        {"dimension": _STORE[lang], "member": store[lang], "weight": w if weighed else None} for store, w in STORES
    ]
    members = [{**row, "note": ""} for row in plain_members(lang)]
    unit = unit_of(lang)
    settings = {
        "plan_name": Word("2026 年销售目标(演示)", "Sales target 2026 (demo)")[lang],
        "total": TOTAL_YUAN // UNIT_YUAN[unit],
        "unit": unit,
        "step": 1000,
        "start": dt.date(YEAR, 1, 1),
        "end": dt.date(YEAR, 12, 31),
        "month_method": "day_index",
        "day_method": "day_index",
    }
    campaign = {"start": dt.date(YEAR, 6, 16), "end": dt.date(YEAR, 6, 18), "factor": 2, "note": _CAMPAIGN[lang]}
    weekdays = [{"weekday": day[lang], "index": index} for day, index in zip(WEEKDAYS, _INDEX, strict=True)]
    tables: dict[str, Sequence[Mapping[str, object]]] = {
        T_DIMENSIONS.name: [*members, *stores],
        T_CALENDAR.name: [campaign],
        T_WEEKDAYS.name: weekdays,
    }
    write_plan(book, lang, settings, tables, history=_last_years(lang))


def _last_years(lang: Lang) -> list[list[object]]:
    """Two past years, a row a month, store, product and channel: what the targets rest on."""
    chance = np.random.default_rng(20251231)
    names = _names(lang)
    share = np.array([weight for _, weight in STORES]) / sum(weight for _, weight in STORES)
    rows: list[list[object]] = [[header[lang] for header in _HEADERS]]
    for year, total in ((YEAR - 2, 8_300_000), (YEAR - 1, 9_050_000)):
        for month in range(1, 13):
            for store, part in enumerate(share):
                for product in names["product"]:
                    for channel in names["channel"]:
                        amount = total / 12 * part / 9 * chance.lognormal(-0.04, 0.3)
                        where = [names["region"][_REGION_OF_STORE[store]], STORES[store][0][lang]]
                        rows.append([dt.date(year, month, 28), *where, product, channel, round(float(amount), 2)])
    return rows


def paste_actuals(path: Path, lang: Lang) -> None:
    """Paste the made-up sales into the actuals sheet, as a person would: from A1, headers first."""
    book = Book.open(path)
    area = book.area(AREA_ACTUALS)
    assert area is not None  # the example has just been written
    sheet = book.sheet(area.sheet)
    assert sheet is not None
    changes: dict[tuple[int, int], Change] = {}
    for row, values in enumerate(_table(lang), area.row):
        for column, value in enumerate(values, area.column):
            changes[row, column] = value
    book.package.set(sheet.part, patch_sheet(book.package.read(sheet.part), changes, strings=book.strings))
    book.package.save()


def _table(lang: Lang) -> Iterator[list[Change]]:
    yield [header[lang] for header in _HEADERS]
    yield from _sales(lang)
    yield from _dirt(lang)


def _sales(lang: Lang) -> Iterator[list[Change]]:
    """Clean lines: the plan's curve, each region's own pace, and chance (always the same)."""
    chance = np.random.default_rng(20260831)
    names = _names(lang)
    store_share = np.array([weight for _, weight in STORES]) / sum(weight for _, weight in STORES)
    first, days = dt.date(YEAR, 1, 1), (dt.date(YEAR, MONTHS, 31) - dt.date(YEAR, 1, 1)).days + 1
    mean_index = sum(_INDEX) / 7
    for n in range(days):
        day = first + dt.timedelta(days=n)
        due = TOTAL_YUAN / 365 * _INDEX[day.weekday()] / mean_index
        if dt.date(YEAR, 6, 16) <= day <= dt.date(YEAR, 6, 18):
            due *= 2
        for store in chance.choice(len(STORES), size=_LINES_A_DAY, p=store_share):
            region = _REGION_OF_STORE[store]
            amount = due / _LINES_A_DAY * _PACE[region] * chance.lognormal(-0.08, 0.4)
            product = names["product"][chance.choice(3, p=(0.28, 0.43, 0.29))]
            channel = names["channel"][chance.choice(3, p=(0.33, 0.40, 0.27))]
            text = f"{day:%Y-%m-%d}"
            yield [text, names["region"][region], STORES[store][0][lang], product, channel, round(float(amount), 2)]


def _dirt(lang: Lang) -> Iterator[list[Change]]:
    """What pasted sheets are full of: some of it readable, some of it not."""
    names, zh = _names(lang), lang == "zh"
    region, product, channel = names["region"], names["product"][0], names["channel"][0]
    store = [s[lang] for s, _ in STORES]
    yield ["2026年3月5日", region[0], store[0], product, channel, "1,860.50"]
    yield ["20260412", region[1], f"{store[2]} ", product, channel, "¥2,300"]
    yield ["2026/5/1", region[2], store[4], product, channel, "３２００"]
    yield [float(to_serial(dt.date(YEAR, 7, 3))), region[3], store[6], product, channel, "0.5万" if zh else "5000"]
    yield ["2026-08-02", region[2], store[5], product, channel, "(980)"]
    yield ["2026-08-03", "华冬" if zh else "Eest", store[5], product, channel, 1260.0]
    yield ["2026-08-04", region[4], "成都春曦店" if zh else "Chengdu Chunxy", product, channel, 880.0]
    yield ["2026-08-05", "", store[9], product, channel, 640.0]
    yield ["2026-08-06", region[4], store[9], product, channel, "待定" if zh else "tbd"]
    yield ["八月初" if zh else "early August", region[4], store[9], product, channel, 720.0]
    yield ["2025-12-31", region[4], store[9], product, channel, 1999.0]
    yield ["2026-08-07", region[0], store[1], product, channel, 1111.0]
    yield ["2026-08-07", region[0], store[1], product, channel, 1111.0]
    yield ["合计" if zh else "Total", "", "", "", "", 6_600_000.0]


def _names(lang: Lang) -> dict[str, list[str]]:
    by_dimension: dict[object, list[str]] = {}
    for row in plain_members(lang):
        by_dimension.setdefault(row["dimension"], []).append(str(row["member"]))
    return dict(zip(("region", "product", "channel"), by_dimension.values(), strict=True))
