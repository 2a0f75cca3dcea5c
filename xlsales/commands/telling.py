"""What programs with windows show a person: one message per run, and a log file for what went wrong inside.

The words are the same in every program; how a message is shown is the host's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from xlsales.commands.asking import MORE, MOST_FAULTS
from xlsales.commands.unforeseen import OURS_TO_END, THE_WORKBOOK, UNCHANGED, described, of_the_system, written_down
from xlsales.core.faults import Fault, Lang, Refused
from xlsales.vocabulary.contract import SHEETS, Word

TITLE = Word("销售目标", "Sales targets")
"""What message boxes are called."""
BUSY = Word("另一个命令还在运行,请等它结束再点。", "Another command is still running. Wait for it to end.")
"""The message for a click during a run."""
LOOK_AT_PROBLEMS = Word("现在就看“{sheet}”吗?", 'Look at "{sheet}" now?')
"""The offer at the end of a message that says that something has to be fixed."""
_STAGE = Word("销售目标:{stage}", "Sales targets: {stage}")
_HELP = Word(
    "五步:新建计划 → 填“设置”和“维度” → 分解目标 → 把实际贴进“实际” → 刷新进度。\n"
    "先看问题、不写入:检查。回到上次运行之前:撤销上次。\n"
    "“{guide}”表里写着每张表是做什么的。",
    "Five steps: New plan, fill Settings and Dimensions, Split target, paste into Actuals, Refresh progress.\n"
    "Look first and write nothing: Check. Back to before the last run: Undo.\n"
    'The sheet "{guide}" tells what each sheet is for.',
)


def working(stage: str, share: float, lang: Lang) -> str:
    """Return the stage of a run and its share of the whole, for a status bar that shows text alone."""
    return f"{stage_line(stage, lang)} {share:.0%}"


def stage_line(stage: str, lang: Lang) -> str:
    """Return the stage of a run, for a status bar that shows the share as a bar."""
    return _STAGE[lang].format(stage=stage)


def five_steps(lang: Lang) -> str:
    """Return the help text."""
    return _HELP[lang].format(guide=SHEETS["guide"][lang])


@contextlib.contextmanager
def as_one_message(say: Callable[[str], object], lang: Lang, log: str) -> Iterator[None]:
    """Tell whatever goes wrong in one message; the details of an error of ours go to the log of that name."""
    try:
        yield
    except Refused as refused:
        sentences = [problem.say(lang) for problem in refused.problems[:MOST_FAULTS]]
        if len(refused.problems) > MOST_FAULTS:
            sentences.append(MORE[lang].format(n=len(refused.problems)))
        say("\n".join(sentences))
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
