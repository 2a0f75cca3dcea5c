"""At the edges of the system: full disks, kills, damaged records, odd names, errors nobody foresaw.

Exit codes mean what README says, whatever happens: 0 done, 1 done with something to look at, 2 nothing written.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands.books import Command, answer, members, plan
from tests.commands.store_files import StoreFile, stores_plan
from xlsales.ooxml.files import LEFT_OVER

pytestmark = pytest.mark.unit
posix = pytest.mark.skipif(os.name != "posix", reason="what only POSIX systems have")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return plan(tmp_path / "计划.xlsx")


@dataclass(frozen=True)
class Ended:
    """How a process of its own ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> list[str]:
        return self.err.splitlines()


def process(script: str, *arguments: object, home: Path, out: str | None = None) -> Ended:
    """Run the command line in a process of its own, after a few lines that break something in it."""
    lines = f"{textwrap.dedent(script)}\nimport sys\nfrom xlsales.hosts.cli import main\nsys.exit(main())\n"
    environment = {**os.environ, "XLSALES_DATA": str(home / "memory"), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", lines, *map(str, arguments)]
    with open(out or os.devnull, "w") as file:
        streams = {"stdout": file if out else subprocess.PIPE, "stderr": subprocess.PIPE}
        ran = subprocess.run(command, env=environment, timeout=120, text=True, encoding="utf-8", check=False, **streams)
    return Ended(ran.returncode, ran.stdout or "", ran.stderr)


def left_overs(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob(LEFT_OVER[0] + "*"))


def typed(path: Path, sold: object) -> None:
    """Let a store type what it sold on 5 January."""
    StoreFile(path, path.stem).type({("2026-01-05", "entry"): sold})


# --- errors nobody foresaw ---

PANIC = "class Panic(BaseException): pass\n"
UNFORESEEN = {
    "an error": ("raise KeyError('甲')", "KeyError"),
    "a panic of a native reader": ("raise Panic('index out of bounds')", "Panic"),
    "an error that cannot be shown": ("raise ValueError('\\ud800')", "ValueError"),
    "no end of calls": ("def f(): f()\n    f()", "RecursionError"),
}


@pytest.mark.parametrize("json_wanted", [False, True])
@pytest.mark.parametrize("what", UNFORESEEN)
def test_an_unforeseen_error_is_one_sentence(book: Path, tmp_path: Path, what: str, json_wanted: bool) -> None:
    """One sentence names the kind and the log, exit 2, the workbook as it was; the log has the details."""
    code, kind = UNFORESEEN[what]
    script = f"{PANIC}import xlsales.commands.split as c\ndef split(run):\n    {code}\nc.split = split"
    before = book.read_bytes()
    ended = process(script, "split", book, *(["--json"] if json_wanted else []), home=tmp_path)
    assert ended.code == 2
    said = json.loads(ended.out)["faults"] if json_wanted else ended.said
    log = tmp_path / "memory" / "xlsales.log"
    assert said == [f"程序内部出错({kind}),计划.xlsx 没有改动。请把日志文件发给我们:{log}"]
    assert kind in log.read_text("utf-8")
    assert "Traceback" in log.read_text("utf-8")
    assert book.read_bytes() == before


def test_after_the_workbook_was_written_the_code_is_one(book: Path, tmp_path: Path) -> None:
    """An error after the commit says that the workbook was written; undo, which it names, goes back."""
    script = """
        import xlsales.commands.split as c
        whole = c.split
        def split(run):
            whole(run)
            raise KeyError
        c.split = split
    """
    before = book.read_bytes()
    ended = process(script, "split", book, home=tmp_path)
    assert ended.code == 1
    assert len(ended.said) == 1
    assert "计划.xlsx 已经写好" in ended.err
    assert book.read_bytes() != before
    assert process("", "undo", book, home=tmp_path).code == 0
    assert book.read_bytes() == before


def test_an_interrupt_and_too_little_memory_are_told(book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    for error, word in (("KeyboardInterrupt", "已中断"), ("MemoryError", "内存不够")):
        script = f"import xlsales.commands.split as c\ndef split(run): raise {error}\nc.split = split"
        ended = process(script, "split", book, home=tmp_path)
        assert (ended.code, len(ended.said)) == (2, 1)
        assert word in ended.err
        assert "没有改动" in ended.err
    assert book.read_bytes() == before


def test_a_log_that_cannot_be_written_is_no_second_error(book: Path, tmp_path: Path) -> None:
    """Where the user's own folder cannot be had, the log goes to the temporary files."""
    (tmp_path / "memory").write_text("a file where the folder should be")
    script = "import xlsales.commands.split as c\ndef split(run): raise KeyError\nc.split = split"
    ended = process(script, "split", book, home=tmp_path)
    assert (ended.code, len(ended.said)) == (2, 1)
    assert "xlsales-xlsales.log" in ended.err


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_that_finds_no_room_changes_nothing(book: Path, tmp_path: Path) -> None:
    """The run is done although nobody can read of it: exit 0, the workbook written, no traceback."""
    before = book.read_bytes()
    ended = process("", "split", book, home=tmp_path, out="/dev/full")
    assert (ended.code, ended.err) == (0, "")
    assert book.read_bytes() != before


# --- the user's own folder ---


def test_a_run_without_undo_is_not_begun(
    xlsales: Command, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the version before cannot be kept, nothing is written; the sentence's remedy works."""
    (tmp_path / "memory").write_text("a file where the folder should be")
    before = book.read_bytes()
    ran = xlsales("split", book)
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert "撤销要用的副本写不进" in ran.err
    assert book.read_bytes() == before
    assert left_overs(tmp_path) == []
    monkeypatch.setenv("XLSALES_DATA", str(tmp_path / "elsewhere"))
    assert xlsales("split", book).code == 0
    assert xlsales("undo", book).code == 0
    assert book.read_bytes() == before


@posix
@pytest.mark.parametrize("limit", [1000, 30_000])
def test_a_disk_that_fills_up(book: Path, tmp_path: Path, limit: int) -> None:
    """Whichever file finds no room, the workbook or its copy: exit 2, one sentence, nothing left behind."""
    before = book.read_bytes()
    assert len(before) > 30_000
    script = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))"
    ended = process(script, "split", book, home=tmp_path)
    assert (ended.code, len(ended.said)) == (2, 1)
    assert "没有改动" in ended.err
    assert book.read_bytes() == before
    assert left_overs(tmp_path) == []
    assert process("", "split", book, home=tmp_path).code == 0


LEDGERS = {
    "no json": b"{",
    "no list": b'{"a": 1}',
    "no runs": b"[1]",
    "other fields": b'[{"command": "x"}]',
    "a number for a name": b'[{"command": 1, "when": "", "copy": "a.xlsx", "after": ""}]',
    "a copy elsewhere": b'[{"command": "split", "when": "", "copy": "../../x.xlsx", "after": ""}]',
    "bytes": b"\xff\xfe\x00",
    "no end of lists": b"[" * 200_000,
    "a number of no end": b'[{"command": "split", "when": 1' + b"0" * 9000 + b"}]",
    "a number beyond all": b'[{"command": "split", "when": 1e999, "copy": -1e999, "after": NaN}]',
    "nothing": b"",
}


@pytest.mark.parametrize("what", LEDGERS)
def test_a_damaged_record_of_runs(xlsales: Command, book: Path, tmp_path: Path, what: str) -> None:
    """Undo says so and touches nothing; the next run begins the record anew, and can be undone."""
    assert xlsales("split", book).code == 0
    (ledger,) = (tmp_path / "memory").rglob("runs.json")
    ledger.write_bytes(LEDGERS[what])
    split = book.read_bytes()
    ran = xlsales("undo", book)
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert "撤销记录" in ran.err
    assert book.read_bytes() == split
    answer(book, "total", 2000)
    typed = book.read_bytes()
    assert xlsales("split", book).code == 0
    assert xlsales("undo", book).code == 0
    assert book.read_bytes() == typed


@pytest.mark.parametrize("damage", ["junk", "cut", "gone", "another"])
def test_a_damaged_copy_is_not_put_back(xlsales: Command, book: Path, tmp_path: Path, damage: str) -> None:
    """What is put back is what was kept, by its hash."""
    assert xlsales("split", book).code == 0
    (copy,) = (tmp_path / "memory").rglob("*.xlsx")
    if damage == "gone":
        copy.unlink()
    else:
        other = plan(tmp_path / "other.xlsx", total=7).read_bytes()
        copy.write_bytes({"junk": b"junk", "cut": copy.read_bytes()[:-100], "another": other}[damage])
    split = book.read_bytes()
    for extra in ([], ["-o", tmp_path / "out.xlsx"]):
        ran = xlsales("undo", book, *extra)
        assert (ran.code, len(ran.sentences)) == (2, 1)
        assert "缺失或已损坏" in ran.err
    assert book.read_bytes() == split
    assert not (tmp_path / "out.xlsx").exists()


LINE = '{"code": "甲店", "file": "甲店.xlsx", "version": 1, "fingerprint": "0", "sha256": "0", "target": 1}'
MANIFEST = '{"format": 1, "plan": "计划", "dimension": "门店", "lang": "zh", "stores": [%s]}'
MANIFESTS = {
    "no json": "{",
    "no end of lists": "[" * 200_000,
    "no record": "[1]",
    "a version beyond all": MANIFEST % LINE.replace('"version": 1', '"version": 1e999'),
    "a version that is none": MANIFEST % LINE.replace('"version": 1', '"version": [1]'),
    "a target that is none": MANIFEST % LINE.replace('"target": 1', '"target": {}'),
    "a file elsewhere": MANIFEST % LINE.replace("甲店.xlsx", "../../x.xlsx"),
    "a file of the root": MANIFEST % LINE.replace("甲店.xlsx", "/etc/x.xlsx"),
    "a file of no name": MANIFEST % LINE.replace("甲店.xlsx", ""),
    "a file with a zero byte": MANIFEST % LINE.replace("甲店.xlsx", "x\\u0000.xlsx"),
    "half a character": MANIFEST % LINE.replace("甲店.xlsx", "\\ud800.xlsx"),
    "a format of text": MANIFEST.replace('"format": 1', '"format": "x"') % LINE,
}


@pytest.mark.parametrize("what", MANIFESTS)
def test_a_hostile_manifest(xlsales: Command, tmp_path: Path, what: str) -> None:
    """A hand-out into its folder writes nothing and says so; a collection beside it goes on; nothing goes outside."""
    home = tmp_path / "计划"
    home.mkdir()
    book = stores_plan(home / "计划.xlsx", ["甲店", "乙店"])
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, home / "下发").code == 0
    (home / "下发" / "manifest.json").write_text(MANIFESTS[what], "utf-8")
    typed(home / "下发" / "甲店.xlsx", 70)
    before = {path: path.read_bytes() for path in (home / "下发").iterdir()}
    ran = xlsales("handout", book, home / "下发")
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert "manifest.json" in ran.err
    assert {path: path.read_bytes() for path in (home / "下发").iterdir()} == before
    assert "采用 1 行 70 元" in xlsales("collect", book, home / "下发").out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["memory", "计划"]


