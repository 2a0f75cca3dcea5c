# ruff: noqa: N801, N802, N803 - the names are pywin32's
"""Stands for pywin32 and Windows, so that the unmodified xlwings runs where there is neither.

`install()` puts the fakes in place and imports xlwings as on Windows; it must run before
anything else uses xlwings. The fakes are strict: what nobody declared here raises
AttributeError, as a slip would on Windows, and is never swallowed. Values cross the
border as pywin32 passes them (`to_variant`): no numpy number, no naive datetime.

An application fake derives its objects from `ComObject` and enters itself with
`desktop.open(application)`; message boxes are recorded in `desktop.messages`.
"""

from __future__ import annotations

import contextlib
import ctypes
import datetime as dt
import importlib
import inspect
import sys
import types
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

RPC_E_CALL_REJECTED = -2147418111
VBA_E_IGNORE = -2146777998
"""What Excel answers while the person edits a cell or has a dialog open (0x800AC472)."""
DISP_E_UNKNOWNNAME = -2147352570
DISP_E_EXCEPTION = -2147352567
MISSING = -2147352572
"""An argument left out, as VBA's Missing reaches Python (DISP_E_PARAMNOTFOUND)."""


class com_error(Exception):
    """pywintypes.com_error: (hresult, text, details, argument)."""

    def __init__(self, hresult: int, text: str = "", details: Any = None, argument: Any = None) -> None:
        super().__init__(hresult, text, details, argument)
        self.hresult, self.strerror, self.excepinfo, self.argerror = hresult, text, details, argument


def excel_says_no(text: str, scode: int = -2146827284) -> com_error:
    """The error that Excel raises for a request it refuses (run-time error 1004)."""
    return com_error(DISP_E_EXCEPTION, "Exception occurred.", (0, "Microsoft Excel", text, "xlmain11.chm", 0, scode))


class Utc(dt.tzinfo):
    """win32timezone's UTC."""

    def utcoffset(self, moment: dt.datetime | None) -> dt.timedelta:
        return dt.timedelta(0)

    dst = utcoffset

    def tzname(self, moment: dt.datetime | None) -> str:
        return "GMT Standard Time"


class TimeType(dt.datetime):
    """pywintypes.datetime: what a date cell's Value is, always with a time zone."""


def com_time(moment: dt.date) -> TimeType:
    """Return a date as pywin32 hands it over."""
    clock = moment.timetuple()[3:6] if isinstance(moment, dt.datetime) else (0, 0, 0)
    return TimeType(*moment.timetuple()[:3], *clock, tzinfo=Utc())


def to_variant(value: Any) -> Any:
    """Return a value as it stands on the other side of the border; TypeError for what pywin32 cannot pass."""
    kind = type(value)
    if value is None or kind in (bool, float, str, Decimal) or isinstance(value, ComObject | PyIDispatch):
        return value
    if kind is int:
        if not -(2**31) <= value < 2**31:
            return float(value)
        return value
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return com_time(value)
    if kind in (list, tuple):
        rows = tuple(to_variant(v) for v in value)
        if len({len(r) if isinstance(r, tuple) else -1 for r in rows}) > 1:
            raise TypeError("The Python instance can not be converted to a COM object: rows differ in length")
        return rows
    raise TypeError(f"The Python instance can not be converted to a COM object: {value!r}")


# --- objects behind COM ------------------------------------------------------------------


@dataclass(frozen=True)
class _TypeInfo:
    iid: str
    name: str

    def GetTypeAttr(self) -> _TypeInfo:
        return self

    def GetDocumentation(self, member: int) -> tuple[str, None, int, None]:
        return (self.name, None, 0, None)


class PyIDispatch:
    """A raw COM pointer, as arguments of a call arrive."""

    def __init__(self, target: Any) -> None:
        self.target = target

    def GetTypeInfo(self) -> _TypeInfo:
        kind = type(self.target)
        return _TypeInfo(str(kind.CLSID), kind.__name__)

    def GetIDsOfNames(self, locale: int, name: str) -> int:
        if not hasattr(type(self.target), name) and name not in vars(self.target):
            raise com_error(DISP_E_UNKNOWNNAME, f"Unknown name: {type(self.target).__name__}.{name}")
        return 1


class CDispatch:
    """win32com.client.CDispatch: the Python side of a COM object."""


