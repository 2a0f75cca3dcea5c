"""Plans at random: the same number gives the same plan. Small, and of every kind that the contract allows."""

from __future__ import annotations

import calendar
import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlsales.core.faults import Lang
from xlsales.plan.template.plan import write_plan
from xlsales.vocabulary.contract import (
    CLOCKS,
    DAY_METHODS,
    MONTH_METHODS,
    MONTH_PATTERNS,
    UNIT_YUAN,
    WEEK_RULES,
    WEEKDAYS,
    Word,
)

Row = dict[str, object]
NAMES = (Word("区域", "Region"), Word("产品", "Product"), Word("渠道", "Channel"), Word("人员=A", "Person"))
AMOUNTS = ("销售额", "Amount")
TOTAL = 10_000_000
"""What the company is to sell, in yuan, before a plan's own factor."""


@dataclass(frozen=True)
class RandomPlan:
    """A plan, the sales that are there when it is split, and those that are pasted over them afterwards."""

    lang: Lang
    settings: dict[str, object]
    tables: dict[str, list[Row]]
    history: list[list[object]] | None
    first: list[list[object]] | None
    then: list[list[object]]

    def write(self, path: Path) -> Path:
        """Write the workbook, with the first sales."""
        write_plan(path, self.lang, self.settings, self.tables, self.history, self.first)
        return path


def random_plan(seed: int) -> RandomPlan:
    """Return the plan of that number."""
    return _Chance(seed).plan()