# --- kills ---

KILL = "import os, signal\ndef kill(*a, **k): os.kill(os.getpid(), signal.SIGKILL)\n"
AT = {
    "while the new file is written": "import xlsales.ooxml.package as p\np.Package._write = kill",
    "before the copy": "import xlsales.book.snapshots as s\ns._kept = kill",
    "before the record": "import xlsales.book.snapshots as s\ns.Snapshots._record = staticmethod(kill)",
    "before the move": "import xlsales.ooxml.files as f\nold = f._move\n"
    "f._move = lambda t, target, *a: old(t, target, *a) if 'memory' in str(target) else kill()",
    "after the move": "import xlsales.ooxml.files as f\nold = f._move\n"
    "def _move(t, target, *a):\n    old(t, target, *a)\n    'memory' in str(target) or kill()\nf._move = _move",
}


@posix
@pytest.mark.parametrize("when", AT)
def test_a_kill_leaves_the_old_file_or_the_new_one_with_its_undo(book: Path, tmp_path: Path, when: str) -> None:
    """The next run clears what was left; undo goes back to where the last run that took place began."""
    before = book.read_bytes()
    ended = process(KILL + AT[when], "split", book, home=tmp_path)
    assert ended.code == -signal.SIGKILL
    stands = book.read_bytes()
    assert (stands == before) == (when != "after the move")
    undone = process("", "undo", book, home=tmp_path)
    assert undone.code == (0 if when == "after the move" else 2)
    assert book.read_bytes() == before
    assert process("", "split", book, home=tmp_path).code == 0
    assert left_overs(tmp_path) == []
    assert process("", "undo", book, home=tmp_path).code == 0
    assert book.read_bytes() == before


