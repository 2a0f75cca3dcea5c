"""The manifest beside the files: what was written for whom, in which version."""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from xlsales.core.faults import Fault, Lang
from xlsales.ooxml.files import put, read_json
from xlsales.store.contract import FORMAT, INDEX, MANIFEST

_MOST_VERSIONS = 1_000_000
_MOST_BYTES = 255
"""As long as a file's name may be, where systems count bytes."""


class ManifestUnreadable(Fault):
    """A manifest that is damaged or of a newer format."""

    zh = "{file} 读不懂({reason})。它记录每份文件下发的版本;请恢复它,或换一个空文件夹下发。"
    en = "{file} cannot be read ({reason}). It keeps the versions handed out; restore it, or use an empty folder."


class ManifestOfOtherPlan(Fault):
    """The folder belongs to another plan or dimension."""

    zh = "文件夹 {folder} 里是“{found}”的下发文件,不是“{asked}”的。请换一个文件夹。"
    en = '{folder} holds the files of "{found}", not of "{asked}". Choose another folder.'


@dataclass(frozen=True)
class Line:
    """One store: its file (relative to the manifest), the version and fingerprint of its targets, in yuan.

    `seal` is what the file bears; empty where an earlier version handed it out, without a key.
    """

    code: str
    file: str
    version: int
    fingerprint: str
    sha256: str
    target: float
    seal: str = ""


@dataclass(frozen=True)
class Manifest:
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
        kept = [new.pop(line.code, line) for line in self.stores]
        return Manifest(self.plan, self.dimension, self.lang, (*kept, *new.values()))

    def as_text(self) -> str:
        """Return the manifest's JSON; a store a line, so that two of them can be compared."""
        head = {"format": FORMAT, "plan": self.plan, "dimension": self.dimension, "lang": self.lang}
        body = ",\n".join("  " + json.dumps(asdict(line), ensure_ascii=False) for line in self.stores)
        start = json.dumps(head, ensure_ascii=False)[:-1]
        return f'{start}, "stores": [\n{body}\n]}}\n' if body else f'{start}, "stores": []}}\n'

    def save(self, folder: Path) -> None:
        """Write it in one step, where it differs from what stands there."""
        path, data = folder / MANIFEST, self.as_text().encode()
        if not (path.exists() and path.read_bytes() == data):
            put(path, data, within=folder)

    @classmethod
    def load(cls, folder: Path) -> Manifest | None:
        """Read a folder's manifest; None where there is none."""
        path = folder / MANIFEST
        if not path.exists():
            return None
        try:
            return cls.read(read_json(path))
        except ValueError as error:
            raise ManifestUnreadable(file=MANIFEST, reason=str(error)) from error

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Manifest:
        """Read a manifest's contents; raises ManifestUnreadable."""
        try:
            if found["format"] > FORMAT:
                raise ValueError(f"format {found['format']}")
            lines = tuple(
                Line(
                    _text(s["code"]), _bare(_text(s["file"])), _version(s["version"]), _text(s["fingerprint"]),
                    _text(s["sha256"]), _amount(s["target"]), _text(s.get("seal", "")),
                )
                for s in found["stores"]
            )  # fmt: skip
            for alike in ([line.code for line in lines], [line.file for line in lines]):
                if len(set(alike)) < len(alike):
                    raise ValueError(f"{next(one for one in alike if alike.count(one) > 1)!r} twice")
            return cls(_text(found["plan"]), _text(found["dimension"]), "en" if found["lang"] == "en" else "zh", lines)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise ManifestUnreadable(file=MANIFEST, reason=str(error)) from error


def manifests(near: Iterable[Path], apart: Path | None = None) -> Iterator[Manifest]:
    """Yield the manifests in these folders and right below them, but for those in the folder `apart`."""
    shut = Path(os.path.realpath(apart)) if apart is not None else None
    for folder in dict.fromkeys(Path(os.path.realpath(path)) for path in near):
        with contextlib.suppress(OSError):
            for path in sorted({*folder.glob(MANIFEST), *folder.glob(f"*/{MANIFEST}")}):
                if shut is not None and Path(os.path.realpath(path)).is_relative_to(shut):
                    continue
                with contextlib.suppress(ManifestUnreadable, OSError):
                    manifest = Manifest.load(path.parent)
                    if manifest is not None:
                        yield manifest


def handed_out(near: Iterable[Path], plan: str, dimension: str) -> frozenset[str] | None:
    """Return the stores that got a file, by the manifests near; None if none of the plan is there: nothing is known."""
    own = [one for one in manifests(near) if (one.plan, one.dimension) == (plan, dimension)]
    return frozenset(code for one in own for code in one.by_code) if own else None


def _text(found: object) -> str:
    """Return a text that can be written again; `ValueError` for anything else."""
    if not isinstance(found, str):
        raise ValueError(f"{str(found)[:40]!r} is no text")
    found.encode()
    return found


def _version(found: object) -> int:
    if not isinstance(found, int) or not 0 < found < _MOST_VERSIONS:
        raise ValueError(f"version {str(found)[:40]!r}")
    return int(found)


def _amount(found: object) -> float:
    if not isinstance(found, int | float) or not math.isfinite(found):
        raise ValueError(f"target {str(found)[:40]!r}")
    return float(found)


def _bare(name: str) -> str:
    """Return the name of a store's file; `ValueError` where it is none, or leads anywhere but into the folder."""
    if set(name) & set("/\\:\0") or len(name.encode()) > _MOST_BYTES or not _is_workbook(name):
        raise ValueError(f"file {name[:40]!r}")
    return name


def _is_workbook(name: str) -> bool:
    return name.casefold().endswith(".xlsx") and name.casefold() not in {own.casefold() for own in (INDEX.zh, INDEX.en)}