class _Chance:
    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)
        self.lang: Lang = self.r.choice(["zh", "zh", "en"])
        self.start = dt.date(self.r.choice([2025, 2026]), self.r.randint(1, 12), self.r.choice([1, 1, 1, 16]))
        months = self.start.month - 1 + self.r.choice([0, 0, 0, 1, 1, 2])
        year, month = self.start.year + months // 12, months % 12 + 1
        last = calendar.monthrange(year, month)[1]
        self.end = dt.date(year, month, self.r.choice([last, last, last, 20]))
        self.unit = self.r.choice(list(UNIT_YUAN))
        self.pattern = self.r.choice(["natural"] * 5 + list(MONTH_PATTERNS))
        self.names = [word[self.lang] for word in self.r.sample(NAMES, self.r.choice([1, 1, 2]))]
        self.members: dict[str, list[str]] = {}
        self.aliases: dict[str, str] = {}
        self.currency, self.sign = (("CNY", "¥"), ("CNY", ""), ("USD", "$"), ("JPY", "¥"))[seed % 4]

    def plan(self) -> RandomPlan:
        r = self.r
        month_method = r.choice(list(MONTH_METHODS))
        day_method = r.choice(list(DAY_METHODS))
        dimensions = [row for name in self.names for row in self._dimension(name)]
        own = r.random() < 0.2
        with_history = own or month_method in ("reference", "populated") or r.random() < 0.2
        needs_week = day_method == "day_index" or month_method == "day_index"
        tables: dict[str, list[Row]] = {"xs_dimensions": dimensions}
        if needs_week or r.random() < 0.2:
            tables["xs_weekdays"] = [
                {"weekday": day[self.lang], "index": round(r.uniform(0.6, 2), 1)} for day in WEEKDAYS
            ]
        if month_method == "weights":
            tables["xs_month_weights"] = [{"month": m, "weight": r.randint(1, 9)} for m in range(1, 13)]
        if r.random() < 0.4:
            tables["xs_locks"] = self._locks()
        if r.random() < 0.4:
            tables["xs_calendar"] = self._days()
        settings: dict[str, object] = {
            "plan_name": r.choice(["", "2026 年度", "=计划", "A&B <1>"]),
            "total": self._total(),
            "unit": self.unit,
            "currency": self.currency,
            "step": r.choice([1, 1, 10, 100, 0.01]),
            "start": self.start,
            "end": self.end,
            "fiscal_month": r.choice([1, 1, 1, 4, 7]),
            "month_method": month_method,
            "day_method": day_method,
            "holiday_index": r.choice([None, None, 0, 1.5]),
            "lunar": r.choice(["no", "no", "yes"]),
            "week_rule": r.choice(list(WEEK_RULES)),
            "month_pattern": self.pattern,
            "member_shape": "own" if own else "company",
            "clock": r.choice(list(CLOCKS)),
            "lamp_green": r.choice([1.0, 0.98]),
            "as_of": r.choice([None, None, self._day()]),
            "actuals_unit": r.choice(["yuan"] * 4 + ["thousand"]),
        }
        if r.random() < 0.3:
            settings |= {f"stretch_{n}": r.choice([1, 1.02, 1.05]) for n in (1, 2)}
        if r.random() < 0.15:
            settings["closed_through"] = self._day()
        first = [self._header(), *self._sales(r.randint(1, 8))] if r.random() < 0.5 else None
        then = [self._header(), *(first or [None])[1:], *self._sales(r.randint(3, 14)), *self._dirt(r.randint(0, 4))]
        return RandomPlan(self.lang, settings, tables, self._history() if with_history else None, first, then)

    def _total(self) -> float:
        """An amount in the plan's unit that is a whole number of any step."""
        return float(TOTAL * self.r.randint(1, 40) // 10 // 1000 * 1000) / UNIT_YUAN[self.unit]

    def _day(self) -> dt.date:
        return self.start + dt.timedelta(days=self.r.randint(0, (self.end - self.start).days))

    def _dimension(self, name: str) -> list[Row]:
        """A tree of two or three levels, or a flat list; siblings are split by one method."""
        r = self.r
        tops = [f"{name}{letter}" for letter in "甲乙丙丁戊"[: r.randint(2, 5)]]
        rows = self._siblings(name, tops, None)
        for top in tops if r.random() < 0.4 else ():
            if r.random() < 0.6:
                below = [f"{top}-{n}" for n in range(1, r.randint(2, 4))]
                rows += self._siblings(name, below, top)
        parents = {row["parent"] for row in rows}
        self.members[name] = [str(row["member"]) for row in rows if row["member"] not in parents]
        return rows

    def _siblings(self, name: str, members: Sequence[str], parent: str | None) -> list[Row]:
        r = self.r
        equal = r.random() < 0.2
        rows: list[Row] = []
        for member in members:
            row: Row = {"dimension": name, "member": member, "parent": parent}
            row |= {"method": "equal"} if equal else {"weight": r.choice([0, 1, 2, 3.5, 10, 10, 25])}
            chance = r.random()
            if chance < 0.08:
                row["locked"] = self._amount(TOTAL * 0.05)
            elif chance < 0.13:
                row["lower"] = self._amount(TOTAL * 0.02)
            elif chance < 0.18:
                row["upper"] = self._amount(TOTAL * 0.8)
            if r.random() < 0.1:
                row["stretch"] = r.choice([1.01, 1.1])
            if r.random() < 0.2:
                row["aliases"] = f"{member}店"
                self.aliases[member] = f"{member}店"
            rows.append(row)
        if r.random() < 0.95:  # somebody has to take what the others do not
            rows[0] = {key: value for key, value in rows[0].items() if key not in ("locked", "upper")}
            if not equal:
                rows[0]["weight"] = 5
        return rows

    def _amount(self, yuan: float) -> float:
        """A round amount in the plan's unit."""
        return round(yuan / 1000) * 1000 / UNIT_YUAN[self.unit]

    def _locks(self) -> list[Row]:
        r, rows = self.r, []
        whole_months = self.pattern == "natural" and self.start.month != self.end.month
        month = self.start.strftime("%Y-%m") if whole_months or r.random() < 0.05 else self._day().isoformat()
        rows.append({"period": r.choice([month, self._day().isoformat()]), "amount": self._amount(TOTAL * 0.01)})
        if self.pattern == "natural" and r.random() < 0.6:
            name = r.choice(self.names)
            period, member = self.start.strftime("%Y-%m"), r.choice(self.members[name])
            rows.append({"dimension": name, "member": member, "period": period, "amount": self._amount(20_000)})
        return rows

    def _days(self) -> list[Row]:
        r, rows = self.r, []
        for _ in range(r.randint(1, 3)):
            day = self._day()
            row: Row = {"start": day, "kind": r.choice([None, "holiday", "make_up", "rest"])}
            if r.random() < 0.5:
                row |= {"end": day + dt.timedelta(days=r.randint(0, 3)), "factor": r.choice([0.5, 1.5, 2])}
            rows.append(row)
        return rows

    # --- data ---

    def _header(self) -> list[object]:
        return [Word("日期", "Date")[self.lang], *self.names, AMOUNTS[self.lang == "en"]]

    def _sales(self, count: int) -> list[list[object]]:
        return [
            [self._day(), *(self._called(name) for name in self.names), round(self.r.uniform(50, 90_000), 2)]
            for _ in range(count)
        ]

    def _called(self, name: str) -> str:
        member = self.r.choice(self.members[name])
        return self.aliases.get(member, member) if self.r.random() < 0.5 else member

    def _dirt(self, count: int) -> list[list[object]]:
        """Rows as they come: text for numbers, unknown names, days outside, totals, returns."""
        rows = []
        for _ in range(count):
            (row,) = self._sales(1)
            kind = self.r.randrange(8)
            if kind == 0:
                row[1] = "无此"
            elif kind == 1:
                row[-1] = f"{self.sign}{row[-1]:,}"
            elif kind == 2:
                row[-1] = "未知"
            elif kind == 3:
                row[0] = self.start - dt.timedelta(days=40)
            elif kind == 4:
                row[0] = "?"
            elif kind == 5:
                row[0] = "合计"
            elif kind == 6:
                row[-1] = -120.5
            else:
                row[0] = self._day().isoformat()
            rows.append(row)
        return rows

    def _history(self) -> list[list[object]]:
        """A year of past sales, every member in every month."""
        rows: list[list[object]] = [self._header()]
        for month in range(14):
            year, m = divmod((self.start.year - 1) * 12 + self.start.month - 1 + month, 12)
            for i in range(max(len(self.members[name]) for name in self.names)):
                picked: list[Any] = [self.members[name][i % len(self.members[name])] for name in self.names]
                rows.append([dt.date(year, m + 1, self.r.randint(1, 28)), *picked, self.r.randint(1, 9) * 1000])
        return rows
