"""What a verb is: its words, what it asks for, its button; and the arguments that many verbs share.

Texts are pairs, Chinese and English.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, Literal, NamedTuple

Texts = tuple[str, str]
"""Chinese and English."""
Choices = Callable[[], Iterable[tuple[str, Texts, Texts]]]
"""What can be chosen: key, title, purpose."""
Kind = Literal["book", "new book", "file", "folder", "name", "names", "data", "day", "switch", "cells", "amount"]


class Argument(NamedTuple):
    """What a verb asks for: a positional argument, or an option if its name begins with a dash.

    `default` makes a positional argument one that can be left out. A window asks for a folder or a new file with
    `question`: the title of the dialog, or the file name that it proposes. `choices` are the keys, titles and
    purposes of what can be chosen; a window shows them as a menu.
    """

    name: str
    kind: Kind
    metavar: str = ""
    help: Texts = ("", "")
    short: str = ""
    default: str = ""
    question: Texts = ("", "")
    choices: Choices | None = None
    read: bool = False
    """Whether a file or a folder has to be there, because it is only read."""
    optional: bool = False
    """Whether a positional argument without a default can be left out."""
    asked: tuple[tuple[str, Texts], ...] = ()
    """What a window asks for an option: the keys of the choices that need it, each with its question."""

    @property
    def key(self) -> str:
        """The name of the parameter of the verb's function."""
        return self.name.lstrip("-").replace("-", "_")

    @property
    def usage(self) -> str:
        """How a positional argument is in the line of usage."""
        return f"[{self.metavar}]" if self.default or self.optional else self.metavar

    @property
    def positional(self) -> bool:
        """Whether it has its place in the command line instead of a name."""
        return not self.name.startswith("-")


class Button(NamedTuple):
    """How programs with windows show a verb.

    `macro` is its name in VBA, which buttons of users call. `group` and `keytip`, `icon` (an imageMso) and `tip` are
    the ribbon's. `in_sheet` gives it a button in the plan's settings too. With `book`, a workbook has to be
    open; with `speaks` it ends in a message even if all is well.
    """

    macro: str
    group: str
    icon: str
    keytip: str
    tip: Texts
    large: bool = False
    in_sheet: bool = False
    book: bool = True
    speaks: bool = True
    called: str = ""

    @property
    def call(self) -> str:
        """What add-in and extension call the verb by; those of earlier versions are still installed."""
        return self.called or "".join(f"_{c.lower()}" if c.isupper() else c for c in self.macro).lstrip("_")


BOOK = Argument("book", "book", "BOOK", ("计划工作簿(.xlsx 或 .xlsm)", "the plan workbook (.xlsx or .xlsm)"))
OUT = Argument("--out", "file", "OUT", ("写到别处", "write to this file instead"), short="-o")
ACTUALS = Argument(
    "--actuals",
    "data",
    "FILE[:SHEET]",
    ("实际来自这个文件", "actuals from this file (.xlsx .xlsm .xls .xlsb .csv)"),
)
HISTORY = Argument("--history", "data", "FILE[:SHEET]", ("历史来自这个文件", "history from this file"))
CLOSE = Argument(
    "--close",
    "switch",
    "",
    ("先把实际已完整的月份关账,目标不再改动", "close months with complete actuals: targets stay for good"),
)
YES = Argument(
    "--yes",
    "switch",
    "",
    (
        "接受的承诺留下的差额由其他成员分担;执行“重排”的选择;--close 关账时,缺销售的月份也关",
        "let others carry what accepted commitments leave; carry out what Re-plan chooses; with --close, close months "
        "that lack sales too",
    ),
)
REWRITE = Argument(
    "--rewrite",
    "switch",
    "",
    ("实际已完整、还没关账的月份也改", "change months with complete actuals too, instead of closing them"),
)
YES_WRITES = YES._replace(
    help=(
        f"写入,没有它只预览;{YES.help[0]}",
        f"write it, without it there is a preview; {YES.help[1]}",
    )
)
"""Of a verb that changes targets by itself."""
SHEET = Argument(
    "--sheet",
    "name",
    "NAME",
    (
        "只导出以此开头的表,如 考核(每人一页)",
        "only sheets that begin with this name, such as Scorecard (a page of each member)",
    ),
)
OF_RUN = (BOOK, OUT, ACTUALS, HISTORY, CLOSE, REWRITE, YES)
"""What a run works on, and what a person says beforehand."""
AS_OF = Argument(
    "--as-of",
    "day",
    "DATE",
    ("实际截至这一天:2026-08-31、8月31日", "actuals are complete up to this day: 2026-08-31 or 2026/8/31"),
)


class Verb(NamedTuple):
    """A verb; without `arguments` it is no command of the command line, without `button` of no window.

    `purpose` is its line in help texts; README says `more` behind it.
    """

    key: str
    label: Texts
    purpose: Texts = ("", "")
    more: Texts = ("", "")
    arguments: tuple[Argument, ...] = ()
    button: Button | None = None

    @property
    def logged(self) -> Texts:
        """What the run log calls it."""
        return self.label[0], self.key

    @property
    def own(self) -> tuple[Argument, ...]:
        """The arguments that the verb's function takes; the others, whatever their help, say what a run works on."""
        of_run = {(argument.name, argument.kind) for argument in OF_RUN}
        return tuple(argument for argument in self.arguments if (argument.name, argument.kind) not in of_run)

    @property
    def choices(self) -> Choices | None:
        """What can be chosen, if one of the arguments is chosen from a list."""
        return next((argument.choices for argument in self.arguments if argument.choices is not None), None)

    def act(self) -> Callable[..., Any]:
        """Load the verb's function: of a `Run`, or of a `Start` if it takes no plan, and of its own arguments."""
        function: Callable[..., Any] = getattr(import_module(f"xlsales.commands.{self.key}"), self.key)
        return function


def say(texts: Texts, lang: str) -> str:
    """Return the text of a language."""
    return texts[0] if lang == "zh" else texts[1]
