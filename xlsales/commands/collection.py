"""What came back, settled: each file, what of it is written, and what headquarters had or took before."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct, field

from xlsales.core.faults import DateRange, Fault, Listed, Place, Problem
from xlsales.core.periods import month_of
from xlsales.plan.places import Places, PlaceUnclear
from xlsales.store.collect.choices import Superseded
from xlsales.store.returned import Count, Returned, Round, yuan
from xlsales.tables.rows.collected import Actuals, Batch
from xlsales.tables.rows.sold import SoldRows
from xlsales.tables.rows.twice import Rule, ruling
from xlsales.vocabulary.contract import Word

_NO_RECORD = Word("没有记录", "no record")


class Withdrawn(Fault):
    """Days that were collected of a store before, which the file that counts now lacks."""

    zh = (
        "“{store}”这次的文件里没有之前收到的 {days} 天({span},合计 {amount}),已从“{label}”撤下。"
        "这些天如果有销售,请让“{store}”补填后再交,或用“撤销上次”。"
    )
    en = (
        '"{store}": {days:days} collected before ({span}, {amount} in all) {days:is|are} not in the file '
        'returned now, and {days:was|were} taken out of "{label}". If there were sales, let it fill them in, or undo.'
    )


class OnlyInOlder(Fault):
    """Days that only an older file of a store has, while its latest counts."""

    zh = (
        "采用的是“{store}”的“{taken}”,但这份里有 {days} 天({span},合计 {amount})在那份里没有,"
        "没有计入。请让“{store}”把这些天补进“{taken}”,再收一次。"
    )
    en = (
        'Of the files of "{store}", "{taken}" counts, but this one has {days:days} that it lacks ({span}, '
        '{amount} in all): not counted. Let it fill them into "{taken}", then collect again.'
    )


class BackToKnown(Fault):
    """Days that a store had typed over and has cleared since: headquarters' own figures count again."""

    zh = (
        "“{store}”清空了以前改填的 {days} 天({span},合计 {amount}),已从“{label}”撤下,这些天按总部粘贴的算。"
        "要按改填的算,请让“{store}”再填上,再收一次。"
    )
    en = (
        '"{store}" has cleared {days:days} typed over before ({span}, {amount} in all): taken out of '
        '"{label}", the pasted amounts count. If the typed ones are right, let it type them again, then collect.'
    )


class TypedOver(Fault):
    """A store that has typed other amounts for days than headquarters has."""

    zh = "“{store}”有 {days} 天({span})填的和总部粘贴的不一样:总部 {pasted},交回 {collected}。{counted_zh}。{remedy_zh}"
    en = (
        '"{store}" tells other amounts than were pasted for {days:days} ({span}): pasted {pasted}, '
        "collected {collected}. {counted_en}. {remedy_en}"
    )


class TypedOverAsChosen(TypedOver):
    """The same, if a person has chosen in 设置 which of them counts."""

    remark = True


class MonthBesideDays(Fault):
    """A month that headquarters has pasted as one figure, of which a store's days were collected too."""

    zh = (
        "“{store}”{month}总部粘贴的是整月合计 {pasted},又收到交回的 {days} 天,合计 {collected}。"
        "{counted_zh}。{remedy_zh}"
    )
    en = (
        '"{store}" {month}: the month was pasted as one figure, {pasted}, and {days:days} of it were collected, '
        "{collected} in all. {counted_en}. {remedy_en}"
    )


class MonthBesideDaysAsChosen(MonthBesideDays):
    """The same, if a person has chosen in 设置 which of them counts."""

    remark = True


