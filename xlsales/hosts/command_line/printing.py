"""How much is printed: the outcome of a command, quiet or verbose, and how far it has got."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from xlsales.commands.job import Watch
    from xlsales.commands.outcome import Outcome
    from xlsales.hosts.addin_cli import Report


_PATIENCE = 10
"""Seconds that a sentence waits for a reader: whoever interrupts a run does not wait for a large file."""


def as_text(outcome: Outcome | Report, args: argparse.Namespace, stream: TextIO) -> str:
    """Return what a person reads of an outcome on a stream: its table, and its lines.

    With `--quiet` all is well without a word: what is left are tables, data problems, and what a command found that
    does not end in 0. With `--verbose` all details are there, and every data problem.
    """
    table, problems = getattr(outcome, "table", None), getattr(outcome, "problems", ())
    lang = getattr(outcome, "lang", "zh")
    every = [problem.say(lang) for problem in problems if not problem.fault.remark]
    parts = []
    if table is not None:
        from xlsales.hosts.command_line.tables import drawn

        parts.append(drawn(table, stream))
    if args.quiet and not args.verbose:
        if outcome.exit_code:
            parts += every or [outcome.as_text()]
    else:
        text = outcome.as_text(verbose=args.verbose)
        more = [sentence for sentence in every if sentence not in text] if args.verbose else []
        parts += [text, *more]
    return "\n".join(part for part in parts if part)


@contextlib.contextmanager
def streams_are_ours() -> Iterator[None]:
    """Wait until a reader in another thread, for which the error stream leads nowhere, has given it back."""
    native = sys.modules.get("xlsales.tables.files.native")
    turn = getattr(native, "TURN_OF_STREAMS", None)
    has_turn = turn is not None and turn.acquire(timeout=_PATIENCE)
    try:
        yield
    finally:
        if turn is not None and has_turn:
            turn.release()


@contextlib.contextmanager
def watched(args: argparse.Namespace) -> Iterator[Watch]:
    """Yield a callback (stage name, share done): with `--verbose` each stage is a line with its seconds, on a terminal
    a bar is drawn, elsewhere nothing is."""
    if args.verbose:
        with _timed() as watch:
            yield watch
    elif args.json or args.quiet or not sys.stderr.isatty():
        yield lambda stage, share: None
    else:
        with _bar() as watch:
            yield watch


@contextlib.contextmanager
def _timed() -> Iterator[Watch]:
    begun, current = time.perf_counter(), ""

    def watch(stage: str, share: float) -> None:
        nonlocal begun, current
        if stage != current:
            now = time.perf_counter()
            if current:
                print(f"{now - begun:6.2f} s  {current}", file=sys.stderr)
            begun, current = now, stage

    try:
        yield watch
    finally:
        watch("", 1.0)


@contextlib.contextmanager
def _bar() -> Iterator[Watch]:
    from tqdm import tqdm

    with tqdm(total=100, file=sys.stderr, leave=False, bar_format="{desc} {bar:30} {percentage:3.0f}%") as bar:

        def watch(stage: str, share: float) -> None:
            bar.set_description_str(stage, refresh=False)
            bar.n = round(share * 100)
            bar.refresh()

        yield watch
