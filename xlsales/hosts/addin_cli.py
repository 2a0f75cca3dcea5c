"""`xlsales addin …`: builds, installs and examines the Excel add-in, or the extension for LibreOffice."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from xlsales.commands.verb import Argument, Verb

if TYPE_CHECKING:
    from xlsales.addin.doctor import Finding
    from xlsales.core.faults import Lang


class Report(NamedTuple):
    """The outcome of a command, for people (`as_text`) and programs (`as_json`)."""

    command: str
    lines: tuple[str, ...]
    exit_code: int = 0
    figures: Mapping[str, Any] = {}

    def as_text(self, *, verbose: bool = False) -> str:
        """Return the lines for a terminal."""
        return "\n".join(self.lines)

    def as_json(self) -> dict[str, Any]:
        """Return the machine-readable result."""
        return {"command": self.command, "exit_code": self.exit_code, **self.figures}


_FOR = Argument(
    "--for", "name", "excel|libreoffice", ("哪个程序(默认:excel)", "which program (default: excel)"), "", "excel"
)
_FOLDER = Argument("--out", "folder", "DIR", ("写到哪个文件夹", "the folder to write into"), "-o", ".")
COMMANDS = (
    Verb(
        "addin build",
        ("制作", "Build"),
        ("写出加载项的文件", "write the files of the add-in"),
        arguments=(_FOR, _FOLDER),
    ),
    Verb("addin install", ("安装", "Install"), ("为本用户安装", "install it for this user"), arguments=(_FOR,)),
    Verb("addin uninstall", ("卸载", "Uninstall"), ("再拿掉", "take it away again"), arguments=(_FOR,)),
    Verb(
        "addin doctor",
        ("诊断", "Examine"),
        ("什么会妨碍它工作、该怎么办", "what may keep it from working, and what to do"),
        arguments=(_FOR,),
    ),
)
"""The commands of `xlsales addin`."""


def run(args: argparse.Namespace, lang: Lang) -> Report:
    """Run one of the commands; raises `Fault` if nothing could be done."""
    actions = {
        "excel": {"build": _build, "install": _install, "uninstall": _uninstall, "doctor": _doctor},
        "libreoffice": {
            "build": _build_extension,
            "install": _install_extension,
            "uninstall": _uninstall_extension,
            "doctor": _doctor_extension,
        },
    }
    return actions[vars(args)["for"]][args.command.split()[-1]](args, lang)


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
