"""One returned workbook, from the file to values: which store it is of, whether it is the right one, what counts.

The story: open the file, whatever program saved it → find its store, by its identity or, if names were lost, by the
seal of its targets → read the day table, the detail and the commitments → report what is not taken, and why.
Nothing is believed: neither names, nor protection, nor places.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xlsales.core.faults import DateRange, Fault, Place, Problem
from xlsales.core.plan import MICROS
from xlsales.ooxml.checks import DamagedWorkbook
from xlsales.ooxml.grid import SheetError
from xlsales.ooxml.xml import XmlError
from xlsales.store import reasons
from xlsales.store.collect import ownership
from xlsales.store.contract import IDENTITY_NAMES
from xlsales.store.reasons import Refusal, Remark
from xlsales.store.returned import Reading, Returned, Round, yuan
from xlsales.store.returned_book import ReturnedBook, ReturnedSheet, read_book
from xlsales.store.sealing import DAYS, TABLES, fingerprint, identity_of, sealed_days_in, sealed_in
from xlsales.store.sealing import sealed as sealed_cells
from xlsales.store.sheets import BY_KEY, READ, SHEETS
from xlsales.tables.rows.sold import SoldRows

BOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
OTHERS = (".csv", ".txt", ".tsv", ".et", ".numbers", ".zip", ".rar", ".7z")
"""Files that stores send instead of a workbook: they are reported, never read."""


class NotXlsx(Refusal):
    """A text, an archive or a kind of file that does not carry the identity."""

    zh = "{file} 是 {ending} 文件,不带身份,没有采用。请交回下发的 .xlsx 文件本身。"
    en = "{file} is a {ending} file, which carries no identity: not taken. Return the .xlsx that was handed out."


class DaySheetGone(Refusal):
    """The day table, or the keys in its hidden row and column, were deleted."""

    zh = "找不到日报表,或它隐藏的第 1 行、A 列被删了。请重新取一份下发的文件,把数据填进去。"
    en = "The day table, or its hidden row 1 or column A, was deleted. Fill in a fresh copy of the workbook."


class OlderVersion(Remark):
    """The targets have changed since this workbook was handed out."""

    zh = "第 {version} 版的文件,之后目标有调整:实际照收,不用重填。以后请用新版。"
    en = "Handed out as version {version}; targets have changed since. Its actuals count. Use the new file from now on."


class TargetsUnsealed(Fault):
    """Targets were changed by hand, and which is not known."""

    zh = "目标被改过:实际照收,承诺没有采用。目标以总部下发的为准,请改回。"
    en = "Targets were changed by hand: actuals were taken, commitments not. Headquarters' targets count."


class TablesOlder(Remark):
    """Only the tables by dimension have changed since this workbook was handed out."""

    zh = "“分项”的目标已不是最新(第 {version} 版):实际和承诺照收。请改用新下发的文件。"
    en = "Its targets by dimension (version {version}) are not the latest: all was taken. Use the new workbook."


class WhileClosed(Fault):
    """Sales on days on which the plan has the store closed; they count."""

    zh = "{days} 有销售 {sum},而计划里的{zh_date}是 {date},已照收。请核对日期;日期没错,请总部改“{zh_date}”。"
    en = (
        'Sales of {sum} on {days}, but "{en_date}" of this store is {date} in the plan: counted. Check the dates; if '
        'they are right, headquarters changes "{en_date}".'
    )


class OnOldTargets(Fault):
    """A commitment on targets that are not headquarters' latest."""

    zh = "承诺针对的目标不是总部最新的,没有采用。请在新下发的文件里填写。"
    en = "The commitment answers targets that are not headquarters' latest: not taken. Fill in the new workbook."


def read_returned(path: Path, file: str, round_: Round) -> Returned:
    """Read a returned file; `file` is its name in messages. A fault of the file is in `refused`."""
    returned = Returned(file, round_.names.get(path.stem, ""))
    if path.suffix.lower() not in BOOKS:
        returned.refused = NotXlsx(file=path.name, ending=path.suffix.lower())
        return returned
    try:
        _take(returned, read_book(path, IDENTITY_NAMES, READ), path, round_)
    except Fault as fault:
        return Returned(file, returned.code, refused=fault)
    except (SheetError, XmlError, ValueError) as error:  # a cell that is not what it seems
        return Returned(file, returned.code, refused=DamagedWorkbook(file=path.name, reason=str(error)[:60]))
    if returned.refused is not None:  # one reason is enough
        if isinstance(returned.refused, ownership.NamedForOther):
            returned.code = returned.refused.facts["named"]  # that store sent it
        returned.commitments, returned.handed_back = [], []
        returned.problems = [problem for problem in returned.problems if problem.set_aside]
    return returned


