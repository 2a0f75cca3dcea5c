"""The Excel tables that a person fills in the plan's workbook: their names and their columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

from xlsales.core.percentages import DONE, Percents
from xlsales.vocabulary.contract import (
    COLUMN_FIELDS,
    DAY_KINDS,
    MAPPING_FIELDS,
    MEANING_FIELDS,
    MEMBER_METHODS,
    Kind,
    Word,
)


class TableColumn(Struct, frozen=True):
    """A column of an input table, found by its header in either language.

    The program fills `given` columns. A workbook from an early template may lack `later` ones.
    Amounts of an `exact` column are read in full, because their step depends on the row. `form` is the number format
    if it is not that of the kind.
    `offered` words are in a list to pick from; a person may type others. `earlier` are its headers in older plans.
    `percents` say how a number without % is meant.
    """

    key: str
    label: Word
    kind: Kind
    hint: Word
    choices: dict[str, Word] | None = None
    low: float | None = None
    high: float | None = None
    width: int = 12
    given: bool = False
    later: bool = False
    exact: bool = False
    form: str = ""
    offered: tuple[Word, ...] = ()
    earlier: tuple[str, ...] = ()
    percents: Percents | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The headers that it is found by."""
        return (self.label.zh, self.label.en, *self.earlier)


class InputTable(Struct, frozen=True):
    """An Excel table (list object) that a person fills, found by its table name; `empty` says what holds without it.

    A `pasted` one is read as sales are (`tables.reading`), whatever was pasted over it. Of a `text` with paragraphs,
    rows below a blank one are its own too.
    """

    name: str
    sheet: str
    label: Word
    columns: tuple[TableColumn, ...]
    empty: Word | None = None
    pasted: bool = False
    text: bool = False

    @property
    def written(self) -> bool:
        """Whether the program writes all of it."""
        return all(column.given for column in self.columns)


def _joined(words: dict[str, Word]) -> Word:
    return Word("、".join(word.zh for word in words.values()), ", ".join(word.en for word in words.values()))


EXAMPLE = Word("示例", "Example")
"""A row with a note that starts with this word is shown as an example."""
Example = Mapping[str, Word | float | str | dt.date]
"""An example row of a table, by column key."""

