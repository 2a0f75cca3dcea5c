"""The command line: the same verbs as the ribbon, on files.

Exit codes: 0 done; 1 done, and there are data problems to look at; 2 cannot
run, nothing written.
"""

from __future__ import annotations

import argparse
import codecs
import contextlib
import datetime as dt
import gc
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from xlsales.commands.verb import ACTUALS, BOOK
from xlsales.commands.verbs import verb_of
from xlsales.hosts import addin_cli
from xlsales.hosts.command_line.language import language_asked, language_of_system
from xlsales.hosts.command_line.options import JSON
from xlsales.hosts.command_line.parser import COMMANDS, read_call
from xlsales.hosts.command_line.printing import as_text, streams_are_ours, watched

if TYPE_CHECKING:
    from xlsales.book.snapshots import Snapshots
    from xlsales.commands.job import Run, Watch
    from xlsales.commands.outcome import Outcome
    from xlsales.commands.verb import Verb
    from xlsales.core.faults import Lang, Problem

WITH_PROBLEMS, CANNOT_RUN = 1, 2
MOST_FAULTS = 20
"""So many faults of a run that cannot go on are printed."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code. A pipe that is closed early (`| head`) is no fault."""
    if argv is None:  # a process of its own is short; collecting among a large workbook's cells would cost a tenth
        gc.disable()
    _open_streams()
    try:
        return _main(argv)
    finally:
        for stream in (sys.stdout, sys.stderr):
            with _pipe_may_close(stream):
                stream.flush()
        if argv is None:  # what is left goes with the process; Python would search it for circles three times
            gc.freeze()


