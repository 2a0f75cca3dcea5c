"""The month of a sheet: by the titles above its table, and by its name."""

from __future__ import annotations

from collections.abc import Sequence

from xlsales.core.faults import Fault
from xlsales.tables.cells.dates import Stamp
from xlsales.tables.words.fiscal import fiscal_title
from xlsales.tables.words.labels import period_columns, read_label
from xlsales.tables.words.wide import month_named

Row = Sequence[str | None]


class MonthDisputed(Fault):
    """A sheet's title names another month or year than its name does."""

    zh = "“{label}”的标题行写的是 {told},与工作表名“{title}”不一致。请改正其中一个。"
    en = "The title of '{label}' says {told}, but the sheet is named '{title}'. Correct one of them."


class MonthOfSheetUntold(Fault):
    """A sheet of days does not name its month, but sheets beside it do."""

    zh = "“{label}”的日期列没有写明是哪个月。请把工作表改名为月份,例如 3月。"
    en = "The days of '{label}' do not say of which month they are. Name the sheet after its month, e.g. 2026-03."


def with_months(titles: Sequence[Row], headings: Row, title: str, label: str) -> tuple[Row, bool]:
    """Return the headings with the year and month of their sheet in those of periods, if the sheet names them.

    The second value: whether there are bare days of a month that is not known. Raises `MonthDisputed`.
    """
    periods = period_columns(headings)
    if not periods:
        return tuple(headings), False
    texts = [cell for row in titles for cell in row if cell is not None]
    fiscal = fiscal_title(texts) or read_label([title]).fiscal
    year, month = _month_of(texts, title, label)
    year = year if fiscal is None else None
    bare = [period for period in periods.values() if isinstance(period, int)]
    completed: list[str | None] = list(headings)
    for column, period in periods.items():
        if isinstance(period, Stamp):
            stamp = Stamp(year if period.year is None else period.year, period.month, period.day)
        elif month is not None:
            stamp = Stamp(year, month, period)
        elif max(bare) <= 12 and year is not None:
            stamp = Stamp(year, period)
        else:
            continue
        if stamp.year is None and fiscal is not None:
            completed[column] = f"FY{'/'.join(map(str, filter(None, fiscal)))} {headings[column]}"
        elif stamp != period:
            completed[column] = " ".join((period_text(stamp), *read_label([headings[column] or ""]).words))
    return tuple(completed), bool(bare) and month is None and max(bare) > 12


def _month_of(titles: Sequence[str], title: str, label: str) -> tuple[int | None, int | None]:
    """The year and month of a sheet."""
    label_of_name = read_label([title])
    own_year = None if label_of_name.fiscal is not None else label_of_name.year
    stamp = label_of_name.period if isinstance(label_of_name.period, Stamp) else Stamp(own_year)
    year, month = month_named(titles)
    for above, own, text in ((year, stamp.year, f"{year}"), (month, stamp.month, f"{month}月")):
        if above is not None and own is not None and above != own:
            raise MonthDisputed(label=label, title=title, told=text)
    return (stamp.year if year is None else year), (stamp.month if month is None else month)


def period_text(stamp: Stamp) -> str:
    """Write a month, or a day of it, as it is read again: 2026-01, 1月5日."""
    if stamp.year is None:
        return f"{stamp.month}月" + (f"{stamp.day}日" if stamp.day is not None else "")
    return f"{stamp.year}-{stamp.month:02d}" + (f"-{stamp.day:02d}" if stamp.day is not None else "")
