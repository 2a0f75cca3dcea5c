"""What a person has to fix, said in one sentence.

A fault is defined next to the code that raises it, as a subclass of `Fault`
with one sentence per language. The sentence says what was found and what to
do; `Problem` adds where. Sentences are templates over the fault's facts:

    class NegativeTotal(Fault):
        zh = "总目标 {total} 是负数。请填零或正数。"
        en = "The total target {total} is negative. Enter zero or more."
        amounts = ("total",)

    raise NegativeTotal(total=-5)

Facts named in `amounts` are whole steps; whoever knows the unit passes a
formatter (`money`) when it speaks the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self

from xlsales.core import a1
from xlsales.core.text import counted, visible

Lang = Literal["zh", "en"]


class Listed(str):
    """Names in a row, as a fact of a fault: `甲、乙` in Chinese, `a, b` in English."""

    names: tuple[str, ...]

    def __new__(cls, names: Iterable[str]) -> Listed:
        """Join the names as Chinese does; `Fault.say` joins them anew in English."""
        kept = tuple(names)
        listed = super().__new__(cls, "、".join(kept))
        listed.names = kept
        return listed


class DateRange(str):
    """The days from one to another, as a fact of a fault: `2026-03-01 – 2026-03-20`, in English with `to`; a single
    day by itself. Months serve as well as days."""

    ends: tuple[object, object]

    def __new__(cls, first: object, last: object) -> DateRange:
        """Write the range as Chinese does; `Fault.say` writes it anew in English."""
        shown = super().__new__(cls, first if first == last else f"{first} – {last}")
        shown.ends = first, last
        return shown


class Fault(Exception):
    """A fault in what a person gave, with its facts; `say` gives the sentence."""

    zh: ClassVar[str] = "{facts}"
    en: ClassVar[str] = "{facts}"
    amounts: ClassVar[tuple[str, ...]] = ()
    remark: ClassVar[bool] = False
    """Whether normal use brings it about: it is told in a line, and there is nothing to look at."""
    asked: ClassVar[bool] = False
    """Whether a person is asked before a run writes: it replaces what they wrote."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(facts)
        self.facts: dict[str, Any] = facts

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence in `lang`; amounts are shown through `money`, unseen marks as marks."""
        shown = {k: money(v) if k in self.amounts else _shown(v, lang) for k, v in self.facts.items()}
        template = self.zh if lang == "zh" else self.en
        return counted(template, **shown, facts=shown)

    def told_as(self, words: type[Fault], **facts: Any) -> Fault:
        """Return this fault in the sentences of another class, over its own facts and these."""
        fault = words.__new__(words)
        fault.__dict__.update(self.__dict__)
        fault.facts = {**self.facts, **facts}
        return fault

    def __str__(self) -> str:
        return self.say("en")


_LONGEST = 1_000
"""So many characters of a fact are told: a cell holds 32,767, a damaged one millions."""


def _shown(fact: Any, lang: Lang) -> Any:
    if isinstance(fact, Listed) and lang == "en":
        fact = ", ".join(fact.names)
    if isinstance(fact, DateRange) and lang == "en" and fact.ends[0] != fact.ends[1]:
        fact = f"{fact.ends[0]} to {fact.ends[1]}"
    if not isinstance(fact, str):
        return fact
    return visible(fact if len(fact) <= _LONGEST else f"{fact[:_LONGEST]}…")


class Several(Fault):
    """Several faults of one thing, each with its own sentence."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentences in `lang`, one a line."""
        return "\n".join(fault.say(lang, money) for fault in self.faults)


def raise_all(faults: Sequence[Fault]) -> None:
    """Raise what was found: one fault as it is, several together."""
    if faults:
        raise faults[0] if len(faults) == 1 else Several(faults)


@dataclass(frozen=True)
class Place:
    """Where something was found: a sheet, a row and a column, each where known (1-based)."""

    sheet: str
    row: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return self.sheet if self.row is None else f"{self.sheet}!{a1.cell(self.row, self.column)}"


@dataclass(frozen=True)
class Problem:
    """One finding in what a person gave: where, what was found, why it matters, what to do.

    `amount_micros` is the amount concerned in millionths of a yuan (None where no
    amount could be read); `count` how many rows the finding stands for.
    `set_aside` tells rows that were left out from mere warnings. `totals` tells rows that sum others: they are
    left out too, and counted apart.
    """

    place: Place
    value: str
    fault: Fault
    amount_micros: int | None = None
    count: int = 1
    set_aside: bool = True
    totals: bool = False

    @classmethod
    def note(cls, place: Place, value: str, fault: Fault, amount_micros: int | None = None, count: int = 1) -> Self:
        """Return a warning: nothing was left out for it."""
        return cls(place, value, fault, amount_micros, count, set_aside=False)

    def as_note(self) -> Self:
        """Return the same finding as a warning."""
        return replace(self, set_aside=False)

    def say(self, lang: Lang) -> str:
        """Return `place: sentence`."""
        return f"{self.place}: {self.fault.say(lang)}"


class Refused(Exception):
    """A run that cannot go on: every fault found, each with its place. Nothing has been written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(problem.say("en") for problem in self.problems)
