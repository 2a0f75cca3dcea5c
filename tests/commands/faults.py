"""Plans that cannot be split, one fault each: how to make the fault, where it is told, and how."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.commands.books import (
    answer,
    cell_xml,
    part_of,
    place_of,
    plan,
    rewrite,
    swap,
    type_in,
)
from xlsales.vocabulary.contract import SHEETS
from xlsales.vocabulary.plan_tables import T_DIMENSIONS

Row = dict[str, object]
Make = Callable[[Path, str], None]


def _rows(*rows: tuple[str, Mapping[str, object]]) -> list[Row]:
    return [{"dimension": "D", "member": name, "weight": 1, **more} for name, more in rows]


TWO = _rows(("a", {}), ("b", {}))


@dataclass(frozen=True)
class Case:
    """A fault: settings, tables and damage that make it; the place and the words that tell it in each language."""

    id: str
    place: str  # of the Chinese twin; a defined name `xs_…` stands for its cell
    zh: str
    en: str
    settings: Mapping[str, object] = field(default_factory=dict)
    rows: Sequence[Mapping[str, object]] = field(default_factory=lambda: TWO)
    tables: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    damage: Make | None = None

    def make(self, path: Path, lang: Any) -> Path:
        """Write the plan and do the damage."""
        plan(path, lang=lang, dimensions=self.rows, tables=self.tables, **self.settings)
        if self.damage:
            self.damage(path, lang)
        return path

    def where(self, path: Path, lang: Any) -> str:
        """The place as the sentence begins with it."""
        if self.place.startswith("xs_"):
            return place_of(path, self.place.removeprefix("xs_")) if path.exists() else ""
        place = self.place.replace("{file}", path.name)
        if lang == "en":
            for word in SHEETS.values():
                place = re.sub(rf"^{word.zh}(?=$|!|:)", word.en, place)
            place = place.replace("按D", "By D")
        return place


def _answer(setting: str, value: float | str) -> Make:
    return lambda path, lang: answer(path, setting, value)


def _cell(sheet: str, address: str, value: float | str) -> Make:
    return lambda path, lang: type_in(path, SHEETS[sheet]["en" if lang == "en" else "zh"], address, value)


def _setting_cell(setting: str, xml: str) -> Make:
    def damage(path: Path, lang: str) -> None:
        title, address = place_of(path, setting).split("!")
        cell_xml(path, title, address, xml.format(address=address))

    return damage


def _lost_name(name: str) -> Make:
    def damage(path: Path, lang: str) -> None:
        def drop(part: str, data: bytes) -> bytes:
            return re.sub(rf'<definedName name="{name}">.*?</definedName>'.encode(), b"", data)

        rewrite(path, lambda part, data: drop(part, data) if part == "xl/workbook.xml" else data)

    return damage


def _removed_table(path: Path, lang: str) -> None:
    """As Excel's "convert to range" does: the table part goes, its cells stay."""
    sheet = part_of(path, SHEETS["dimensions"]["en" if lang == "en" else "zh"])
    relations = sheet.replace("worksheets/", "worksheets/_rels/") + ".rels"

    def drop(part: str, data: bytes) -> bytes | None:
        if part == relations:
            return None
        if part.startswith("xl/tables/") and b'"xs_dimensions"' in data:
            return None
        return re.sub(rb"<tableParts.*?</tableParts>", b"", data) if part == sheet else data

    rewrite(path, drop)


def _renamed_table(path: Path, lang: str) -> None:
    swap(path, '"xs_dimensions"', '"Table99"', "xl/tables/")


def _lost_header(path: Path, lang: str) -> None:
    header = next(c for c in T_DIMENSIONS.columns if c.key == "parent").label["en" if lang == "en" else "zh"]
    swap(path, f'name="{header}"', 'name="Boss"', "xl/tables/")


def _protected_structure(path: Path, lang: str) -> None:
    swap(path, "<bookViews>", '<workbookProtection lockStructure="1"/><bookViews>', "xl/workbook.xml")


def _not_a_workbook(path: Path, lang: str) -> None:
    path.write_bytes("销售目标,100\n".encode("gb18030"))


def _word_document(path: Path, lang: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")


def _encrypted(path: Path, lang: str) -> None:
    """What Excel writes with a password: a compound file with the stream EncryptedPackage."""
    name = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + name + bytes(4096 - 1024 - len(name)))


def _old_excel(path: Path, lang: str) -> None:
    name = "Workbook".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + name + bytes(4096 - 1024 - len(name)))


