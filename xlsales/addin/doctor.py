"""Why the add-in may not work on this machine: each finding says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from xlsales.addin.build import ADDIN, XLWINGS, shipped
from xlsales.addin.install import SETTINGS_KEY, StorePython, addin_path, dll_folder, dll_name
from xlsales.addin.machine import Hive, Machine, Value
from xlsales.addin.startlog import last_failure, open_seconds
from xlsales.vocabulary.contract import LANGS, Word

Level = Literal["good", "bad"]

_OFFICE = r"Software\Microsoft\Office\16.0"
_POLICIES = r"Software\Policies\Microsoft\Office\16.0"
_EXCEL = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_CLICK_TO_RUN = r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
_STORE_OFFICE = "Microsoft.Office.Desktop_8wekyb3d8bbwe"
_CHILD_PROCESSES = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
_WIN32_CALLS = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"
"""Rules of Defender by their GUIDs in Microsoft's reference of attack surface reduction rules."""
_ASR_KEYS = (
    r"SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
    r"SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
)
_ASR_BY_INTUNE = r"SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager", "ASRRules"
"""Where Intune puts them: one text of GUID=state, separated by |."""
SERVER_IMPORTS = "import xlsales.hosts.excel.server as s; s.prepare(); import xlsales.commands.windows"
"""What the doctor runs in a new Python: the server before it serves and before a first press. It touches no Excel."""
_QUARANTINE = Word(
    "杀毒软件可能把它隔离了(看“病毒和威胁防护 → 保护历史记录”)。",
    "An antivirus program may have put it into quarantine (see Virus & threat protection, Protection history).",
)
_HIVES: tuple[Hive, Hive] = ("user", "machine")


class Finding(Struct, frozen=True):
    """The result of one check: its key for programs, whether it is good, its sentence."""

    key: str
    level: Level
    text: Word


def examine(machine: Machine) -> list[Finding]:
    """Check everything; good findings are listed too, so that a person who helps sees the whole report."""
    return [
        *_python(machine),
        *_start(machine),
        *_dll(machine),
        *_excel(machine),
        *_installed(machine),
        *_started(machine),
        *_macros(machine),
        *_defender(machine),
    ]


def bad(key: str, zh: str, en: str) -> Finding:
    """Return what is wrong and what to do."""
    return Finding(key, "bad", Word(zh, en))


def good(key: str, zh: str, en: str) -> Finding:
    """Return what was checked and is good."""
    return Finding(key, "good", Word(zh, en))


# --- Python ----------------------------------------------------------------------------------------------------------


def _python(machine: Machine) -> Iterator[Finding]:
    python, versions = machine.python, machine.distributions
    repairing = machine.repairing(f"xlwings=={XLWINGS}")
    if machine.from_the_store:
        yield Finding("python", "bad", Word(*(StorePython(file=str(python)).say(lang) for lang in LANGS)))
    else:
        yield good("python", f"Python:{python}({machine.bits} 位)", f"Python: {python} ({machine.bits} bits)")
    if (version := versions.get("xlwings")) == XLWINGS:
        yield good("xlwings", f"xlwings {version},与加载项一致。", f"xlwings {version}, as the add-in needs it.")
    else:
        yield bad(
            "xlwings",
            f"xlwings 是 {version or '–'},加载项需要 {XLWINGS}。请关闭 Excel,运行 {repairing}。",
            f"xlwings is {version or '–'}; the add-in needs {XLWINGS}. Close Excel and run {repairing}.",
        )
    if "pywin32" not in versions:
        yield bad(
            "pywin32",
            f"没有 pywin32,Excel 无法调用 Python。请关闭 Excel,运行 {machine.repairing('pywin32')}。",
            f"pywin32 is missing, Excel cannot call Python. Close Excel and run {machine.repairing('pywin32')}.",
        )
    try:
        str(python).encode(machine.ansi)
    except UnicodeEncodeError:
        yield bad(
            "path",
            f"Python 的路径 {python} 有系统语言({machine.ansi})写不出的字符,Excel 启动不了它。"
            "请关闭 Excel,把 Python 装到只含英文字母的文件夹,再运行 xlsales addin install。",
            f"The path {python} has characters that the system's language ({machine.ansi}) cannot write, so Excel "
            "cannot start it. Close Excel, install Python in a folder of plain letters and run xlsales addin install.",
        )


