"""A real LibreOffice, driven over UNO: started once for all tests, in a profile of its own, the extension installed.

`XLSALES_SOFFICE` names the program `soffice` of another LibreOffice than the one on the path.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")
XLSX, ODS = "Calc MS Excel 2007 XML", "calc8"
_DIST_PACKAGES = "/usr/lib/python3/dist-packages"
_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="ooSetupLastVersion" oor:op="fuse"><value>7.4</value></prop></item>
{more}</oor:items>
"""
_CHINESE = """<item oor:path="/org.openoffice.Office.Linguistic/General"><prop oor:name="UILocale" oor:op="fuse"><value>zh-CN</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooLocale" oor:op="fuse"><value>zh-CN</value></prop></item>
"""


def soffice() -> Path | None:
    """Return the LibreOffice under test, None where there is none."""
    found = shutil.which(os.environ.get("XLSALES_SOFFICE", "soffice"))
    return Path(found) if found else None


def uno_module() -> Any:
    """Return the module `uno`; skip the test where LibreOffice or its Python support is missing."""
    if soffice() is None:
        pytest.skip("LibreOffice is not installed: no soffice on the path")
    if _DIST_PACKAGES not in sys.path:
        sys.path.append(_DIST_PACKAGES)  # last: everything else comes from this environment
    return pytest.importorskip("uno", reason="python3-uno is missing, or made for another Python")


def private_office(folder: Path, chinese: bool = False) -> Any:
    """Return LibreOffice with a fresh profile in `folder`; where tests run as root, installing runs as nobody.

    With `chinese` its own menus are Chinese, where that language is installed.
    """
    from msgspec.structs import replace

    from xlsales.addin.libreoffice.install import find_office

    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        _PROFILE.format(more=_CHINESE if chinese else ""), "utf-8"
    )
    program = soffice()
    assert program is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(program.parent), prepend=os.pathsep)  # unopkg lies beside soffice
        office = replace(find_office(), profile=profile)
    if os.geteuid():
        return office
    give(folder, 65534)
    return replace(office, prefix=_NOBODY)


def give(folder: Path, user: int) -> None:
    """Let a user own a folder and all in it; LibreOffice refuses a profile of somebody else's."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user, user)


def values(**given: object) -> tuple[Any, ...]:
    """Return UNO's property values."""
    property_value = uno_module().getClass("com.sun.star.beans.PropertyValue")
    found = []
    for name, value in given.items():
        one = property_value()
        one.Name, one.Value = name, value
        found.append(one)
    return tuple(found)