T_DIMENSIONS = InputTable(
    "xs_dimensions",
    "dimensions",
    Word("维度与成员", "Dimensions and members"),
    (
        TableColumn("dimension", Word("维度", "Dimension"), "text", Word("如 区域、产品、渠道、门店、人员", "e.g. Region, Product, Channel, Store, Person"), width=10),
        TableColumn("member", Word("成员", "Member"), "text", Word("同一维度内不能重名", "Unique within its dimension"), width=20),
        TableColumn("parent", Word("上级", "Parent"), "text", Word("上级成员;空 = 第一级", "Parent member; blank = top level"), width=18),
        TableColumn("method", Word("分解方式", "Split by"), "choice", Word("空 = 权重;同级可以不同,均分 = 同级的平均", "blank = weight; siblings may differ, equal = their average"), MEMBER_METHODS, width=10),
        TableColumn("weight", Word("权重", "Weight"), "number", Word("同级之间的比例,按全年;同级有参照时 = 视同参照期卖了多少(按单位);0 = 无潜力,上级空 = 下级汇总", "Ratio among siblings, of a full year; beside a reference: sales it would have had then, in the unit; 0 = no potential, a blank parent = sum of its members"), low=0, width=18),
        TableColumn("locked", Word("锁定目标", "Locked target"), "amount", Word("固定的目标,按设置的单位", "A fixed target, in the unit of Settings"), low=0),
        TableColumn("lower", Word("下限", "Lower"), "amount", Word("不低于", "not below"), low=0, width=10),
        TableColumn("upper", Word("上限", "Upper"), "amount", Word("不高于", "not above"), low=0, width=10),
        TableColumn("stretch", Word("加压", "Stretch"), "number", Word("空 = 设置里该级的系数", "blank = the level's factor in Settings"), low=0.5, high=3, width=8),
        TableColumn("aliases", Word("别名", "Aliases"), "text", Word("实际数据里的其他叫法,用、分开", "Other names in the data, separated by ;"), width=20),
        TableColumn("opens", Word("开业日", "Opens"), "date", Word("第一个营业日;空 = 一直营业。之前没有目标", "First open day; blank = always open. No target before"), width=12, later=True),
        TableColumn("closes", Word("闭店日", "Closes"), "date", Word("最后一个营业日;空 = 一直营业。之后没有目标", "Last open day; blank = always open. No target after"), width=12, later=True),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=34),
    ),
)
T_LOCKS = InputTable(
    "xs_locks",
    "locks",
    Word("按期间锁定", "Locks by period"),
    (
        TableColumn("dimension", Word("维度", "Dimension"), "text", Word("空 = 公司整体", "blank = the whole company"), width=12),
        TableColumn("member", Word("成员", "Member"), "text", Word("空 = 公司整体", "blank = the whole company"), width=16),
        TableColumn("period", Word("期间", "Period"), "period", Word("2026Q1、2026-03、2026-W10、2026-03-08", "2026Q1, 2026-03, 2026-W10, 2026-03-08"), width=14),
        TableColumn("amount", Word("锁定目标", "Locked target"), "amount", Word("按设置的单位;日和周可细到日步长", "in the unit of Settings; a day or a week may be as fine as the day step"), low=0, width=14, exact=True),
        TableColumn("note", Word("备注", "Note"), "text", Word("为什么锁定", "why"), width=30),
    ),
)
T_CALENDAR = InputTable(
    "xs_calendar",
    "calendar",
    Word("节假日与活动日", "Holidays and campaign days"),
    (
        TableColumn("start", Word("开始日期", "From"), "date", Word("第一天", "first day"), width=13),
        TableColumn("end", Word("结束日期", "To"), "date", Word("空 = 只这一天", "blank = this day only"), width=13),
        TableColumn("kind", Word("类型", "Kind"), "choice", Word("国务院节假日已内置,这里填本公司的例外;空 = 不变", "Statutory holidays are built in; enter exceptions; blank = unchanged"), DAY_KINDS, width=12),
        TableColumn("factor", Word("活动系数", "Factor"), "number", Word("1.5 = 目标按 1.5 天算", "1.5 = counts as 1.5 days"), low=0, high=100, width=10),
        TableColumn("note", Word("备注", "Note"), "text", Word("如 618、店庆", "e.g. anniversary sale"), width=30),
    ),
)
T_REFERENCE = InputTable(
    "xs_reference",
    "settings",
    Word("参照期间", "Reference periods"),
    (
        TableColumn("period", Word("期间", "Period"), "period", Word("如 2025 或 2025H2;空表 = 上一年", "e.g. 2025 or 2025H2; empty table = the year before"), width=14),
        TableColumn("share", Word("占比", "Share"), "percent", Word("多期混合,如 50% + 50%", "a mix, e.g. 50% + 50%"), low=0, high=1, width=10, percents=DONE),
    ),
    empty=Word("空 = 参照上一年", "Empty = the year before"),
)
T_MONTH_WEIGHTS = InputTable(
    "xs_month_weights",
    "settings",
    Word("月权重", "Month weights"),
    (
        TableColumn("month", Word("期间", "Period"), "period", Word("1–12 或 2026-03;Q1、2026H1、2026 的权重对任何月度方式都起作用", "1-12 or 2026-03; weights of Q1, 2026H1, 2026 hold whatever months follow"), width=14, earlier=("月份", "Month")),
        TableColumn("weight", Word("权重", "Weight"), "number", Word("同级之间的任意比例", "any ratio among periods of a level"), low=0, width=10),
    ),
    empty=Word("月度方式 = 自定义权重 时填写;也可填季、年", "For months by = weights; also for quarters and years"),
)
T_WEEKDAYS = InputTable(
    "xs_weekdays",
    "settings",
    Word("星期指数", "Weekday index"),
    (
        TableColumn("weekday", Word("星期", "Weekday"), "text", Word("周一至周日", "Monday to Sunday"), width=14),
        TableColumn("index", Word("指数", "Index"), "number", Word("最弱的一天 = 1;七格全空 = 由历史算出", "weakest day = 1; all blank = from history"), low=0, width=10),
    ),
    empty=Word("空 = 由历史算出", "Empty = from past sales"),
)
T_MAPPING = InputTable(
    "xs_mapping",
    "settings",
    Word("列对应", "Column mapping"),
    (
        TableColumn(
            "field",
            Word("字段", "Field"),
            "text",
            Word(
                f"{_joined(COLUMN_FIELDS).zh}、维度名;{_joined(MEANING_FIELDS).zh}",
                f"{_joined(COLUMN_FIELDS).en}, a dimension; {_joined(MEANING_FIELDS).en}",
            ),
            width=14,
            offered=MAPPING_FIELDS,
        ),
        TableColumn("header", Word("表头", "Header"), "text", Word("数据里的列名", "the column's name in the data"), width=18),
        TableColumn("value", Word("值", "Value"), "text", Word("那一列里的值,如 退货、关闭、USD", "a value of that column, e.g. Return, Closed, USD"), width=12, later=True),
        TableColumn("factor", Word("倍数", "Factor"), "number", Word("汇率:每 1 外币合多少本币;符号:空 = −1", "rate: the plan's currency per 1 of it; sign: blank = -1"), width=10, later=True),
    ),
    empty=Word("空 = 自动识别;有疑问时填写", "Empty = columns are recognised; fill it in when they are in doubt"),
)
TABLES: tuple[InputTable, ...] = (
    T_DIMENSIONS, T_LOCKS, T_CALENDAR, T_REFERENCE, T_MONTH_WEIGHTS, T_WEEKDAYS, T_MAPPING,
)  # fmt: skip
EARLIER_TITLES = (
    "月权重(月度方式 = 自定义权重)", "Month weights (months by = weights)",
    "列对应(自动识别有疑问时填写)", "Column mapping (when recognition is in doubt)",
)  # fmt: skip
"""Titles of tables in older plans."""
