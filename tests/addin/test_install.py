"""Installing for one user, taking it away again, and what the doctor says."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.addin.machines import CLICK_TO_RUN, EXCEL, FakeRegistry, healthy
from tests.addin.sim import Sim
from xlsales.addin.build import ADDIN, XLWINGS, shipped
from xlsales.addin.doctor import examine
from xlsales.addin.install import (
    SETTINGS_KEY,
    AddinInUse,
    DllMissing,
    NoAddin,
    StorePython,
    addin_path,
    dll_name,
    install,
    uninstall,
)
from xlsales.addin.machine import Machine, NeedsWindows, this_machine
from xlsales.addin.texts import SENTENCES
from xlsales.vocabulary.contract import LANGS

pytestmark = pytest.mark.unit


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def place(tmp_path: Path) -> tuple[Machine, FakeRegistry]:
    return healthy(tmp_path)


def test_install(place: tuple[Machine, FakeRegistry]) -> None:
    """The shipped add-in stands in XLSTART, and the settings name this Python and the folder of its DLL."""
    machine, registry = place
    path = install(machine, "en")
    assert path == machine.roaming / "Microsoft" / "Excel" / "XLSTART" / "xlsales.xlam"
    assert path.read_bytes() == shipped(ADDIN)
    assert registry.values("user", SETTINGS_KEY) == {
        "python": str(machine.python),
        "dll_folder": str(machine.python.parent),
        "user_site": "0",
        "lang": "en",
    }
    assert [p.name for p in path.parent.iterdir()] == ["xlsales.xlam"]


def test_the_settings_are_those_that_the_loader_reads() -> None:
    """Installer and loader name the same place and the same keys."""
    folder = Path(__file__).resolve().parents[2] / "xlsales" / "addin" / "vba"
    settings, loader = ((folder / name).read_text("ascii") for name in ("Settings.bas", "Loader.bas"))
    application, section = re.findall(r'GetSetting\("(\w+)", "(\w+)", Key', settings)[0]
    assert rf"Software\VB and VBA Program Settings\{application}\{section}" == SETTINGS_KEY
    read = set(re.findall(r'Setting\("(\w+)"\)', settings + loader))
    assert read == {"python", "dll_folder", "user_site", "lang"}


def test_uninstall_is_the_exact_reverse(tmp_path: Path, place: tuple[Machine, FakeRegistry]) -> None:
    """After install and uninstall files and registry are what they were."""
    machine, registry = place
    before = files(tmp_path), copy.deepcopy(registry.keys)
    install(machine)
    uninstall(machine)
    assert (files(tmp_path), registry.keys) == before


def test_settings_of_others_stay(place: tuple[Machine, FakeRegistry]) -> None:
    """What somebody else keeps beside our settings stays."""
    machine, registry = place
    registry.set(SETTINGS_KEY.replace("addin", "other"), "a", "b")
    install(machine)
    uninstall(machine)
    assert registry.values("user", SETTINGS_KEY.replace("addin", "other")) == {"a": "b"}
    assert registry.values("user", SETTINGS_KEY) == {}


def test_a_second_install_replaces_and_keeps_the_language(place: tuple[Machine, FakeRegistry]) -> None:
    """An upgrade replaces the file and the Python; the language that was chosen stays."""
    machine, registry = place
    install(machine, "en")
    addin_path(machine).write_bytes(b"old")
    install(replace(machine, python=machine.python.with_name("python3.exe"), user_site=True))
    assert addin_path(machine).read_bytes() == shipped(ADDIN)
    settings = registry.values("user", SETTINGS_KEY)
    assert (settings["lang"], settings["user_site"]) == ("en", "1")
    assert str(settings["python"]).endswith("python3.exe")


def test_install_without_the_dll_changes_nothing(tmp_path: Path, place: tuple[Machine, FakeRegistry]) -> None:
    """Without the DLL nothing is written; the sentence names it and the command that brings it."""
    machine, registry = place
    for bits in (32, 64):
        (machine.python.parent / dll_name(bits)).unlink()
    before = files(tmp_path), copy.deepcopy(registry.keys)
    with pytest.raises(DllMissing, match=re.escape(dll_name(64))):
        install(machine)
    assert (files(tmp_path), registry.keys) == before


def test_a_python_of_the_store_is_refused(tmp_path: Path, place: tuple[Machine, FakeRegistry]) -> None:
    """What a Python of the Microsoft Store writes nobody else sees: nothing is written, and the sentence says why."""
    machine, registry = place
    before = files(tmp_path), copy.deepcopy(registry.keys)
    with pytest.raises(StorePython, match=r"python\.org"):
        install(store_python(machine, registry))
    assert (files(tmp_path), registry.keys) == before


def test_while_excel_holds_the_file(
    tmp_path: Path, place: tuple[Machine, FakeRegistry], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that Excel has open is left as it is, with its settings, and the sentence says to close Excel."""
    machine, registry = place
    install(machine)
    before = files(tmp_path), copy.deepcopy(registry.keys)

    def held(*_: object, **__: object) -> None:
        raise PermissionError(32, "in use")

    other = replace(machine, python=machine.python.with_name("other.exe"))
    with monkeypatch.context() as patch:
        patch.setattr("os.replace", held)
        with pytest.raises(AddinInUse, match="Close every Excel window"):
            install(other)
        assert files(tmp_path) == before[0]
        patch.setattr(Path, "unlink", held)
        with pytest.raises(AddinInUse):
            uninstall(machine)
    assert (files(tmp_path), registry.keys) == before


