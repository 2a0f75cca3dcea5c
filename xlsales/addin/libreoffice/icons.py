"""The pictures on the buttons in Calc: plain lines in two colours, drawn here and written as PNG.

A drawing is a few lines and areas on a grid of 16 × 16, so that the same drawing is sharp in every size. The two
colours stand out (3 to 1) from the light and from the dark toolbars of LibreOffice.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Sequence
from functools import cached_property

from msgspec import Struct

Point = tuple[float, float]
Colour = tuple[int, int, int]

SIZES = {"Small": 16, "Big": 26}
"""The sizes that LibreOffice takes from an extension, in pixels; it scales them for other settings."""
LINE: Colour = (0x3C, 0x82, 0xC4)
ACCENT: Colour = (0xBF, 0x6B, 0x1A)
GRID = 16
_WIDTH = 1.5


class Stroke(Struct, frozen=True):
    """A line through points, with round ends."""

    points: Sequence[Point]
    colour: Colour = LINE
    width: float = _WIDTH

    def distance(self, x: float, y: float) -> float:
        """Return how far a point is from the edge of the line; less than 0 inside."""
        ways = zip(self.points, self.points[1:], strict=False)
        return min(_from_segment(x, y, a, b) for a, b in ways) - self.width / 2


class IconArea(Struct, frozen=True, dict=True):
    """A convex polygon; its corners go clockwise on the screen."""

    corners: Sequence[Point]
    colour: Colour = LINE

    @cached_property
    def _sides(self) -> list[tuple[Point, Point]]:
        return list(zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True))

    def distance(self, x: float, y: float) -> float:
        """Return how far a point is from the edge; less than 0 inside."""
        return max(_beside(x, y, a, b) for a, b in self._sides)


Drawing = Sequence[Stroke | IconArea]


def _from_segment(x: float, y: float, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = 0.0 if not length else max(0.0, min(1.0, ((x - a[0]) * dx + (y - a[1]) * dy) / length))
    return math.hypot(x - a[0] - along * dx, y - a[1] - along * dy)


def _beside(x: float, y: float, a: Point, b: Point) -> float:
    """How far a point is to the left of the way from a to b, as one goes."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    return ((x - a[0]) * dy - (y - a[1]) * dx) / math.hypot(dx, dy)


def _box(left: float, top: float, right: float, bottom: float, colour: Colour = LINE) -> IconArea:
    return IconArea(((left, top), (right, top), (right, bottom), (left, bottom)), colour)


def _arc(radius: float, begin: int, end: int) -> tuple[Point, ...]:
    """Points on a circle around the middle, by degrees, clockwise from the right."""
    turns = [math.radians(begin + (end - begin) * n / 24) for n in range(25)]
    return tuple((round(8 + radius * math.cos(t), 3), round(8 + radius * math.sin(t), 3)) for t in turns)


def _plus(x: float, y: float) -> tuple[Stroke, Stroke]:
    return (
        Stroke(((x - 2.5, y), (x + 2.5, y)), ACCENT, 2),
        Stroke(((x, y - 2.5), (x, y + 2.5)), ACCENT, 2),
    )


_PAGE = Stroke(((8, 14.25), (2.75, 14.25), (2.75, 1.75), (9, 1.75), (12.25, 5), (12.25, 7.5)))
_FOLD = Stroke(((8.75, 2), (8.75, 5.25), (12, 5.25)), width=1.2)
_TRAY = Stroke(((1.75, 9.5), (1.75, 14.25), (14.25, 14.25), (14.25, 9.5)))

