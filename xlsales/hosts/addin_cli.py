"""`xlsales addin …`: builds, installs and examines the Excel add-in, or the extension for LibreOffice."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from xlsales.addin.doctor import Finding
    from xlsales.core.faults import Lang


class Report(NamedTuple):
    """The outcome of a command, for people (`as_text`) and programs (`as_json`)."""

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
    program = argparse.ArgumentParser(add_help=False)
    program.add_argument(
        "--for",
        dest="program",
        choices=("excel", "libreoffice"),
        default="excel",
        help="which program (default: excel)",
    )
    parents = [common, program]
    build = commands.add_parser("build", parents=parents, help="制作: write the files of the add-in or the extension")
    build.add_argument("-o", "--out", type=Path, default=Path(), metavar="DIR", help="the folder to write into")
    commands.add_parser("install", parents=parents, help="安装: for this user")
    commands.add_parser("uninstall", parents=parents, help="卸载: take it away again")
    commands.add_parser("doctor", parents=parents, help="诊断: what may keep it from working, and what to do")


def run(args: argparse.Namespace) -> Report:
    """Run one of the commands; raises `Fault` if nothing could be done."""
    lang: Lang = args.lang or "zh"
    actions = {
        "excel": {"build": _build, "install": _install, "uninstall": _uninstall, "doctor": _doctor},
        "libreoffice": {
            "build": _build_extension,
            "install": _install_extension,
            "uninstall": _uninstall_extension,
            "doctor": _doctor_extension,
        },
    }
    return actions[args.program][args.action](args, lang)


def _build(args: argparse.Namespace, lang: Lang) -> Report:
    from xlsales.addin.build import write_addin

    return _built(write_addin(args.out), lang)


def _build_extension(args: argparse.Namespace, lang: Lang) -> Report:
    from xlsales.addin.libreoffice.build import write_extension

    return _built([write_extension(args.out)], lang)


def _built(files: Iterable[Path], lang: Lang) -> Report:
    paths = [str(path) for path in files]
    sentence = {"zh": "已写入 {}", "en": "Wrote {}"}[lang]
    return Report("addin build", tuple(sentence.format(path) for path in paths), figures={"files": paths})


def _install(args: argparse.Namespace, lang: Lang) -> Report:
    from xlsales.addin.install import install
    from xlsales.addin.machine import this_machine
    from xlsales.vocabulary.contract import Word

    path = install(this_machine(), args.lang)
    sentence = Word(
        "已安装到 {}。重新打开 Excel,就有“销售目标”选项卡;没有的话请运行 xlsales addin doctor。",
        "Installed at {}. Open Excel again and find the tab 销售目标; if it is not there, run xlsales addin doctor.",
    )
    return Report("addin install", (sentence[lang].format(path),), figures={"addin": str(path)})


def _uninstall(args: argparse.Namespace, lang: Lang) -> Report:
    from xlsales.addin.install import uninstall
    from xlsales.addin.machine import this_machine
    from xlsales.vocabulary.contract import Word

    path = uninstall(this_machine())
    sentence = Word("已卸载 {} 和它的设置。", "Took away {} and its settings.")[lang]
    return Report("addin uninstall", (sentence.format(path),), figures={"addin": str(path)})


def _doctor(args: argparse.Namespace, lang: Lang) -> Report:
    from xlsales.addin.doctor import examine
    from xlsales.addin.machine import this_machine

    return _examined(examine(this_machine()), lang)


def _doctor_extension(args: argparse.Namespace, lang: Lang) -> Report:
    from xlsales.addin.libreoffice.install import NoLibreOffice, examine, find_office

    try:
        return _examined(examine(find_office()), lang)
    except NoLibreOffice:
        return _examined(examine(None), lang)


def _examined(findings: Iterable[Finding], lang: Lang) -> Report:
    findings = list(findings)
    marks = {"good": "√", "bad": "×"}  # which the code page of a Chinese Windows has
    listed = [{"key": f.key, "level": f.level, "sentence": f.text[lang]} for f in findings]
    return Report(
        "addin doctor",
        tuple(f"{marks[f.level]} {f.text[lang]}" for f in findings),
        exit_code=int(any(f.level == "bad" for f in findings)),
        figures={"findings": listed},
    )


def _install_extension(args: argparse.Namespace, lang: Lang) -> Report:
    from xlsales.addin.libreoffice.install import find_office, install

    install(find_office())
    sentence = {
        "zh": "已装进 LibreOffice。重新打开 Calc,就有“销售目标”菜单、工具栏和函数。",
        "en": "Installed into LibreOffice. Open Calc again and find the menu 销售目标, its toolbar and the functions.",
    }
    return Report("addin install", (sentence[lang],))


def _uninstall_extension(args: argparse.Namespace, lang: Lang) -> Report:
    from xlsales.addin.libreoffice.install import find_office, uninstall

    uninstall(find_office())
    return Report("addin uninstall", ({"zh": "已从 LibreOffice 卸载。", "en": "Taken away from LibreOffice."}[lang],))
