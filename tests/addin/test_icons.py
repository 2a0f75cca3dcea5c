"""The pictures on Calc's buttons: one for each verb, readable in every size and on light and dark toolbars."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

import pytest

from xlsales.addin.libreoffice.build import extension_bytes
from xlsales.addin.libreoffice.icons import ACCENT, DRAWINGS, LINE, SIZES, Colour, png
from xlsales.commands.verbs import VERBS, with_buttons

pytestmark = pytest.mark.unit
TOOLBARS = {"light": (0xF0, 0xF0, 0xF0), "dark": (0x2B, 0x2B, 0x2B)}
EACH = [(key, size) for key in DRAWINGS for size in (16, 24, 26, 32)]


def pixels(data: bytes) -> list[list[tuple[int, ...]]]:
    """Read a PNG of ours again: rows of red, green, blue and opacity."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    parts, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + body),)
        parts[kind], at = body, at + 12 + length
    width, height = struct.unpack(">2I", parts[b"IHDR"][:8])
    rows = zlib.decompress(parts[b"IDAT"])
    lines = [rows[y * (4 * width + 1) + 1 : (y + 1) * (4 * width + 1)] for y in range(height)]
    return [[tuple(line[4 * x : 4 * x + 4]) for x in range(width)] for line in lines]


def luminance(colour: Colour) -> float:
    parts = [c / 255 for c in colour]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_each_button_has_one_and_the_extension_holds_it() -> None:
    """Every verb with a button has a drawing, no drawing is without a verb, and both sizes are in the extension."""
    assert DRAWINGS.keys() == {verb.key for verb, _ in with_buttons(VERBS)}
    with zipfile.ZipFile(BytesIO(extension_bytes())) as file:
        for key, drawing in DRAWINGS.items():
            for size in SIZES.values():
                assert file.read(f"icons/{key}_{size}.png") == png(drawing, size)


@pytest.mark.parametrize(("key", "size"), EACH)
def test_it_is_readable(key: str, size: int) -> None:
    """It has that size, fills it without touching more than its edge, and shows both colours."""
    rows = pixels(png(DRAWINGS[key], size))
    assert (len(rows), len(rows[0])) == (size, size)
    drawn = [(x, y) for y, row in enumerate(rows) for x, pixel in enumerate(row) if pixel[3] > 127]
    assert 0.15 < len(drawn) / size**2 < 0.6
    for along in zip(*drawn, strict=True):
        assert min(along) < 0.2 * size
        assert max(along) > 0.75 * size
    full = {pixel[:3] for row in rows for pixel in row if pixel[3] == 255}
    assert ACCENT in full
    assert any(sum(abs(a - b) for a, b in zip(LINE, pixel[:3], strict=True)) < 12 for row in rows for pixel in row)


def test_no_two_are_alike() -> None:
    """At 16 pixels any two differ in at least 30 of the 256."""
    shapes = [[pixel[3] > 127 for row in pixels(png(drawing, 16)) for pixel in row] for drawing in DRAWINGS.values()]
    for n, one in enumerate(shapes):
        for other in shapes[:n]:
            assert sum(a != b for a, b in zip(one, other, strict=True)) >= 30


@pytest.mark.parametrize("toolbar", TOOLBARS)
@pytest.mark.parametrize("colour", [LINE, ACCENT])
def test_the_colours_stand_out(colour: Colour, toolbar: str) -> None:
    """Three to one, which WCAG asks of graphics."""
    dark, light = sorted((luminance(colour), luminance(TOOLBARS[toolbar])))
    assert (light + 0.05) / (dark + 0.05) >= 3
