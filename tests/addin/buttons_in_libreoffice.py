"""Run by a Python that has UNO: opens a workbook in LibreOffice and prints, as JSON, each button with its macro.

Arguments: workbook, folder for a profile of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def connect(profile: Path):  # type: ignore[no-untyped-def]
    pipe = f"xlsales{os.getpid()}"
    program = subprocess.Popen(
        [
            "soffice",
            "--headless",
            "--norestore",
            "--nodefault",
            "--nofirststartwizard",
            f"-env:UserInstallation={profile.as_uri()}",
            f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext",
        ]
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return program, context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            time.sleep(0.1)
    program.kill()
    raise SystemExit("LibreOffice did not start")


def value(name: str, of: object) -> PropertyValue:
    one = PropertyValue()
    one.Name, one.Value = name, of
    return one


def buttons(document):  # type: ignore[no-untyped-def]
    found = []
    for sheet in document.Sheets:
        forms = sheet.DrawPage.Forms
        for number in range(forms.Count):
            form = forms.getByIndex(number)
            for control in range(form.Count):
                scripts = [event.ScriptCode for event in form.getScriptEvents(control)]
                for script in scripts:
                    document.getScriptProvider().getScript(script)  # raises where there is no such macro
                found.append({"sheet": sheet.Name, "label": form.getByIndex(control).Label, "scripts": scripts})
    return found


def main(book: Path, folder: Path) -> None:
    program, desktop = connect(folder / "profile")
    try:
        always = value("MacroExecutionMode", 4)
        document = desktop.loadComponentFromURL(book.as_uri(), "_blank", 0, (value("Hidden", True), always))
        print(json.dumps(buttons(document)))
        document.close(True)
    finally:
        with contextlib.suppress(Exception):  # the connection ends with the program
            desktop.terminate()
        program.wait(60)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
