"""The pictures of the READMEs, taken from the demo: `python -m tests.pictures`.

Sheets are printed by LibreOffice; calc.png shows the screen of a LibreOffice with the extension. It needs LibreOffice,
poppler's `pdftoppm` and `pdftotext`, Xvfb, xdotool, Chinese fonts, and Pillow (`pip install '.[pictures]'`).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

from tests.hosts.libreoffice.office import Calc, closing, private_office, uno_module
from tests.hosts.libreoffice.screen import Desk, Display
from xlsales.addin.libreoffice.install import install
from xlsales.core.faults import Lang
from xlsales.hosts.cli import main as xlsales
from xlsales.plan.sheets import SHEETS
from xlsales.store.sheets import SHEETS as STORE_SHEETS
from xlsales.vocabulary.contract import LANGS, Word
from xlsales.vocabulary.contract import SHEETS as INPUTS
from xlsales.vocabulary.words import with_name

HERE = Path(__file__).resolve().parents[1] / "templates" / "pictures"
DOTS_PER_INCH = 110
COLOURS, APART = 128, 10
"""Colours of a picture, and by how much one channel of each differs from every other (of 255)."""
SECONDS_TO_DRAW = 3
MARGIN, GAP = 14, 24
"""Pixels around a picture, and between the pages in it."""
FOOTER = 0.07
"""This part of a page's height holds its footer."""
STORE = Word("成都春熙店", "Chengdu Chunxi")
REGION = Word("区域", "Region")


@dataclass(frozen=True)
class Picture:
    """A picture: the sheet that it shows, how many of its pages, and the part of the height of each that is kept."""

    name: str
    sheet: Word
    pages: int = 1
    height: float = 1 - FOOTER


def titled(sheets: Iterable[Any], key: str) -> Word:
    """Return the title of the sheet with this key."""
    return next(sheet.title for sheet in sheets if sheet.key == key)


BY_REGION = Word(*(with_name(titled(SHEETS, "dimension"), REGION[lang], lang) for lang in LANGS))
OF_PLAN = (
    Picture("settings", INPUTS["settings"], height=0.352),
    Picture("dimensions", INPUTS["dimensions"], height=0.57),
    Picture("overview", titled(SHEETS, "overview")),
    Picture("by-region", BY_REGION, pages=2),
    Picture("problems", titled(SHEETS, "problems")),
)
OF_STORE = (Picture("store", titled(STORE_SHEETS, "front")), Picture("store-days", titled(STORE_SHEETS, "days")))


def printed(book: Path, folder: Path) -> Path:
    """Print a workbook by LibreOffice; return the PDF."""
    profile = (folder / "profile").as_uri()
    words = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir"]
    subprocess.run([*words, str(folder), str(book)], check=True, capture_output=True, timeout=300)
    return folder / f"{book.stem}.pdf"


def pages_of(pdf: Path) -> dict[str, list[int]]:
    """Return the numbers of the pages of each sheet, by the sheet's name in the footer."""
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    pages: dict[str, list[int]] = {}
    for number, page in enumerate(text.split("\f")[:-1], start=1):
        lines = page.strip().splitlines()
        footer = lines[-1].rpartition(" · ")[2].split("   ")[0].strip() if lines else ""
        pages.setdefault(footer, []).append(number)
    return pages


def page_image(pdf: Path, number: int, height: float) -> Image.Image:
    """Return the contents of a page, down to this part of its height, without white around them."""
    stem = pdf.with_suffix("")
    words = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-f", str(number), "-l", str(number), "-singlefile", "-png"]
    subprocess.run([*words, str(pdf), str(stem)], check=True)
    page = Image.open(stem.with_suffix(".png")).convert("RGB")
    page = page.crop((0, 0, page.width, round(page.height * height)))
    return page.crop(ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox())


def stacked(images: Sequence[Image.Image]) -> Image.Image:
    """Return the images below each other, with a white margin."""
    width = max(image.width for image in images) + 2 * MARGIN
    height = sum(image.height for image in images) + 2 * MARGIN + GAP * (len(images) - 1)
    whole, top = Image.new("RGB", (width, height), "white"), MARGIN
    for image in images:
        whole.paste(image, (MARGIN, top))
        top += image.height + GAP
    return whole


def take(pictures: Sequence[Picture], book: Path, lang: Lang, folder: Path, out: Path) -> None:
    """Print a workbook and write its pictures into a folder."""
    pdf = printed(book, folder)
    pages = pages_of(pdf)
    for picture in pictures:
        numbers = pages[picture.sheet[lang]][: picture.pages]
        image = stacked([page_image(pdf, number, picture.height) for number in numbers])
        save(image, out / f"{picture.name}.png")


def save(image: Image.Image, path: Path) -> None:
    """Write an image as a PNG with a palette of its most frequent colours: lamps keep theirs, edges of letters give.

    Colours that are nearly alike would be taken for each other, so the palette has but one of them.
    """
    counted = image.getcolors(image.width * image.height) or []
    chosen: list[tuple[int, int, int]] = []
    for _, colour in sorted(counted, key=lambda one: -one[0]):
        if len(chosen) < COLOURS and all(
            max(abs(a - b) for a, b in zip(colour, c, strict=True)) > APART for c in chosen
        ):
            chosen.append(colour)
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in chosen for part in colour])
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)


def take_screen(book: Path, lang: Lang, out: Path) -> None:
    """Write the picture of the overview in a window of Calc that has the extension's toolbar."""
    uno_module()
    folder = Path(tempfile.mkdtemp(prefix="xlsales-screen-"))
    display = Display(folder)
    try:
        office = private_office(folder, chinese=lang == "zh")
        install(office)
        calc = Calc(office.profile, folder / "memory", display.name)
        try:
            with closing(calc, Desk(calc, display).show(book)) as document:
                sheet = document.Sheets.getByName(titled(SHEETS, "overview")[lang])
                calc.on_main(lambda: document.CurrentController.setActiveSheet(sheet))
                time.sleep(SECONDS_TO_DRAW)
                save(Image.open(display.picture(folder / "calc.png")).convert("RGB"), out / "calc.png")
        finally:
            calc.close()
    finally:
        display.close()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Take all pictures in both languages."""
    parser = argparse.ArgumentParser(description="Prints the pictures of the READMEs from the demo.")
    parser.add_argument("out", nargs="?", type=Path, default=HERE, help="the folder to write into")
    out: Path = parser.parse_args().out
    for lang in LANGS:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            xlsales(["demo", str(folder / "demo"), "--lang", lang])
            (book,) = (folder / "demo").glob("*.xlsx")
            xlsales(["handout", str(book), str(folder / "stores"), "--store", STORE[lang]])
            (out / lang).mkdir(parents=True, exist_ok=True)
            take(OF_PLAN, book, lang, folder, out / lang)
            take_screen(book, lang, out / lang)
            take(OF_STORE, folder / "stores" / f"{STORE[lang]}.xlsx", lang, folder, out / lang)


if __name__ == "__main__":
    main()
