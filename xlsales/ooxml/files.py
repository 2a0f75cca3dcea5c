"""Replaces a file in one step; the faults of files that are missing, held open or protected."""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from xlsales.core.faults import Fault


def is_address(path: Path) -> bool:
    """Whether a path is the address of a workbook on a cloud drive: `https://…`, which Excel gives as its full name.

    It means no file of this computer, relative to no folder: never resolve it, never join a path to it.
    """
    return bool(path.parts) and re.fullmatch(r"[A-Za-z][\w+.-]+:[\\/]*", path.parts[0]) is not None


def read_json(path: Path) -> Any:
    """Return the contents of a file of JSON. Raises `ValueError` if anything is wrong with it, and `OSError`."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_JSON:
        raise ValueError("no file of records")
    try:
        return json.loads(path.read_bytes())
    except RecursionError as error:
        raise ValueError("too deep") from error


_MOST_JSON = 50_000_000


class FileMissing(Fault):
    """No file of that name."""

    zh = "找不到文件 {file}。请检查文件名和文件夹。"
    en = "There is no file {file}. Check its name and folder."


class NearFile(FileMissing):
    """No file of that name, but one of nearly that name beside it."""

    zh = "找不到文件 {file}。是不是 {near}?"
    en = "There is no file {file}. Did you mean {near}?"


class FolderMissing(Fault):
    """No folder of that name."""

    zh = "找不到文件夹 {folder}。请检查路径,或先建好它。"
    en = "There is no folder {folder}. Check the path, or make the folder first."


class IsFile(Fault):
    """The name of a folder belongs to a file."""

    zh = "{folder} 是文件,不是文件夹。请给出文件夹的路径。"
    en = "{folder} is a file, not a folder. Give the path of a folder."


class NoFile(Fault):
    """The name belongs to a folder, a device or a pipe, which may never end."""

    zh = "{file} 不是文件。请给出文件的路径。"
    en = "{file} is not a file. Give the path of a file."


class IsFolder(NoFile):
    """The name of a file belongs to a folder."""

    zh = "{file} 是文件夹,不是文件。请在后面加上文件名。"
    en = "{file} is a folder, not a file. Add the name of the file."


class NotReadable(Fault):
    """The file exists but may not be read."""

    zh = "无法读取 {file}({reason})。请关闭占用它的程序,或检查权限。"
    en = "{file} cannot be read ({reason}). Close the program that holds it, or check its permissions."


class HeldOpen(Fault):
    """Another program holds the file."""

    zh = "{file} 正被 Excel 或其他程序打开。请关闭它再试;文件没有改动。"
    en = "{file} is held open by Excel or another program. Close it and try again; the file is unchanged."


class NotWritable(Fault):
    """The file or its folder may not be written."""

    zh = "无法写入 {file}({reason})。请检查权限和磁盘空间;文件没有改动。"
    en = "{file} cannot be written ({reason}). Check permissions and disk space; the file is unchanged."


class SeemsOpen(Fault):
    """A lock file beside the workbook says that a program has it open."""

    zh = "{file} 似乎正在 Excel、WPS 或 LibreOffice 里打开。请先保存并关闭它再试;如果并没有打开,请删除旁边的 {lock}。"
    en = (
        "{file} seems to be open in Excel, WPS or LibreOffice. Save and close it there, then try again; "
        "if it is not open, delete {lock} beside it."
    )


class OutsideFolder(Fault):
    """A name or a link leads out of the folder that is to be written."""

    zh = "{file} 指到文件夹 {folder} 以外,没有写入。请把它改名或移走,再试。"
    en = "{file} leads out of the folder {folder}; it was not written. Rename it or move it away, then try again."


LEFT_OVER = ".xlsales-", ".tmp"
"""How the names of files on their way begin and end."""
_SURELY_DEAD = 3600
"""After so many seconds a file on its way is a left-over, if its writer cannot be asked."""


def held_open(path: Path | str) -> str | None:
    """Return the lock file beside a workbook that says Excel, WPS or LibreOffice has it open; None without one."""
    path = Path(path)
    locks = (f"~${path.name}", f".~{path.name}", f".~lock.{path.name}#")
    return next((lock for lock in locks if _is_there(path.with_name(lock))), None)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that is too long for a file belongs to none
        return False


def shown(name: str) -> str:
    """Return a file's name as text that can be written anywhere; bytes that are no UTF-8 are marked."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading; `FileMissing`, `NoFile` and `NotReadable` say why it cannot be."""
    try:
        if path.is_dir():
            raise IsFolder(file=str(path))
        if not stat.S_ISREG(path.stat().st_mode):
            raise NoFile(file=path.name)
        file = path.open("rb")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _missing(path) from error
    except OSError as error:
        raise NotReadable(file=path.name, reason=_reason(error)) from error
    with file:
        yield file


def look_for(path: Path) -> None:
    """Raise `IsFolder` or `FileMissing` if there is no file of that name."""
    if os.path.isdir(path):
        raise IsFolder(file=str(path))
    if not os.path.exists(path):
        raise _missing(path)


def look_for_folder(path: Path) -> None:
    """Raise `FolderMissing` or `IsFile` if there is no folder of that name."""
    if not os.path.exists(path):
        raise FolderMissing(folder=str(path))
    if not os.path.isdir(path):
        raise IsFile(folder=str(path))


