"""Text as people see it: only this module narrows input, and shows invisible characters in a quoted text.

A text copied from a web page or a chat has characters that nobody sees:
zero-width spaces, marks of direction, soft hyphens, odd spaces. `clean` takes
them out, `narrow` reads full-width letters as narrow ones too, `identity` is
the common part of two spellings of one name, and `visible` makes invisible
characters visible in a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import SupportsIndex

from xlsales.core.expressions import expression

_UNSEEN = (
    (0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x034F, 0x034F), (0x061C, 0x061C),
    (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Characters without width: controls, joiners, marks of direction, byte order marks, selectors of variants."""
_SPACES = (
    (0x1C, 0x1F), (0x85, 0x85), (0xA0, 0xA0), (0x115F, 0x1160), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
    (0x202F, 0x202F), (0x205F, 0x205F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFFA0, 0xFFA0),
)  # fmt: skip
"""Characters that look like a space; the wide space U+3000, which people can see, stays."""


def _class(spans: tuple[tuple[int, int], ...], form: str) -> str:
    return "[" + "".join(f"{form % first}-{form % last}" for first, last in spans) + "]"


UNSEEN = _class(_UNSEEN, r"\x{%X}")
"""The characters that `clean` leaves out, as an expression for polars."""
SPACES = _class(_SPACES, r"\x{%X}")
"""The characters that `clean` makes a plain space, as an expression for polars."""
_DROPPED = expression(_class(_UNSEEN, r"\U%08X"))
_SPACE = expression(_class(_SPACES, r"\U%08X"))
_QUOTED = expression(rf"(?![\uFE00-\uFE0F])(?:{_DROPPED.pattern}|{_SPACE.pattern})")  # an emoji's selector is its look

_BETWEEN_NAMES = expression(r"[、,;|/&+\n]+|\s+and\s+|(?<=[\u4e00-\u9fff]{2})\s+(?=[\u4e00-\u9fff]{2})")


def clean(text: str) -> str:
    """Return a text without invisible characters, and without spaces around it."""
    return _SPACE.sub(" ", _DROPPED.sub("", text)).strip()


@lru_cache(4096)
def narrow(text: str) -> str:
    """Return a text for reading as a number, a date or a header: clean, with narrow letters and digits.

    Digits that are not decimal, such as ², ½ and ①, stay: `1200¹` is an amount with a footnote, not 12001.
    """
    plain = clean(text)
    if plain.isascii() or unicodedata.is_normalized("NFKC", plain):
        return plain
    runs = (
        "".join(run) if other else unicodedata.normalize("NFKC", "".join(run))
        for other, run in groupby(plain, _is_other)
    )
    return "".join(runs).strip()


def _is_other(character: str) -> bool:
    return unicodedata.category(character) == "No"


@lru_cache(4096)
def identity(text: str) -> str:
    """Return the common part of two spellings of one name: narrow, case folded, without spaces."""
    return "".join(narrow(text).casefold().split())


def spelling(text: str) -> str:
    """Return a name narrow, without spaces: it keeps its case, unlike its identity."""
    return "".join(narrow(text).split())


class Number(int):
    """A whole number with its noun, or with a word that depends on it, in a sentence.

    `{count:rows}` gives `1 row` and `2 rows`; `{count:is|are}` the first word for one, else the second.
    """

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        if bar:
            return one if self == 1 else many
        if spec.isalpha() and len(spec) > 1:
            return f"{int(self)} {_singular(spec) if self == 1 else spec}"
        return format(int(self), spec)


def _singular(noun: str) -> str:
    return noun.removesuffix("ies") + "y" if noun.endswith("ies") else noun.removesuffix("s")


def names_in(text: str) -> tuple[str, ...]:
    """Return the names of people in a text, each once: `张三、李四`, `Ann/Ben`; a blank parts Chinese names alone."""
    parts = (part.strip() for part in _BETWEEN_NAMES.split(narrow(text)))
    return tuple({identity(part): part for part in parts if part}.values())


def counted(template: str, *arguments: object, **facts: object) -> str:
    """Fill in a template, with the nouns of its whole numbers (`Number`)."""
    return template.format(*map(_number, arguments), **{key: _number(fact) for key, fact in facts.items()})


def _number(fact: object) -> object:
    return Number(fact) if isinstance(fact, SupportsIndex) and not isinstance(fact, bool) else fact


def visible(text: str) -> str:
    """Return a text for a quotation: `[U+200B]` for a character without width, `␣` for a space that is not plain."""
    return text if text.isascii() and text.isprintable() else _QUOTED.sub(_mark, text)


def _mark(match: re.Match[str]) -> str:
    return "␣" if _SPACE.match(match[0]) else f"[U+{ord(match[0]):04X}]"
