"""Replacing a file in one step, and the faults of files that are missing, held or protected."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from xlsales.core.faults import Fault


class FileMissing(Fault):
    """No file of that name."""

    zh = "找不到文件 {file}。请检查文件名和文件夹。"
    en = "There is no file {file}. Check its name and folder."


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


def held_open(path: Path | str) -> str | None:
    """Return the lock file beside a workbook that says Excel, WPS or LibreOffice has it open; None without one."""
    path = Path(path)
    locks = (f"~${path.name}", f".~{path.name}", f".~lock.{path.name}#")
    return next((lock for lock in locks if path.with_name(lock).exists()), None)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading; `FileMissing` and `NotReadable` say why it cannot be."""
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise FileMissing(file=str(path)) from error
    except OSError as error:
        raise NotReadable(file=path.name, reason=_reason(error)) from error
    with file:
        yield file


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to; when the block succeeds it takes the place of `path` in one step.

    The bytes go to a temporary file in the same folder and reach the disk before the move, so a reader sees the old
    file or the new one. Whatever goes wrong, `path` stays as it was (`HeldOpen`, `NotWritable`). A link is followed,
    permissions are kept.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not os.access(target, os.W_OK):
        raise NotWritable(file=path.name, reason="read-only")
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".xlsales-", suffix=".tmp")
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        _take_mode(target, temporary)
        try:
            os.replace(temporary, target)
        except PermissionError as error:
            raise HeldOpen(file=path.name) from error
        _sync_folder(target.parent)
    except OSError as error:
        raise NotWritable(file=path.name, reason=_reason(error)) from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _take_mode(target: Path, temporary: str) -> None:
    """Give the new file the permissions of the old one, or those of any new file."""
    if target.exists():
        shutil.copymode(target, temporary)
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