def _missing(path: Path) -> FileMissing:
    """The fault of a missing file; it names a file beside it whose name is nearly the same, with or without ending."""
    names: list[str] = []
    with contextlib.suppress(OSError, ValueError), os.scandir(path.parent) as entries:
        names = [entry.name for entry in islice(entries, _MOST_BESIDE) if entry.is_file()]
    names = [name for name in names if Path(name).suffix in (path.suffix, ".xlsx", ".xlsm") and name[:1] not in "~."]
    by_stem = {Path(name).stem: name for name in names}
    stem = path.name if path.name in by_stem else path.stem
    near = next(iter(difflib.get_close_matches(stem, by_stem, 1, 0.75)), None)
    if near is None:
        return FileMissing(file=str(path))
    return NearFile(file=str(path), near=str(path.with_name(by_stem[near])))


_MOST_BESIDE = 1000
"""So many files of a folder are looked at for a near name."""


@contextlib.contextmanager
def replacing(
    path: Path, ready: Callable[[Path], None] | None = None, *, within: Path | None = None, durable: bool = True
) -> Iterator[BinaryIO]:
    """Give a file to write to; when the block succeeds it takes the place of `path` in one step.

    The bytes go to a temporary file in the same folder and reach the disk before the move (if it is to be
    `durable`), so a reader sees the old file or the new one. `ready` gets the temporary file right before the
    move: what it raises stops the run, and after the move nothing fails any more. Whatever goes wrong, `path` stays
    as it was (`HeldOpen`, `NotWritable`). A link is followed, unless the file is to stay `within` a folder
    (`OutsideFolder`): then a link is replaced. Permissions, owner and extended attributes are kept, if the system
    lets us.
    """
    target = Path(os.path.realpath(path)) if within is None else _inside(path, within)
    if within is None and target.exists() and not target.is_file():
        raise NoFile(file=path.name)
    if target.exists() and not os.access(target, os.W_OK):
        raise NotWritable(file=path.name, reason="read-only")
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=LEFT_OVER[0], suffix=LEFT_OVER[1])
        with os.fdopen(handle, "wb") as out, _held(handle):
            yield out
            out.flush()
            if durable:
                os.fsync(out.fileno())
            if ready is not None:
                ready(Path(temporary))
            if os.name == "posix":  # the lock is held until the file is no left-over any more
                _move(temporary, target, path.name, durable)
        if os.name != "posix":
            _move(temporary, target, path.name, durable)
    except OSError as error:
        raise NotWritable(file=path.name, reason=_reason(error)) from error
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)


def put(path: Path, data: bytes, *, within: Path | None = None, durable: bool = True) -> None:
    """Write a file in one step, as `replacing` does; its folder is made if missing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritable(file=path.name, reason=_reason(error)) from error
    with replacing(path, within=within, durable=durable) as out:
        out.write(data)


def clear_left_overs(folder: Path) -> None:
    """Remove files that killed writers left on their way; those of runs that are still going on stay."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(LEFT_OVER[0]) and entry.name.endswith(LEFT_OVER[1]):
                with contextlib.suppress(OSError):
                    if entry.is_file(follow_symlinks=False) and _is_dead(entry.path):
                        os.unlink(entry.path)


def _move(temporary: str, target: Path, name: str, durable: bool) -> None:
    _take_attributes(target, temporary)
    try:
        os.replace(temporary, target)
    except PermissionError as error:
        raise HeldOpen(file=name) from error
    if durable:
        with contextlib.suppress(OSError):
            _sync_folder(target.parent)


def _inside(path: Path, folder: Path) -> Path:
    """Return the real path of a file in a folder; its own name stays as it is, even if it is a link."""
    home = Path(os.path.realpath(folder))
    real = Path(os.path.realpath(path.parent)) / path.name
    if path.name in ("", "..") or not real.is_relative_to(home) or real.is_dir():
        raise OutsideFolder(file=path.name, folder=folder.name)
    return real


@contextlib.contextmanager
def _held(handle: int) -> Iterator[None]:
    """Hold a lock on a file on its way: others see that its writer lives. The lock ends with the handle."""
    if os.name == "posix":
        import fcntl

        with contextlib.suppress(OSError):  # some network drives know no locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    yield


def _is_dead(path: str) -> bool:
    """Return whether nobody writes a file any more: no lock or, if locks say nothing, an hour without a change."""
    status = os.stat(path)
    age = time.time() - status.st_mtime
    if os.name == "posix" and (status.st_size or age > 1):  # one just made may not have its lock yet
        import fcntl

        handle = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return age > _SURELY_DEAD
        finally:
            os.close(handle)
        return True
    return age > _SURELY_DEAD


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _take_attributes(target: Path, temporary: str) -> None:
    """Give the new file the permissions, owner and extended attributes of the old one, or those of any new file."""
    if target.exists():
        if hasattr(os, "chown"):
            status = target.stat()
            with contextlib.suppress(OSError):  # only root may give a file away
                os.chown(temporary, status.st_uid, status.st_gid)
        shutil.copymode(target, temporary)
        if hasattr(os, "listxattr"):
            with contextlib.suppress(OSError):
                for name in os.listxattr(target):
                    os.setxattr(temporary, name, os.getxattr(target, name))
    elif os.name == "posix":
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
