"""The add-in's VBA run by pyOpenVBA's interpreter, over strict stand-ins for what only Windows has.

Every module runs as it is built; only the `Declare`d procedures of Windows and of the DLL are replaced, by VBA that
hands their arguments to `Dll`, and what the interpreter cannot read (LongPtr, WithEvents). Anything else that the
interpreter does not know is an error, not a silent success.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._model import Workbook
from pyopenvba.interpreter._objects import MemberSpec, VBAObject, method
from pyopenvba.interpreter._values import EMPTY, NOTHING, VBAArray, error

from xlsales.addin.build import XLWINGS, addin_modules
from xlsales.addin.vbaproject import Module

SETTINGS = {"python": r"C:\Py\python.exe", "dll_folder": r"C:\Py", "user_site": "0", "lang": ""}
DLL = f"xlwings64-{XLWINGS}.dll"
EXCELS_FILTER = 4711
"""The message filter that Excel has registered, an address."""
LOCAL = r"C:\Users\li\AppData\Local"
MACRO_OPTIONS = ("Macro", "Description", "Category", "ArgumentDescriptions")
_DECLARES = re.compile(r"#If Win64 Then\n.*?#Else\n(.*?)#End If\n", re.S)
_HELP = re.compile(r"(?m)^Attribute \w+\.VB_Description = .*\n")
_STUBS = """
Private Function ActivateServer(ByRef Result As Variant, ByVal Command As String, ByVal Mode As Long) As Long
    ActivateServer = Dll.Activate(Command, Mode)
    If ActivateServer = 0 And Mode = 1 Then Set Result = Dll.Server()
    If ActivateServer <> 0 Then Result = Dll.Refusal()
End Function

Private Function SetMessageFilter(ByVal NewFilter As Long, ByRef OldFilter As Long) As Long
    OldFilter = Dll.SetFilter(NewFilter)
End Function

Private Function LoadLibrary(ByVal FileName As String) As Long
    LoadLibrary = Dll.Load(FileName)
End Function
"""


class Handed(VBAObject):
    """A tuple that Python made of what VBA gave."""

    vba_type_name = "XLPythonObject"

    def __init__(self, elements: tuple[Any, ...]) -> None:
        self.elements = elements


class Server(VBAObject):
    """The COM server's public face: the calls that arrived, and what they give back."""

    vba_type_name = "XLPython"

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.answer: Any = 42.0
        self.during: Callable[[], None] = lambda: None
        self.fails: str | None = None

    @method
    def Module(self, name: Any) -> Any:  # noqa: N802
        self.calls.append(("Module", str(name)))
        return f"module {name}"

    @method
    def Tuple(self, *elements: Any) -> Any:  # noqa: N802
        return Handed(elements)

    @method
    def Call(self, target: Any, name: Any, arguments: Any) -> Any:  # noqa: N802
        assert isinstance(arguments, Handed)
        self.calls.append(("Call", str(target), str(name), *arguments.elements))
        self.during()
        if self.fails:
            raise error(1000, self.fails)
        return EMPTY

    @method
    def CallUDF(self, module: Any, name: Any, arguments: Any, book: Any, caller: Any) -> Any:  # noqa: N802
        assert isinstance(arguments, VBAArray)
        low, high = arguments.bounds[0]
        self.calls.append(
            ("CallUDF", str(module), str(name), [arguments.get([i]) for i in range(low, high + 1)], book, caller)
        )
        if self.fails:
            raise error(1000, self.fails)
        return self.answer


class Dll(VBAObject):
    """The DLL of xlwings: which library was loaded, which command lines were to be started."""

    vba_type_name = "Dll"

    def __init__(self) -> None:
        self.server = Server()
        self.loaded: list[str] = []
        self.commands: list[tuple[str, int]] = []
        self.there = True
        self.refusal: str | None = None
        self.filter = EXCELS_FILTER
        self.wait: Callable[[], None] = lambda: None

    @method
    def SetFilter(self, new: Any) -> Any:  # noqa: N802
        old, self.filter = self.filter, int(new)
        return old

    @method
    def Load(self, file: Any) -> Any:  # noqa: N802
        self.loaded.append(str(file))
        return 1 if self.there else 0

    @method
    def Activate(self, command: Any, mode: Any) -> Any:  # noqa: N802
        self.commands.append((str(command), int(mode)))
        self.wait()
        return 1 if self.refusal else 0

    @method
    def Server(self) -> Any:  # noqa: N802
        return self.server

    @method
    def Refusal(self) -> Any:  # noqa: N802
        return self.refusal


