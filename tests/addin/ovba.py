"""A strict reading of `vbaProject.bin`, from the text of [MS-OVBA] and not from any writer: every record in its place.

The container is read by olefile, the compression by oletools; both are told to refuse what is not right.
"""

from __future__ import annotations

import io
import re
import struct
from dataclasses import dataclass
from typing import Any

import olefile
from oletools.olevba import decompress_stream

FIXED = {"VBA/dir", "VBA/_VBA_PROJECT", "PROJECT", "PROJECTwm"}
_STREAM = r"[^=\r\n]+=\d+, \d+, \d+, \d+, ?C?\r\n"
PROJECT = re.compile(
    r'ID="\{[0-9A-F-]{36}\}"\r\n'
    r"((?:(?:Document=\w+/&H00000000|Module=\w+)\r\n)+)"
    r'Name="\w{1,128}"\r\nHelpContextID="0"\r\nVersionCompatible32="393222000"\r\n'
    r'CMG="[0-9A-F]{22,28}"\r\nDPB="[0-9A-F]{16,}"\r\nGC="[0-9A-F]{16,22}"\r\n\r\n'
    r"\[Host Extender Info\]\r\n&H00000001=\{3832D640-CF90-11CF-8E43-00A0C911005A\};VBE;&H00000000\r\n\r\n"
    rf"\[Workspace\]\r\n((?:{_STREAM})+)(?:\r\n)?"
)


@dataclass(frozen=True)
class Project:
    """What a project holds: module name → its whole text; which of them belong to the workbook and its sheets."""

    modules: dict[str, str]
    documents: frozenset[str]
    references: tuple[str, ...]


def read(data: bytes) -> Project:
    """Read a project; AssertionError where anything is not as the specification has it."""
    container = olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_POTENTIAL)
    assert not container.parsing_issues, container.parsing_issues
    streams = {"/".join(path): container.openstream(path).read() for path in container.listdir()}
    assert streams["VBA/_VBA_PROJECT"] == bytes.fromhex("cc61ffff000100"), "a compiled cache"
    references, listed = _directory(bytes(decompress_stream(bytearray(streams["VBA/dir"]))))
    modules = {}
    for name, standard in listed.items():
        text = bytes(decompress_stream(bytearray(streams[f"VBA/{name}"]))).decode("cp1252")
        assert text.startswith(f'Attribute VB_Name = "{name}"\r\n'), name
        assert "\n" not in text.replace("\r\n", ""), name
        assert ("VB_Base" in text) != standard, name
        modules[name] = text
    assert set(streams) == FIXED | {f"VBA/{name}" for name in modules}, "streams without a module"
    documents = frozenset(name for name, standard in listed.items() if not standard)
    _project_stream(streams["PROJECT"].decode("cp1252"), listed)
    assert _names(streams["PROJECTwm"]) == list(modules)
    return Project(modules, documents, references)


def _directory(raw: bytes) -> tuple[tuple[str, ...], dict[str, bool]]:
    """The `dir` stream in the order of 2.3.4.2: the references, and module → whether it is a standard one."""
    at = 0

    def record(number: int, size: int | None = None) -> bytes:
        nonlocal at
        found, length = struct.unpack_from("<HI", raw, at)
        assert found == number, f"record {number:#x} wanted at {at}, not {found:#x}"
        assert size is None or length == size, f"record {number:#x} of {length} bytes"
        at += 6 + length
        assert at <= len(raw), "the stream ends inside a record"
        return raw[at - length : at]

    def following() -> int:
        return int(struct.unpack_from("<H", raw, at)[0])

    def twice(narrow: int, wide: int) -> str:
        text = record(narrow).decode("cp1252")
        assert record(wide).decode("utf-16-le") == text
        return text

    def number(identifier: int, size: int) -> int:
        return int.from_bytes(record(identifier, size), "little")

    assert number(1, 4) in (1, 3), "not for Windows"
    if following() == 0x4A:
        record(0x4A, 4)
    assert number(2, 4) == number(0x14, 4) == 0x409
    assert number(3, 2) == 1252
    assert record(4)
    twice(5, 0x40)
    assert record(6) == record(0x3D)
    record(7, 4)
    assert number(8, 4) == 0
    assert struct.unpack_from("<HI", raw, at) == (9, 4)
    at += 12
    twice(0x0C, 0x3C)
    references = []
    while following() == 0x16:
        references.append(twice(0x16, 0x3E))
        registered = record(0x0D)
        assert int.from_bytes(registered[:4], "little") == len(registered) - 10
    count = number(0x0F, 2)
    record(0x13, 2)
    modules: dict[str, bool] = {}
    for _ in range(count):
        name = twice(0x19, 0x47)
        assert twice(0x1A, 0x32) == name
        twice(0x1C, 0x48)
        assert number(0x31, 4) == 0, "text behind a cache"
        record(0x1E, 4)
        record(0x2C, 2)
        assert following() in (0x21, 0x22)
        modules[name] = following() == 0x21
        record(following(), 0)
        record(0x2B, 0)
    record(0x10, 0)
    assert at == len(raw), "bytes behind the terminator"
    assert len(modules) == count
    return tuple(references), modules


def _project_stream(text: str, modules: dict[str, bool]) -> None:
    """The PROJECT stream against the grammar of 2.3.1, declaring exactly the modules."""
    found = PROJECT.fullmatch(text)
    assert found, "PROJECT is not as the grammar has it"
    declared = dict(line.split("=") for line in found[1].split("\r\n") if line for line in [_turned(line)])
    assert declared == {name: "Module" if standard else "Document" for name, standard in modules.items()}
    assert set(re.findall(r"(?m)^(\w+)=", found[2])) == set(modules)


def _turned(line: str) -> str:
    kind, _, name = line.partition("=")
    return f"{name.partition('/')[0]}={kind}"


def _names(data: bytes) -> list[str]:
    """The PROJECTwm stream: each module's name, narrow and wide."""
    names, at = [], 0
    while data[at] != 0:
        end = data.index(b"\0", at)
        narrow, at = data[at:end].decode("cp1252"), end + 1
        end = at
        while data[end : end + 2] != b"\0\0":
            end += 2
        assert data[at:end].decode("utf-16-le") == narrow
        names.append(narrow)
        at = end + 2
    return names


__all__: list[Any] = ["Project", "read"]
