"""Every returned file read: a few of them here, many in processes of their own, at once. The results are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from xlsales.commands.unforeseen import OURS_TO_END, failed_at
from xlsales.store.collect.reading import read_returned
from xlsales.store.returned import Returned, Round
from xlsales.tables.files.crew import Crew, cores
from xlsales.tables.files.unreadable import ReaderGone

Named = tuple[str, Path]
"""A returned file's name as it is shown, and its path."""
Helpers = Crew[Named, Returned]

FULL_LOAD = 125
"""A process is worth starting for so many files of the usual size."""
_USUAL = 100_000
"""Bytes of a usual file; a larger one counts for several."""


def helpers(files: Mapping[str, Path]) -> Helpers:
    """Start as many processes as reading these files is worth; for a few files none."""
    load = sum(max(1, path.stat().st_size // _USUAL) for path in files.values())
    return Helpers(f"{__name__}:reader", min(cores(), load // FULL_LOAD))


def reader(round_: Round) -> Callable[[Named], Returned]:
    """Return the function that reads a file of a round."""
    return partial(_read, round_)


def read_all(crew: Helpers, files: Mapping[str, Path], round_: Round) -> Iterator[Returned]:
    """Yield what came back, in the order of the files."""
    answers = crew.work(round_, list(files.items()), reader(round_))
    for (name, path), answer in zip(files.items(), answers, strict=True):
        if answer is None:  # its process died
            answer = Returned(name, round_.names.get(path.stem, ""), refused=ReaderGone(path=path.name))
        yield answer


def _read(round_: Round, named: Named) -> Returned:
    """Read a returned file; an error nobody foresaw, a panic of a native reader included, costs this file alone."""
    name, path = named
    try:
        return read_returned(path, name, round_)
    except OURS_TO_END:
        raise
    except BaseException as error:
        return Returned(name, round_.names.get(path.stem, ""), refused=failed_at(name, error, round_.lang))
