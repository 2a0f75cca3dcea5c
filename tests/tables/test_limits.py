"""What a process may take: the limits of this system at work, and what Windows is asked for.

Windows is a fake that knows what pywin32's documentation says of jobs, and nothing else: it proves what is asked for,
not that Windows does it.
"""

from __future__ import annotations

import subprocess
import sys
import types
from typing import Any, ClassVar

import pytest

from xlsales.tables.files import limits

pytestmark = pytest.mark.unit
posix = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX systems")


def child(script: str) -> int:
    """Run a script in a process with limits; return its exit code, minus the signal that ended it."""
    lines = f"from xlsales.tables.files.limits import limit_memory, limit_time\n{script}"
    return subprocess.run([sys.executable, "-c", lines], timeout=100, capture_output=True, check=False).returncode


@posix
def test_a_process_that_works_without_end_is_ended() -> None:
    import signal

    assert child("limit_time(1)\nwhile True: pass") == -signal.SIGXCPU


@posix
def test_each_question_has_its_own_time() -> None:
    work = "import time; end = time.process_time() + 1\nwhile time.process_time() < end: pass"
    assert child("\n".join(["limit_time(2)", work] * 5)) == 0  # the system's own count is a rough one


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are those of Linux")
def test_a_process_that_asks_for_too_much_gets_none() -> None:
    assert child("limit_memory(500_000_000)\nbytearray(400_000_000)") == 0
    assert child("limit_memory(500_000_000)\nbytearray(600_000_000)") == 1
    assert child("limit_memory(500_000_000)\nlimit_memory(800_000_000)\nbytearray(600_000_000)") == 0


class Windows:
    """Jobs as pywin32 hands them over: a dictionary of limits, each of which counts only where its flag is set."""

    FLAGS: ClassVar[dict[str, int]] = {
        "JOB_OBJECT_LIMIT_PROCESS_TIME": 0x2,
        "JOB_OBJECT_LIMIT_PROCESS_MEMORY": 0x100,
        "JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE": 0x2000,
    }

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, refuses: bool = False) -> None:
        self.jobs: list[dict[str, Any]] = []
        self.members: list[tuple[int, int]] = []
        self.refuses = refuses
        error = type("error", (Exception,), {})
        job = types.SimpleNamespace(
            JobObjectExtendedLimitInformation=9,
            CreateJobObject=self.create,
            QueryInformationJobObject=self.query,
            SetInformationJobObject=self.set,
            AssignProcessToJobObject=self.assign,
            **self.FLAGS,
        )
        monkeypatch.setitem(sys.modules, "pywintypes", types.SimpleNamespace(error=error))
        monkeypatch.setitem(sys.modules, "win32api", types.SimpleNamespace(GetCurrentProcess=lambda: -1))
        monkeypatch.setitem(sys.modules, "win32job", job)
        monkeypatch.setattr(limits, "_job", [])
        monkeypatch.setattr(limits.sys, "platform", "win32")
        self.error = error

    def create(self, attributes: None, name: str) -> int:
        assert attributes is None
        assert name == ""
        basic = dict.fromkeys(
            ("PerProcessUserTimeLimit", "PerJobUserTimeLimit", "LimitFlags", "MinimumWorkingSetSize",
             "MaximumWorkingSetSize", "ActiveProcessLimit", "Affinity", "PriorityClass", "SchedulingClass"), 0,
        )  # fmt: skip
        whole = dict.fromkeys(("ProcessMemoryLimit", "JobMemoryLimit", "PeakProcessMemoryUsed", "PeakJobMemoryUsed"), 0)
        self.jobs.append({"BasicLimitInformation": basic, "IoInfo": {}, **whole})
        return len(self.jobs)

    def query(self, job: int, kind: int) -> dict[str, Any]:
        assert kind == 9
        found = self.jobs[job - 1]
        return {**found, "BasicLimitInformation": dict(found["BasicLimitInformation"])}

    def set(self, job: int, kind: int, info: dict[str, Any]) -> None:
        assert kind == 9
        old = self.jobs[job - 1]
        assert info.keys() == old.keys()
        assert info["BasicLimitInformation"].keys() == old["BasicLimitInformation"].keys()
        numbers = [info["ProcessMemoryLimit"], *info["BasicLimitInformation"].values()]
        assert all(type(number) is int for number in numbers)
        assert info["BasicLimitInformation"]["LimitFlags"] & ~sum(self.FLAGS.values()) == 0
        self.jobs[job - 1] = info

    def assign(self, job: int, process: int) -> None:
        if self.refuses:
            raise self.error(5, "AssignProcessToJobObject", "Access is denied.")
        self.members.append((job, process))


def test_windows_is_asked_for_a_job_with_both_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """One job, this process in it once; each later limit replaces its own and leaves the other."""
    windows = Windows(monkeypatch)
    monkeypatch.setattr(limits.time, "process_time", lambda: 1.5)
    limits.limit_memory(900_000_000)
    limits.limit_time(10)
    limits.limit_memory(950_000_000)
    (job,) = windows.jobs
    assert windows.members == [(1, -1)]
    assert job["ProcessMemoryLimit"] == 950_000_000
    assert job["BasicLimitInformation"]["PerProcessUserTimeLimit"] == 115_000_000
    assert job["BasicLimitInformation"]["LimitFlags"] == 0x2102


@pytest.mark.parametrize("how", ["refused", "without pywin32"])
def test_a_windows_that_gives_no_job_is_no_fault(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Then the clock alone limits, and files are read all the same."""
    windows = Windows(monkeypatch, refuses=True)
    if how != "refused":
        monkeypatch.setitem(sys.modules, "win32job", None)
    limits.limit_memory(900_000_000)
    limits.limit_time(10)
    assert windows.members == []