def _start(machine: Machine) -> Iterator[Finding]:
    """Start Python as the add-in starts it, without serving."""
    if error := machine.starts((str(machine.python), *machine.switches, "-c", SERVER_IMPORTS)):
        yield bad(
            "start",
            f"加载项那样启动的 Python 出错:{error}。请关闭 Excel,重新安装 xlsales 再试。",
            f"Python, started as the add-in starts it, fails: {error}. Close Excel, install xlsales again and retry.",
        )
    else:
        yield good("start", "Python 能按加载项的方式启动。", "Python starts as the add-in starts it.")


def _dll(machine: Machine) -> Iterator[Finding]:
    bits = _excel_bits(machine) or machine.bits
    folder, name = dll_folder(machine), dll_name(bits)
    repairing = machine.repairing(f"xlwings=={XLWINGS}")
    if folder is not None and (folder / name).is_file():
        yield good("dll", f"{folder / name} 在。", f"{folder / name} is there.")
        return
    yield bad(
        "dll",
        f"找不到 {name}({bits} 位 Excel 用的)。{_QUARANTINE['zh']}请关闭 Excel,运行 {repairing}。",
        f"{name} (for an Excel of {bits} bits) is missing. {_QUARANTINE['en']} Close Excel and run {repairing}.",
    )


# --- Excel -----------------------------------------------------------------------------------------------------------


def _excel(machine: Machine) -> Iterator[Finding]:
    path = next((text for hive in _HIVES if (text := _text(machine, hive, _EXCEL, ""))), "")
    store = (machine.local / "Packages" / _STORE_OFFICE).is_dir()
    if store or "\\windowsapps\\" in path.lower():
        yield bad(
            "office",
            "Office 来自微软商店,这种 Excel 调用不了外面的 Python。请卸载它,改装微软网站上的 Office 安装包。",
            "This Office came from the Microsoft Store; its Excel cannot call a Python outside. Uninstall it and "
            "install Office from Microsoft's site.",
        )
    elif not path:
        yield bad(
            "office",
            "没有找到 Excel。加载项需要桌面版 Excel 2016 或更新的版本;WPS 请用命令行 xlsales。",
            "No Excel was found. The add-in needs desktop Excel 2016 or newer; with WPS use the command line xlsales.",
        )
    else:
        bits = _excel_bits(machine)
        size = f" ({bits} bits)" if bits else ""
        yield good("office", f"Excel:{path}{size}", f"Excel: {path}{size}")


def _excel_bits(machine: Machine) -> int | None:
    platform = _text(machine, "machine", _CLICK_TO_RUN, "Platform")
    bitness = _text(machine, "machine", rf"{_OFFICE}\Outlook", "Bitness")
    return {"x64": 64, "x86": 32}.get((platform or bitness).lower())


def _text(machine: Machine, hive: Hive, key: str, name: str) -> str:
    value = machine.registry.get(hive, key, name)
    return value if isinstance(value, str) else ""


# --- the add-in ------------------------------------------------------------------------------------------------------


def _installed(machine: Machine) -> Iterator[Finding]:
    path = addin_path(machine)
    if path.is_file():
        yield _version(machine, path)
        yield from _blocks(machine, path)
    elif machine.registry.values("user", SETTINGS_KEY):
        yield bad(
            "vanished",
            f"加载项装过,但 {path} 不见了。{_QUARANTINE['zh']}"
            "请恢复它并设为信任,或关闭 Excel,运行 xlsales addin install。",
            f"The add-in was installed, but {path} is gone. {_QUARANTINE['en']} Restore it and trust it, or close "
            "Excel and run xlsales addin install.",
        )
    else:
        yield bad(
            "addin",
            "加载项没有安装。请关闭 Excel,运行 xlsales addin install。",
            "The add-in is not installed. Close Excel and run xlsales addin install.",
        )


