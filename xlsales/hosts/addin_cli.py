"""`xlsales addin …`: builds, installs and examines the add-in for Excel, or the extension for LibreOffice."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from xlsales.addin.doctor import Finding
    from xlsales.core.faults import Lang


class Report(NamedTuple):
    """What was done, for people (`as_text`) and programs (`as_json`)."""

    command: str
    lines: tuple[str, ...]
    exit_code: int = 0
    figures: Mapping[str, Any] = {}

    def as_text(self) -> str:
        """Return the lines for a terminal."""
        return "\n".join(self.lines)

    def as_json(self) -> dict[str, Any]:
        """Return the machine-readable result."""
        return {"command": self.command, "exit_code": self.exit_code, **self.figures}


def add_commands(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Give the parser of `xlsales addin` its own commands."""
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    build = commands.add_parser("build", parents=[common], help="制作: write xlsales.xlam and the macro templates")
    build.add_argument("-o", "--out", type=Path, default=Path(), metavar="DIR", help="the folder to write into")
    commands.add_parser("install", parents=[common], help="安装: for this user")
    commands.add_parser("uninstall", parents=[common], help="卸载: take it away again")
    commands.add_parser("doctor", parents=[common], help="诊断: what may keep it from working, and what to do")
    for command in commands.choices.values():
        command.add_argument(
            "--for",
            dest="program",
            choices=("excel", "libreoffice"),
            default="excel",
            help="the program (default: excel)",
        )


def run(args: argparse.Namespace) -> Report:
    """Run one of the commands; raises `Fault` where nothing could be done."""
    lang: Lang = args.lang or "zh"
    if args.program == "libreoffice":
        return _for_libreoffice(args, lang)
    return {"build": _build, "install": _install, "uninstall": _uninstall, "doctor": _doctor}[args.action](args, lang)


def _for_libreoffice(args: argparse.Namespace, lang: Lang) -> Report:
    from xlsales.addin.libreoffice.build import write_extension
    from xlsales.addin.libreoffice.install import NoLibreOffice, examine, find_office, install, uninstall
    from xlsales.workbook.contract import Word

    if args.action == "build":
        path = str(write_extension(args.out))
        return Report("addin build", (Word("已写入 {}", "Wrote {}")[lang].format(path),), figures={"files": [path]})
    if args.action == "doctor":
        try:
            office = find_office()
        except NoLibreOffice:
            office = None
        return _told(examine(office), lang)
    if args.action == "install":
        install(find_office())
        done = Word(
            "已装进 LibreOffice。重新打开 Calc,就有“销售目标”菜单;没有的话请运行 xlsales addin doctor --for libreoffice。",
            "Installed in LibreOffice. Open Calc again and find the menu Sales Targets; "
            "if it is not there, run xlsales addin doctor --for libreoffice.",
        )
    else:
        uninstall(find_office())
        done = Word("已从 LibreOffice 卸载。", "Taken away from LibreOffice.")
    return Report(f"addin {args.action}", (done[lang],))


def _build(args: argparse.Namespace, lang: Lang) -> Report:
    from xlsales.addin.build import write_addin
    from xlsales.workbook.contract import Word

    paths = [str(path) for path in write_addin(args.out)]
    wrote = Word("已写入 {}", "Wrote {}")[lang]
    return Report("addin build", tuple(wrote.format(path) for path in paths), figures={"files": paths})


def _install(args: argparse.Namespace, lang: Lang) -> Report:
    from xlsales.addin.install import install
    from xlsales.addin.machine import this_machine
    from xlsales.workbook.contract import Word

    path = install(this_machine(), args.lang)
    done = Word(
        "已安装到 {}。重新打开 Excel,就有“销售目标”选项卡;没有的话请运行 xlsales addin doctor。",
        "Installed at {}. Open Excel again and find the tab 销售目标; if it is not there, run xlsales addin doctor.",
    )
    return Report("addin install", (done[lang].format(path),), figures={"addin": str(path)})


def _uninstall(args: argparse.Namespace, lang: Lang) -> Report:
    from xlsales.addin.install import uninstall
    from xlsales.addin.machine import this_machine
    from xlsales.workbook.contract import Word

    path = uninstall(this_machine())
    done = Word("已卸载 {} 和它的设置。", "Took away {} and its settings.")[lang]
    return Report("addin uninstall", (done.format(path),), figures={"addin": str(path)})


def _doctor(args: argparse.Namespace, lang: Lang) -> Report:
    from xlsales.addin.doctor import examine
    from xlsales.addin.machine import this_machine

    return _told(examine(this_machine()), lang)


def _told(findings: Sequence[Finding], lang: Lang) -> Report:
    marks = {"good": "✓", "bad": "✗"}
    told = [{"key": f.key, "level": f.level, "sentence": f.text[lang]} for f in findings]
    return Report(
        "addin doctor",
        tuple(f"{marks[f.level]} {f.text[lang]}" for f in findings),
        exit_code=int(any(f.level == "bad" for f in findings)),
        figures={"findings": told},
    )