class Stream(VBAObject):
    """A text stream that keeps its lines."""

    vba_type_name = "TextStream"

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    @method
    def WriteLine(self, text: Any) -> Any:  # noqa: N802
        self.lines.append(str(text))
        return EMPTY

    @method
    def Close(self) -> Any:  # noqa: N802
        return EMPTY


class Files(VBAObject):
    """Scripting.FileSystemObject, as far as the log needs it."""

    vba_type_name = "FileSystemObject"

    def __init__(self) -> None:
        self.logs: dict[str, list[str]] = {}
        self.folders: list[str] = []

    @method
    def GetParentFolderName(self, path: Any) -> Any:  # noqa: N802
        return str(path).rpartition("\\")[0]

    @method
    def FolderExists(self, path: Any) -> Any:  # noqa: N802
        return str(path) in self.folders

    @method
    def CreateFolder(self, path: Any) -> Any:  # noqa: N802
        self.folders.append(str(path))
        return EMPTY

    @method
    def OpenTextFile(self, path: Any, mode: Any, create: Any, form: Any) -> Any:  # noqa: N802
        assert (int(mode), bool(create), int(form)) == (8, True, -1)
        return Stream(self.logs.setdefault(str(path), []))


class Sim:
    """An Excel with a workbook and the modules of a project loaded."""

    def __init__(self, book: Path, modules: list[Module] | None = None) -> None:
        self.settings = dict(SETTINGS)
        LINKS.clear()
        PROTECTED.clear()
        self.dll, self.files = Dll(), Files()
        self.described: list[dict[str, Any]] = []
        self.refuses_all = False
        self.addin_states = [True]
        self.held_still: list[bool] = []
        self.interactive = True
        self.cancel_key = 1  # xlInterrupt
        self.refuses_notes = False
        self.due: list[tuple[Any, str]] = []
        self.app = ExcelApplication.open(book, with_vba=False)
        self.addin = self.app.workbook
        self._wire()
        for module in modules if modules is not None else addin_modules():
            source = module.source
            if module.name == "Loader":
                assert _DECLARES.search(source), "the declarations moved"
                source = _DECLARES.sub(f'Private Const DllName As String = "{DLL}"\n', source) + _STUBS
                source = source.replace("LongPtr", "Long")  # which the interpreter does not know
            source = source.replace("Private WithEvents Host ", "Private Host ")  # the interpreter raises no events
            source = _HELP.sub("", source)  # an attribute of a file, not a statement
            kind = "document" if module.kind == "workbook" else "standard"
            self.app.add_module(source.replace("\n", "\r\n"), name=module.name, kind=kind)

    @property
    def dialogs(self) -> list[tuple[Any, ...]]:
        """Every message box: kind, text, title, buttons."""
        return list(self.app.interpreter.dialogs)

    @property
    def log(self) -> list[str]:
        """The lines of the log file."""
        return self.files.logs.get(LOCAL + r"\xlsales\addin.log", [])

    def run(self, macro: str, *arguments: Any) -> Any:
        """Run a procedure. Excel itself lets Esc end code again when none is running any more."""
        try:
            return self.app.run(macro, *arguments)
        finally:
            self.cancel_key = 1

    def _wire(self) -> None:
        host, interpreter = self.app.interpreter.host, self.app.interpreter
        known_object, known_class = host.global_object, host.create
        host.global_object = lambda name: self.dll if name == "dll" else known_object(name)
        host.create = lambda name: (
            self.files if str(name).lower() == "scripting.filesystemobject" else known_class(name)
        )

        def get_setting(_: Any, args: list[Any], named: dict[str, Any]) -> Any:
            application, section, key, default = args
            assert (application, section, named) == ("xlsales", "addin", {})
            return self.settings.get(str(key), default)

        def environ(_: Any, args: list[Any], named: dict[str, Any]) -> Any:
            assert args == ["LOCALAPPDATA"]
            return LOCAL

        def save_setting(_: Any, args: list[Any], named: dict[str, Any]) -> Any:
            application, section, key, value = args
            assert (application, section, named) == ("xlsales", "addin", {})
            if self.refuses_notes:
                raise error(5, "Invalid procedure call or argument")
            self.settings[str(key)] = str(value)
            return EMPTY

        own = {"getsetting": get_setting, "savesetting": save_setting, "environ": environ}
        interpreter._intrinsics = {**interpreter._intrinsics, **own}
        application, addin = self.app.application, self.app.workbook
        give(
            application,
            MemberSpec("Caller", "property", getter=lambda one: one.vba_get("Range", ["H1"])),
            MemberSpec("MacroOptions", "method", getter=self._macro_options, parameters=MACRO_OPTIONS),
            MemberSpec(
                "Interactive",
                "property",
                getter=lambda _: self.interactive,
                setter=lambda _, value: setattr(self, "interactive", bool(value)),
            ),
            MemberSpec(
                "EnableCancelKey",
                "property",
                getter=lambda _: self.cancel_key,
                setter=lambda _, value: setattr(self, "cancel_key", int(value)),
            ),
            MemberSpec("OnTime", "method", getter=self._on_time, parameters=("EarliestTime", "Procedure")),
        )
        give(
            addin,
            MemberSpec(
                "IsAddin",
                "property",
                getter=lambda _: self.addin_states[-1],
                setter=lambda _, state: self._show_or_hide(state),
            ),
        )

    def pass_time(self) -> None:
        """Let the moments come that VBA asked for; Excel calls the macros that it named."""
        due, self.due = self.due, []
        for _, procedure in due:
            book, _, macro = procedure.rpartition("!")
            assert book == "'xlsales.xlam'"
            self.run(macro)

    def _show_or_hide(self, state: Any) -> None:
        names = ("ScreenUpdating", "EnableEvents")
        self.held_still.append(not any(self.app.evaluate(f"Application.{name}") for name in names))
        self.addin_states.append(bool(state))

    def _on_time(self, _: Any, when: Any, procedure: Any) -> Any:
        if self.refuses_notes:
            raise error(1004, "Method 'OnTime' of object '_Application' failed")
        self.due.append((when, str(procedure)))
        return EMPTY

    def _macro_options(self, _: Any, *given: Any) -> Any:
        if self.refuses_all or self.addin_states[-1]:  # the first try always fails: an add-in is hidden
            raise error(1004, "Cannot edit a macro on a hidden workbook.")
        texts = dict(zip(MACRO_OPTIONS, given, strict=True))
        arguments = texts["ArgumentDescriptions"]
        assert isinstance(arguments, VBAArray)
        low, high = arguments.bounds[0]
        texts["ArgumentDescriptions"] = [arguments.get([i]) for i in range(low, high + 1)]
        self.described.append(texts)
        return EMPTY