def _version(machine: Machine, path: Path) -> Finding:
    """Return whether the add-in is the one of this version and of this Python."""
    python = _text(machine, "user", SETTINGS_KEY, "python")
    if path.read_bytes() != shipped(ADDIN):
        return bad(
            "addin",
            f"{path} 不是这个版本的加载项。请关闭 Excel,运行 xlsales addin install。",
            f"{path} is not the add-in of this version. Close Excel and run xlsales addin install.",
        )
    if python != str(machine.python):
        return bad(
            "addin",
            f"加载项用的是另一个 Python:{python or '–'}。要用这一个,请关闭 Excel,运行 xlsales addin install。",
            f"The add-in uses another Python: {python or '–'}. To use this one, close Excel and run xlsales addin "
            "install.",
        )
    return good("addin", f"加载项:{path}", f"The add-in: {path}")


def _blocks(machine: Machine, path: Path) -> Iterator[Finding]:
    """Yield what keeps Excel from opening the add-in's file."""
    if _is_from_the_internet(path):
        yield bad(
            "mark",
            f"{path} 带有“来自互联网”的标记,Excel 会禁用它。请右键该文件 → 属性 → 解除锁定。",
            f"{path} is marked as coming from the internet, so Excel disables it. Right-click it → Properties → "
            "Unblock.",
        )
    for key in ("DisabledItems", "StartupItems"):
        values = machine.registry.values("user", rf"{_OFFICE}\Excel\Resiliency\{key}").values()
        if any(ADDIN.encode("utf-16-le") in bytes(v).lower() for v in values if isinstance(v, bytes)):
            yield bad(
                "disabled",
                "Excel 把加载项列为禁用。请在 文件 → 选项 → 加载项 → 禁用项目 里启用它。",
                "Excel lists the add-in as disabled. Enable it under File → Options → Add-ins → Disabled Items.",
            )
            break


def _started(machine: Machine) -> Iterator[Finding]:
    """Yield what the add-in itself noted: the last start of Python that failed, and the time that opening it takes."""
    failure = last_failure(machine)
    if failure is not None and failure.denied:
        yield bad(
            "denied",
            f"{failure.when} Excel 启动 Python 被拒绝({failure.detail})。多半是杀毒软件、Defender 或公司对程序的限制:"
            f"请管理员放行 EXCEL.EXE 启动 {machine.python},再点“重启 Python”;或改用命令行 xlsales。",
            f"On {failure.when} Excel was denied to start Python ({failure.detail}). Mostly this is an antivirus "
            "program, Defender, or a company's limits on programs: ask the administrator to let EXCEL.EXE start "
            f"{machine.python}, then press Restart Python; or use the command line xlsales.",
        )
    elif failure is not None and failure.unanswered:
        yield bad(
            "unanswered",
            f"{failure.when} Python 启动了,但一直没有连上 Excel({failure.detail})。请不要以管理员身份打开 Excel,让杀毒"
            f"软件不扫描 {machine.python.parent},再点“重启 Python”。",
            f"On {failure.when} Python started but never reached Excel ({failure.detail}). Do not open Excel as "
            f"administrator, keep the antivirus program from scanning {machine.python.parent}, then press Restart "
            "Python.",
        )
    elif failure is not None:
        yield bad(
            "failed",
            f"{failure.when} Python 没有启动:{failure.detail}。上面若有别的问题,请先解决,再点“重启 Python”。",
            f"On {failure.when} Python did not start: {failure.detail}. Fix what else is found above, then press "
            "Restart Python.",
        )
    seconds = open_seconds(machine)
    if seconds is not None:
        yield good(
            "seconds",
            f"Excel 上次打开时,加载项用了 {seconds:.1f} 秒。",
            f"The add-in took {seconds:.1f} s when Excel was last opened.",
        )


def _is_from_the_internet(path: Path) -> bool:
    """Return whether the file has Windows' mark of the web, which is in a stream beside its contents."""
    try:
        return "ZoneId=3" in Path(f"{path}:Zone.Identifier").read_text("latin-1")
    except OSError:
        return False


# --- what may stop macros --------------------------------------------------------------------------------------------


