"""The versions of the targets: what each split changed, from which target to which, and by what.

They are kept in sheet 目标版本 of the workbook itself; a split reads them back, and adds one where it changes a target.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Lang
from xlsales.core.periods import Level
from xlsales.core.plan import MICROS
from xlsales.workbook.commitments import FROM_COMMITMENT
from xlsales.workbook.layout import round_words as words
from xlsales.workbook.layout.model import IDENTITY, Value
from xlsales.workbook.layout.versions import VERSION_COLUMNS, VersionLine
from xlsales.workbook.written import WrittenSheet

MOST_MEMBERS = 200
"""So many lines a version has; the largest changes first."""
KEPT = 50
"""So many versions are kept."""


def versions_after(
    sheets: dict[str, WrittenSheet], breakdown: Breakdown, when: dt.datetime, lang: Lang
) -> tuple[VersionLine, ...] | None:
    """Return the lines of the sheet after a split, the newest version first; None where no target changed.

    `sheets` are the written sheets as they were before the split.
    """
    time = sheets.get(IDENTITY + "time")
    earlier = list(_read(sheets))
    numbers = [int(line.key.split(":")[1]) for line in earlier if line.key.split(":")[1].isdigit()]
    number = max(numbers, default=0) + 1
    total = breakdown.plan.total * breakdown.plan.step_micros / MICROS
    before = time.number("total", "target") if time is not None else math.nan
    members = [] if time is None else sorted(_members(sheets, breakdown, number, lang), key=_size)
    if time is not None and not members and _equal(before, total) and not _moved(sheets, breakdown):
        return None
    what = words.FIRST_SPLIT[lang] if time is None else words.TOTAL_TARGET[lang]
    changed = {line.key.rsplit(":", 1)[0] if line.key.count(":") > 3 else line.key for line in members}
    why = words.MEMBERS_CHANGED[lang].format(n=len(changed)) if members else ""
    if time is not None and not members and _equal(before, total):
        why = words.MONTHS_ONLY[lang]
    head = VersionLine(
        f"v:{number}",
        {
            "version": str(number),
            "when": when.isoformat(" ", "minutes"),
            "what": what,
            **_change(before, total),
            "why": why,
        },
    )
    shown = members[:MOST_MEMBERS]
    if len(members) > len(shown):
        more = words.MORE_MEMBERS[lang].format(n=len(members) - len(shown))
        shown.append(VersionLine(f"v:{number}:…", {"what": more}))
    kept = [line for line in earlier if line.key.split(":")[1] > "" and _number(line) > number - KEPT]
    return (head, *shown, *kept)


def _number(line: VersionLine) -> int:
    text = line.key.split(":")[1]
    return int(text) if text.isdigit() else 0


def _size(line: VersionLine) -> tuple[float, str]:
    change = line.values["change"]
    return -abs(change) if isinstance(change, float) else 0.0, line.key


def _members(sheets: dict[str, WrittenSheet], breakdown: Breakdown, number: int, lang: Lang) -> Iterator[VersionLine]:
    """Yield a line for each member whose target changed, and for each month that a commitment changed."""
    step = breakdown.plan.step_micros / MICROS
    months = [period.key for period in breakdown.timeline.periods(Level.MONTH)]
    for name, part in breakdown.dimensions.items():
        sheet = sheets.get(f"{IDENTITY}dimension:{name}")
        if sheet is None:
            continue
        for i, member in enumerate(part.dimension.members):
            locks = [k for k in breakdown.plan.locks if (k.dimension, k.member) == (name, member.name)]
            promised = [k.period for k in locks if k.row > FROM_COMMITMENT]
            old, new = sheet.number(f"m:{member.name}", "target"), float(part.targets[i]) * step
            locked = member.locked is not None or len(locks) > len(promised)
            why = words.BY_LOCK[lang] if locked else words.BY_SHARE[lang]
            if promised:
                why = words.BY_COMMITMENT[lang].format(periods="、".join(promised))
            key, what = f"v:{number}:{name}:{member.name}", f"{name} {member.name}"
            if not _equal(old, new):
                yield VersionLine(key, {"what": what, **_change(old, new), "why": why})
            for month in promised:
                old = sheet.number(f"m:{member.name}", f"t:{month}")
                if month in months and not _equal(old, new := float(part.months[i][months.index(month)]) * step):
                    by = words.BY_COMMITMENT[lang].format(periods=month)
                    yield VersionLine(f"{key}:{month}", {"what": f"{what} {month}", **_change(old, new), "why": by})


def _moved(sheets: dict[str, WrittenSheet], breakdown: Breakdown) -> bool:
    """Whether any target of a month or a day is another than before."""
    step = breakdown.plan.step_micros / MICROS
    time = sheets[IDENTITY + "time"]
    days = zip(breakdown.timeline.periods(Level.DAY), breakdown.days.tolist(), strict=True)
    if any(not _equal(time.number(day.key, "target"), steps * step) for day, steps in days):
        return True
    columns = [f"t:{period.key}" for period in breakdown.timeline.periods(Level.MONTH)]
    for name, part in breakdown.dimensions.items():
        sheet = sheets.get(f"{IDENTITY}dimension:{name}")
        if sheet is None:
            return True
        for member, row in zip(part.dimension.members, part.months.tolist(), strict=True):
            if any(
                not _equal(sheet.number(f"m:{member.name}", c), s * step) for c, s in zip(columns, row, strict=True)
            ):
                return True
    return False


def _equal(old: float, new: float) -> bool:
    return math.isclose(old, new, rel_tol=1e-12, abs_tol=1e-6)


def _change(old: float, new: float) -> dict[str, Value]:
    return {"from": old, "to": new, "change": new - old}


def _read(sheets: dict[str, WrittenSheet]) -> Iterator[VersionLine]:
    """Yield the lines that stand in the sheet, as they stand."""
    sheet = sheets.get(IDENTITY + "versions")
    for key in sheet.rows if sheet is not None else ():
        if sheet is not None and key.startswith("v:"):
            texts = {c: v for c in VERSION_COLUMNS if isinstance(v := sheet.value(key, c), str | float)}
            yield VersionLine(key, dict.fromkeys(VERSION_COLUMNS) | texts)