def _cut_short(path: Path, lang: str) -> None:
    path.write_bytes(path.read_bytes()[:-2000])


def _empty_file(path: Path, lang: str) -> None:
    path.write_bytes(b"")


def _zip_bomb(path: Path, lang: str) -> None:
    """A sheet that inflates to a thousand times its size."""
    sheet = part_of(path, SHEETS["settings"]["en" if lang == "en" else "zh"])
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == sheet:
                data = data.replace(b"</sheetData>", b"</sheetData>" + b" " * (40 << 20))
            new.writestr(info.filename, data)
    path.write_bytes(out.getvalue())


def _lying_zip(path: Path, lang: str) -> None:
    """A member that says it inflates to nothing and holds more."""
    data = bytearray(path.read_bytes())
    name = part_of(path, SHEETS["settings"]["en" if lang == "en" else "zh"]).encode()
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(name))
    struct.pack_into("<L", data, entry + 24, 3)
    path.write_bytes(bytes(data))


def _missing(path: Path, lang: str) -> None:
    path.unlink()


# fmt: off
CASES = (
    Case("missing total", "xs_total", "“总目标”没有填写。", '"Total target" is blank.', {"total": None}),
    Case("missing start", "xs_start", "“开始日期”没有填写。", '"Start" is blank.', {"start": None}),
    Case("text total", "xs_total",
         "“总目标”是“一千左右”,不是数字。", '"Total target" is "一千左右", not a number',
         {"total": "一千左右"}),
    Case("negative total", "xs_total", "“总目标”是 -5,应不小于 0。", "it must be 0 or more", {"total": -5}),
    Case("no multiple of the step", "xs_total", "1000.05 万元不是最小步长(1000 元)的整数倍",
         "1000.05 (10k yuan) is no multiple of the smallest step (1000 yuan)", {"total": 1000.05}),
    Case("step of nothing", "xs_step", "“最小步长”是 0,应不小于 0.01。", "it must be 0.01 or more", {"step": 0}),
    Case("step finer than a millionth", "xs_step", "“最小步长”", '"Smallest step"', {"step": 1e-9}),
    Case("unknown choice", "xs_month_method", "“月度方式”是“随便”。请从下拉列表里选:均分、参照、",
         '"Months by" is "随便". Choose one of: equal', damage=_answer("month_method", "随便")),
    Case("no date", "xs_start", "“开始日期”是“年初”,不是日期。", '"Start" is "年初", not a date',
         damage=_answer("start", "年初")),
    Case("end before start", "xs_end", "结束日期 2025-12-31 早于开始日期 2026-01-01。",
         "The end 2025-12-31 is before the start 2026-01-01.", {"end": dt.date(2025, 12, 31)}),
    Case("ten years", "xs_end", "上限是五年", "the limit is five years", {"end": dt.date(2035, 12, 31)}),
    Case("date out of reach", "xs_end", "不是日期", "not a date", damage=_answer("end", 99_999_999)),
    Case("fiscal month 13", "xs_fiscal_month", "“财年起始月”是 13,应在 1 至 12 之间。", "it must be from 1 to 12",
         {"fiscal_month": 13}),
    Case("error cell", "xs_total", "“总目标”是错误值 #REF!。", '"Total target" is the error #REF!.',
         damage=_setting_cell("total", '<c r="{address}" t="e"><f>A1*#REF!</f><v>#REF!</v></c>')),
    Case("formula without result", "xs_total", "“总目标”是公式,但文件里没有它的结果。",
         '"Total target" is a formula without a stored result.',
         damage=_setting_cell("total", '<c r="{address}"><f>SUM(Z1:Z9)</f></c>')),
    Case("formula without result in a table", "维度!F5", "“权重”是公式,但文件里没有它的结果。",
         '"Weight" is a formula without a stored result.',
         damage=lambda path, lang: cell_xml(path, SHEETS["dimensions"]["en" if lang == "en" else "zh"], "F5",
                                            '<c r="F5"><f>RAND()</f></c>')),
    Case("text weight", "维度!F6", "“权重”是“高”,不是数字。", '"Weight" is "高", not a number.',
         rows=_rows(("a", {}), ("b", {"weight": "高"}))),
    Case("negative weight", "维度!F6", "“权重”是 -1,应不小于 0。", '"Weight" is -1; it must be 0 or more.',
         rows=_rows(("a", {}), ("b", {"weight": -1}))),
    Case("blank weight", "维度!F6", "“b”没有权重", 'no weight for "b" (',
         rows=_rows(("a", {}), ("b", {"weight": None}))),
    Case("blank weights", "维度!F5", "“a”、“b1”没有权重", 'no weight for "a", "b1" (',
         rows=_rows(("a", {"weight": None}), ("b", {}), ("b1", {"parent": "b", "weight": None}))),
    Case("all weights zero", "维度!F5",
         "权重全为零,1000万元 无处可分。请改权重,或把“分解方式”改为均分或参照", "split by equal or reference",
         rows=_rows(("a", {"weight": 0}), ("b", {"weight": 0}))),
    Case("locks above the total", "维度!G6", "锁定合计 1050万元 > 总目标 1000万元,差 50万元。请放开",
         "Locked 1050 (10k yuan) > total target 1000 (10k yuan) by 50 (10k yuan). Release",
         rows=_rows(("a", {"locked": 600}), ("b", {"locked": 450}), ("c", {}))),
    Case("locked quarters above the total", "锁定!E6", "1100万元", "1100 (10k yuan)",
         tables={"xs_locks": [{"period": "2026Q1", "amount": 600}, {"period": "2026Q2", "amount": 500}]}),
    Case("lower bounds above the total", "维度!H6", "下限合计 1100万元", "Lower bounds 1100 (10k yuan)",
         rows=_rows(("a", {"lower": 600}), ("b", {"lower": 500}))),
    Case("one lower bound above the total", "维度!H7", "下限合计 1200万元", "Lower bounds 1200 (10k yuan)",
         rows=_rows(("a", {}), ("b", {"lower": 100}), ("c", {"lower": 1100}))),
    Case("upper bounds below the total", "维度!I", "最多 900万元 < 总目标 1000万元,差 100万元",
         "reach 900 (10k yuan) at most < total target 1000 (10k yuan) by 100 (10k yuan)",
         rows=_rows(("a", {"upper": 500}), ("b", {"upper": 400}))),
    Case("crossed bounds", "维度!H6", "下限 500万元 > 上限 400万元", "the lower bound 500 (10k yuan) > the upper",
         rows=_rows(("a", {}), ("b", {"lower": 500, "upper": 400}))),
    Case("unknown parent", "维度!D6",
         "“b”的上级“总部”不在维度“D”里。", '"b" has the parent "总部", which dimension "D"',
         rows=_rows(("a", {}), ("b", {"parent": "总部"}))),
    Case("two of one name", "维度!C7", "“a”出现了两次(另一处在第 5 行)", 'has "a" twice (the other is in row 5)',
         rows=_rows(("a", {}), ("b", {}), ("a", {}))),
    Case("cycle of parents", "维度!D", "是自己的上级", "is its own ancestor",
         rows=_rows(("a", {"parent": "b"}), ("b", {"parent": "a"}), ("c", {}))),
    Case("member without dimension", "维度!", "这一行缺少“维度”。", 'This row has no "Dimension".',
         rows=[*TWO, {"member": "c", "weight": 1}]),
    Case("lock of an unknown member", "锁定!C5",
         "锁定的成员“x”不在维度“D”里", 'the locked member "x" is not in dimension "D"',
         tables={"xs_locks": [{"dimension": "D", "member": "x", "period": "2026Q1", "amount": 1}]}),
    Case("lock of an unknown dimension", "锁定!B5", "维度“X”", '"X"',
         tables={"xs_locks": [{"dimension": "X", "member": "x", "period": "2026Q1", "amount": 1}]}),
    Case("lock of an unreadable period", "锁定!D5", "看不懂期间“春天”", "春天",
         tables={"xs_locks": [{"period": "春天", "amount": 1}]}),
    Case("lock outside the plan", "锁定!D5", "期间“2027-03”不在计划", '2027-03',
         tables={"xs_locks": [{"period": "2027-03", "amount": 1}]}),
    Case("lock without amount", "锁定!", "这一行缺少“锁定目标”。", 'This row has no "Locked target".',
         tables={"xs_locks": [{"period": "2026-03"}]}),
    Case("lock twice", "锁定!D6", "锁定了两次", "is locked twice",
         tables={"xs_locks": [{"period": "2026-03", "amount": 1}, {"period": "2026-03", "amount": 2}]}),
    Case("a day that is none", "日历!B5",
         "“开始日期”是“2026-02-29”,不是日期。", '"From" is "2026-02-29", not a date',
         tables={"xs_calendar": [{"start": "2026-02-29"}]}),
    Case("campaign that ends before it starts", "日历!", "早于开始日期", "is before the start",
         tables={"xs_calendar": [{"start": dt.date(2026, 6, 18), "end": dt.date(2026, 6, 16), "factor": 2}]}),
    Case("unknown kind of day", "日历!D5", "“类型”是“半天”。请从下拉列表里选:", '"Kind" is "半天". Choose one of:',
         tables={"xs_calendar": [{"start": dt.date(2026, 6, 18), "kind": "半天"}]}),
    Case("incomplete weekday index", "设置!", "星期指数只填了 2 格", "Only 2 weekday indexes",
         tables={"xs_weekdays": [{"weekday": f"周{d}", "index": 1} for d in "一二"]}),
    Case("day index without week or history", "xs_day_method", "星期指数", "weekday",
         {"month_method": "day_index", "day_method": "day_index"}),
    Case("month weights all zero", "设置!C72", "月权重全是零", "All months weigh zero",
         {"month_method": "weights"}, tables={"xs_month_weights": [{"month": m, "weight": 0} for m in range(1, 13)]}),
    Case("own history without history", "xs_member_shape", "历史里没有任何维度的销售", "there is none",
         {"member_shape": "own"}),
    Case("month weights missing", "xs_month_method", "请填写月权重", "Enter weights", {"month_method": "weights"}),
    Case("history missing", "xs_month_method", "粘贴历史", "paste history", {"month_method": "reference"}),
    Case("history missing for members", "维度!E5", "按参照分解", "split by reference",
         rows=_rows(("a", {"method": "reference", "weight": None}), ("b", {"method": "reference", "weight": None}))),
    Case("removed table", "维度",
         "找不到表“维度与成员”(表名 xs_dimensions)。", 'The table "Dimensions and members" is gone',
         damage=_removed_table),
    Case("renamed table", "维度", "找不到表“维度与成员”", 'The table "Dimensions and members" is gone',
         damage=_renamed_table),
    Case("lost header", "维度!4", "表“维度与成员”里没有“上级”这一列。", 'has no column "Parent"', damage=_lost_header),
    Case("lost name", "设置", "找不到“总目标”(名称 xs_total)。", '"Total target" is gone (defined name xs_total)',
         damage=_lost_name("xs_total")),
    Case("protected structure", "{file}", "工作簿的结构受保护", "structure is protected", damage=_protected_structure),
    Case("not a workbook", "", "不是 Excel 工作簿", "is not an Excel workbook", damage=_not_a_workbook),
    Case("a Word document", "", "不是 Excel 工作簿", "is not an Excel workbook", damage=_word_document),
    Case("empty file", "", "不是 Excel 工作簿", "is not an Excel workbook", damage=_empty_file),
    Case("encrypted", "", "有打开密码", "has a password", damage=_encrypted),
    Case("old format", "", "是旧的 .xls 格式", "is in the old .xls format", damage=_old_excel),
    Case("cut short", "", "已损坏", "is damaged", damage=_cut_short),
    Case("zip bomb", "", "为安全起见没有打开", "was not opened", damage=_zip_bomb),
    Case("lying zip", "", "已损坏", "is damaged", damage=_lying_zip),
    Case("unknown weekday", "设置!B87",
         "“星期”是“礼拜八”。请从下拉列表里选:周一、", '"Weekday" is "礼拜八". Choose one of: Mon',
         tables={"xs_weekdays": [{"weekday": "礼拜八", "index": 1}]}),
    Case("weight without month", "设置!B",
         "这一行缺少“期间”。", 'This row has no "Period".', {"month_method": "weights"},
         tables={"xs_month_weights": [{"month": 1, "weight": 1}, {"weight": 2}]}),
    Case("missing file", "", "找不到文件", "There is no file", damage=_missing),
    Case("no plan", "",
         "不是目标计划", "is no plan workbook", damage=lambda path, lang: (_lost_name("xs_.*?")(path, lang))),
    Case("newer contract", "",
         "由更新的版本(9)建立", "was made by a newer version (9)", damage=_answer("version", "9")),
    Case("history file missing", "", "找不到文件", "There is no file",
         {"month_method": "reference", "history_file": "去年.xlsx"}),
    Case("actuals file missing", "", "找不到文件", "There is no file", {"actuals_file": "今年.csv"}),
)
# fmt: on
