"""What a run asks a person, and who answers: the command line beforehand, or a box in a program with windows."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from xlsales.core.faults import Lang, Problem, Refused
from xlsales.vocabulary.contract import Word

MOST_FAULTS = 8
"""As many faults are shown in a box."""
MORE = Word("…… 共 {n} 处,其余见“检查”或 xlsales check --json。", "… {n} in all; xlsales check --json gives the rest.")
_BY_HAND = Word(
    "这些表里有您手工改过的目标或自己加的内容,现在要按计划重新生成:{titles}。\n"
    "改过的目标会被替换,自己加的内容另存为“… 旧1”;“撤销上次”可以全部取回。\n\n继续吗?",
    "These sheets carry targets that were changed by hand, or cells of your own, and are to be rewritten: {titles}.\n"
    'Changed targets are replaced, your own cells are kept in "… old 1"; Undo gives all of it back.\n\nGo on?',
)
_PAST = Word(
    "{zh_months}的实际已经完整,这次分解会改动它们的目标:\n{zh_lines}\n\n"
    "是:先关账(“已关账至”填 {through}),这些目标不动,只分解以后的月份。\n否:连这些月份一起改。\n取消:什么都不写。",
    "{en_months}: actuals are complete, and this split would change their targets:\n{en_lines}\n\n"
    'Yes: close these months first ("Closed through" becomes {through}); only later months change.\n'
    "No: change these months too.\nCancel: write nothing.",
)
_CLOSE = Word(
    "{months} 的销售已齐。要关账吗?\n\n"
    "是:“已关账至”填 {through},这些月份的目标不再改动。\n否:不关账;下个月的销售齐了再问。",
    "Sales of {months} are complete. Close these months?\n\n"
    'Yes: "Closed through" becomes {through}, and their targets are never rewritten.\n'
    "No: they stay open; you are asked again when a further month is complete.",
)
_LACKING = Word(
    "{zh_gaps}。关账至 {through},这些月份的目标就不再改动。\n\n"
    "是:真的没有卖,照样关账。\n否:什么都不写;把缺的销售补到“实际”,再分解。",
    "{en_gaps}. Closed through {through}, the targets of these months stay for good.\n\n"
    "Yes: there were no sales; close them all the same.\n"
    "No: write nothing; add the sales that are missing to Actuals, and split again.",
)
_PAYERS = Word(
    "{zh_what}后少 {amount},由其他成员分担:{zh_payers}。",
    "{en_what} leaves {amount}, which others carry: {en_payers}.",
)
_PAY = Word(
    "是:就由他们分担。\n否:什么都不写。要别人不变,请在“承诺”的“差额由”、“减免”的“由谁承担”里选,再分解。",
    "Yes: they carry it.\nNo: write nothing. To leave others as they are, choose so in Commitments, column Rest goes "
    "to, or in Relief, column Carried by, and split again.",
)


_TARGETS = Word(
    "目标会这样改动:\n{zh_lines}\n\n是:写入。{zh_then}。\n否:什么都不写。",
    "Targets would change like this:\n{en_lines}\n\nYes: write it. {en_then}.\nNo: write nothing.",
)


_RED = Word(
    "SMART检查 里有 {count} 行是红的:{names}。\n\n是:照样下发。\n否:什么都不写;按那里的句子改好、刷新,再下发。",
    "SMART check has red rows ({count}): {names}.\n\nYes: hand out all the same.\n"
    "No: write nothing; fix them as it says, refresh and hand out again.",
)


class Past(StrEnum):
    """What becomes of months with complete actuals if a split would change their targets."""

    CLOSE = "close"
    REWRITE = "rewrite"
    LEAVE = "leave"


class Person(Protocol):
    """Who decides before a run writes; each question may raise Refused."""

    def agrees(self, titles: Sequence[str]) -> bool:
        """Whether sheets may be written anew that carry what the person changed or added."""

    def about_past(self, problem: Problem) -> Past:
        """Whether months with complete actuals are closed, rewritten, or nothing is written."""

    def closes(self, problem: Problem) -> bool | None:
        """Whether months with complete sales, of which no target changes, are closed; None without an answer."""

    def closes_lacking(self, problem: Problem) -> bool:
        """Whether months are closed although they lack sales."""

    def lets_others_pay(self, problems: Sequence[Problem]) -> bool:
        """Whether others carry what accepted commitments leave."""

    def lets_targets_change(self, problem: Problem) -> bool:
        """Whether targets change as a spread of them would do it."""

    def hands_out_red(self, problem: Problem) -> bool:
        """Whether targets are handed out that are red in SMART检查."""


class SaidBeforehand(Struct, frozen=True):
    """The command line: `past` by options, a yes to the other questions by one; what nobody answered is Refused."""

    past: Past | None = None
    yes: bool = False

    def agrees(self, titles: Sequence[str]) -> bool:
        """Yes: undo goes back, and what was changed by hand is kept or reported."""
        return True

    def about_past(self, problem: Problem) -> Past:
        """Return what was said; raises Refused if nothing was."""
        if self.past is None:
            raise Refused([problem])
        return self.past

    def closes(self, problem: Problem) -> bool | None:
        """Return yes if it was said; nobody is asked."""
        return True if self.past is Past.CLOSE else None

    def closes_lacking(self, problem: Problem) -> bool:
        """Return what was said; raises Refused if nothing was."""
        return self.lets_others_pay([problem])

    def lets_others_pay(self, problems: Sequence[Problem]) -> bool:
        """Return what was said; raises Refused if nothing was."""
        if not self.yes:
            raise Refused(list(problems))
        return True

    def lets_targets_change(self, problem: Problem) -> bool:
        """Return what was said; raises Refused if nothing was."""
        return self.lets_others_pay([problem])

    def hands_out_red(self, problem: Problem) -> bool:
        """Return what was said; raises Refused if nothing was."""
        return self.lets_others_pay([problem])


class Box(Protocol):
    """A program that shows boxes."""

    @property
    def lang(self) -> Lang:
        """The language of the workbook in front."""

    def asks(self, text: str) -> bool:
        """Show a question; whether the answer is yes."""

    def offers(self, text: str) -> bool:
        """Show a message that ends in an offer; whether the person takes it."""

    def chooses(self, text: str) -> str:
        """Show a question with three buttons; `yes`, `no`, or anything else if it was cancelled."""


class InFrontOf(Struct, frozen=True):
    """A person in front of a window, who is asked in a box."""

    box: Box

    def agrees(self, titles: Sequence[str]) -> bool:
        """Ask with Yes and No."""
        lang = self.box.lang
        return self.box.asks(_BY_HAND[lang].format(titles=("、" if lang == "zh" else ", ").join(titles)))

    def about_past(self, problem: Problem) -> Past:
        """Ask with Yes, No and Cancel."""
        pressed = self.box.chooses(_PAST[self.box.lang].format(**problem.fault.facts))
        return {"yes": Past.CLOSE, "no": Past.REWRITE}.get(pressed, Past.LEAVE)

    def closes(self, problem: Problem) -> bool | None:
        """Ask with Yes and No."""
        return self.box.offers(_CLOSE[self.box.lang].format(**problem.fault.facts))

    def closes_lacking(self, problem: Problem) -> bool:
        """Ask with Yes and No."""
        return self.box.asks(_LACKING[self.box.lang].format(**problem.fault.facts))

    def lets_others_pay(self, problems: Sequence[Problem]) -> bool:
        """Ask with Yes and No."""
        lang = self.box.lang
        sentences = [_PAYERS[lang].format(**problem.fault.facts) for problem in problems[:MOST_FAULTS]]
        more = [MORE[lang].format(n=len(problems))] if len(problems) > MOST_FAULTS else []
        return self.box.asks("\n".join([*sentences, *more, "", _PAY[lang]]))

    def lets_targets_change(self, problem: Problem) -> bool:
        """Ask with Yes and No."""
        return self.box.offers(_TARGETS[self.box.lang].format(**problem.fault.facts))

    def hands_out_red(self, problem: Problem) -> bool:
        """Ask with Yes and No."""
        return self.box.asks(_RED[self.box.lang].format(**problem.fault.facts))
