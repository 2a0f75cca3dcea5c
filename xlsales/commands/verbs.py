"""The verbs, a row each: what they are called, what they are for, what they ask for, where they are shown.

A row here and a file `commands/<key>.py` with a function of that name are a verb. From the rows come the command
line, the run log's words, ribbon and macros of Excel, menu and toolbar of LibreOffice, and README's table.

What a row consists of is in `verb.py`. `xlsales --help` loads this module and none of those that do the work.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from xlsales.commands.changing_verbs import BALANCE, SPREAD
from xlsales.commands.verb import (
    ACTUALS,
    AS_OF,
    BOOK,
    CLOSE,
    HISTORY,
    OUT,
    REWRITE,
    SHEET,
    YES,
    Argument,
    Button,
    Texts,
    Verb,
)

GROUPS: dict[str, Texts] = {
    "Plan": ("目标", "Targets"),
    "Progress": ("进度", "Progress"),
    "Stores": ("下发与收回", "Round"),
    "Help": ("帮助", "Help"),
}
"""The groups of the ribbon, in their order."""


def _sheets() -> Iterable[tuple[str, Texts, Texts]]:
    choices: Iterable[tuple[str, Texts, Texts]] = import_module("xlsales.commands.add").choices()
    return choices


VERBS: tuple[Verb, ...] = (
    Verb(
        "new",
        ("新建计划", "New plan"),
        ("写一个新的计划工作簿", "write a fresh plan workbook"),
        ("从不覆盖", "never overwrites"),
        (BOOK._replace(kind="new book", question=("目标计划.xlsx", "target-plan.xlsx")),),
        Button(
            "NewPlan",
            "Plan",
            "FileNew",
            "N",
            (
                "新建一个目标计划工作簿并打开,不会覆盖已有文件。",
                "Writes a fresh plan workbook and opens it; never overwrites a file.",
            ),
            large=True,
            book=False,
        ),
    ),
    Verb(
        "split",
        ("分解目标", "Split target"),
        ("把总目标分解到时间和每个维度", "split the target into breakdown sheets"),
        ("已有实际时一并刷新", "refreshes too if there are actuals"),
        (BOOK, OUT, ACTUALS, HISTORY, CLOSE, REWRITE, YES),
        Button(
            "SplitTarget",
            "Plan",
            "SmartArtInsert",
            "S",
            (
                "按“设置”和“维度”把总目标分到时间和各个维度,每个合计都闭合;您自己的表不动。",
                "Splits the total over time and every dimension; every sum closes, your own sheets stay.",
            ),
            large=True,
            in_sheet=True,
            speaks=False,
        ),
    ),
    Verb(
        "refresh",
        ("刷新进度", "Refresh progress"),
        ("读取实际,刷新达成各列", "refresh the achievement columns"),
        ("目标不动", "reads the actuals; targets stay as they are"),
        (BOOK, OUT, ACTUALS, HISTORY, AS_OF, CLOSE),
        Button(
            "RefreshProgress",
            "Progress",
            "RefreshAll",
            "R",
            (
                "读“实际”,更新实际、达成率、进度差、预计完成和状态灯;目标不变。",
                "Reads the actuals and refreshes attainment, pace, forecast and lamps; targets stay as they are.",
            ),
            large=True,
            in_sheet=True,
            speaks=False,
        ),
    ),
    Verb(
        "check",
        ("检查", "Check"),
        ("会做什么、哪里有问题;不写入", "what would be done, what is wrong; writes nothing"),
        arguments=(BOOK, ACTUALS, HISTORY, AS_OF),
        button=Button(
            "CheckPlan",
            "Progress",
            "DataValidation",
            "C",
            ("只看会做什么、哪里有问题,什么都不写。", "Says what would be done and what is wrong; writes nothing."),
        ),
    ),
    Verb(
        "pdf",
        ("导出 PDF", "Export PDF"),
        ("给总监看的几页:进度总览、各维度", "the director's pages as a PDF: overview, each dimension"),
        (
            "有搁置的数据时加上数据问题;用电脑里的 LibreOffice 打印,工作簿不动",
            "with Problems if rows were set aside; printed by LibreOffice on this computer, the workbook stays",
        ),
        (BOOK, OUT, SHEET),
        Button(
            "ExportPdf",
            "Progress",
            "FileSaveAsPdfOrXps",
            "P",
            (
                "把“进度总览”和各维度存成一个 PDF,放在工作簿旁边;工作簿不动。",
                "Saves Overview and the dimensions as a PDF beside the workbook, which stays as it is.",
            ),
        ),
    ),
    Verb(
        "show",
        ("查看进度", "Show progress"),
        ("在终端里列出进度", "print progress as a table"),
        ("照工作簿里写好的表,不运行、不写入", "as the sheets of the workbook have it; nothing is run or written"),
        (
            BOOK,
            Argument(
                "dimension",
                "name",
                "DIMENSION",
                (
                    "哪个维度的成员,如 区域(默认:公司各月)",
                    "the members of which dimension (default: the company's months)",
                ),
                optional=True,
            ),
        ),
    ),
    Verb(
        "add",
        ("添加工作表", "Add sheets"),
        ("需要时才加的表", "add a sheet that you want, with the table that you fill in"),
        ("填好后分解或刷新,就写出结果", "split or refresh writes its results"),
        (
            BOOK,
            Argument(
                "sheets", "names", "SHEET", ("哪张表,如 货品", "which sheet, such as 货品 or Goods"), choices=_sheets
            ),
            OUT,
        ),
        Button(
            "AddSheet",
            "Plan",
            "SheetInsert",
            "A",
            (
                "添加需要的表:先填它的格,分解或刷新时写出结果;别的都不动。",
                "Adds a sheet that you want: fill it in, and split or refresh writes its results; all else stays.",
            ),
        ),
    ),
    SPREAD,
    BALANCE,
    Verb(
        "undo",
        ("撤销上次", "Undo last"),
        ("回到上次运行之前", "back to before the last run"),
        ("之后又改过则拒绝", "refused if the workbook was changed since"),
        (BOOK, OUT),
        Button(
            "UndoLast",
            "Progress",
            "Undo",
            "U",
            ("回到上一次运行之前的样子。", "Goes back to before the last run."),
        ),
    ),
    Verb(
        "handout",
        ("下发目标", "Hand out"),
        ("每家一个工作簿", "a workbook for every store"),
        ("另有清单", "a list and a manifest beside them"),
        (
            BOOK,
            Argument(
                "folder",
                "folder",
                "DIR",
                ("写到哪个文件夹", "where the stores' workbooks go"),
                question=("下发的文件写到哪个文件夹?", "Into which folder shall the files be written?"),
            ),
            Argument("--store", "names", "NAME", ("只发这几家", "only these stores")),
            Argument(
                "--dimension",
                "name",
                "NAME",
                ("下发给哪个维度的成员(默认:门店,否则人员)", "whose members (default: 门店 Store, else 人员 Person)"),
            ),
            Argument(
                "--template", "file", "FILE", ("改过样式的门店工作簿", "a restyled store workbook to fill"), read=True
            ),
            Argument("--zip", "switch", "", ("另打成一个压缩包", "also put all files into one zip")),
            YES._replace(help=("“SMART检查”里有红的也照样下发", "hand out although SMART check has red")),
        ),
        Button(
            "HandOut",
            "Stores",
            "FileSendAsAttachment",
            "H",
            ("给每个门店(或人员)生成一个工作簿。", "Writes a workbook for each store or person."),
        ),
    ),
    Verb(
        "collect",
        ("收回填报", "Collect"),
        ("检查并收下文件夹里交回的工作簿", "take back the stores' workbooks in a folder"),
        ("有问题的标好退回", "each is checked, and marked where something is wrong"),
        (
            BOOK,
            OUT,
            Argument(
                "folder",
                "folder",
                "DIR",
                ("交回的文件在哪个文件夹,子文件夹也读", "where the returned workbooks lie, in any sub-folder"),
                read=True,
                question=("交回的文件在哪个文件夹?", "In which folder are the returned files?"),
            ),
            Argument(
                "--dimension",
                "name",
                "NAME",
                ("下发的是哪个维度(默认:门店)", "which dimension was handed out (default: the stores')"),
            ),
            Argument(
                "--due",
                "day",
                "DATE",
                ("之后保存的算迟交:2026-04-05、4月5日", "a file saved after this day is late: 2026-04-05 or 2026/4/5"),
            ),
        ),
        Button(
            "CollectStores",
            "Stores",
            "Consolidate",
            "B",
            ("检查并汇总交回的工作簿。", "Checks the workbooks that came back and takes them in."),
            called="collect",
        ),
    ),
    Verb(
        "doctor",
        ("诊断工作簿", "Examine workbook"),
        (
            "版本、内容、最后保存它的程序、丢失的部分",
            "versions, contents, the program that saved it last, what is missing",
        ),
        ("请求帮助时附上它说的话", "send what it says when you ask for help"),
        (
            BOOK,
            OUT,
            Argument(
                "--repair",
                "switch",
                "",
                ("把丢失的名称和表恢复到 -o 的副本里", "put lost names and tables back, into the copy that -o names"),
            ),
        ),
    ),
    Verb(
        "demo",
        ("演示", "Demo"),
        ("文件夹里的完整示例", "a worked example in a folder"),
        arguments=(
            Argument("folder", "folder", "DIR", ("写到哪个文件夹", "where the example goes"), default="xlsales-demo"),
            Argument(
                "--full", "switch", "", ("连同每一种可以添加的表", "with every sheet that can be added, filled in")
            ),
        ),
    ),
    Verb(
        "addin",
        ("加载项", "Add-in"),
        ("制作、安装和诊断 Excel 加载项", "build, install and examine the Excel add-in"),
        ("文件写到 `-o DIR`,为本用户安装", "its files go into `-o DIR`, it is installed for this user"),
        arguments=(Argument("action", "name", "build|install|uninstall|doctor"),),
    ),
    Verb(
        "completion",
        ("补全", "Completions"),
        ("打印让终端按 Tab 补全命令的脚本", "print a script by which Tab completes commands in a terminal"),
        ("放到哪里见 xlsales help completion", "xlsales help completion says where it goes"),
        (Argument("shell", "name", "bash|zsh|fish|powershell", ("哪种终端", "which shell")),),
    ),
    Verb(
        "help",
        ("帮助", "Help"),
        button=Button(
            "ShowHelp",
            "Help",
            "Help",
            "F",
            ("怎么填、怎么用。", "How to fill in a plan and work with it."),
            book=False,
        ),
    ),
)


def with_buttons(verbs: Iterable[Verb]) -> Iterable[tuple[Verb, Button]]:
    """Return the verbs that programs with windows show, each with its button."""
    return ((verb, verb.button) for verb in verbs if verb.button is not None)


def verb_of(name: str) -> Verb:
    """Return the verb of a key, or of what an add-in calls; raises KeyError."""
    for verb in VERBS:
        if name == verb.key or (verb.button is not None and name == verb.button.call):
            return verb
    raise KeyError(name)
