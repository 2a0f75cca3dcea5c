"""The manifest beside the files: what was written for which store, in which version."""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from xlsales.core.faults import Fault, Lang
from xlsales.ooxml.files import put, read_json
from xlsales.store.contract import FORMAT, INDEX, MANIFEST

_MOST_VERSIONS = 1_000_000
_MOST_BYTES = 255
"""The longest name of a file on systems that count bytes."""


class ManifestUnreadable(Fault):
    """A manifest that is damaged or of a newer format."""

    zh = "{file} 读不懂({reason})。它记录每份文件下发的版本;请恢复它,或换一个空文件夹下发。"
    en = "{file} cannot be read ({reason}). It keeps the versions handed out; restore it, or use an empty folder."


class ManifestOfOtherPlan(Fault):
    """The folder belongs to another plan or dimension."""

    zh = "文件夹 {folder} 里是“{found}”的下发文件,不是“{asked}”的。请换一个文件夹。"
    en = '{folder} holds the files of "{found}", not of "{asked}". Choose another folder.'


class Line(Struct, frozen=True):
    """One store: its file (relative to the manifest), the version and fingerprint of its targets, in yuan.

    `seal` is that in the file; empty if an earlier version handed it out, without a key.
    """

    code: str
    file: str
    version: int
    fingerprint: str
    sha256: str
    target: float
    seal: str = ""


class Manifest(Struct, frozen=True, dict=True):
    """Everything handed out into a folder for one plan and dimension."""

    plan: str
    dimension: str
    lang: Lang
    stores: tuple[Line, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Line]:
        """The lines by store."""
        return {line.code: line for line in self.stores}

    def with_lines(self, lines: Iterable[Line]) -> Manifest:
        """Return the manifest with these lines in place of the same stores' earlier ones, new ones last."""
        new = {line.code: line for line in lines}
        earlier = [new.pop(line.code, line) for line in self.stores]
        return replace(self, stores=(*earlier, *new.values()))

    def as_text(self) -> str:
        """Return the manifest's JSON, a line for each store, so two manifests can be compared."""
        head = {"format": FORMAT, "plan": self.plan, "dimension": self.dimension, "lang": self.lang}
        body = ",\n".join("  " + json.dumps(asdict(line), ensure_ascii=False) for line in self.stores)
        start = json.dumps(head, ensure_ascii=False)[:-1]
        return f'{start}, "stores": [\n{body}\n]}}\n' if body else f'{start}, "stores": []}}\n'

    def save(self, folder: Path) -> None:
        """Write it in one step, if it differs from the one in the folder."""
        path, data = folder / MANIFEST, self.as_text().encode()
        if not (path.exists() and path.read_bytes() == data):
            put(path, data, within=folder)

    @classmethod
    def load(cls, folder: Path) -> Manifest | None:
        """Read a folder's manifest; None if there is none. Raises ManifestUnreadable."""
        path = folder / MANIFEST
        if not path.exists():
            return None
        try:
            return cls.read(read_json(path))
        except ValueError as error:
            raise ManifestUnreadable(file=MANIFEST, reason=str(error)) from error

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Manifest:
        """Read a manifest's contents; raises ManifestUnreadable."""
        try:
            if record["format"] > FORMAT:
                raise ValueError(f"format {record['format']}")
            lines = tuple(
                Line(
                    _text(s["code"]), _bare(_text(s["file"])), _version(s["version"]), _text(s["fingerprint"]),
                    _text(s["sha256"]), _amount(s["target"]), _text(s.get("seal", "")),
                )
                for s in record["stores"]
            )  # fmt: skip
            for alike in ([line.code for line in lines], [line.file for line in lines]):
                if len(set(alike)) < len(alike):
                    raise ValueError(f"{next(one for one in alike if alike.count(one) > 1)!r} twice")
            lang: Lang = "en" if record["lang"] == "en" else "zh"
            return cls(_text(record["plan"]), _text(record["dimension"]), lang, lines)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise ManifestUnreadable(file=MANIFEST, reason=str(error)) from error


def manifests(near: Iterable[Path], apart: Path | None = None) -> Iterator[Manifest]:
    """Yield the manifests in these folders and right below them, but not those in the folder `apart`."""
    excluded = Path(os.path.realpath(apart)) if apart is not None else None
    for folder in dict.fromkeys(Path(os.path.realpath(path)) for path in near):
        with contextlib.suppress(OSError):
            for path in sorted({*folder.glob(MANIFEST), *folder.glob(f"*/{MANIFEST}")}):
                if excluded is not None and Path(os.path.realpath(path)).is_relative_to(excluded):
                    continue
                with contextlib.suppress(ManifestUnreadable, OSError):
                    manifest = Manifest.load(path.parent)
                    if manifest is not None:
                        yield manifest


def handed_out(near: Iterable[Path], plan: str, dimension: str) -> frozenset[str] | None:
    """Return the stores that got a file, by the manifests near; None if no manifest is of the plan."""
    own = [one for one in manifests(near) if (one.plan, one.dimension) == (plan, dimension)]
    return frozenset(code for one in own for code in one.by_code) if own else None


def _text(value: object) -> str:
    """Return a text that can be written again; `ValueError` for anything else."""
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:40]!r} is no text")
    value.encode()
    return value


def _version(value: object) -> int:
    if not isinstance(value, int) or not 0 < value < _MOST_VERSIONS:
        raise ValueError(f"version {str(value)[:40]!r}")
    return int(value)


def _amount(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"target {str(value)[:40]!r}")
    return float(value)


def _bare(name: str) -> str:
    """Return the name of a store's file; `ValueError` if it is none, or leads out of the folder."""
    if set(name) & set("/\\:\0") or len(name.encode()) > _MOST_BYTES or not _is_workbook(name):
        raise ValueError(f"file {name[:40]!r}")
    return name


def _is_workbook(name: str) -> bool:
    return name.casefold().endswith(".xlsx") and name.casefold() not in {own.casefold() for own in (INDEX.zh, INDEX.en)}
