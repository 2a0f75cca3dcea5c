"""The toolbar and the menu of a real LibreOffice Calc under the mouse, on a screen in memory.

Pictures of the screen are kept in pytest's temporary folder, or in the folder that `XLSALES_PICTURES` names.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.commands.books import Command, answer, table_place
from tests.commands.store_files import TODAY, fill, stores_plan
from tests.commands.test_who_pays import accepted, other_stores
from tests.hosts.excel.open_books import contents, differences, without_log
from tests.hosts.libreoffice.office import Calc, closing, private_office, uno_module
from tests.hosts.libreoffice.screen import Desk, Display, Shown, until
from tests.hosts.libreoffice.test_commands import ACTUALS, SERIAL, Open, again, company
from tests.hosts.libreoffice.test_functions import check_wizard
from xlsales.addin.libreoffice.build import IDENTIFIER, MENU
from xlsales.addin.libreoffice.icons import ACCENT, LINE
from xlsales.addin.libreoffice.install import install
from xlsales.book.snapshots import own_folder
from xlsales.commands.telling import TITLE
from xlsales.commands.verbs import GROUPS, VERBS, verb_of, with_buttons
from xlsales.core import a1
from xlsales.functions.catalogue import FUNCTIONS
from xlsales.functions.worksheet import FunctionSpec
from xlsales.hosts import cli

pytestmark = pytest.mark.libreoffice


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """LibreOffice with windows, the extension installed; its menus are Chinese where that language is installed."""
    uno_module()
    folder = Path(tempfile.mkdtemp(prefix="xlsales-screen-"))
    display = Display(folder)
    try:
        office = private_office(folder, chinese=True)
        install(office)
        calc = Calc(office.profile, folder / "memory", display.name)
        try:
            yield Desk(calc, display)
        finally:
            calc.close()
    finally:
        display.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(os.environ.get("XLSALES_PICTURES") or tmp_path_factory.mktemp("screen"))


def question(verb: str) -> str:
    """The title of the dialog in which a folder is chosen."""
    return next(argument.question[0] for argument in verb_of(verb).own if argument.kind == "folder")


class Clicked(Open):
    """A plan that a person has before them, with a mouse in their hand."""

    def __init__(self, desk: Desk, document: object, folder: Path) -> None:
        super().__init__(desk.calc, document, folder)
        self.desk = desk
        self.window = desk.window(document)
        self.toolbar: Shown = until(lambda: self.window.find("TOOL_BAR", MENU.zh, MENU.en))

    def click(self, verb: str) -> None:
        """Click a button of the toolbar."""
        self.toolbar.get("PUSH_BUTTON", *verb_of(verb).label).click()

    def run(self, verb: str) -> None:
        """Click a button until its message or its question is there.

        A click may only bring the window to the front; one too many meets a window that takes none during a run.
        """
        for _ in range(4):
            self.click(verb)
            with suppress(AssertionError):
                self.desk.dialog(TITLE.zh, 20)
                return
        raise AssertionError(f"{verb} says nothing")

    def choose(self, verb: str) -> None:
        """Open the menu and click one of its lines."""
        menu = self.window.get("MENU", MENU.zh, MENU.en)
        line = menu.get("MENU_ITEM", *verb_of(verb).label)

        def opens() -> bool:
            if not line.there:  # a click may only bring the window to the front
                menu.click()
            return line.there

        until(opens, pause=1)
        line.click()

    def choose_below(self, verb: str, key: str) -> None:
        """Open the menu below a verb and click the line of a choice, which says what it is for."""
        menu = self.window.get("MENU", MENU.zh, MENU.en)
        choices = verb_of(verb).choices
        assert choices is not None
        label, purpose = next((label, purpose) for one, label, purpose in choices() if one == key)
        below = menu.get("MENU", *verb_of(verb).label)
        line = below.get("MENU_ITEM", f"{label[0]}:{purpose[0]}", f"{label[1]}: {purpose[1]}")

        def opens() -> bool:
            if not line.there:  # a click may only bring the window to the front
                (below if below.there else menu).click()
            return line.there

        until(opens, pause=1)
        line.click()

    def message(self, picture: Path | None = None) -> str:
        """Wait for a message, read it, keep a picture of the screen, and click it away."""
        box = self.desk.dialog(TITLE.zh)
        if picture:
            self.desk.display.picture(picture)
        text = box.get("STATIC").text
        self.desk.leave(TITLE.zh)
        return text

    def press(self, *buttons: str, until_shown: str, picture: Path | None = None) -> str:
        """Press a button of the question until the message that follows shows a text; read it and click it away."""

        def shown() -> str:
            box = self.desk.dialog(TITLE.zh)
            text = box.get("STATIC").text
            if until_shown in text:
                return text
            if (button := box.find("PUSH_BUTTON", *buttons)) is not None:
                button.click()
            return ""

        text: str = until(shown, pause=1)
        if picture:
            self.desk.display.picture(picture)
        self.desk.leave(TITLE.zh)
        return text

    def answer(self, click: Callable[[], None], title: str, folder: Path | None) -> None:
        """Click until a dialog asks for a folder, and type its path, or cancel.

        A first click may only bring the window to the front; one too many meets the dialog, and does nothing.
        """
        for _ in range(6):
            click()
            with suppress(AssertionError):
                dialog = self.desk.dialog(title, 15)
                break
        else:
            raise AssertionError(f"nothing asks “{title}”")
        if folder is None:
            self.desk.leave(title, "取消", "Cancel")
        else:
            dialog.get("TEXT", "路径", "Path").click(3)
            self.desk.display.act("key", "ctrl+a")
            self.desk.display.act("type", "--delay", "20", str(folder))
            until(lambda: dialog.get("TEXT", "路径", "Path").text.rstrip("/") == str(folder))
            self.desk.leave(title, "选择", "Select")


@contextmanager
def before_me(desk: Desk, path: Path) -> Iterator[Clicked]:
    """Open a plan in a window; should the test fail, a picture of the screen is kept beside the plan."""
    with closing(desk.calc, desk.show(path)) as document:
        try:
            yield Clicked(desk, document, path.parent)
        except BaseException:
            desk.display.picture(path.with_name("failed.png"))
            raise


def test_split_and_refresh_are_clicked(desk: Desk, xlsales: Command, tmp_path: Path, pictures: Path) -> None:
    """分解目标 and 刷新进度, clicked in the toolbar, tell and leave what the command line does on the same document."""
    path = company(tmp_path / "计划.xlsx", actuals=[*ACTUALS, ["?", "华东", "产品A", "线上", 3]])
    with before_me(desk, path) as book:
        stored = book.saved("命令行.xlsx")
        book.run("split_target")
        assert desk.dialog(TITLE.zh).get("STATIC").text.startswith("2026-01 的销售已齐。要关账吗?")
        desk.display.picture(pictures / "calc-closing.png")
        told = book.press("是", "Yes", until_shown="分解完成", picture=pictures / "calc-message.png")
        ran = xlsales("split", stored, "--close")
        report, _, question = told.rpartition("\n")
        assert question.endswith("现在就看“数据问题”吗?")
        assert (ran.code, ran.out.strip().replace(str(stored), path.name)) == (1, report.rstrip())
        assert differences(book.cells(), without_log(contents(again(book, stored)))) == []
        book.append("实际", SERIAL, "华北", "产品A", "线下", 4321.0)
        stored = book.saved("命令行2.xlsx")
        book.run("refresh_progress")
        assert "实际!A8: 日期“?”认不出" in book.message()
        assert xlsales("refresh", stored).code == 1
        assert differences(book.cells(), without_log(contents(again(book, stored)))) == []
        controller = book.document.CurrentController
        desk.calc.on_main(lambda: controller.setActiveSheet(book.sheet("进度总览")))
        desk.display.picture(pictures / "calc.png")


def test_buttons_have_pictures_in_a_line_of_their_own(desk: Desk, tmp_path: Path, pictures: Path) -> None:
    """Calc's own toolbars keep their lines; each button shows both colours of our drawings, beside its word."""
    with before_me(desk, company(tmp_path / "计划.xlsx")) as book:
        desk.display.picture(pictures / "calc-toolbar.png")
        frame = book.document.CurrentController.Frame
        bars = [one.ResourceURL for one in frame.LayoutManager.Elements if "/toolbar/" in one.ResourceURL]
        lines = {
            bar: frame.LayoutManager.getElementPos(bar).Y for bar in bars if frame.LayoutManager.isElementVisible(bar)
        }
        assert any(bar.endswith("/formatobjectbar") for bar in lines)
        (ours,) = (bar for bar in lines if IDENTIFIER in bar)
        assert lines[ours] == max(lines.values())
        assert len(set(lines.values())) == len(lines)
        buttons = [part for part in book.toolbar.parts if part.has_role("PUSH_BUTTON")]
        verbs = [verb for group in GROUPS for verb, button in with_buttons(VERBS) if button.group == group]
        assert [button.name for button in buttons] == [verb.label[0] for verb in verbs if verb.choices is None]
        for button in buttons:
            seen = desk.display.colours(*button.place)
            assert all(seen[bytes(reversed(colour))] for colour in (LINE, ACCENT)), button.name


