"""Copies that go back to the stores: a marked copy of every file that has something to fix."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from xlsales.book.snapshots import checksum
from xlsales.commands.collection import Collection
from xlsales.core.faults import Fault, Place, Problem
from xlsales.ooxml.book import Book
from xlsales.ooxml.files import HeldOpen, NotWritable, OutsideFolder, put, read_json
from xlsales.store.collect.marking import BACK_TITLE, NAME_BACK, marked
from xlsales.store.contract import BACK_FOLDER


class CorrectedInPlace(Fault):
    """A person changed a copy in the folder of copies, which nothing reads."""

    zh = "退回的这份被改过,没有覆盖,也没有读。请把它放到交回文件夹里替换原来那份,再收一次。"
    en = "This copy was changed after it was sent back; it was not overwritten, nor read. Put it in place of the file."


def send_back(collection: Collection, folder: Path) -> list[Problem]:
    """Write a marked copy of every file that has something to fix; drop the copy of one that has no more.

    A copy that a person has changed since stays as it is, and is reported.
    """
    lang, problems = collection.round.lang, []
    home = folder / BACK_FOLDER[lang]
    ledger = home / _SENT
    before = _sent_back(ledger)
    sent = dict(before)
    for one in collection.returned:
        back = home / one.file
        if not one.can_be_marked:
            back = back.with_name(f"{back.stem}-{BACK_TITLE[lang]}.xlsx")
        key = back.relative_to(home).as_posix()
        if key in sent and back.exists() and checksum(back) != sent[key]:
            problems.append(Problem.note(Place(f"{home.name}/{key}"), "", CorrectedInPlace()))
            continue
        if not one.is_to_fix:
            _drop(back)
            sent.pop(key, None)
            continue
        data = marked(collection.paths[one.file], one, lang)
        try:
            if not (back.exists() and back.read_bytes() == data):
                put(back, data, within=folder)
            sent[key] = checksum(back)
        except (HeldOpen, NotWritable, OutsideFolder) as fault:  # what the stores sent counts all the same
            problems.append(Problem.note(Place(f"{home.name}/{key}"), "", fault))
    if sent != before:
        with contextlib.suppress(HeldOpen, NotWritable, OutsideFolder):  # without it, copies are taken for corrected
            put(ledger, json.dumps(sent, ensure_ascii=False, indent=1).encode(), within=folder)
    return problems


def _sent_back(ledger: Path) -> dict[str, str]:
    """Return what each copy looked like when it was written; of a record that cannot be read, every copy counts as
    changed since: none is overwritten."""
    try:
        content = read_json(ledger)
        if isinstance(content, dict) and all(isinstance(value, str) for value in content.values()):
            return content
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        pass
    return {path.relative_to(ledger.parent).as_posix(): "" for path in ledger.parent.rglob("*.xls*")}


_SENT = ".sent-back.json"
"""In the folder of copies: what each looked like when it was written."""


def _drop(back: Path) -> None:
    """Remove a copy that was sent back before and is settled; whatever else bears that name stays."""
    if not back.exists():
        return
    try:
        ours = Book.open(back).area(NAME_BACK) is not None
    except Fault:
        return
    if ours:
        back.unlink()