def _main(argv: Sequence[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=_encoding(stream), errors="replace")
    words = sys.argv[1:] if argv is None else argv
    lang = language_asked(words)
    if "_ARGCOMPLETE" in os.environ:  # a shell asks which words may come next
        from xlsales.hosts.command_line.completing import complete

        complete(lang)
    try:
        args = read_call(words, lang)
    except Exception as fault:
        return _not_understood(words, fault, lang)
    if isinstance(args, str):
        _say(args)
        return 0
    before = _state(args)
    try:
        return _report(args)
    except (SystemExit, GeneratorExit):
        raise
    except ImportError as error:  # a library is missing, as after a virus scanner took it
        return _without_words(args, error, before)
    except BaseException as error:  # an interrupt or a defect; a panic of a native reader is no Exception
        try:
            return _broken_off(args, error, before)
        except Exception as another:
            return _without_words(args, another, before)


def _not_understood(words: Sequence[str], fault: Exception, lang: Lang) -> int:
    """Say what is wrong with a call; raises what is no fault of the person."""
    from xlsales.core.faults import Fault

    if not isinstance(fault, Fault):
        raise fault
    command = next((word for word in words if word in COMMANDS), None)
    args = argparse.Namespace(command=command, lang=lang, json=JSON.name in words)
    return _refuse(args, [fault.say(lang)])


def _report(args: argparse.Namespace) -> int:
    """Run a command and print its outcome or its refusal; any other exception was not foreseen."""
    from xlsales.core.faults import Fault, Refused

    try:
        with watched(args) as watch:
            outcome = _run(args, watch)
    except Refused as refused:
        return _refuse(args, [problem.say(_lang(args)) for problem in refused.problems], refused.problems)
    except Fault as fault:
        return _refuse(args, [fault.say(_lang(args))])
    text = _as_json(outcome.as_json()) if args.json else as_text(outcome, args, sys.stdout)
    if text:
        _say(text)
    if args.open:
        _open(outcome, args)
    return outcome.exit_code


def _open(outcome: Outcome | addin_cli.Report, args: argparse.Namespace) -> None:
    """Open what was written with the program that the system has for it; a run is done whether that works or not."""
    from xlsales.core.faults import Fault
    from xlsales.hosts.command_line.opening import open_with_system, result_of

    try:
        open_with_system(result_of(outcome.as_json()))
    except Fault as fault:
        _say(fault.say(_lang(args)), sys.stderr)


def _open_streams() -> None:
    """Print into nothing if the program was started without an output (`>&-`, `pythonw`)."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def _encoding(stream: TextIO) -> str:
    """Return UTF-8 or, for a pipe on Windows, the code page of the console: PowerShell 5.1 decodes by that.

    An encoding that is asked for (PYTHONIOENCODING, PYTHONUTF8) comes first.
    """
    if sys.platform != "win32" or stream.isatty():
        return "utf-8"
    if os.environ.get("PYTHONIOENCODING") or sys.flags.utf8_mode:
        return stream.encoding
    import ctypes

    page = ctypes.windll.kernel32.GetConsoleOutputCP()  # 0 if there is no console
    try:
        return codecs.lookup(f"cp{page}").name
    except LookupError:
        return "utf-8"


def _as_json(result: object) -> str:
    """Return JSON that every reader decodes: it has other characters than ASCII only if the stream is UTF-8."""
    unicode = codecs.lookup(sys.stdout.encoding or "utf-8").name == "utf-8"
    return json.dumps(result, ensure_ascii=not unicode, indent=2)


def _say(text: str, stream: TextIO | None = None) -> None:
    stream = stream or sys.stdout
    with streams_are_ours(), _pipe_may_close(stream):
        print(text, file=stream, flush=True)


@contextlib.contextmanager
def _pipe_may_close(stream: TextIO) -> Iterator[None]:
    """Let a pipe close, or the disk behind a redirection fill up: that does not change the outcome."""
    try:
        yield
    except OSError:  # what is still to come goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run(args: argparse.Namespace, watch: Watch) -> Outcome | addin_cli.Report:
    from xlsales.commands.said import check_paths, day_said

    own = {verb.key: verb for verb in addin_cli.COMMANDS}
    verb = own.get(args.command) or verb_of(args.command)
    check_paths(verb.arguments, vars(args))
    if verb.key in own:
        return addin_cli.run(args, _lang(args))
    if ACTUALS in verb.arguments:  # a reader process starts while all else is imported
        from xlsales.tables.files.processes import warm

        warm(Path(args.actuals) if args.actuals else args.book)
    from xlsales.commands.job import Start

    options = {argument.key: getattr(args, argument.key) for argument in verb.own}
    for argument in verb.own:
        if argument.kind == "day" and options[argument.key] is not None:
            options[argument.key] = day_said(options[argument.key], argument, args.book)
    start = _job(verb, args, watch) if BOOK in verb.arguments else Start(_lang(args), _now(), _snapshots(), watch)
    outcome: Outcome = verb.act()(start, **options)
    return outcome


def _job(verb: Verb, args: argparse.Namespace, watch: Watch) -> Run:
    from xlsales.commands.asking import Past, SaidBeforehand
    from xlsales.commands.document import FileDocument
    from xlsales.commands.job import Run

    past = Past.CLOSE if args.close else Past.REWRITE if args.rewrite else None
    document = FileDocument(args.book, _snapshots(), args.out, _print)
    return Run(document, _now(), SaidBeforehand(past, args.yes), args.actuals, args.history, watch)


def _print(pages: Path, out: Path) -> None:
    from xlsales.hosts.command_line.office import print_to

    print_to(pages, out)


def _snapshots() -> Snapshots:
    from xlsales.book.snapshots import Snapshots

    return Snapshots.of_user()


def _now() -> dt.datetime:
    return dt.datetime.now().replace(microsecond=0)


def _lang(args: argparse.Namespace) -> Lang:
    """Return the language of messages: that of the option, else the workbook's, else the system's."""
    if args.lang:
        return "en" if args.lang == "en" else "zh"
    if getattr(args, "book", None) is None:
        return language_of_system()
    from xlsales.plan.inputs import language_of

    return language_of(args.book, language_of_system())


def _refuse(
    args: argparse.Namespace, sentences: list[str], problems: Sequence[Problem] = (), code: int = CANNOT_RUN
) -> int:
    if args.json:
        from xlsales.commands.outcome import problem_json

        listed = [problem_json(problem, _lang(args)) for problem in problems]
        result = {"command": args.command, "exit_code": code, "faults": sentences, "problems": listed}
        _say(_as_json(result))
        return code
    lines = sentences[:MOST_FAULTS]
    if len(sentences) > len(lines):
        more = "…… 共 {} 处,其余见 --json。" if _lang(args) == "zh" else "… {} in all; --json gives the rest."
        lines.append(more.format(len(sentences)))
    _say("\n".join(lines), sys.stderr)
    return code


def _broken_off(args: argparse.Namespace, error: BaseException, before: object) -> int:
    """Report a run that broke off; the exit code says whether the workbook had been written."""
    from xlsales.commands.unforeseen import (
        CHANGED,
        INTERRUPTED,
        INTERRUPTED_AFTER,
        LOG,
        THE_WORKBOOK,
        UNCHANGED,
        described,
        of_the_system,
    )

    lang = _lang(args)
    changed, target = _state(args) != before, _target(args)
    book = target.name if target is not None else THE_WORKBOOK[lang]
    if isinstance(error, KeyboardInterrupt):
        sentence = (INTERRUPTED_AFTER if changed else INTERRUPTED)[lang].format(book=book)
    elif isinstance(error, OSError) and not changed:
        sentence = of_the_system(error, lang, book)
    else:
        sentence = described(error, LOG, CHANGED if changed else UNCHANGED, lang, book)
        if args.verbose:
            _say("".join(traceback.format_exception(error)).rstrip(), sys.stderr)
    return _refuse(args, [sentence], code=WITH_PROBLEMS if changed else CANNOT_RUN)


def _without_words(args: argparse.Namespace, error: Exception, before: object) -> int:
    """Report an error with nothing but Python itself, because what usually reports errors failed too."""
    changed, target = _state(args) != before, _target(args)
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="xlsales-broken-", suffix=".log", delete=False, encoding="utf-8", errors="replace"
        ) as log:
            log.write("".join(traceback.format_exception(error)))
        details = log.name
    except OSError:
        details = "-"
    what, book = f"{type(error).__name__}: {error}", target.name if target is not None else ""
    if (args.lang or language_of_system()) == "en":
        state = "was written" if changed else "was not changed"
        sentence = f"xlsales is damaged ({what}); {book} {state}. Install it again; the details are in {details}"
    else:
        state = "已经写好" if changed else "没有改动"
        sentence = f"xlsales 已损坏({what}),{book} {state}。请重新安装 xlsales;详情见 {details}"
    code = WITH_PROBLEMS if changed else CANNOT_RUN
    if args.json:
        _say(_as_json({"command": args.command, "exit_code": code, "faults": [sentence], "problems": []}))
    else:
        _say(sentence, sys.stderr)
    return code


def _target(args: argparse.Namespace) -> Path | None:
    """Return the workbook that a command writes."""
    return getattr(args, "out", None) or getattr(args, "book", None)


def _state(args: argparse.Namespace) -> tuple[int, int, int] | None:
    """Return what differs between two states of that workbook's file; None if there is no file."""
    target = _target(args)
    try:
        status = os.stat(target) if target is not None else None
    except (OSError, ValueError):
        return None
    return (status.st_ino, status.st_mtime_ns, status.st_size) if status is not None else None


if __name__ == "__main__":
    sys.exit(main())
