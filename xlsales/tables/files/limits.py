"""Limits of memory and of the processor for this process: the system ends the process beyond them.

POSIX systems limit a process; on Windows a job with this process alone is limited.
"""

from __future__ import annotations

import sys
import time
from typing import Any

GIB = 1 << 30


def limit_memory(most: int) -> None:
    """Let this process have no more memory, in bytes. What Linux and macOS map without using it may be 1 GiB more."""
    if sys.platform == "win32":
        _limit_job(memory=most)
        return
    import resource

    for kind, limit in ((resource.RLIMIT_DATA, most), (resource.RLIMIT_AS, most + GIB)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_time(seconds: float) -> None:
    """Let this process have the processor for no more seconds from now on; time that others take does not count."""
    until = time.process_time() + seconds
    if sys.platform == "win32":
        _limit_job(seconds=until)
        return
    import resource

    soft, hard = int(until) + 1, resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _limit_job(**limits: float) -> None:
    """Set limits of the job of this process; the first call makes the job. Other limits stay.

    pywin32 comes with xlwings. Without it, or if Windows refuses, the clock of the caller is the only limit.
    """
    try:
        import pywintypes  # first: it finds the DLL of the others
        import win32api
        import win32job
    except ImportError:
        return
    kind = win32job.JobObjectExtendedLimitInformation
    try:
        job = _job[0] if _job else win32job.CreateJobObject(None, "")
        info = win32job.QueryInformationJobObject(job, kind)
        basic = info["BasicLimitInformation"]
        basic["LimitFlags"] |= win32job.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
        if "memory" in limits:
            basic["LimitFlags"] |= win32job.JOB_OBJECT_LIMIT_PROCESS_MEMORY
            info["ProcessMemoryLimit"] = int(limits["memory"])
        if "seconds" in limits:
            basic["LimitFlags"] |= win32job.JOB_OBJECT_LIMIT_PROCESS_TIME
            basic["PerProcessUserTimeLimit"] = int(limits["seconds"] * _TICKS)
        win32job.SetInformationJobObject(job, kind, info)
        if not _job:
            win32job.AssignProcessToJobObject(job, win32api.GetCurrentProcess())
            _job.append(job)
    except pywintypes.error:  # on an older Windows, the process may be in another job
        return


_TICKS = 10_000_000
"""Windows counts a tenth of a microsecond."""
_job: list[Any] = []
"""The handle; the job lasts as long as this list has it."""
