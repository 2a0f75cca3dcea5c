"""A screen that is none: LibreOffice shows its windows on it, a mouse clicks, and pictures of it can be kept.

Where things are is asked of the windows themselves, through the interface that screen readers use.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
import subprocess
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.hosts.libreoffice.office import Calc

T = TypeVar("T")
WIDTH, HEIGHT = 1366, 768
PROGRAMS = ("Xvfb", "xdotool")


class Display:
    """An X server in memory, so many pixels wide and high; it keeps what it shows in a file."""

    def __init__(self, folder: Path, width: int = WIDTH, height: int = HEIGHT) -> None:
        missing = [name for name in PROGRAMS if shutil.which(name) is None]
        if missing:
            pytest.skip(f"no screen to click on: {', '.join(missing)} not installed")
        self._memory = folder / "Xvfb_screen0"
        self.width, self.height = width, height
        size = f"{width}x{height}x24"
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", size, "-fbdir", str(folder), "-nolisten", "tcp"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._server.stdout is not None
        number = self._server.stdout.readline().decode().strip()
        assert number, "Xvfb does not start"
        self.name = f":{number}"

    def act(self, *words: str) -> None:
        """Move the mouse, press its buttons and keys, in the words of xdotool."""
        subprocess.run(["xdotool", *words], env={**os.environ, "DISPLAY": self.name}, check=True, timeout=60)

    def picture(self, path: Path) -> Path:
        """Keep what is shown, as PNG, once it stands still, or but a cursor blinks."""
        data = b""
        for _ in range(10):
            before, data = data, self._memory.read_bytes()
            if data == before:
                break
            time.sleep(0.5)
        header = struct.unpack(">25I", data[:100])  # of the format xwd, which this file has
        size, width, height, line, colours = header[0], header[4], header[5], header[12], header[19]
        pixels, rows = memoryview(data)[size + 12 * colours :], bytearray()
        for y in range(height):
            shown = pixels[y * line : y * line + 4 * width]
            row = bytearray(3 * width)
            row[0::3], row[1::3], row[2::3] = shown[2::4], shown[1::4], shown[0::4]
            rows += b"\0" + row
        chunks = (
            (b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(bytes(rows), 9)),
            (b"IEND", b""),
        )
        packed = [struct.pack(">I", len(b)) + t + b + struct.pack(">I", zlib.crc32(t + b)) for t, b in chunks]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(packed))
        return path

    def colours(self, left: int, top: int, right: int, bottom: int) -> Counter[bytes]:
        """Return how many points of a rectangle have each colour now."""
        data = self._memory.read_bytes()
        header = struct.unpack(">25I", data[:100])
        begin, line = header[0] + 12 * header[19], header[12]
        rows = (data[begin + y * line + 4 * left : begin + y * line + 4 * right] for y in range(top, bottom))
        return Counter(row[x : x + 3] for row in rows for x in range(0, len(row), 4))

    def close(self) -> None:
        """Switch it off."""
        self._server.terminate()
        self._server.wait(10)
        if self._server.stdout:
            self._server.stdout.close()


class Shown:
    """Something on the screen: a window, a toolbar, a button, a text, as a screen reader finds it."""

    def __init__(self, calc: Calc, display: Display, context: Any) -> None:
        self._calc, self._display, self._context = calc, display, context

    @property
    def name(self) -> str:
        return str(self._context.getAccessibleName())

    @property
    def text(self) -> str:
        """What stands in it."""
        return str(self._context.getText())

    @property
    def role(self) -> int:
        return int(self._context.getAccessibleRole())

    def has_role(self, *roles: str) -> bool:
        """Tell whether it is one of these, by the names of com.sun.star.accessibility.AccessibleRole."""
        constant = self._calc.uno.getConstantByName
        return self.role in [constant(f"com.sun.star.accessibility.AccessibleRole.{role}") for role in roles]

    @property
    def parts(self) -> Iterator[Shown]:
        """What it consists of, one level down."""
        for i in range(min(self._context.getAccessibleChildCount(), 200)):
            part = self._context.getAccessibleChild(i)
            if hasattr(part, "getAccessibleContext"):  # cells of tables are something else
                yield Shown(self._calc, self._display, part.getAccessibleContext())

    def find(self, role: str, *names: str) -> Shown | None:
        """Return the first part of that role whose name begins with one of these, if any; None where there is none."""
        for part in self.parts:
            if part.has_role("DOCUMENT_SPREADSHEET"):
                continue
            if part.has_role(role) and (not names or part.name.startswith(names)):
                return part
            deeper = part.find(role, *names)
            if deeper is not None:
                return deeper
        return None

    def get(self, role: str, *names: str) -> Shown:
        """Return what `find` returns; fail where that is nothing."""
        found = self.find(role, *names)
        assert found is not None, f"“{self.name}” shows no {role} {names}"
        return found

    @property
    def there(self) -> bool:
        """Whether it takes up room on the screen."""
        return bool(self._context.getSize().Width > 0)

    @property
    def place(self) -> tuple[int, int, int, int]:
        """Its left, top, right and bottom on the screen."""
        at, size = self._context.getLocationOnScreen(), self._context.getSize()
        return at.X, at.Y, at.X + size.Width, at.Y + size.Height

    def click(self, times: int = 1) -> None:
        """Click in the middle of it."""
        at, size = self._context.getLocationOnScreen(), self._context.getSize()
        assert size.Width > 0
        assert size.Height > 0
        x, y = at.X + size.Width // 2, at.Y + size.Height // 2
        assert 0 < x < self._display.width
        assert 0 < y < self._display.height
        self._display.act("mousemove", str(x), str(y), "sleep", "0.2", "click", "--repeat", str(times), "1")


class Desk:
    """LibreOffice on that screen."""

    def __init__(self, calc: Calc, display: Display) -> None:
        self.calc, self.display = calc, display
        self._toolkit = calc.service("com.sun.star.awt.Toolkit")
        self._gone = calc.uno.getClass("com.sun.star.uno.RuntimeException")

    def show(self, path: Path) -> Any:
        """Open a document in a window that fills the screen."""
        document = self.calc.open(path, hidden=False)
        everything = 15  # com.sun.star.awt.PosSize.POSSIZE
        window = document.CurrentController.Frame.ContainerWindow
        self.calc.on_main(lambda: window.setPosSize(0, 0, self.display.width, self.display.height, everything))
        return document

    def window(self, document: Any) -> Shown:
        """Return the window of a document."""
        return self._shown(document.CurrentController.Frame.ContainerWindow)

    def dialog(self, title: str, seconds: float = 60) -> Shown:
        """Wait for a dialog of that title."""
        return until(lambda: self._dialog(title), seconds)

    def leave(self, title: str, *buttons: str) -> None:
        """Click a button of a dialog until the dialog is gone: a first click may only bring it to the front."""

        def gone() -> bool:
            with contextlib.suppress(self._gone):
                dialog = self._dialog(title)
                if dialog is not None and (button := dialog.find("PUSH_BUTTON", *buttons)) is not None:
                    button.click()
            return self._dialog(title) is None

        until(gone, pause=1)

    def _dialog(self, title: str) -> Shown | None:
        return next((w for w in self._windows() if w.name == title and w.has_role("DIALOG", "ALERT")), None)

    def _windows(self) -> list[Shown]:
        """The windows that are there; they come and go while one looks."""
        found = []
        for i in range(self._toolkit.getTopWindowCount()):
            with contextlib.suppress(self._gone):
                window = self._toolkit.getTopWindow(i)
                if window is not None and window.isVisible() and window.getAccessibleContext() is not None:
                    found.append(self._shown(window))
        return found

    def _shown(self, window: Any) -> Shown:
        return Shown(self.calc, self.display, window.getAccessibleContext())


def until(happens: Callable[[], T | None], seconds: float = 60, pause: float = 0.1) -> T:
    """Wait until a call gives something true, and return that."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = happens()
        if found:
            return found
        time.sleep(pause)
    raise AssertionError(f"not within {seconds} seconds")