DRAWINGS: dict[str, Drawing] = {
    "new": (_PAGE, _FOLD, *_plus(12, 12)),
    "split": (
        _box(5, 1, 11, 5),
        Stroke(((8, 5), (8, 11))),
        Stroke(((2.75, 11), (2.75, 8), (13.25, 8), (13.25, 11))),
        *(_box(x - 1.75, 10.5, x + 1.75, 14.5, ACCENT) for x in (2.75, 8, 13.25)),
    ),
    "refresh": (
        Stroke(_arc(5.75, -150, -25)),
        IconArea(((10, 5.5), (14.75, 1), (14.75, 5.75)), ACCENT),
        Stroke(_arc(5.75, 30, 155)),
        IconArea(((6, 10.5), (1.25, 15), (1.25, 10.25)), ACCENT),
    ),
    "check": (
        Stroke(((9.5, 2.75), (2, 2.75), (2, 14), (13.25, 14), (13.25, 9.5))),
        Stroke(((5, 7.25), (8, 10.25), (14.25, 3)), ACCENT, 2),
    ),
    "pdf": (
        Stroke(((2.75, 14.25), (2.75, 1.75), (9, 1.75), (12.25, 5), (12.25, 14.25), (2.75, 14.25))),
        _FOLD,
        _box(0.5, 7.5, 15.5, 12, ACCENT),
    ),
    "add": (
        Stroke(((8, 13.25), (1.75, 13.25), (1.75, 2.75), (14.25, 2.75), (14.25, 7.5))),
        Stroke(((1.75, 6.25), (14.25, 6.25)), width=1.2),
        Stroke(((6, 2.75), (6, 13.25)), width=1.2),
        *_plus(12, 12),
    ),
    "spread": (
        Stroke(((1.75, 14.25), (14.25, 14.25))),
        _box(2.25, 8, 5.25, 12.75),
        _box(6.5, 4.5, 9.5, 12.75, ACCENT),
        _box(10.75, 8, 13.75, 12.75),
        Stroke(((2, 2.75), (14, 2.75)), ACCENT, 1.2),
    ),
    "balance": (
        Stroke(((8, 1.5), (8, 13.5)), width=1.5),
        Stroke(((4, 14), (12, 14)), width=1.5),
        Stroke(((2, 3.75), (14, 3.75)), width=1.5),
        IconArea(((3.5, 5), (6.5, 11), (0.5, 11)), ACCENT),
        IconArea(((12.5, 5), (15.5, 11), (9.5, 11)), ACCENT),
    ),
    "undo": (
        Stroke(((4, 5.75), (10, 5.75), (12.75, 7.25), (13.5, 9.75), (12.75, 12.25), (10, 13.75), (6, 13.75))),
        IconArea(((1, 5.75), (6, 1.5), (6, 10)), ACCENT),
    ),
    "handout": (
        _TRAY,
        Stroke(((8, 5), (8, 11)), ACCENT, 2),
        IconArea(((8, 1), (12, 5.75), (4, 5.75)), ACCENT),
    ),
    "collect": (
        _TRAY,
        Stroke(((8, 1.5), (8, 7)), ACCENT, 2),
        IconArea(((4, 6.25), (12, 6.25), (8, 11)), ACCENT),
    ),
    "help": (
        Stroke(_arc(6.25, 0, 360)),
        Stroke(((6, 6.5), (6.25, 5.25), (8, 4.5), (9.75, 5.25), (9.9, 6.75), (8, 8.25), (8, 9.25)), ACCENT, 1.6),
        IconArea(((7.1, 10.75), (8.9, 10.75), (8.9, 12.5), (7.1, 12.5)), ACCENT),
    ),
}
"""The drawings by the keys of the verbs."""


def png(drawing: Drawing, size: int) -> bytes:
    """Return a drawing as a PNG of `size` × `size` pixels, transparent where nothing is drawn."""
    lines = [[_pixel(drawing, size, x, y) for x in range(size)] for y in range(size)]
    data = b"".join(b"\0" + b"".join(bytes(pixel) for pixel in line) for line in lines)
    header = struct.pack(">2I5B", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(data, 0)), (b"IEND", b""))
    packed = (struct.pack(">I", len(b)) + t + b + struct.pack(">I", zlib.crc32(t + b)) for t, b in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def _pixel(drawing: Drawing, size: int, column: int, row: int) -> tuple[int, int, int, int]:
    """The colour and opacity of a pixel; a shape covers as much of it as its edge is beyond the middle."""
    scale = size / GRID
    x, y = (column + 0.5) / scale, (row + 0.5) / scale
    red = green = blue = opacity = 0.0
    for shape in drawing:
        cover = max(0.0, min(1.0, 0.5 - shape.distance(x, y) * scale))
        if cover:
            below = opacity * (1 - cover)
            opacity = cover + below
            red, green, blue = (
                (new * cover + old * below) / opacity for new, old in zip(shape.colour, (red, green, blue), strict=True)
            )
    return round(red), round(green), round(blue), round(255 * opacity)