def _take(returned: Returned, book: ReturnedBook, path: Path, round_: Round) -> None:
    """Find the store of a workbook and take what can be taken of it."""
    returned.saved, returned.can_be_marked = book.saved, book.can_be_marked
    days = book.sheets.get(DAYS)
    identity, seal = ownership.identity_in(book, path, round_)
    if not book.sheets and not identity.code:
        returned.refused = ownership.NotAStoreBook(file=path.name)
        return
    sealed, trust = ownership.open_seal(seal, identity, book, round_)
    returned.trust = trust
    returned.code, returned.version = ownership.owner(identity, sealed, round_), identity.version
    returned.refused = ownership.refusal(book, identity, seal, sealed, trust, path, round_)
    keyed = days is not None and not round_.terms.month_of_day.keys().isdisjoint(days.rows)
    if days is not None and "entry" in days.columns:
        _read(returned, book, round_)
    if returned.refused is None and not (keyed and days is not None and "entry" in days.columns):
        returned.refused = DaySheetGone()
    if returned.refused is None:
        _check_targets(returned, book, sealed, round_)


def _read(returned: Returned, book: ReturnedBook, round_: Round) -> None:
    """Read what the store filled in; of a refused workbook too, because its amounts are counted as set aside."""
    reading = Reading(returned, round_)
    for sheet in SHEETS:
        if sheet.scan is not None and sheet.key in book.sheets:
            sheet.scan(book.sheets[sheet.key], reading)
    for sheet in SHEETS:
        if sheet.read_back is not None:
            sheet.read_back(book.sheets.get(sheet.key), reading)
    returned.sold = SoldRows.of(sorted(reading.sold, key=lambda row: row.day))
    returned.problems += _while_closed(returned, book.sheets[DAYS], round_)


def _while_closed(returned: Returned, days: ReturnedSheet, round_: Round) -> Iterator[Problem]:
    """Yield a problem for sales on days on which the plan has the store closed; they count."""
    opens, closes = round_.opening.get(returned.code, (None, None))
    early = [row for row in returned.sold if opens is not None and row.day < opens]
    late = [row for row in returned.sold if closes is not None and row.day > closes]
    for rows, date, zh, en in ((early, opens, "开业日", "Opens"), (late, closes, "闭店日", "Closes")):
        if rows:
            days_of = DateRange(min(row.day for row in rows), max(row.day for row in rows))
            total = yuan(sum(row.micros for row in rows))
            fault = WhileClosed(days=days_of, sum=total, date=date, zh_date=zh, en_date=en)
            yield Problem.note(Place(days.title), "", fault, count=len(rows))


def _check_targets(returned: Returned, book: ReturnedBook, sealed: str, round_: Round) -> None:
    """Report targets that are not headquarters' latest; commitments on them are not taken.

    A commitment that is the target by now was accepted: nothing is reported of it.
    """
    expected = round_.expected[returned.code]
    own, table_sheet = identity_of(round_.terms, expected.targets), BY_KEY[TABLES].title[round_.lang]
    cells = list(sealed_in(book.sheets))

    def fingerprint_of_file() -> str:
        as_handed_out = cells == list(sealed_cells(expected.terms, expected.targets))
        return expected.whole if as_handed_out else fingerprint(own, cells)

    if sealed == expected.whole:
        for sheet in SHEETS:
            if sheet.check is not None and sheet.key in book.sheets:
                returned.problems += sheet.check(book.sheets[sheet.key], expected)

    def report(fault: Fault, title: str = book.sheets[DAYS].title) -> None:
        returned.problems.append(Problem.note(Place(title), "", fault))

    def days_hold() -> bool:
        return fingerprint(own, sealed_days_in(book.sheets)) == expected.fingerprint

    if not expected.is_sealed_by(sealed):
        if expected.is_sealed_by(fingerprint_of_file()):
            return  # the same targets under the store's former name
        if days_hold():
            report(TablesOlder(version=returned.version), table_sheet)
            return
        # its targets differ because they are older, not because somebody changed them
        returned.problems = [p for p in returned.problems if not isinstance(p.fault, reasons.TargetChanged)]
        report(OlderVersion(version=returned.version))
    elif TABLES not in book.sheets and sealed != expected.fingerprint and days_hold():
        report(reasons.SheetsGone(title=table_sheet), table_sheet)
        return
    elif fingerprint_of_file() == sealed:
        return
    else:
        report(TargetsUnsealed())
    for commitment in returned.commitments:
        if commitment.micros == round(expected.months[commitment.period] * MICROS):
            continue
        returned.problems.append(Problem.note(commitment.place, "", OnOldTargets()))
    returned.commitments = []
