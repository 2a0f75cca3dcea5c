"""The examples on the help pages: what a call is for, and the call itself. A test reads each as a person's call."""

from __future__ import annotations

from typing import NamedTuple

from xlsales.commands.verb import Texts


class Usage(NamedTuple):
    """A call, with file names in the language of its reader."""

    purpose: Texts
    call: Texts


EXAMPLES: dict[str, tuple[Usage, ...]] = {
    "new": (
        Usage(("新建一个计划", "a fresh plan"), ("xlsales new 计划.xlsx", "xlsales new plan.xlsx")),
        Usage(
            ("新建一个英文的计划", "a fresh plan in Chinese"),
            ("xlsales new plan.xlsx --lang en", "xlsales new 计划.xlsx --lang zh"),
        ),
    ),
    "split": (
        Usage(("就在原文件里分解", "split in place"), ("xlsales split 计划.xlsx", "xlsales split plan.xlsx")),
        Usage(
            ("写到另一个文件", "write another file"),
            ("xlsales split 计划.xlsx -o 分解.xlsx", "xlsales split plan.xlsx -o split.xlsx"),
        ),
        Usage(
            ("实际已完整的月份先关账", "close months with complete actuals first"),
            ("xlsales split 计划.xlsx --close", "xlsales split plan.xlsx --close"),
        ),
    ),
    "refresh": (
        Usage(("读“实际”,刷新", "read the sheet Actuals"), ("xlsales refresh 计划.xlsx", "xlsales refresh plan.xlsx")),
        Usage(
            ("实际来自导出的文件", "actuals from an exported file"),
            ("xlsales refresh 计划.xlsx --actuals 销售.csv", "xlsales refresh plan.xlsx --actuals sales.csv"),
        ),
        Usage(
            ("看到八月底为止", "up to the end of August"),
            ("xlsales refresh 计划.xlsx --as-of 2026-08-31", "xlsales refresh plan.xlsx --as-of 2026-08-31"),
        ),
    ),
    "check": (
        Usage(("先看会怎样", "see first what would happen"), ("xlsales check 计划.xlsx", "xlsales check plan.xlsx")),
    ),
    "pdf": (
        Usage(("存在工作簿旁边", "beside the workbook"), ("xlsales pdf 计划.xlsx", "xlsales pdf plan.xlsx")),
        Usage(
            ("存成另一个文件", "into another file"),
            ("xlsales pdf 计划.xlsx -o 八月.pdf", "xlsales pdf plan.xlsx -o august.pdf"),
        ),
        Usage(
            ("每人一页考核", "a scorecard page of each member"),
            (
                "xlsales pdf 计划.xlsx --sheet 考核 -o 考核.pdf",
                "xlsales pdf plan.xlsx --sheet Scorecard -o scorecards.pdf",
            ),
        ),
    ),
    "show": (
        Usage(("公司各月", "the company, month by month"), ("xlsales show 计划.xlsx", "xlsales show plan.xlsx")),
        Usage(
            ("各区域", "the members of a dimension"),
            ("xlsales show 计划.xlsx 区域", "xlsales show plan.xlsx Region"),
        ),
    ),
    "add": (Usage(("添加“货品”", "add Goods"), ("xlsales add 计划.xlsx 货品", "xlsales add plan.xlsx Goods")),),
    "spread": (
        Usage(
            ("选中的格均分,合计 1200", "share 1,200 equally"),
            (
                "xlsales spread 计划.xlsx 设置!C70:C81 均分 --total 1200",
                "xlsales spread plan.xlsx Settings!C70:C81 equal --total 1200",
            ),
        ),
        Usage(
            ("目标加一成,先看会怎样", "targets up by a tenth; see first what would change"),
            (
                "xlsales spread 计划.xlsx 按区域!P7:R9 百分比 --by 10%",
                'xlsales spread plan.xlsx "By region!P7:R9" percent --by 10%',
            ),
        ),
    ),
    "balance": (
        Usage(
            ("先看会怎样", "see first what would change"),
            ("xlsales balance 计划.xlsx", "xlsales balance plan.xlsx"),
        ),
        Usage(
            ("只平衡门店,写入", "stores alone, written"),
            ("xlsales balance 计划.xlsx --dimension 门店 --yes", "xlsales balance plan.xlsx --dimension Store --yes"),
        ),
    ),
    "undo": (
        Usage(("撤销上一次运行", "take back the last run"), ("xlsales undo 计划.xlsx", "xlsales undo plan.xlsx")),
    ),
    "handout": (
        Usage(
            ("每家门店一个文件", "a file for each store"),
            ("xlsales handout 计划.xlsx 下发", "xlsales handout plan.xlsx stores"),
        ),
        Usage(
            ("只发两家,打成压缩包", "two stores only, in one zip"),
            (
                "xlsales handout 计划.xlsx 下发 --store 春熙店 太古里店 --zip",
                "xlsales handout plan.xlsx stores --store North South --zip",
            ),
        ),
    ),
    "collect": (
        Usage(
            ("收下交回的文件", "take in what came back"),
            ("xlsales collect 计划.xlsx 收回", "xlsales collect plan.xlsx returned"),
        ),
        Usage(
            ("四月五日之后保存的算迟交", "what was saved after 5 April is late"),
            (
                "xlsales collect 计划.xlsx 收回 --due 2026-04-05",
                "xlsales collect plan.xlsx returned --due 2026-04-05",
            ),
        ),
    ),
    "doctor": (
        Usage(
            ("工作簿怎么了", "what is wrong with a workbook"), ("xlsales doctor 计划.xlsx", "xlsales doctor plan.xlsx")
        ),
        Usage(
            ("恢复丢失的部分,写到副本", "put back what is lost, into a copy"),
            ("xlsales doctor 计划.xlsx --repair -o 修复.xlsx", "xlsales doctor plan.xlsx --repair -o repaired.xlsx"),
        ),
    ),
    "demo": (Usage(("写一个完整的示例", "write a worked example"), ("xlsales demo", "xlsales demo")),),
    "completion": (
        Usage(
            ("bash:把它加进 ~/.bashrc,再新开终端", "bash: append it to ~/.bashrc, then open a new terminal"),
            ("xlsales completion bash", "xlsales completion bash"),
        ),
        Usage(
            ("zsh:加进 ~/.zshrc(在 compinit 之后)", "zsh: append it to ~/.zshrc, after compinit"),
            ("xlsales completion zsh", "xlsales completion zsh"),
        ),
        Usage(
            ("fish:存成 ~/.config/fish/completions/xlsales.fish", "fish: ~/.config/fish/completions/xlsales.fish"),
            ("xlsales completion fish", "xlsales completion fish"),
        ),
        Usage(
            ("PowerShell:加进 $PROFILE", "PowerShell: append it to $PROFILE"),
            ("xlsales completion powershell", "xlsales completion powershell"),
        ),
    ),
    "addin": (
        Usage(("装进 Excel", "install into Excel"), ("xlsales addin install", "xlsales addin install")),
        Usage(
            ("装进 LibreOffice", "install into LibreOffice"),
            ("xlsales addin install --for libreoffice", "xlsales addin install --for libreoffice"),
        ),
    ),
    "addin build": (
        Usage(
            ("写到文件夹 out", "write into folder out"), ("xlsales addin build -o out", "xlsales addin build -o out")
        ),
    ),
    "addin install": (
        Usage(
            ("装进 LibreOffice", "install into LibreOffice"),
            ("xlsales addin install --for libreoffice", "xlsales addin install --for libreoffice"),
        ),
    ),
    "addin uninstall": (
        Usage(("从 Excel 卸载", "take it out of Excel"), ("xlsales addin uninstall", "xlsales addin uninstall")),
    ),
    "addin doctor": (
        Usage(
            ("为什么 Excel 里没有选项卡", "why Excel shows no tab"),
            ("xlsales addin doctor", "xlsales addin doctor"),
        ),
    ),
}
