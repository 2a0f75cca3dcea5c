"""Errors nobody foresaw: their details go to a log file that is named to the user, whatever else is broken."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

from xlsales import __version__
from xlsales.book.snapshots import own_folder
from xlsales.core.faults import Fault, Lang
from xlsales.vocabulary.contract import Word

UNCHANGED = Word(
    "程序内部出错({kind}),{book} 没有改动。请把日志文件发给我们:{log}",
    "The program failed ({kind}); {book} was not changed. Please send us the log file: {log}",
)
"""The sentence on an error of ours."""
CHANGED = Word(
    "{book} 已经写好,之后程序内部出错({kind})。要回到之前请用“撤销上次”;请把日志文件发给我们:{log}",
    "{book} was written; then the program failed ({kind}). Undo goes back. Please send us the log file: {log}",
)
INTERRUPTED = Word("已中断,{book} 没有改动。", "Interrupted; {book} was not changed.")
INTERRUPTED_AFTER = Word(
    "已中断,但 {book} 已经写好。要回到之前请用“撤销上次”。", "Interrupted, but {book} was written. Undo goes back."
)
THE_WORKBOOK = Word("工作簿", "the workbook")
"""What is said if there is no name."""
NO_MEMORY = Word(
    "内存不够,没有做完;{book} 没有改动。请关闭别的程序,或把数据分成几个文件再试。",
    "There is not enough memory; {book} was not changed. Close other programs, or split the data into several files.",
)
_REFUSED = Word(
    "{name}: 无法读写({reason})。请检查路径和权限。",
    "{name}: cannot be read or written ({reason}). Check the path and permissions.",
)
LOG = "xlsales.log"
"""The log of runs that have no host with a log of its own."""
_NO_LOG = Word("(日志写不下)", "(no room for a log)")
OURS_TO_END = (KeyboardInterrupt, SystemExit, GeneratorExit)
"""What is no error although it ends a run; all else is, a panic of a native reader included."""


class FileFailed(Fault):
    """A returned file at which the program fails: it costs itself, not the others."""

    zh = "读 {file} 时程序内部出错({kind}),没有采用,别的文件照常。请把这个文件和日志文件发给我们:{log}"
    en = (
        "The program failed at {file} ({kind}): not taken; the other files are. Please send us this file and the log "
        "file: {log}"
    )


def failed_at(file: str, error: BaseException, lang: Lang) -> FileFailed:
    """Return the sentence of a file at which the program failed; the details are in the log."""
    return FileFailed(file=file, kind=type(error).__name__, log=written_down(error, LOG) or _NO_LOG[lang])


def described(error: BaseException, log: str, word: Word, lang: Lang, book: str) -> str:
    """Write an error's details to the log of that name; return the sentence on it."""
    if isinstance(error, MemoryError) and word is UNCHANGED:
        return NO_MEMORY[lang].format(book=book)
    return word[lang].format(kind=type(error).__name__, book=book, log=written_down(error, log) or _NO_LOG[lang])


def of_the_system(error: OSError, lang: Lang, book: str) -> str:
    """Say what the system refused. Windows names no file in some errors (a full disk, a locked part of a file): then
    it was about the workbook."""
    name, reason = error.filename or error.filename2 or book, error.strerror or str(error) or type(error).__name__
    return _REFUSED[lang].format(name=name, reason=reason)


def written_down(error: BaseException, log: str) -> Path | None:
    """Write an error's details to the log of that name; return the log, None if nothing can be written."""
    with contextlib.suppress(Exception), log_of(log) as logger:
        versions = f"xlsales {__version__}, Python {platform.python_version()}, {platform.platform()}, {sys.argv[1:2]}"
        logger.error("failed at %s, %s", dt.datetime.now().isoformat(" ", "seconds"), versions, exc_info=error)
        return log_file(log)
    return None


@contextlib.contextmanager
def log_of(name: str) -> Iterator[logging.Logger]:
    """Open a log file for a few lines; it keeps a megabyte, and three older files."""
    handler = RotatingFileHandler(log_file(name), maxBytes=1 << 20, backupCount=3, encoding="utf-8", errors="replace")
    logger = logging.getLogger(f"xlsales.{name}")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield logger
    finally:
        logger.removeHandler(handler)
        handler.close()


def log_file(name: str) -> Path:
    """Return the path of a log file: in the user's own folder, or among the temporary files if that
    cannot be written."""
    folder = own_folder()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder / name
    return Path(tempfile.gettempdir()) / f"xlsales-{name}"