def test_nothing_to_uninstall(place: tuple[Machine, FakeRegistry]) -> None:
    """Where nothing is installed it says so."""
    with pytest.raises(NoAddin):
        uninstall(place[0])


def test_only_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere the sentence says what works instead."""
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(NeedsWindows, match="command line xlsales"):
        this_machine()


# --- the doctor -----------------------------------------------------------------------------------------------------

Harm = Callable[[Machine, FakeRegistry], Machine | None]
SECURITY = r"Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
ASR = r"SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
INTUNE = r"SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
CALLS = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"
RULE = "{D4F940AB-401B-4EFC-AADC-AD5F3C50688A}"


def without(name: str) -> Harm:
    def harm(machine: Machine, registry: FakeRegistry) -> Machine:
        return replace(machine, distributions={k: v for k, v in machine.distributions.items() if k != name})

    return harm


def puts(*entries: tuple[str, str, str, str | int | bytes]) -> Harm:
    def harm(machine: Machine, registry: FakeRegistry) -> None:
        for hive, key, name, value in entries:
            registry.put("user" if hive == "user" else "machine", key, name, value)

    return harm


def chinese_path(machine: Machine, registry: FakeRegistry) -> Machine:
    python = Path("C:/用户/张三/python.exe")
    registry.set(SETTINGS_KEY, "python", str(python))
    return replace(machine, python=python, ansi="cp1252")


def marked(machine: Machine, registry: FakeRegistry) -> None:
    Path(f"{addin_path(machine)}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n")


def store_python(machine: Machine, registry: FakeRegistry) -> Machine:
    return replace(machine, home=Path("C:/Program Files/WindowsApps/PythonSoftwareFoundation.Python.3.12"))


def no_excel(machine: Machine, registry: FakeRegistry) -> None:
    del registry.keys["machine", EXCEL.lower()]


def no_64_bit_dll(machine: Machine, registry: FakeRegistry) -> None:
    (machine.python.parent / dll_name(64)).unlink()


def store_package(machine: Machine, registry: FakeRegistry) -> None:
    (machine.local / "Packages" / "Microsoft.Office.Desktop_8wekyb3d8bbwe").mkdir(parents=True)


def logged(detail: str, what: str = "start", connected: str = "") -> Harm:
    """A log as VBA writes it, with an older start that failed for another reason, and a later failure of a macro."""

    def harm(machine: Machine, registry: FakeRegistry) -> None:
        lines = [
            "2026-02-01 09:00:00 start: something long ago",
            f"2026-03-01 09:00:00 {what}: {detail}",
            "2026-03-01 09:01:00 split_target: boom",
            "  Traceback",
        ]
        log = machine.local / "xlsales" / "addin.log"
        log.parent.mkdir(parents=True)
        log.write_bytes("\r\n".join(lines).encode("utf-16"))
        if connected:
            registry.put("user", SETTINGS_KEY, "connected", connected)

    return harm


HARMS: dict[str, tuple[Harm, set[str]]] = {
    "xlwings missing": (without("xlwings"), {"xlwings"}),
    "another xlwings": (lambda m, r: replace(m, distributions={**m.distributions, "xlwings": "0.33.1"}), {"xlwings"}),
    "no pywin32": (without("pywin32"), {"pywin32"}),
    "a path that Windows cannot write": (chinese_path, {"path"}),
    "Python of the Store": (store_python, {"python"}),
    "Python that does not start": (lambda m, r: replace(m, starts=lambda _: "ImportError: numpy"), {"start"}),
    "no DLL for this Excel": (no_64_bit_dll, {"dll"}),
    "no Excel": (no_excel, {"office"}),
    "Store Office by package": (store_package, {"office"}),
    "Store Office by path": (
        puts(("machine", EXCEL, "", r"C:\Program Files\WindowsApps\Office\EXCEL.EXE")),
        {"office"},
    ),
    "not installed": (lambda m, r: uninstall(m) and None, {"addin"}),
    "taken away after the installation": (lambda m, r: addin_path(m).unlink(), {"vanished"}),
    "an old add-in": (lambda m, r: addin_path(m).write_bytes(b"old") and None, {"addin"}),
    "another Python": (lambda m, r: r.set(SETTINGS_KEY, "python", r"C:\old\python.exe"), {"addin"}),
    "mark of the web": (marked, {"mark"}),
    "disabled by Excel": (
        puts(
            (
                "user",
                r"Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems",
                "1A",
                b"\x01\x00" + r"C:\…\XLSALES.XLAM".lower().encode("utf-16-le"),
            )
        ),
        {"disabled"},
    ),
    "no trusted locations": (
        puts(("user", POLICY + r"\Trusted Locations", "alllocationsdisabled", 1)),
        {"locations"},
    ),
    "no trusted locations, no macros": (
        puts(
            ("user", SECURITY + r"\Trusted Locations", "AllLocationsDisabled", 1),
            ("machine", POLICY, "vbawarnings", 4),
        ),
        {"locations", "macros"},
    ),
    "add-ins disabled": (puts(("user", SECURITY, "DisableAllAddins", 1)), {"addins"}),
    "add-ins must be signed": (puts(("user", POLICY, "requireaddinsig", 1)), {"signature"}),
    "no VBA": (puts(("user", r"Software\Policies\Microsoft\Office\16.0\Common", "vbaoff", 1)), {"vba"}),
    "Defender blocks": (puts(("machine", ASR, RULE, "1")), {"defender"}),
    "Defender blocks Win32 calls": (puts(("machine", ASR, CALLS, "1")), {"calls"}),
    "Defender blocks both": (puts(("machine", ASR, CALLS, "1"), ("machine", ASR, RULE, "1")), {"calls", "defender"}),
    "Intune blocks": (puts(("machine", INTUNE, "ASRRules", f"{CALLS}=2|{RULE.strip('{}')}=1")), {"defender"}),
    "Intune blocks Win32 calls": (puts(("machine", INTUNE, "ASRRules", f"{{{CALLS.upper()}}}=6")), {"calls"}),
    "a policy over the user's own": (
        puts(("machine", ASR, RULE, "1"), ("machine", ASR.replace("\\Policies", ""), RULE, 0)),
        {"defender"},
    ),
    "Excel was denied": (logged("Could not create Python process.\nError message: Access is denied.\r\n"), {"denied"}),
    "Excel was denied, in Chinese": (logged("Could not create Python process.\nError message: 拒绝访问。"), {"denied"}),
    "a job that lets nobody out": (logged("AssignProcessToJobObject failed: 拒绝访问。"), {"denied"}),
    "Python never answered": (logged("Could not activate Python COM server, hr = -2147221164"), {"unanswered"}),
    "Python ended": (
        logged("Python process exited before it was possible to create the interface object."),
        {"failed"},
    ),
    "a failure after a success": (
        logged("Access is denied.", connected="2026-03-01 08:59:59"),
        {"denied"},
    ),
    "Defender warns": (puts(("machine", ASR, RULE.strip("{}").lower(), "6")), {"defender"}),
}
HARMLESS: dict[str, Harm] = {
    "macros disabled, trusted locations on": puts(("user", SECURITY, "VBAWarnings", 4)),
    "Defender only audits": puts(("machine", ASR, RULE, "2")),
    "another rule of Defender": puts(("machine", ASR, "{00000000-401b-4efc-aadc-ad5f3c50688a}", "1")),
    "a failure, and a success since": logged("Access is denied.", connected="2026-03-01 09:00:01"),
    "failures of macros only": logged("Access is denied.", what="links", connected="2026-02-01 09:00:01"),
    "a policy turns the rule off": puts(
        ("machine", ASR, RULE, "0"), ("machine", ASR.replace("\\Policies", ""), RULE, 1)
    ),
    "Intune only audits": puts(("machine", INTUNE, "ASRRules", f"{CALLS}=2|{RULE}=0")),
    "Win32 calls are only audited": puts(("machine", ASR, CALLS, "2")),
    "Excel of 32 bits": puts(("machine", CLICK_TO_RUN, "Platform", "x86")),
    "Office that does not tell its bits": lambda m, r: r.keys.pop(("machine", CLICK_TO_RUN.lower())) and None,
    "another add-in disabled": puts(
        (
            "user",
            r"Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems",
            "1A",
            r"C:\other.xlam".encode("utf-16-le"),
        )
    ),
}


def bad(machine: Machine) -> set[str]:
    return {finding.key for finding in examine(machine) if finding.level == "bad"}


@pytest.mark.parametrize("harm", HARMLESS.values(), ids=HARMLESS)
def test_a_healthy_machine(place: tuple[Machine, FakeRegistry], harm: Harm) -> None:
    """On a machine where nothing stops the add-in the doctor finds nothing."""
    machine, registry = place
    install(machine)
    assert bad(machine) == set()
    machine = harm(machine, registry) or machine
    assert bad(machine) == set()


@pytest.mark.parametrize("user_site", [False, True])
def test_python_is_tried_as_the_add_in_starts_it(
    place: tuple[Machine, FakeRegistry], sim: Sim, user_site: bool
) -> None:
    """The doctor starts the Python of the add-in with the add-in's switches."""
    commands: list[tuple[str, ...]] = []
    machine = replace(place[0], user_site=user_site, starts=lambda command: commands.append(tuple(command)) or "")
    install(machine)
    examine(machine)
    ((python, *switches, option, imports),) = commands
    assert imports == "import xlsales.hosts.excel.server as s; s.prepare(); import xlsales.commands.windows"
    sim.settings.update({key: str(value) for key, value in place[1].values("user", SETTINGS_KEY).items()})
    assert sim.run("ServerCommand").startswith(f'"{python}" {" ".join(switches)} {option} "import ')


