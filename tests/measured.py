"""Commands run one by one, each in a process of its own: how it ended, its seconds, the most memory it had.

The processes are forked from one that has imported everything and read nothing, so that each takes little time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_SECONDS, MOST_MB = 20, 1000
"""What a run may take, whatever the file is that it reads."""
_PARENT = """
import json, os, signal, sys, time
import fastexcel, lxml.etree, numpy, polars
import xlsales.commands, xlsales.commands.collect, xlsales.hosts.cli
from xlsales.tables.files import processes

def child(arguments, said):
    signal.alarm(limit)
    for stream in (1, 2):
        os.dup2(said, stream)
    code = 99
    try:
        code = xlsales.hosts.cli.main(arguments)
        sys.stdout.flush()
    finally:
        processes._let_all_go()
        os._exit(code)

limit = int(sys.argv[1])
for line in sys.stdin:
    said = os.open(sys.argv[2], os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        child(json.loads(line), said)
    _, status, used = os.wait4(pid, 0)
    seconds = time.monotonic() - began
    os.lseek(said, 0, os.SEEK_SET)
    text = os.fdopen(said, "rb").read().decode("utf-8", "replace")
    answer = {"code": os.waitstatus_to_exitcode(status), "seconds": seconds, "kb": used.ru_maxrss, "said": text}
    answer["cpu"] = used.ru_utime + used.ru_stime
    print(json.dumps(answer), flush=True)
"""


@dataclass(frozen=True)
class Measured:
    """How a command ended (minus the signal if it was killed), what it said, and what it took.

    `cpu` are the seconds of the processor, its own and those of the processes that it started and saw end. `mb` is the
    most memory that its process had, or any process that it started, whichever is more.
    """

    code: int
    said: str
    seconds: float
    cpu: float
    mb: float

    @property
    def json(self) -> Any:
        return json.loads(self.said)


def measured(commands: Iterable[Sequence[object]], home: Path, limit: int = 60) -> Iterator[Measured]:
    """Run commands of the command line one after another; one that takes more than `limit` seconds is killed."""
    environment = {**os.environ, "XLSALES_DATA": str(home / "memory"), "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(limit), str(home / "said.txt")],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="ascii",
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        for command in commands:
            parent.stdin.write(json.dumps([str(one) for one in command]) + "\n")
            parent.stdin.flush()
            line = json.loads(parent.stdout.readline())
            yield Measured(line["code"], line["said"], line["seconds"], line["cpu"], line["kb"] * 1024 / 1e6)
        parent.stdin.close()
