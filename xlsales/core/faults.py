"""What a person has to fix, said in one sentence.

A fault is defined next to the code that raises it, as a subclass of `Fault`
with one sentence per language. The sentence says what is wrong and what to
do; `Problem` adds the place. Sentences are templates over the fault's facts:

    class NegativeTotal(Fault):
        zh = "总目标 {total} 是负数。请填零或正数。"
        en = "The total target {total} is negative. Enter zero or more."
        amounts = ("total",)

    raise NegativeTotal(total=-5)

Facts named in `amounts` are whole steps; a caller that knows the unit passes a
formatter (`money`) to `say`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Literal, Self

from msgspec import Struct
from msgspec.structs import replace

from xlsales.core import a1
from xlsales.core.text import counted, visible

Lang = Literal["zh", "en"]


class Listed(str):
    """Names in a row, as a fact of a fault: `甲、乙` in Chinese, `a, b` in English."""

    names: tuple[str, ...]

    def __new__(cls, names: Iterable[str]) -> Listed:
        """Join the names as in Chinese; `Fault.say` joins them again in English."""
        names = tuple(names)
        text = super().__new__(cls, "、".join(names))
        text.names = names
        return text

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the names."""
        return Listed, (self.names,)


class DateRange(str):
    """The days from one to another, as a fact of a fault: `2026-03-01 – 2026-03-20`, in English with `to`.

    A range of one day is that day. The ends may be months.
    """

    ends: tuple[object, object]

    def __new__(cls, first: object, last: object) -> DateRange:
        """Write the range as in Chinese; `Fault.say` writes it again in English."""
        text = super().__new__(cls, first if first == last else f"{first} – {last}")
        text.ends = first, last
        return text

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the ends."""
        return DateRange, self.ends


class Bilingual(Struct, frozen=True):
    """A word or a sentence in both languages; as a fact of a fault, `Fault.say` shows that of its language."""

    zh: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


class Fault(Exception):
    """A fault in a person's input, with its facts; `say` returns the sentence."""

    zh: ClassVar[str] = "{facts}"
    en: ClassVar[str] = "{facts}"
    amounts: ClassVar[tuple[str, ...]] = ()
    remark: ClassVar[bool] = False
    """Whether it is part of normal use: a run reports it in a line, and nobody needs to look at it."""
    urgent: ClassVar[bool] = False
    """Whether the message of a run has the sentence itself, however many problems there are."""
    asked: ClassVar[bool] = False
    """Whether a run asks before it writes, because it replaces what a person wrote."""
    once: ClassVar[bool] = False
    """Whether it is of one run alone, whose message has the sentence; no sheet keeps it, so a second run is equal."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(facts)
        self.facts: dict[str, Any] = facts

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence in `lang`; `money` formats amounts, and invisible characters become visible."""
        words = {k: money(v) if k in self.amounts else _word(v, lang) for k, v in self.facts.items()}
        template = self.zh if lang == "zh" else self.en
        return counted(template, **words, facts=words)

    def told_as(self, words: type[Fault], **facts: Any) -> Fault:
        """Return this fault with the sentences of another class, with its own facts and these."""
        fault = words.__new__(words)
        fault.__dict__.update(self.__dict__)
        fault.facts = {**self.facts, **facts}
        return fault

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the facts, not the arguments."""
        return _unpickled, (type(self), self.__dict__)

    def __str__(self) -> str:
        return self.say("en")


def _unpickled(kind: type[Fault], state: dict[str, Any]) -> Fault:
    fault = kind.__new__(kind)
    fault.__dict__.update(state)
    return fault


_LONGEST = 1_000
"""A sentence shows so many characters of a fact: a cell may have 32,767, a damaged one millions."""


def _word(fact: Any, lang: Lang) -> Any:
    if isinstance(fact, Bilingual):
        fact = fact[lang]
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
    """Raise the faults, if any: a single one as it is, several together."""
    if faults:
        raise faults[0] if len(faults) == 1 else Several(faults)


class Place(Struct, frozen=True):
    """A place in a workbook: a sheet, and a row and a column if they are known (from 1)."""

    sheet: str
    row: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return self.sheet if self.row is None else f"{self.sheet}!{a1.cell(self.row, self.column)}"


class Problem(Struct, frozen=True):
    """A fault at a place of a person's input.

    `amount_micros` is the amount of the row in millionths of a yuan, None if no amount could be read. `count` is the
    number of rows with this problem. If they are `set_aside`, they are left out; else it is only a warning. Rows of
    `totals` sum others: they are left out too, and counted apart.
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
        """Return a warning: no row is left out."""
        return cls(place, value, fault, amount_micros, count, set_aside=False)

    def as_note(self) -> Self:
        """Return the same problem as a warning."""
        return replace(self, set_aside=False)

    def say(self, lang: Lang) -> str:
        """Return `place: sentence`."""
        return f"{self.place}: {self.fault.say(lang)}"


class Refused(Exception):
    """A run that cannot go on, with all its problems. Nothing has been written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(problem.say("en") for problem in self.problems)
