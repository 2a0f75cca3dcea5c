"""README says what is true: its commands exist, its code runs, its twin says the same."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import Command
from xlsales.commands.readme import READMES, with_tables
from xlsales.core.faults import Lang

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[1]
README, TWIN = ROOT / "README.md", ROOT / "README.zh-CN.md"
INSTALL, INSTALL_TWIN = ROOT / "xlsales/addin/INSTALL.md", ROOT / "xlsales/addin/INSTALL.zh-CN.md"


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text("utf-8"), re.S | re.M)


def told_on(page: Path) -> list[str]:
    """The commands in the text of a page: in a block, or in a line between two `."""
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.S | re.M))
    lines = [line.split("#")[0].strip() for block in blocks(page, "text") for line in block.splitlines()]
    tools = ("xlsales", "uv", "pipx", "pip", "py", "python", "python3", r".venv\Scripts\pip", ".venv/bin/pip")
    return [text for text in spans + lines if " " in text and text.split()[0] in tools]


def options_of(*command: str) -> str:
    done = subprocess.run([sys.executable, "-m", "xlsales", *command, "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    return done.stdout


@pytest.mark.parametrize("path", [README, TWIN], ids=lambda p: p.name)
def test_every_command_is_documented(path: Path) -> None:
    """Each command of the program stands in the table, and the table names no other."""
    offered = set(re.findall(r"^    (\w+) ", options_of(), re.M))
    told = set(re.findall(r"^\| `xlsales (\w+)", path.read_text("utf-8"), re.M))
    assert told == offered != set()


@pytest.mark.parametrize("lang", READMES)
def test_the_tables_are_those_of_the_program(lang: Lang) -> None:
    """`python -m xlsales.commands.readme` would change nothing."""
    text = (ROOT / READMES[lang]).read_text("utf-8")
    assert with_tables(text, lang) == text
    assert text.count("<!-- end -->") == 4


@pytest.mark.parametrize("path", [README, TWIN], ids=lambda p: p.name)
def test_every_option_is_documented(path: Path) -> None:
    """Each long option of each command is told."""
    text = path.read_text("utf-8")
    for command in ("new", "split", "refresh", "check", "undo", "demo", "handout", "collect"):
        for option in re.findall(r"(--[a-z-]+)", options_of(command)):
            assert option in ("--help", "--out") or option in text, (command, option)