class ComObject(CDispatch):
    """A COM object of a fake application: what its class does not declare is neither read nor set."""

    CLSID = "{00000000-0000-0000-0000-000000000000}"

    @property
    def _oleobj_(self) -> PyIDispatch:
        return PyIDispatch(self)

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name.startswith("_") or hasattr(type(self), name) or name in _annotated(type(self))):
            raise AttributeError(f"Property '{type(self).__name__}.{name}' can not be set.")
        object.__setattr__(self, name, value)


def _annotated(kind: type) -> set[str]:
    """Return the names that a class and its bases declare."""
    return {name for base in kind.__mro__ for name in inspect.get_annotations(base)}


class _WrappedServer:
    """win32com.server.util.wrap: a Python object handed to VBA."""

    def __init__(self, served: Any) -> None:
        self.served = served


def _dispatch(pointer: Any, userName: str | None = None, resultCLSID: Any = None) -> Any:
    if isinstance(pointer, PyIDispatch):
        return pointer.target
    if isinstance(pointer, ComObject):
        return pointer
    inner = getattr(pointer, "_inner", None)  # xlwings' own wrapper around one of the above
    if inner is not None:
        return _dispatch(inner)
    raise com_error(-2147221005, f"Invalid class string: {pointer!r}")


# --- Windows -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Message:
    """A message box that was shown."""

    text: str
    title: str
    style: int
    clickable: bool = True
    """Whether its Excel took input while it was shown."""


_WINDOW = 16  # handles of top windows are multiples of it; their XLDESK and EXCEL7 follow


@dataclass
class Desktop:
    """The windows that are open, top first, and the message boxes that were shown."""

    applications: list[Any] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    answers: deque[int] = field(default_factory=deque)
    """Buttons that will be pressed (1 OK, 2 Cancel, 6 Yes, 7 No); OK when there are no more."""
    meanwhile: Callable[[], None] | None = None
    """What happens in Excel while a message box is open."""

    def open(self, application: Any) -> int:
        """Show an application's window on top; return its handle."""
        self.applications.insert(0, application)
        return self.handle(application)

    def handle(self, application: Any) -> int:
        """Return the window handle of an application; it stays while others open and close."""
        return _handles.setdefault(id(application), (len(_handles) + 1) * _WINDOW)

    def clear(self) -> None:
        """Close every window, forget every message."""
        self.applications.clear()
        self.messages.clear()
        self.answers.clear()
        self.meanwhile = None

    def _handles(self) -> list[int]:
        return [self.handle(a) for a in self.applications]

    def top(self, parent: int | None) -> int:
        handles = self._handles()
        return handles[0] if handles else 0

    def next(self, window: int, relation: int) -> int:
        handles = [*self._handles(), 0]
        return handles[handles.index(window) + 1]

    def child(self, parent: int, after: int, kind: str, title: str | None) -> int:
        """FindWindowEx. Every Excel has an XLDESK; in it is an EXCEL7 only while a workbook is open."""
        if not parent:
            return 0
        if kind == "EXCEL7" and not self.native(parent).Workbooks.Count:
            return 0
        return parent + {"XLDESK": 1, "EXCEL7": 2 - parent % _WINDOW}[kind]

    def process(self, window: int) -> tuple[int, int]:
        return (window, 4000 + window)

    def message_box(self, window: int, text: str, title: str, style: int = 0) -> int:
        self.messages.append(Message(text, title, style, self.native(window).Interactive))
        if self.meanwhile is not None:
            self.meanwhile()
        return self.answers.popleft() if self.answers else 1

    def native(self, window: int) -> Any:
        """Return the application that a window belongs to."""
        return next(a for a in self.applications if self.handle(a) == window - window % _WINDOW)


_handles: dict[int, int] = {}
desktop = Desktop()


class _NativeWindow(ComObject):
    """The object model's Window behind an EXCEL7 child window."""

    Application: Any

    def __init__(self, application: Any) -> None:
        self.Application = application


def _accessible_object(window: int, kind: int, guid: Any, out: Any) -> int:
    if not window:
        raise OSError("AccessibleObjectFromWindow: there is no such window")
    out._obj.value = window
    return 0


class _PyComLibrary:
    """ctypes.PyDLL(pythoncom.__file__)."""

    class PyCom_PyObjectFromIUnknown:
        restype: Any = None

        def __new__(cls, pointer: Any, guid: Any, add_reference: bool) -> Any:
            return PyIDispatch(_NativeWindow(desktop.native(pointer.value)))

    def __init__(self, name: str) -> None:
        self.name = name