@posix
def test_a_file_on_its_way_is_no_left_over(tmp_path: Path) -> None:
    """Another run's clearing leaves a file alone as long as its writer lives."""
    from xlsales.ooxml.files import clear_left_overs, replacing

    with replacing(tmp_path / "a.xlsx") as out:
        out.write(b"half")
        out.flush()
        clear_left_overs(tmp_path)
        assert len(left_overs(tmp_path)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


# --- names ---


@posix
def test_what_is_no_file(xlsales: Command, tmp_path: Path) -> None:
    """A pipe, which never ends, a folder and a device are told at once."""
    os.mkfifo(tmp_path / "管.xlsx")
    (tmp_path / "夹.xlsx").mkdir()
    book = plan(tmp_path / "计划.xlsx")
    for path in (tmp_path / "管.xlsx", tmp_path / "夹.xlsx", Path("/dev/null")):
        for arguments in (("split", path), ("refresh", path), ("undo", path), ("refresh", book, "--actuals", path)):
            ran = xlsales(*arguments)
            assert ran.code == 2, arguments
            assert len(ran.sentences) == 1


@pytest.mark.parametrize("length", [60, 83])
def test_a_plan_with_a_long_name(xlsales: Command, tmp_path: Path, length: int) -> None:
    """83 Chinese characters and the ending are 254 bytes, as many as a name may have: a lock file cannot have more."""
    book = plan(tmp_path / ("长" * length + ".xlsx"))
    assert xlsales("split", book).code == 0
    assert xlsales("undo", book).code == 0


def test_stores_with_long_names(xlsales: Command, tmp_path: Path) -> None:
    """Names of files are cut by bytes, where systems count bytes; each store has its own, and collect knows it."""
    names = ["长" * 80, "长" * 79 + "二", "长" * 120, "é" * 120, "a" * 300]
    book = plan(tmp_path / "计划.xlsx", dimensions=members({"门店": dict.fromkeys(names, 1)}))
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, tmp_path / "下发", "--zip").code == 0
    files = [path.name for path in (tmp_path / "下发").glob("*.xlsx") if path.name != "下发清单.xlsx"]
    assert len(files) == len(names)
    assert max(len(name.encode()) for name in files) <= 210
    for path in (tmp_path / "下发").glob("*.xlsx"):
        if path.name != "下发清单.xlsx":
            typed(path, 70)
    assert "采用 5 行 350 元" in xlsales("collect", book, tmp_path / "下发").out


