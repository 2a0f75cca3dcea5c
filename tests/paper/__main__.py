"""Pages and screens of every sheet, to be looked at: `python -m tests.paper FOLDER`.

The workbooks are those that the tests beside this module measure. A page is what LibreOffice prints; a screen is its
window, as large as a laptop's and as a desk's. Pillow joins them, several on a picture.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from tests.hosts.libreoffice.office import Calc, closing, private_office, uno_module
from tests.hosts.libreoffice.screen import Desk, Display
from tests.paper.books import workbooks
from tests.pictures import printed
from xlsales.vocabulary.contract import LANGS

SIZES = ((1366, 768), (1920, 1080))
"""Pixels of a screen."""
SECONDS_TO_DRAW = 1.0
DOTS_PER_INCH = 75
ACROSS, A_PICTURE, GAP = 2, 4, 8


def take_pages(book: Path, out: Path) -> None:
    """Write the printed pages of a workbook as pictures."""
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as temporary:
        pdf = printed(book, Path(temporary))
        subprocess.run(["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", str(pdf), str(out / "page")], check=True)
    join(sorted(out.glob("page-*.png")), out, "pages")


def take_screens(books: dict[Path, Path], width: int, height: int) -> None:
    """Write what a window of this size shows of every sheet of each workbook, into the folder given for it."""
    uno_module()
    folder = Path(tempfile.mkdtemp(prefix="xlsales-screens-"))
    display = Display(folder, width, height)
    try:
        calc = Calc(private_office(folder).profile, folder / "memory", display.name)
        try:
            for book, out in books.items():
                with closing(calc, Desk(calc, display).show(book)) as document:
                    taken = list(_screens(calc, display, document, out, f"screen-{width}x{height}"))
                join(taken, out, f"screens-{width}x{height}")
        finally:
            calc.close()
    finally:
        display.close()
        shutil.rmtree(folder, ignore_errors=True)


def _screens(calc: Calc, display: Display, document: object, out: Path, name: str) -> Iterator[Path]:
    controller = document.CurrentController  # type: ignore[attr-defined]
    for n, title in enumerate(document.Sheets.ElementNames, 1):  # type: ignore[attr-defined]
        sheet = document.Sheets.getByName(title)  # type: ignore[attr-defined]
        calc.on_main(lambda sheet=sheet: controller.setActiveSheet(sheet))  # type: ignore[misc]
        time.sleep(SECONDS_TO_DRAW)
        yield display.picture(out / f"{name}-{n:02}.png")


def join(pictures: list[Path], out: Path, name: str) -> None:
    """Put several pictures on one, two beside each other."""
    for n in range(0, len(pictures), A_PICTURE):
        images = [Image.open(path).convert("RGB") for path in pictures[n : n + A_PICTURE]]
        width, height = max(i.width for i in images) + GAP, max(i.height for i in images) + GAP
        rows = -(-len(images) // ACROSS)
        whole = Image.new("RGB", (width * ACROSS, height * rows), "gray")
        for at, image in enumerate(images):
            whole.paste(image, (at % ACROSS * width, at // ACROSS * height))
        whole.save(out / f"{name}-{n // A_PICTURE + 1:02}.png", optimize=True)


def main() -> None:
    """Take all pages and screens in both languages."""
    parser = argparse.ArgumentParser(description="Prints and shows every sheet in both languages.")
    parser.add_argument("out", type=Path, help="a folder that is not there yet")
    out: Path = parser.parse_args().out
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["XLSALES_DATA"] = str(Path(temporary) / "memory")
        folders = {
            path: out / lang / name for lang in LANGS for name, path in workbooks(lang, Path(temporary) / lang).items()
        }
        for book, folder in folders.items():
            take_pages(book, folder)
        for width, height in SIZES:
            take_screens(folders, width, height)


if __name__ == "__main__":
    main()
