"""One returned workbook, from the file to values: whose it is, whether it is the right one, what can be taken.

The story: open the file whatever saved it → find out whose it is, by its identity or, where names were lost, by
the seal of its targets → read the day table, the detail and the commitments → say what is not taken and why.
Nothing is believed: neither names, nor protection, nor places.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from xlsales.core.faults import DateRange, Fault, Place, Problem
from xlsales.core.plan import MICROS
from xlsales.ooxml.grid import SheetError
from xlsales.ooxml.package import DamagedWorkbook
from xlsales.ooxml.xml import XmlError
from xlsales.store import contract, reasons
from xlsales.store.collect.days import read_day_table
from xlsales.store.collect.detail import against_entries, far_above, off_unit, read_detail, within_sums
from xlsales.store.collect.member_rows import check_members
from xlsales.store.collect.promises import read_commitments
from xlsales.store.contract import SHEETS, SHORT
from xlsales.store.pages import Page, Pages, read_pages
from xlsales.store.returned import Returned, Round, Trust, yuan
from xlsales.store.sealing import Identity, digest, fingerprint, identity_of, sealed_days_in, sealed_in
from xlsales.store.seals import is_keyed, is_plain
from xlsales.tables.rows.sold import Sold, SoldRows

BOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
OTHERS = (".csv", ".txt", ".tsv", ".et", ".numbers", ".zip", ".rar", ".7z")
"""What stores send instead of a workbook: told, never read."""


def read_returned(path: Path, file: str, round_: Round) -> Returned:
    """Read a returned file; `file` is what it is called in messages. A fault of the file is kept in `refused`."""
    returned = Returned(file, round_.names.get(path.stem, ""))
    if path.suffix.lower() not in BOOKS:
        returned.refused = reasons.NotXlsx(file=path.name, ending=path.suffix.lower())
        return returned
    try:
        _take(returned, read_pages(path, contract.IDENTITY_NAMES), path, round_)
    except Fault as fault:
        return Returned(file, returned.code, refused=fault)
    except (SheetError, XmlError, ValueError) as error:  # a cell that is not what it seems
        return Returned(file, returned.code, refused=DamagedWorkbook(file=path.name, reason=str(error)[:60]))
    if returned.refused is not None:  # one reason is enough
        if isinstance(returned.refused, reasons.NamedForOther):
            returned.code = returned.refused.facts["named"]  # that store sent it
        returned.commitments = []
        returned.problems = [problem for problem in returned.problems if problem.set_aside]
    return returned


def _take(returned: Returned, pages: Pages, path: Path, round_: Round) -> None:
    """Find out whose a workbook is and take what can be taken of it."""
    returned.saved, returned.can_be_marked = pages.saved, pages.book is not None
    days = pages.sheets.get("days")
    identity, seal = _identity(pages, path, round_)
    if not pages.sheets and not identity.code:
        returned.refused = reasons.NotAStoreBook(file=path.name)
        return
    sealed, trust = _opened(seal, identity, pages, round_)
    returned.trust = trust
    returned.code, returned.version = _owner(identity, sealed, round_), identity.version
    returned.refused = _refusal(pages, identity, seal, sealed, trust, path, round_)
    keyed = days is not None and not round_.span.month_of_day.keys().isdisjoint(days.rows)
    if days is not None and "entry" in days.columns:
        _read(returned, pages, days, round_)
    if returned.refused is None and not (keyed and days is not None and "entry" in days.columns):
        returned.refused = reasons.DaySheetGone()
    if returned.refused is None:
        _check_targets(returned, pages, sealed, round_)


def _identity(pages: Pages, path: Path, round_: Round) -> tuple[Identity, str]:
    """Return who the workbook says it belongs to, and the seal it bears; told by its targets where both are lost.

    Of stores with the same targets the file's name tells which; without it none of them is meant. Whoever is told by
    targets has a seal without a key: it counts where those do.
    """
    version = pages.text(contract.NAME_VERSION)
    identity = Identity(
        pages.text(contract.NAME_PLAN),
        pages.text(contract.NAME_DIMENSION),
        pages.text(contract.NAME_CODE),
        int(version) if version.isdigit() else 0,
    )
    sealed = pages.text(contract.NAME_FINGERPRINT)
    if identity.code and sealed:
        return identity, sealed
    days = list(sealed_days_in(pages.sheets))
    fitting: dict[str, Identity] = {}
    for code, expected in round_.expected.items() if days else ():
        own = replace(identity_of(round_.span, expected.targets), version=identity.version)
        if fingerprint(own, days) == expected.fingerprint:
            fitting[code] = own
    named = next(iter(fitting)) if len(fitting) == 1 else round_.names.get(path.stem, "")
    meant = fitting.get(named)
    return (identity, sealed) if meant is None else (meant, fingerprint(meant, sealed_in(pages.sheets)))


def _opened(seal: str, identity: Identity, pages: Pages, round_: Round) -> tuple[str, Trust]:
    """Return the fingerprint of the targets that a seal was made of (empty where unknown), and what speaks for it."""
    seals = round_.seals
    if is_plain(seal):
        return seal, "recorded" if seals.was_plain(identity.code, seal) else "plain"
    if not is_keyed(seal):
        return "", "broken"
    if not seals.has_key_of(seal):
        short = seals.handed_as(identity.code, seal)
        return (short, "recorded") if short else ("", "unknown")
    named = round_.expected.get(identity.code)
    others = (digest for own in round_.expected.values() if own is not named for digest in own.digests)
    # an older version is whole: its targets are those that its seal was made of
    makings = chain(named.digests if named is not None else (), (digest(identity, sealed_in(pages.sheets)),), others)
    made_of = next((digest for digest in makings if seals.fits(seal, digest)), None)
    return (made_of[:SHORT], "proven") if made_of is not None else ("", "broken")


def _owner(identity: Identity, sealed: str, round_: Round) -> str:
    """Return the store that the seal is of, whatever name stands beside it; else the one that is named."""
    code = round_.renamed.get(identity.code, identity.code)
    named = round_.expected.get(code)
    if named is None or named.is_sealed_by(sealed) or code != identity.code:
        return code
    return next((code for code, own in round_.expected.items() if own.is_sealed_by(sealed)), code)


def _refusal(
    pages: Pages, identity: Identity, seal: str, sealed: str, trust: Trust, path: Path, round_: Round
) -> Fault | None:
    """Return why nothing of a workbook may be taken; None where it may be."""
    found = pages.text(contract.NAME_FORMAT)
    if found.isdigit() and int(found) > int(contract.FORMAT):
        return reasons.NewerFormat(file=path.name, found=found)
    if not identity.code or not seal:
        return reasons.NotAStoreBook(file=path.name)
    if identity.plan != round_.span.plan.name or identity.dimension != round_.dimension.name:
        shown = f"{identity.plan}/{identity.dimension}"
        return reasons.OtherPlan(found=shown, plan=f"{round_.span.plan.name}/{round_.dimension.name}")
    code = round_.renamed.get(identity.code, identity.code)
    expected = round_.expected.get(code)
    if expected is None:
        return reasons.UnknownStore(code=identity.code)
    if trust == "unknown":
        return reasons.SealUnknown(code=identity.code, folder=round_.seals.folder)
    # an older version is whole: its targets are those that its seal was made of
    if not expected.is_sealed_by(sealed) and fingerprint(identity, sealed_in(pages.sheets)) != sealed:
        return reasons.IdentityChanged(code=identity.code)
    named = round_.names.get(path.stem)
    if named is not None and named != code:
        return reasons.NamedForOther(named=named, code=identity.code)
    return None


def _read(returned: Returned, pages: Pages, days: Page, round_: Round) -> None:
    """Read what the store filled in. Of a refused workbook too, for its amounts are found."""
    pasted = pages.sheets.get("detail")
    detail = read_detail(pasted, round_)
    table = read_day_table(days, returned.code, round_, detail.days)
    detail = against_entries(within_sums(detail, table.by_sum, pasted), table.entries, pasted)
    detail = off_unit(detail, returned.code, pasted, round_)
    detail = far_above(detail, returned.code, pasted, round_)
    typed = [Sold(_day(key), entry.micros) for key, entry in table.entries.items()]
    returned.sold = SoldRows.of(sorted([*typed, *detail.sold], key=lambda row: row.day))
    returned.carried = table.carried
    returned.problems += [*table.problems, *detail.problems, *_while_closed(returned, days, round_)]
    commitments = read_commitments(pages.sheets.get("commitment"), returned.code, round_)
    returned.commitments = commitments.made
    returned.problems += commitments.problems


def _while_closed(returned: Returned, days: Page, round_: Round) -> Iterator[Problem]:
    """Yield a finding on sales of days on which the plan has the store closed; they count."""
    opens, closes = round_.opening.get(returned.code, (None, None))
    early = [row for row in returned.sold if opens is not None and row.day < opens]
    late = [row for row in returned.sold if closes is not None and row.day > closes]
    for rows, date, zh, en in ((early, opens, "开业日", "Opens"), (late, closes, "闭店日", "Closes")):
        if rows:
            days_of = DateRange(min(row.day for row in rows), max(row.day for row in rows))
            total = yuan(sum(row.micros for row in rows))
            said = reasons.WhileClosed(days=days_of, sum=total, date=date, zh_date=zh, en_date=en)
            yield Problem(Place(days.title), "", said, count=len(rows), set_aside=False)


def _day(key: str) -> dt.date:
    return dt.date.fromisoformat(key)


def _check_targets(returned: Returned, pages: Pages, sealed: str, round_: Round) -> None:
    """Tell of targets that are not headquarters' latest; commitments on them are not taken.

    One that is the target by now was accepted: there is nothing to tell of it.
    """
    expected, members = round_.expected[returned.code], pages.sheets.get("members")
    own, table_sheet = identity_of(round_.span, expected.targets), SHEETS["members"][round_.lang]
    if sealed == expected.whole and members is not None:
        returned.problems += check_members(members, expected)

    def tell(fault: Fault, title: str = pages.sheets["days"].title) -> None:
        returned.problems.append(Problem(Place(title), "", fault, set_aside=False))

    def days_hold() -> bool:
        return fingerprint(own, sealed_days_in(pages.sheets)) == expected.fingerprint

    if not expected.is_sealed_by(sealed):
        if expected.is_sealed_by(fingerprint(own, sealed_in(pages.sheets))):
            return  # the same targets under the store's former name
        if days_hold():
            tell(reasons.TablesOlder(version=returned.version), table_sheet)
            return
        # its targets differ because they are older, not because somebody changed them
        returned.problems = [p for p in returned.problems if not isinstance(p.fault, reasons.TargetChanged)]
        tell(reasons.OlderVersion(version=returned.version))
    elif sealed != expected.fingerprint and members is None and days_hold():
        tell(reasons.SheetsGone(title=table_sheet), table_sheet)
        return
    elif fingerprint(own, sealed_in(pages.sheets)) == sealed:
        return
    else:
        tell(reasons.TargetsUnsealed())
    for commitment in returned.commitments:
        if commitment.micros == round(expected.months[commitment.period] * MICROS):
            continue
        returned.problems.append(Problem(commitment.place, "", reasons.OnOldTargets(), set_aside=False))
    returned.commitments = []