def test_the_example_runs() -> None:
    """The Python example gives what its comment says."""
    names: dict[str, object] = {}
    code = blocks(README, "python")[0]
    exec(code, names)
    xlsales = names["xlsales"]
    assert xlsales.allocate(1000, [1, 1, 1]).tolist() == [333, 333, 334]  # type: ignore[attr-defined]


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # openpyxl says what it drops
@pytest.mark.parametrize(("lang", "page"), [("en", README), ("zh", TWIN)])
def test_the_example_with_frames_runs(
    lang: Lang, page: Path, tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Line by line, on the demo; every dimension adds up to the company, as its comment says."""
    monkeypatch.chdir(tmp_path)
    assert xlsales("demo", "--lang", lang).code == 0
    names: dict[str, Any] = {}
    results: list[Any] = []
    for line in blocks(page, "python")[1].splitlines():
        try:
            results.append(eval(line, names))
        except SyntaxError:
            exec(line, names)
    worst, sums, problems, split, said, _ = results
    assert (len(worst), worst.attainment.is_monotonic_increasing) == (3, True)
    assert sums.groupby("dimension").sum().tolist() == [10_000_000.0] * 4
    assert len(problems) == 8
    assert split.target.sum() == 12_000_000
    assert (split.groupby(split.columns[0]).target.sum() % 1000 == 0).all()
    assert "2026-06-30" in said
    assert len(list(tmp_path.glob("*.xlsx"))) == 1


def test_the_five_minutes_run(tmp_path: Path) -> None:
    """The tour's commands exist with those arguments."""
    for line in blocks(README, "sh")[-1].splitlines():
        command = line.split("#")[0].split()
        if command[:2] == ["xlsales", "new"]:
            done = subprocess.run([sys.executable, "-m", *command], cwd=tmp_path, capture_output=True)
            assert done.returncode == 0
        elif command:
            assert command[1] in options_of()
    assert (tmp_path / "plan.xlsx").exists()


def test_windows_runs_what_the_main_command_runs() -> None:
    """The three lines for Windows are the main command in Windows' spelling."""
    main = next(text for text in blocks(README, "sh") if "demo" in text).strip()
    windows = " && ".join(blocks(README, "bat")[0].splitlines())
    assert windows.replace("py -m", "python3 -m").replace(".venv\\Scripts\\", ".venv/bin/") == main


@pytest.mark.parametrize("path", [INSTALL, INSTALL_TWIN], ids=lambda p: p.name)
def test_the_page_on_installing_names_real_commands(path: Path) -> None:
    """Each command of xlsales in it is offered, with these options."""
    told = [command.split() for command in told_on(path) if command.startswith("xlsales ")]
    assert told
    for command in told:
        known = options_of(*command[1:3])
        assert [word for word in command if word.startswith("-") and word not in known] == []


def test_nothing_tells_to_install_from_where_it_is_not() -> None:
    """Until a release is published, pip finds no xlsales by its name."""
    published = re.compile(r"(?:pip|uv tool|pipx) install (?:--?[\w-]+ )*'?xlsales(?:\[\w+\])?(?![\w.-])")
    denials = {"xlsales/addin/INSTALL.md": 1, "xlsales/addin/INSTALL.zh-CN.md": 1}
    texts = [*DOCUMENTS, *(ROOT / "xlsales").rglob("*.py"), *(ROOT / "xlsales").rglob("*.bas")]
    told = {path.relative_to(ROOT).as_posix(): len(published.findall(path.read_text("utf-8"))) for path in texts}
    assert {path: count for path, count in told.items() if count} == denials


def test_the_twins_have_the_same_code() -> None:
    """The Chinese README runs the same commands."""

    def commands(path: Path, language: str) -> list[str]:
        lines = "".join(blocks(path, language)).splitlines()
        return [text for line in lines if (text := line.split("#")[0].strip())]

    for language in ("sh", "bat"):
        assert commands(README, language) == commands(TWIN, language) != []
    assert set(told_on(INSTALL)) == set(told_on(INSTALL_TWIN))
    assert "<!-- main-command -->" in README.read_text("utf-8")
    assert "<!-- test-command -->" in README.read_text("utf-8")


DOCUMENTS = sorted(
    {*ROOT.glob("*.md"), *(p for d in ("templates", "xlsales", "tests") for p in (ROOT / d).rglob("*.md"))}
)


@pytest.mark.parametrize(
    "path", [p for p in DOCUMENTS if ".node" not in p.parts], ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_what_a_document_names_is_there(path: Path) -> None:
    """Its links lead somewhere, and the files that it names exist, seen from its folder, the package or the top."""
    text = path.read_text("utf-8")
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        assert link.startswith("https://") or (path.parent / link).exists(), link
    rooms = "core|vocabulary|ooxml|values|tables|functions|layout|book|plan|store|commands|addin|hosts|tests|xlsales"
    for name in re.findall(rf"`((?:{rooms})/[\w./-]*)`", text):
        assert (ROOT / name).exists() or (ROOT / "xlsales" / name).exists(), name


PICTURES = ROOT / "templates" / "pictures"


@pytest.mark.parametrize("picture", sorted(PICTURES.rglob("*.png")), ids=lambda p: p.relative_to(PICTURES).as_posix())
def test_pictures_are_small_and_shown(picture: Path) -> None:
    """A picture has a palette and at most 120 kB; a page shows it; the other language has it too."""
    contents = picture.read_bytes()
    assert (contents[12:16], contents[25]) == (b"IHDR", 3), "no palette: python -m tests.pictures"
    assert len(contents) <= 120_000
    lang = picture.parent.name
    pages = (ROOT / READMES[lang], ROOT / "xlsales" / "addin" / READMES[lang])
    assert any(f"templates/pictures/{lang}/{picture.name})" in page.read_text("utf-8") for page in pages)
    assert {(PICTURES / other / picture.name).exists() for other in READMES} == {True}


def test_a_sheet_is_one_file_and_a_line() -> None:
    """CONTRIBUTING's claim: a line of the list and a test know of 货品; its sheet and its test know of its rule."""
    sources = {
        p.relative_to(ROOT).as_posix(): p.read_text("utf-8") for p in ROOT.rglob("*.py") if ".venv" not in p.parts
    }
    test = "tests/plan/sheets/test_goods.py"
    lines = [path for path, text in sources.items() if 'Line("goods", ' in text and path != "tests/test_readme.py"]
    assert lines == ["xlsales/plan/sheets/__init__.py"]
    for module, knowing in (
        ("plan.sheets.goods", {test}),
        ("core.goods", {"xlsales/plan/sheets/goods.py", test}),
    ):
        assert {path for path, text in sources.items() if f"from xlsales.{module} import" in text} == knowing