def give(target: Any, *members: MemberSpec) -> None:
    """Give one object members that its class has not."""
    target._vba_members = {**target._vba_members, **{member.name.lower(): member for member in members}}


def _link_sources(book: Any, kind: Any) -> Any:
    """Excel's array of the files that formulas of the workbook name, from 1; Empty where there are none."""
    assert int(kind) == 1, "xlExcelLinks"
    links = LINKS.get(book.name, [])
    if not links:
        return EMPTY
    found = VBAArray([(1, len(links))])
    for number, link in enumerate(links, 1):
        found.set([number], link)
    return found


def _change_link(book: Any, name: Any, new: Any, kind: Any) -> Any:
    assert int(kind) == 1
    if book.name in PROTECTED:
        raise error(1004, "The cell or chart you're trying to change is on a protected sheet.")
    links = LINKS[book.name]
    links[links.index(str(name))] = str(new)
    book.saved = False
    return EMPTY


LINKS: dict[str, list[str]] = {}
"""What the formulas of open workbooks refer to, by the workbook's name."""
PROTECTED: set[str] = set()
"""Workbooks with a protected sheet that has such a formula."""
give(
    Workbook,
    MemberSpec("LinkSources", "method", getter=_link_sources, parameters=("Type",)),
    MemberSpec("ChangeLink", "method", getter=_change_link, parameters=("Name", "NewName", "Type")),
)

__all__ = ["DLL", "EMPTY", "LINKS", "LOCAL", "NOTHING", "PROTECTED", "SETTINGS", "Sim", "give"]