class Calc:
    """A running LibreOffice."""

    def __init__(self, profile: Path, memory: Path, display: str | None = None) -> None:
        self.uno, self.memory = uno_module(), memory
        if not os.geteuid():
            give(profile.parent, 0)
        pipe = f"xlsales{uuid.uuid4().hex}"
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "XLSALES", "DISPLAY"))}
        environment["PATH"] = "/usr/bin:/bin"  # LibreOffice would take another Python on the path for its own home
        environment |= {"XLSALES_DATA": str(memory), "HOME": str(profile.parent), "SAL_USE_VCLPLUGIN": "gen"}
        words = ["--norestore", "--nologo", "--nodefault", "--nofirststartwizard"]
        if display:
            environment["DISPLAY"] = display
        else:
            words.append("--headless")
            environment["SAL_USE_VCLPLUGIN"] = "svp"
        self._log = (profile.parent / "soffice.log").open("ab")
        self._process = subprocess.Popen(
            [
                str(soffice()),
                f"-env:UserInstallation={profile.as_uri()}",
                *words,
                f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext",
            ],
            env=environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.context = self._connected(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        self.desktop = self.service("com.sun.star.frame.Desktop")
        self._main = self.service("com.sun.star.awt.AsyncCallback")

    def _connected(self, address: str) -> Any:
        local = self.uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        refused = self.uno.getClass("com.sun.star.connection.NoConnectException")
        for _ in range(600):
            with contextlib.suppress(refused):
                return resolver.resolve(address)
            if self._process.poll() not in (None, 81):
                break
            time.sleep(0.1)
        self._log.close()
        log = Path(self._log.name).read_text("utf-8", "replace")
        raise AssertionError(f"LibreOffice does not answer: {log[:2000]}")

    def service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def on_main(self, act: Callable[[], T]) -> T:
        """Call something on LibreOffice's main thread, where clicks come in too; other threads make it crash."""
        import unohelper

        done, found, failed = threading.Event(), [], []  # type: ignore[var-annotated]

        class Call(unohelper.Base, self.uno.getClass("com.sun.star.awt.XCallback")):
            def notify(self, nothing: Any) -> None:
                try:
                    found.append(act())
                except BaseException as error:  # goes on in the thread that waits
                    failed.append(error)
                finally:
                    done.set()

        self._main.addCallback(Call(), None)
        assert done.wait(300), "LibreOffice does not come back"
        if failed:
            raise failed[0]
        return found[0]

    def fresh(self) -> Any:
        """Return a new, empty document."""
        return self._load("private:factory/scalc")

    def open(self, path: Path, hidden: bool = True) -> Any:
        """Open a file."""
        document = self._load(path.as_uri(), hidden)
        assert document is not None, f"LibreOffice does not open {path.name}"
        return document

    def _load(self, address: str, hidden: bool = True) -> Any:
        wanted = values(Hidden=hidden)
        return self.on_main(lambda: self.desktop.loadComponentFromURL(address, "_blank", 0, wanted))

    def shut(self, document: Any) -> None:
        """Close a document; what changed is lost."""

        def close() -> None:
            document.setModified(False)
            document.close(True)

        self.on_main(close)

    def press(self, document: Any, verb: str) -> str:
        """Dispatch a command of the menu; return what was told, from the log."""
        before = self.log()
        dispatcher = self.service("com.sun.star.frame.DispatchHelper")
        frame = document.CurrentController.Frame

        def dispatch() -> None:
            frame.activate()
            dispatcher.executeDispatch(frame, f"service:com.xlsales.calc.Commands?{verb}", "_self", 0, ())

        self.on_main(dispatch)
        return self.log().removeprefix(before)

    def log(self) -> str:
        """What was told so far."""
        log = self.memory / "calc.log"
        return log.read_text("utf-8") if log.exists() else ""

    def close(self) -> None:
        """End the program."""
        with contextlib.suppress(Exception):  # the connection ends with the program
            components = self.desktop.Components.createEnumeration()
            while components.hasMoreElements():
                components.nextElement().close(True)
        with contextlib.suppress(Exception):
            self.desktop.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._log.close()


def shown(area: Any) -> list[list[Any]]:
    """Return what cells show: an error by its text, else the value."""
    lines = [list(line) for line in area.getDataArray()]
    for r, line in enumerate(lines):
        for c in range(len(line)):
            cell = area.getCellByPosition(c, r)
            if cell.getError():
                line[c] = cell.String
    return lines


def save(document: Any, path: Path, kind: str) -> Path:
    document.storeToURL(path.as_uri(), values(FilterName=kind, Overwrite=True))
    return path


def rows_of(values: Sequence[Sequence[Any]]) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple("" if v is None else float(v) if isinstance(v, int) else v for v in line) for line in values)


class closing:  # noqa: N801 - a context, not contextlib's: UNO's exceptions take no traceback from there
    """A document, closed when the block is left."""

    def __init__(self, calc: Calc, document: Any) -> None:
        self._calc, self._document = calc, document

    def __enter__(self) -> Any:
        return self._document

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        if kind is None:
            self._calc.shut(self._document)
        else:
            with contextlib.suppress(Exception):  # the first error is the one to tell
                self._calc.shut(self._document)
