"""Files made worse, a few of each kind on every run, and what such files once broke.

`XLSALES_FUZZ=3600 pytest tests/fuzz` tries fresh seeds for so many seconds. A failure names its kind and seed, and
keeps the input: put it into `found`, where it is tried ever after.
"""

from __future__ import annotations

import os
import random
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz.trials import KINDS, Base, in_memory_of, try_plan, try_returned, try_table

pytestmark = [
    pytest.mark.unit,
    pytest.mark.skipif(os.name != "posix", reason="limits of time and of files that only POSIX systems know"),
]
FOUND = Path(__file__).with_name("found")
A_RUN = {"plan": 16, "table": 20, "returned": 8, "names": 3, "end": 8}
"""So many seeds of each kind: a minute together."""
ASKED = float(os.environ.get("XLSALES_FUZZ", "0"))
GIB = 1 << 20
"""In kilobytes, in which Linux counts the most memory that a process had."""


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return Base.made(tmp_path_factory.mktemp("base"))


def most_memory() -> int:
    """Return the most memory that this process ever had, or any that it started."""
    import resource

    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def attempt(base: Base, folder: Path, kind: str, seed: int) -> None:
    """Try one seed of a kind; where it fails, keep the input and name both."""
    folder.mkdir(exist_ok=True)
    data, trial = KINDS[kind](base, folder, random.Random(f"{kind} {seed}"))
    before = most_memory()
    try:
        with in_memory_of(folder / "memory"):
            trial()
        assert most_memory() - before < GIB, "more than 1 GB"
    except BaseException:
        kept = Path(tempfile.gettempdir()) / "xlsales-fuzz"
        kept.mkdir(exist_ok=True)
        (kept / f"{kind}-{seed}").write_bytes(data)
        print(f"\n{kind} {seed} failed; its input is {kept / f'{kind}-{seed}'}", flush=True)
        raise


@pytest.mark.parametrize(("kind", "seed"), [(kind, seed) for kind, many in A_RUN.items() for seed in range(many)])
def test_a_file_made_worse(base: Base, tmp_path: Path, kind: str, seed: int) -> None:
    attempt(base, tmp_path, kind, seed)


@pytest.mark.parametrize("file", sorted(FOUND.iterdir()), ids=lambda path: path.name)
def test_what_once_broke_something(base: Base, tmp_path: Path, file: Path) -> None:
    """By its name: what is to be tried, what it was."""
    data, kind = file.read_bytes(), file.name.partition("-")[0]
    trials: dict[str, Callable[[], None]] = {
        "plan": lambda: try_plan(base, tmp_path, data),
        "table": lambda: try_table(base, tmp_path, data, file.suffix),
        "returned": lambda: try_returned(base, tmp_path, data, file.suffix),
    }
    with in_memory_of(tmp_path / "memory"):
        trials[kind]()


if ASKED:

    def test_for_as_long_as_is_asked(base: Base, tmp_path: Path) -> None:
        """Fresh seeds, which are printed; every failure is told, and the next seed tried."""
        first, until, failed = secrets.randbelow(10**9), time.monotonic() + ASKED, []
        done = dict.fromkeys(KINDS, 0)
        weighted = [kind for kind, many in A_RUN.items() for _ in range(many)]
        print(f"\nseeds from {first} on", flush=True)
        for seed in range(first, first + 10**9):
            if time.monotonic() > until:
                break
            kind, folder = weighted[seed % len(weighted)], tmp_path / str(seed)
            done[kind] += 1
            try:
                attempt(base, folder, kind, seed)
            except Exception as error:
                failed.append(f"{kind} {seed}: {type(error).__name__} {str(error)[-300:]}")
                print(failed[-1], flush=True)
            shutil.rmtree(folder)
        print(f"tried {done}", flush=True)
        assert not failed, "\n".join(failed)