_BLOCKERS = (
    bad(
        "locations",
        "受信任位置被关闭,XLSTART 里的加载项按普通宏文件处理。请管理员允许受信任位置,或给加载项签名。",
        "Trusted locations are turned off, so the add-in in XLSTART is treated like any macro file. Ask the "
        "administrator to allow them, or to sign the add-in.",
    ),
    bad(
        "macros",
        "宏设置为“全部禁用”或“只允许签名的宏”,加载项不会运行。请管理员放行,或给加载项签名。",
        "Macros are disabled, or allowed only when signed, so the add-in does not run. Ask the administrator "
        "to allow it, or to sign the add-in.",
    ),
    bad(
        "addins",
        "Excel 设置为禁用所有加载项。请在 文件 → 选项 → 信任中心 → 加载项 里改,或请管理员放行。",
        "Excel is set to disable all add-ins. Change it under File → Options → Trust Center → Add-ins, or ask the "
        "administrator.",
    ),
    bad(
        "signature",
        "Excel 要求加载项有受信任发布者的签名。请管理员给 xlsales.xlam 签名,或去掉这项要求。",
        "Excel asks for add-ins signed by a trusted publisher. Ask the administrator to sign xlsales.xlam or to "
        "drop the requirement.",
    ),
    bad(
        "vba",
        "管理员关闭了 Office 的 VBA,加载项不会运行。请管理员放行,或改用命令行 xlsales。",
        "The administrator turned VBA off for Office, so the add-in does not run. Ask for it, or use the command "
        "line xlsales.",
    ),
)
_SECURITY = rf"{_POLICIES}\Excel\Security", rf"{_OFFICE}\Excel\Security"
_LOCATIONS = tuple(rf"{key}\Trusted Locations" for key in _SECURITY)


def _macros(machine: Machine) -> list[Finding]:
    def is_set(name: str, *values: int, keys: Sequence[str] = _SECURITY) -> bool:
        return any(machine.registry.get(hive, key, name) in values for key in keys for hive in _HIVES)

    untrusted = is_set("AllLocationsDisabled", 1, keys=_LOCATIONS)
    stopping = {
        "locations": untrusted,
        "macros": untrusted and is_set("VBAWarnings", 3, 4),
        "addins": is_set("DisableAllAddins", 1),
        "signature": is_set("RequireAddinSig", 1),
        "vba": is_set("VBAOff", 1, keys=(rf"{_POLICIES}\Common",)),
    }
    findings = [finding for finding in _BLOCKERS if stopping[finding.key]]
    return findings or [good("macros", "宏设置不妨碍加载项。", "The macro settings do not stop the add-in.")]


def _defender(machine: Machine) -> Iterator[Finding]:
    policy, local = (machine.registry.values("machine", key) for key in _ASR_KEYS)
    managed = _text(machine, "machine", *_ASR_BY_INTUNE).split("|")
    by_intune = [entry.partition("=")[::2] for entry in managed]
    pairs: list[tuple[str, Value]] = [*local.items(), *by_intune, *policy.items()]
    rules = {name.strip(" {}").lower(): str(value).strip() for name, value in pairs}  # a policy comes last and wins

    def is_on(rule: str) -> bool:
        return rules.get(rule) in ("1", "6")  # block, warn

    if is_on(_CHILD_PROCESSES):
        yield bad(
            "defender",
            "Defender 的规则“阻止所有 Office 应用程序创建子进程”开着,Excel 启动不了 Python。"
            f"请管理员为 {machine.python} 加例外,或改用命令行 xlsales。",
            "Defender's rule Block all Office applications from creating child processes is on, so Excel cannot start "
            f"Python. Ask the administrator to except {machine.python}, or use the command line xlsales.",
        )
    if is_on(_WIN32_CALLS):
        yield bad(
            "calls",
            "Defender 的规则“阻止来自 Office 宏的 Win32 API 调用”开着,加载项的宏可能被拦下或删除。"
            f"请管理员为 {addin_path(machine)} 加例外,或改用命令行 xlsales。",
            "Defender's rule Block Win32 API calls from Office macros is on, so the add-in's macros may be stopped or "
            f"removed. Ask the administrator to except {addin_path(machine)}, or use the command line xlsales.",
        )
