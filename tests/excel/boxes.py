"""Message boxes on the screen of a Windows PC: a thread of its own waits for them, reads them and presses a button."""

from __future__ import annotations

import contextlib
import ctypes
import threading
import time
from collections.abc import Iterator

OK, YES, NO = 1, 6, 7
OURS, OF_VBA, OF_EXCEL = "销售目标", "xlsales", "Microsoft Excel"
_COMMAND, _CLASS, _TEXT = 0x0111, "#32770", 0xFFFF  # WM_COMMAND, a dialog, the control with its text


def shown(title: str) -> tuple[int, str] | None:
    """Return the handle and the text of a message box of that title; None where none is open."""
    user = ctypes.windll.user32
    window = user.FindWindowW(_CLASS, title)
    if not window:
        return None
    text = ctypes.create_unicode_buffer(4096)
    user.GetDlgItemTextW(window, _TEXT, text, len(text))
    return window, text.value


@contextlib.contextmanager
def answered(
    *buttons: int, titles: tuple[str, ...] = (OURS, OF_VBA), wait: float = 0, never: str = ""
) -> Iterator[list[str]]:
    """Press these buttons of the message boxes that come, each after so many seconds; give what the boxes said.

    A box of the title `never` that is open meanwhile is a failure.
    """
    said: list[str] = []
    strange: set[str] = set()
    over = threading.Event()

    def watch() -> None:
        for button in buttons:
            while not over.is_set():
                found = next((box for title in titles if (box := shown(title))), None)
                if found is None:
                    time.sleep(0.2)
                    continue
                until = time.monotonic() + wait
                while time.monotonic() < until:
                    if never and (box := shown(never)):
                        strange.add(box[1])
                    time.sleep(0.2)
                said.append(found[1])
                ctypes.windll.user32.PostMessageW(found[0], _COMMAND, button, 0)
                while shown(OURS) == found or shown(OF_VBA) == found:
                    time.sleep(0.1)
                break

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield said
        watcher.join(5)
    finally:
        over.set()
    assert len(said) == len(buttons), f"message boxes: {said}"
    assert not strange
