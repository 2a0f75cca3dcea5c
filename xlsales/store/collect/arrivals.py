"""The files in a folder of returned workbooks, and which file of a store counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from xlsales.core.faults import Fault, Listed, Place, Problem
from xlsales.ooxml.files import is_address, look_for_folder, shown
from xlsales.store import reasons
from xlsales.store.collect import choices
from xlsales.store.collect.reading import BOOKS, OTHERS
from xlsales.store.contract import BACK_FOLDER, OWN_FILES
from xlsales.store.returned import Returned, Round


class FolderEmpty(Fault):
    """A folder without a single workbook in it."""

    zh = "文件夹 {folder} 里没有交回的工作簿。请把各店交回的文件放进去。"
    en = "Folder {folder} holds no returned workbook. Put the returned files into it."


class NotRead(Fault):
    """Files with names of no workbook: pictures, files without an ending."""

    remark = True
    zh = "另有 {count} 个文件没有读:{files}。其中若有交回的表,请把文件名改成以 .xlsx 结尾,再收一次。"
    en = (
        "{count:files} {count:was|were} not read: {files}. If returned workbooks are among them, give "
        "them names that end in .xlsx and collect again."
    )


def arrivals(folder: Path, book: Path) -> list[Path]:
    """Return the returned files of a folder and its sub-folders, in the order of their names.

    Lock files, hidden files, the list and the zip of a hand-out, copies sent back and the plan itself are left out.
    """
    look_for_folder(folder)
    paths = [path for path in _files(folder, book) if _is_book(path)]
    if not paths:
        raise FolderEmpty(folder=folder)
    return paths


def not_read(folder: Path, book: Path) -> list[Problem]:
    """Report the files that `arrivals` leaves out though stores may have returned them."""
    names = [shown(path.relative_to(folder).as_posix()) for path in _files(folder, book) if not _is_book(path)]
    if not names:
        return []
    files = Listed([*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])])
    return [Problem.note(Place(shown(folder.name)), "", NotRead(count=len(names), files=files))]


_NAMED = 5
_OF_SYSTEMS = ("thumbs.db", "desktop.ini")


def _files(folder: Path, book: Path) -> list[Path]:
    """Return the files of a folder and its sub-folders, without the plan, our own files and those of systems."""
    own = {name.casefold() for name in (*OWN_FILES, *_OF_SYSTEMS)}
    back = {BACK_FOLDER.zh, BACK_FOLDER.en}
    return [
        path
        for path in sorted(folder.rglob("*"))
        if not path.name.startswith(("~$", "."))
        and path.name.casefold() not in own
        and not back & set(path.relative_to(folder).parts)
        and not path.is_dir()
        and not _is_plan(path, book)
    ]


def _is_book(path: Path) -> bool:
    return path.suffix.lower() in (*BOOKS, *OTHERS) and path.is_file()


def _is_plan(path: Path, book: Path) -> bool:
    """Whether a file is the plan; if the plan is on a cloud drive, its copy on this computer, which has its name."""
    return path.name == book.name if is_address(book) else path.resolve() == book.resolve()


def settle(returned: Sequence[Returned], round_: Round) -> None:
    """Decide which file of each store counts, and refuse one that is older than what was taken before."""
    _distrust(returned, round_)
    by_store: dict[str, list[Returned]] = {}
    for one in returned:
        if one.refused is None:
            by_store.setdefault(one.code, []).append(one)
    for code, files in by_store.items():
        last = round_.known.get(code)
        for one in _of_one_store(_reaching(files, last)):
            if one.is_blank:
                fault = choices.BlankSince(known=last) if last is not None else choices.NothingFilledIn()
                one.problems.insert(0, Problem.note(Place(""), "", fault))
            elif last is not None and one.reaches is not None and one.reaches < last:
                one.refused = choices.OlderFile(last=one.reaches, known=last)
                one.commitments = []
    for one in returned:
        if one.refused is None:
            _report_choice(one, [other for other in returned if other is not one and other.code == one.code])


def _reaching(files: list[Returned], last: dt.date | None) -> list[Returned]:
    """Return the files that reach the last day taken before, and refuse the others; all files if none reaches it."""
    behind = [one for one in files if last is not None and one.reaches is not None and one.reaches < last]
    rest = [one for one in files if not any(one is other for other in behind)]
    best = next((one for one in rest if not one.is_blank), None)
    if best is None:
        return files
    for one in behind:
        one.refused = choices.BehindCopy(code=one.code, taken=best.file, last=one.reaches, known=last)
    return rest


def _distrust(returned: Sequence[Returned], round_: Round) -> None:
    """Refuse files without a keyed seal, which anybody can make, if other files of the round have one."""
    if not round_.seals.are_keyed and all(one.trust in ("plain", "broken") for one in returned):
        return
    for one in returned:
        if one.refused is None and one.trust == "plain":
            one.refused = choices.SealMissing(code=one.code, folder=round_.seals.folder)
            one.commitments = []
            one.problems = [problem for problem in one.problems if problem.set_aside]


def _report_choice(choice: Returned, others: Sequence[Returned]) -> None:
    """Report why a file counts, if there are others of the same store."""
    files_by_reason: dict[type[Fault], list[str]] = {}
    for other in others:
        if isinstance(other.refused, reasons.Refusal) and other.refused.choice is not None:
            files_by_reason.setdefault(other.refused.choice, []).append(other.file)
    for reason, files in files_by_reason.items():
        fault = reason(code=choice.code, file=choice.file, others=Listed(files))
        choice.problems.insert(0, Problem.note(Place(""), "", fault))


def _of_one_store(files: list[Returned]) -> Iterator[Returned]:
    """Yield the file that counts; refuse the others, each with the reason. A blank file counts only alone."""
    filled = [one for one in files if not one.is_blank]
    for one in files if filled else ():
        if one.is_blank:
            one.refused = choices.BlankBeside(taken=filled[0].file)
    files = filled or files
    different: list[Returned] = []
    for one in sorted(files, key=lambda r: (r.saved is not None, r.saved), reverse=True) if _timed(files) else files:
        first = next((other for other in different if other.contents == one.contents), None)
        if first is None:
            different.append(one)
        else:
            one.refused = choices.SameFileTwice(taken=first.file)
    if len(different) == 1:
        yield different[0]
        return
    latest, following = different[0], different[1]
    if _timed(different) and latest.saved != following.saved:
        for one in different[1:]:
            one.refused = choices.OlderCopy(code=one.code, taken=latest.file)
        yield latest
        return
    newest = max(one.version for one in different)
    if [one.version for one in different].count(newest) == 1:
        choice = next(one for one in different if one.version == newest)
        facts = {"code": choice.code, "taken": choice.file, "newest": newest}
        for one in different:
            if one is not choice:
                one.refused = choices.EarlierVersion(**facts, version=one.version)
        yield choice
        return
    names = Listed(one.file for one in different)
    for one in different:
        one.refused = choices.SeveralFiles(code=one.code, count=len(different), files=names)


def _timed(files: Sequence[Returned]) -> bool:
    return all(one.saved is not None for one in files)


def is_late(one: Returned, due: dt.date | None) -> bool:
    """Whether a file was last saved after the day it was due."""
    return due is not None and one.saved is not None and one.saved.astimezone().date() > due
