"""What programs with windows tell a person: one message per run, and a log file for what went wrong inside.

The words are the same in every program; how a message is shown is the host's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence

from xlsales.commands.document import Past
from xlsales.commands.unforeseen import OURS_TO_END, THE_WORKBOOK, UNCHANGED, described, of_the_system, written_down
from xlsales.core.faults import Fault, Lang, Problem, Refused
from xlsales.vocabulary.contract import SHEETS, Word

TITLE = Word("销售目标", "Sales targets")
"""What message boxes are called."""
MOST_FAULTS = 8
"""As many faults are shown in a message box."""
NEW_NAME = Word("目标计划.xlsx", "target-plan.xlsx")
"""The file name that is proposed for a fresh plan."""
HAND_OUT_TO = Word("下发的文件写到哪个文件夹?", "Into which folder shall the files be written?")
COLLECT_FROM = Word("交回的文件在哪个文件夹?", "In which folder are the returned files?")
BUSY = Word("另一个命令还在运行,请等它结束再点。", "Another command is still running. Wait for it to end.")
"""What is told of a click during a run."""
_MORE = Word("…… 共 {n} 处,其余见“检查”或 xlsales check --json。", "… {n} in all; xlsales check --json gives the rest.")
_WORKING = Word("销售目标:{stage} {share:.0%}", "Sales targets: {stage} {share:.0%}")
_HELP = Word(
    "五步:新建计划 → 填“设置”和“维度” → 分解目标 → 把实际贴进“实际” → 刷新进度。\n"
    "先看问题、不写入:检查。回到上次运行之前:撤销上次。\n"
    "“{guide}”表里写着每张表是做什么的。",
    "Five steps: New plan, fill Settings and Dimensions, Split target, paste into Actuals, Refresh progress.\n"
    "Look first and write nothing: Check. Back to before the last run: Undo.\n"
    'The sheet "{guide}" tells what each sheet is for.',
)
_QUESTION = Word(
    "这些表里有您手工改过的目标或自己加的内容,现在要按计划重新生成:{titles}。\n"
    "改过的目标会被替换,自己加的内容另存为“… 旧1”;“撤销上次”可以全部取回。\n\n继续吗?",
    "These sheets carry targets that were changed by hand, or cells of your own, and are to be rewritten: {titles}.\n"
    'Changed targets are replaced, your own cells are kept in "… old 1"; Undo gives all of it back.\n\nGo on?',
)

_PAST = Word(
    "{zh_months}的实际已经完整,这次分解会改动它们的目标:\n{zh_what}\n\n"
    "是:先关账(“已关账至”填 {through}),这些目标不动,只分解以后的月份。\n否:连这些月份一起改。\n取消:什么都不写。",
    "{en_months}: actuals are complete, and this split would change their targets:\n{en_what}\n\n"
    'Yes: close these months first ("Closed through" becomes {through}); only later months change.\n'
    "No: change these months too.\nCancel: write nothing.",
)

_PAYERS = Word(
    "接受{zh_members}{months}的承诺后少 {amount},由其他成员分担:{zh_payers}。",
    "The commitments of {en_members} for {months} leave {amount}, which others carry: {en_payers}.",
)
_PAY = Word(
    "是:就由他们分担。\n否:什么都不写。要预留或降低总目标,请在“承诺”的“差额由”里选,再分解。",
    "Yes: they carry it.\nNo: write nothing. For a reserve or a lower total, choose it in Commitments, "
    "column Rest goes to, and split again.",
)


class NotSavedYet(Fault):
    """The workbook has no file of its own yet."""

    zh = "“{book}”还没有保存过。请先保存(Ctrl+S),再运行。"
    en = '"{book}" has not been saved yet. Save it first (Ctrl+S), then run again.'


def question(titles: Sequence[str], lang: Lang) -> str:
    """Return the question before sheets are written anew that carry what a person changed or added."""
    return _QUESTION[lang].format(titles=("、" if lang == "zh" else ", ").join(titles))


def past_question(problem: Problem, lang: Lang) -> str:
    """Return the question before targets of months with complete actuals are rewritten: Yes, No or Cancel."""
    return _PAST[lang].format(**problem.fault.facts)


def payers_question(problems: Sequence[Problem], lang: Lang) -> str:
    """Return the question before others carry what accepted commitments leave: Yes or No."""
    shown = [_PAYERS[lang].format(**problem.fault.facts) for problem in problems[:MOST_FAULTS]]
    more = [_MORE[lang].format(n=len(problems))] if len(problems) > MOST_FAULTS else []
    return "\n".join([*shown, *more, "", _PAY[lang]])


PAST_ANSWERS = {"yes": Past.CLOSE, "no": Past.REWRITE}
"""What the buttons of that question mean; any other leaves the workbook as it is."""


def working(stage: str, share: float, lang: Lang) -> str:
    """Return the line of the status bar during a run."""
    return _WORKING[lang].format(stage=stage, share=share)


def five_steps(lang: Lang) -> str:
    """Return the help text."""
    return _HELP[lang].format(guide=SHEETS["guide"][lang])


@contextlib.contextmanager
def told(say: Callable[[str], object], lang: Lang, log: str) -> Iterator[None]:
    """Tell whatever goes wrong in one message; the details of an error of ours go to the log of that name."""
    try:
        yield
    except Refused as refused:
        shown = [problem.say(lang) for problem in refused.problems[:MOST_FAULTS]]
        if len(refused.problems) > MOST_FAULTS:
            shown.append(_MORE[lang].format(n=len(refused.problems)))
        say("\n".join(shown))
    except Fault as fault:
        say(fault.say(lang))
    except OURS_TO_END:
        raise
    except BaseException as error:  # a panic of a native reader is no Exception
        if isinstance(error, OSError) and error.strerror:
            written_down(error, log)
            say(of_the_system(error, lang, THE_WORKBOOK[lang]))
            return
        say(described(error, log, UNCHANGED, lang, THE_WORKBOOK[lang]))