def test_progress_is_in_the_status_bar(desk: Desk, tmp_path: Path) -> None:
    """A run has the status bar for itself; afterwards, and after a refusal, it is Calc's again."""
    path = company(tmp_path / "计划.xlsx", actuals=[*ACTUALS, ["?", "华东", "产品A", "线上", 3]])
    with before_me(desk, path) as book:
        left, top, right, bottom = book.window.get("STATUS_BAR").place
        zoom = (right - (right - left) // 6, top, right, bottom)
        own = desk.display.colours(*zoom)
        taken, ended = threading.Event(), threading.Event()

        def look() -> None:
            while not ended.wait(0.02):
                if desk.display.colours(*zoom) != own:
                    taken.set()

        looking = threading.Thread(target=look)
        looking.start()
        try:
            book.run("split_target")
        finally:
            ended.set()
            looking.join()
        assert taken.is_set()
        book.press("否", "No", until_shown="分解完成")
        assert desk.display.colours(*zoom) == own
        answer_in(book, "xs_total", "一千")
        book.run("split_target")
        assert "一千" in book.message()
        assert desk.display.colours(*zoom) == own


def answer_in(book: Clicked, name: str, text: str) -> None:
    """Type into the cell of that name."""
    cell = book.document.NamedRanges.getByName(name).getReferredCells()
    book.calc.on_main(lambda: setattr(cell, "String", text))


@pytest.mark.parametrize("spec", FUNCTIONS, ids=[spec.name for spec in FUNCTIONS])
def test_the_wizard_is_chinese_in_a_chinese_program(desk: Desk, spec: FunctionSpec) -> None:
    """Names and helps of arguments are Chinese where LibreOffice's own menus are."""
    check_wizard(desk.calc, spec, "zh")


def test_store_files_are_handed_out_and_collected(desk: Desk, xlsales: Command, tmp_path: Path, pictures: Path) -> None:
    """下发目标 and 收回填报 ask for a folder, and do there what the command line does; cancelled they do nothing."""
    stores = ["一店", "二店"]
    path, folder, other = tmp_path / "计划.xlsx", tmp_path / "out", tmp_path / "other"
    stores_plan(path, stores)
    assert xlsales("split", path).code == 0
    folder.mkdir()
    with before_me(desk, path) as book:
        before = book.cells()
        book.answer(lambda: book.click("hand_out"), question("hand_out"), None)
        assert list(folder.iterdir()) == []
        book.answer(lambda: book.click("hand_out"), question("hand_out"), folder)
        assert "下发 2 个" in book.message(pictures / "calc-handout.png")
        shutil.copytree(desk.calc.memory / "seals", own_folder() / "seals")  # one person, one computer: one key
        xlsales("handout", book.saved("计划-2.xlsx"), other)
        made, expected = ({name: (place / f"{name}.xlsx").read_bytes() for name in stores} for place in (folder, other))
        assert made == expected
        assert book.cells() == before

        files = fill(folder, stores)
        files["一店"].type({("2026-02", "commitment"): 1_500_000, ("2026-02", "reason"): "新店爬坡"}, "承诺")
        stored = book.saved("命令行.xlsx")
        ran = xlsales("collect", stored, folder)
        book.answer(lambda: book.choose("collect"), question("collect"), folder)
        told = book.message(pictures / "calc-collect.png")
        assert ran.code in (0, 1)
        assert "已收 2" in told
        assert "已收 2" in ran.out
        assert differences(book.cells(), without_log(contents(again(book, stored)))) == []
        assert book.cells()["承诺"] != before.get("承诺")
        assert book.document.CurrentController.ActiveSheet.Name == "回收情况"


def test_a_choice_is_clicked_in_the_menu_below(desk: Desk, tmp_path: Path) -> None:
    """添加工作表 opens a menu of its own; its line 货品 adds that sheet."""
    path = company(tmp_path / "计划.xlsx", actuals=ACTUALS)
    with before_me(desk, path) as book:
        book.choose_below("add", "goods")
        assert book.message().startswith("已添加“货品”")
        assert "货品" in book.document.Sheets.ElementNames


@pytest.mark.parametrize("answers", [False, True], ids=["cancelled", "answered"])
def test_a_spread_asks_for_its_total(desk: Desk, tmp_path: Path, pictures: Path, answers: bool) -> None:
    """调整 on the selected cells: a small dialog asks; cancelled it does nothing, answered it writes."""
    path = company(tmp_path / "计划.xlsx")
    area = table_place(path, "xs_month_weights")
    with before_me(desk, path) as book:
        cells = book.sheet(area.sheet).getCellRangeByName(f"C{area.row}:C{area.row + 2}")
        book.calc.on_main(lambda: book.document.CurrentController.select(cells))
        book.choose_below("spread", "1-2-1")
        dialog = desk.dialog(TITLE.zh)
        desk.display.picture(pictures / "calc-spread.png")
        texts = [part.text for part in dialog.parts if part.has_role("STATIC", "LABEL")]
        assert any(text.startswith("改后的合计?空 = 合计不变。") for text in texts)
        if not answers:
            desk.leave(TITLE.zh, "取消", "Cancel")
            assert [row[0] for row in cells.getDataArray()] == ["", "", ""]
            return
        dialog.get("TEXT").click()
        desk.display.act("type", "--delay", "20", "400")
        until(lambda: dialog.get("TEXT").text == "400")
        desk.leave(TITLE.zh, "确定", "OK")
        until(lambda: [row[0] for row in cells.getDataArray()] == [100.0, 200.0, 100.0])


def test_who_pays_is_asked_in_a_window(
    desk: Desk, xlsales: Command, tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question fits the screen with both its buttons: No writes nothing, Yes writes what the command line does."""
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    path = accepted(tmp_path, xlsales, range(3, 5))
    with before_me(desk, path) as book:
        stored, before = book.saved("命令行.xlsx"), book.cells()
        book.run("split_target")
        box = desk.dialog(TITLE.zh)
        desk.display.picture(pictures / "calc-payers.png")
        text = box.get("STATIC").text
        assert "接受“徐汇店”2026-03 – 2026-04的承诺后少 26万元,由其他成员分担" in text
        assert text.count("(+14%)") == 3
        book.press("否", "No", until_shown="没有任何改动")
        assert book.cells() == before
        book.run("split_target")
        book.press("是", "Yes", until_shown="已写入")
        ran = xlsales("split", stored, "--yes", "--rewrite")
        assert ran.code in (0, 1)
        assert sum(other_stores(stored, "t:2026-03").values()) == 1_030_000
        assert differences(book.cells(), without_log(contents(again(book, stored)))) == []


def test_complete_months_are_asked_about_in_a_window(
    desk: Desk, xlsales: Command, tmp_path: Path, pictures: Path
) -> None:
    """Cancel writes nothing; Yes closes January first and writes what `--close` does; No changes it too."""
    path = company(tmp_path / "计划.xlsx", actuals=ACTUALS)
    assert xlsales("split", path).code == 0
    answer(path, "total", 2000)
    with before_me(desk, path) as book:
        stored, before = book.saved("命令行.xlsx"), book.cells()
        book.run("split_target")
        box = desk.dialog(TITLE.zh)
        desk.display.picture(pictures / "calc-complete-months.png")
        text = box.get("STATIC").text
        assert "2026-01的实际已经完整" in text
        assert [line.partition(":")[0] for line in text.splitlines()[2:5]] == ["区域", "产品", "渠道"]
        book.press("取消", "Cancel", until_shown="没有任何改动")
        assert book.cells() == before
        book.run("split_target")
        book.press("是", "Yes", until_shown="已写入")
        assert xlsales("split", stored, "--close").code in (0, 1)
        assert differences(book.cells(), without_log(contents(again(book, stored)))) == []
        book.type("设置", closed_cell(book), "")
        stored = book.saved("命令行2.xlsx")
        book.run("split_target")
        book.press("否", "No", until_shown="已写入")
        assert xlsales("split", stored, "--yes", "--rewrite").code in (0, 1)
        assert differences(book.cells(), without_log(contents(again(book, stored)))) == []


def closed_cell(book: Clicked) -> str:
    """The address of 已关账至."""
    area = book.document.NamedRanges.getByName("xs_closed_through").getReferredCells()
    address = area.RangeAddress
    return a1.cell(address.StartRow + 1, address.StartColumn + 1)