class Collection(Struct):
    """What came back, settled: each file, what of it is written, and where the stores are."""

    round: Round
    actuals: Actuals
    returned: list[Returned]
    places: Places
    rule: Rule = field(default_factory=Rule)
    handed_out: frozenset[str] | None = None
    """The stores that got a file; None if that is not known."""
    paths: dict[str, Path] = field(default_factory=dict)
    """The path of each file, by its name as it is shown."""

    @property
    def counted(self) -> list[Returned]:
        """The files that count, one a store at most."""
        return [one for one in self.returned if one.refused is None]

    @property
    def batches(self) -> list[Batch]:
        """The rows of each store, in the plan's order."""
        by_store = {one.code: one for one in self.counted if one.sold}
        stores = [m.name for m in self.round.dimension.members if m.name in by_store]
        return [Batch(code, by_store[code].file, self._rows(by_store[code])) for code in stores]

    def _rows(self, one: Returned) -> SoldRows:
        """What a file says of its store, with what was collected of the days that it left as they were handed out."""
        own = one.sold.also_of(self.places.of_store.get(one.code, ()))
        standing = self.actuals.collected.get(one.code)
        if standing is None or not one.carried:
            return own
        cleared = self.cleared(one)
        carried = [day for key in one.carried if (day := dt.date.fromisoformat(key)) not in cleared]
        return standing.sales.on(carried).beside(own)

    def cleared(self, one: Returned) -> set[dt.date]:
        """The days that a store had typed over and has cleared: its file shows what was pasted, not what it typed."""
        standing, pasted = self.actuals.collected.get(one.code), self.actuals.pasted.on(one.code)
        if standing is None:
            return set()
        carried = {day: micros for key, micros in one.carried.items() if (day := dt.date.fromisoformat(key)) in pasted}
        days = standing.sales.by_day
        return {day for day, micros in carried.items() if pasted[day] == micros != days.get(day, micros)}

    def unclear_places(self) -> list[Problem]:
        """A finding for each dimension of places in which stores that have sold have none."""
        label, lang, problems = self.actuals.label, self.round.lang, []
        codes = {batch.code for batch in self.batches}
        for name, stores in self.places.unclear.items():
            if here := {code: at for code, at in stores.items() if code in codes}:
                store, at = max(here.items(), key=lambda item: len(item[1]))
                record = Listed(at) or _NO_RECORD[lang]
                fault = PlaceUnclear(dimension=name, count=len(here), store=store, found=record, label=label)
                problems.append(Problem.note(Place(label), "", fault, count=len(here)))
        return problems

    def typed_over(self) -> list[Problem]:
        """Return a finding for each store with other amounts for days, or for a month, than headquarters has pasted."""
        problems, rule = [], ruling(self.rule, self.round.dimension.name)
        fiscal = self.actuals.pasted.fiscal
        place = Place(self.actuals.label)
        for batch in self.batches:
            own = batch.sales.by_day
            by_day, by_month = self.actuals.pasted.beside(batch.code, batch.sales)
            days = sorted(day for day in by_day.keys() & own.keys() if by_day[day] != own[day])
            if days:
                fault = (TypedOverAsChosen if self.rule.chosen else TypedOver)(
                    store=batch.code, days=len(days), span=DateRange(days[0], days[-1]),
                    pasted=yuan(sum(by_day[day] for day in days)), collected=yuan(sum(own[day] for day in days)),
                    **rule,
                )  # fmt: skip
                problems.append(Problem.note(place, "", fault, count=len(days)))
            for month, pasted in sorted(by_month.items()):
                of_month = [micros for day, micros in own.items() if month_of(day, fiscal) == month]
                if of_month and sum(of_month) != pasted:
                    whole = (MonthBesideDaysAsChosen if self.rule.chosen else MonthBesideDays)(
                        store=batch.code, month="{}-{:02}".format(*month), days=len(of_month),
                        pasted=yuan(pasted), collected=yuan(sum(of_month)), **rule,
                    )  # fmt: skip
                    problems.append(Problem.note(place, "", whole, count=len(of_month)))
        return problems

    def lacking(self) -> list[Problem]:
        """Return a finding for each store with fewer days now than were collected before, or than an older file has."""
        label, problems = self.actuals.label, []
        by_store = {one.code: one for one in self.counted}
        for batch in self.batches:
            standing = self.actuals.collected.get(batch.code)
            before = standing.sales if standing is not None else SoldRows.of(())
            if back := self.cleared(by_store[batch.code]) - batch.sales.by_day.keys():
                facts = _beyond(before.on(back), SoldRows.of(()))
                assert facts is not None
                cleared = BackToKnown(store=batch.code, label=label, **facts)
                problems.append(Problem.note(Place(label), "", cleared, count=len(back)))
                before = before.on(before.by_day.keys() - back)
            if (lost := _beyond(before, batch.sales)) is not None:
                fault = Withdrawn(store=batch.code, label=label, **lost)
                problems.append(Problem.note(Place(label), "", fault, count=lost["days"]))
        sales = {batch.code: batch.sales for batch in self.batches}
        for one in self.returned:
            lacking = _beyond(one.sold, sales.get(one.code, SoldRows.of(())))
            if isinstance(one.refused, Superseded) and lacking is not None:
                older = OnlyInOlder(store=one.code, taken=one.refused.facts["taken"], **lacking)
                problems.append(Problem.note(Place(one.file), "", older, count=lacking["days"]))
        return problems

    def total(self, what: str) -> Count:
        """Sum up what was found, accepted or set aside."""
        return sum((getattr(one, what) for one in self.returned), Count())


def _beyond(rows: SoldRows, other: SoldRows) -> dict[str, Any] | None:
    """What is sold on days that another's rows lack: how many days, from when to when, how much."""
    days = np.setdiff1d(rows.days, other.days)
    if not days.size:
        return None
    dates = [dt.date.fromordinal(day) for day in days.tolist()]
    return {"days": len(dates), "span": DateRange(dates[0], dates[-1]), "amount": yuan(rows.on(dates).total)}