@pytest.mark.parametrize(("harm", "found"), HARMS.values(), ids=HARMS)
def test_each_harm_is_found(place: tuple[Machine, FakeRegistry], harm: Harm, found: set[str]) -> None:
    """Each thing that stops the add-in is found, and it alone; each sentence says what to do, in both languages."""
    machine, registry = place
    install(machine)
    machine = harm(machine, registry) or machine
    assert bad(machine) == found
    for finding in examine(machine):
        assert re.search(r"[\u4e00-\u9fff]", finding.text["zh"]) or finding.key in ("python", "office", "dll")
        english = finding.text["en"].replace(str(machine.python), "").replace("拒绝访问", "")
        assert not re.search(r"[\u4e00-\u9fff]", english)
        for command in ("pip install", "addin install"):
            assert (command in finding.text["zh"]) <= ("关闭 Excel" in finding.text["zh"])
            assert (command in english) <= ("lose Excel" in english)


def test_what_is_replaced_while_excel_runs_is_said_to_be_closed_first() -> None:
    """Every sentence that tells to install something says to close Excel first: it holds the files."""
    told = [(word["zh"], word["en"]) for word in SENTENCES.values()] + [(DllMissing.zh, DllMissing.en)]
    for zh, en in told:
        assert ("install" in zh) <= ("关闭 Excel" in zh), zh
        assert ("install" in en) <= ("lose Excel" in en), en