@posix
def test_names_in_other_bytes(xlsales: Command, tmp_path: Path) -> None:
    """A folder and files named in GBK bytes, as old discs have them, are read and written; the name is marked."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xc3\xc5\xb5\xea"))
    folder.mkdir()
    book = stores_plan(folder / os.fsdecode(b"\xbc\xc6\xbb\xae.xlsx"), ["甲店", "乙店"])
    sales = folder / os.fsdecode(b"\xcf\xfa\xca\xdb.csv")
    sales.write_text("日期,金额,门店\n2026-01-02,100,甲店\n", "utf-8")
    assert xlsales("split", book).code == 0
    assert xlsales("refresh", book, "--actuals", sales).code in (0, 1)
    assert xlsales("handout", book, folder / "下发").code == 0
    for name, new in (("甲店.xlsx", b"\xbc\xd7.xlsx"), ("乙店.xlsx", b"\xd2\xd2.xlsx")):
        path = folder / "下发" / name
        typed(path, 70)
        path.rename(path.with_name(os.fsdecode(new)))
    ran = xlsales("collect", book, folder / "下发")
    assert ran.code in (0, 1)
    assert "采用 2 行 140 元" in ran.out
    assert xlsales("undo", book).code == 0


# --- what belongs to a file ---


@posix
def test_what_belongs_to_a_file_stays(xlsales: Command, book: Path) -> None:
    """Permissions, owner and extended attributes are the old file's, where the system lets us."""
    book.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(book, 12345, 23456)
    marked = False
    if hasattr(os, "setxattr"):
        try:
            os.setxattr(book, "user.标签", b"x")
            marked = True
        except OSError:  # a file system without them has none to lose
            pass
    old = book.stat()
    assert xlsales("split", book).code == 0
    new = book.stat()
    assert new.st_ino != old.st_ino
    assert (new.st_mode, new.st_uid, new.st_gid) == (old.st_mode, old.st_uid, old.st_gid)
    assert not marked or os.getxattr(book, "user.标签") == b"x"


@posix
def test_links_are_not_followed_out_of_a_folder(xlsales: Command, tmp_path: Path) -> None:
    """A link in place of a store's file, of 退回, or of the list: what it leads to stays, and the run says so."""
    book = stores_plan(tmp_path / "计划.xlsx", ["甲店", "乙店"])
    outside = tmp_path / "别处"
    outside.mkdir()
    (outside / "x.xlsx").write_bytes(b"mine")
    folder = tmp_path / "下发"
    folder.mkdir()
    assert xlsales("split", book).code == 0
    (folder / "下发清单.xlsx").symlink_to(outside / "x.xlsx")
    assert xlsales("handout", book, folder).code == 0
    assert (outside / "x.xlsx").read_bytes() == b"mine"
    assert not (folder / "下发清单.xlsx").is_symlink()
    typed(folder / "甲店.xlsx", "不知道")
    (folder / "退回").symlink_to(outside, target_is_directory=True)
    ran = xlsales("collect", book, folder)
    assert ran.code == 1
    assert "以外,没有写入" in ran.out
    assert [path.name for path in outside.iterdir()] == ["x.xlsx"]