def _nothing(*_: Any) -> None:
    return None


def _namespace(**names: Any) -> types.SimpleNamespace:
    return types.SimpleNamespace(**names)


def _modules() -> dict[str, dict[str, Any]]:
    """What each fake module has; nothing else is there."""
    dispatch: dict[str, Callable[..., Any] | type] = {
        "Dispatch": _dispatch,
        "DispatchEx": _dispatch,
        "CDispatch": CDispatch,
        "DispatchBaseClass": type("DispatchBaseClass", (), {}),
        "CoClassBaseClass": type("CoClassBaseClass", (), {}),
    }
    return {
        "pywintypes": {
            "com_error": com_error,
            "error": type("error", (Exception,), {}),
            "TimeType": TimeType,
            "datetime": TimeType,
            "IID": lambda text: str(text).upper(),
        },
        "pythoncom": {
            "com_error": com_error,
            "ole_error": com_error,
            "CoInitialize": _nothing,
            "CoUninitialize": _nothing,
            "IID_IDispatch": "IDispatch",
            "IID_IEnumVARIANT": "IEnumVARIANT",
            "TypeIIDs": {"IDispatch": PyIDispatch},
        },
        "win32api": {"MessageBox": desktop.message_box, "GetCurrentThreadId": lambda: 1},
        "win32con": {
            "MB_OK": 0,
            "MB_OKCANCEL": 1,
            "MB_YESNOCANCEL": 3,
            "MB_YESNO": 4,
            "MB_ICONWARNING": 0x30,
            "MB_ICONINFORMATION": 0x40,
        },
        "win32event": {},
        "win32gui": {"FindWindowEx": desktop.child},
        "win32process": {"GetWindowThreadProcessId": desktop.process},
        "win32timezone": {"TimeZoneInfo": _namespace(utc=Utc)},
        "win32com": {},
        "win32com.client": dispatch,
        "win32com.client.gencache": {"EnsureModule": lambda *_, **__: None},
        "win32com.server": {},
        "win32com.server.util": {"wrap": lambda o, iid=None: _WrappedServer(o), "unwrap": lambda w: w.served},
        "win32com.server.policy": {},
        "win32com.server.dispatcher": {},
    }


def install() -> types.ModuleType:
    """Put the fakes in place and return xlwings, imported as on Windows; a second call changes nothing.

    An xlwings that was imported plain is dropped first, and what was built on it.
    """
    if sys.platform == "win32":
        raise RuntimeError("these fakes stand for Windows; on Windows there is the real one")
    if "pywintypes" in sys.modules:
        return importlib.import_module("xlwings")
    for library in ("asyncio", "numpy", "pandas", "polars", "matplotlib.figure", "PIL"):
        with contextlib.suppress(ImportError):
            importlib.import_module(library)  # they look at the platform while they are imported
    for name in [n for n in sys.modules if n.split(".")[0] == "xlwings" or n.startswith("xlsales.hosts.excel")]:
        del sys.modules[name]
    for name, contents in _modules().items():
        module = types.ModuleType(name)
        module.__file__ = f"{name}.dll"
        module.__path__ = []
        vars(module).update(contents)
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)
    user32 = _namespace(GetTopWindow=desktop.top, GetWindow=desktop.next)
    oleacc = _namespace(AccessibleObjectFromWindow=_accessible_object)
    ctypes.windll = _namespace(user32=user32)  # type: ignore[attr-defined,unused-ignore]
    ctypes.oledll = _namespace(  # type: ignore[attr-defined,unused-ignore]
        ole32=_namespace(CLSIDFromString=_nothing), oleacc=oleacc
    )
    real_library, ctypes.PyDLL = ctypes.PyDLL, _PyComLibrary  # type: ignore[assignment,misc]
    try:
        with on_windows():
            xlwings = importlib.import_module("xlwings")
    finally:
        ctypes.PyDLL = real_library  # type: ignore[misc]
    return xlwings


@contextlib.contextmanager
def on_windows() -> Iterator[None]:
    """Let Python say for a while that it runs on Windows; xlwings asks so at a few places."""
    real, sys.platform = sys.platform, "win32"
    try:
        yield
    finally:
        sys.platform = real