@pytest.mark.parametrize(
    ("folder", "command"),
    [
        ("Roaming/uv/data/tools/xlsales/Scripts", "uv tool upgrade --reinstall xlsales"),
        ("pipx/venvs/xlsales/Scripts", "pipx reinstall xlsales"),
        ("plans/.venv/Scripts", f"pip install --force-reinstall xlwings=={XLWINGS}"),
    ],
)
def test_a_missing_dll_is_brought_back_by_the_tool_that_installed_it(
    place: tuple[Machine, FakeRegistry], tmp_path: Path, folder: str, command: str
) -> None:
    """An environment of uv or pipx has no pip: the sentence names that tool's own command."""
    machine = replace(place[0], python=tmp_path / folder / "python.exe", dlls=(tmp_path / "none",))
    with pytest.raises(DllMissing) as refused:
        install(machine)
    (dll,) = [finding for finding in examine(machine) if finding.key == "dll"]
    for lang in LANGS:
        assert command in refused.value.say(lang)
        assert command in dll.text[lang]


def test_the_time_that_the_add_in_takes_is_told(place: tuple[Machine, FakeRegistry]) -> None:
    """The doctor tells what the add-in measured when Excel last opened it; uninstall takes the note away."""
    machine, registry = place
    install(machine)
    registry.put("user", SETTINGS_KEY, "open_ms", "1240")
    (told,) = [f for f in examine(machine) if f.key == "seconds"]
    assert (told.level, "1.2 秒" in told.text["zh"], "1.2 s" in told.text["en"]) == ("good", True, True)
    uninstall(machine)
    assert registry.values("user", SETTINGS_KEY) == {}
