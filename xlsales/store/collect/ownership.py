"""The store of a returned workbook, and whether headquarters made it: by its identity, else by the seal of its targets.

Nothing is believed: neither names, nor protection, nor places.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from xlsales.core.faults import Fault
from xlsales.store import contract
from xlsales.store.contract import SHORT
from xlsales.store.reasons import NotSealed, Refusal
from xlsales.store.returned import Round, Trust
from xlsales.store.returned_book import ReturnedBook
from xlsales.store.sealing import Identity, digest, fingerprint, identity_of, sealed_days_in, sealed_in
from xlsales.store.seals import is_keyed, is_plain


class NotAStoreBook(Refusal):
    """A workbook without the identity that every handed-out workbook carries."""

    zh = "{file} 不是下发的工作簿,或它的身份信息被删了。请在下发的文件里填写后再交。"
    en = "{file} is no workbook that was handed out, or its identity was deleted. Fill in the one handed out."


class NewerFormat(Refusal):
    """A workbook made by a newer version."""

    zh = "{file} 由更新的版本({found})下发。请升级 xlsales。"
    en = "{file} was handed out by a newer version ({found}). Upgrade xlsales."


class OtherPlan(Refusal):
    """A workbook of another plan, or of another dimension."""

    zh = "这是“{found}”的文件,不是“{plan}”的。请交回本计划的文件。"
    en = 'This workbook belongs to "{found}", not to "{plan}". Return the one of this plan.'


class UnknownStore(Refusal):
    """A workbook of a member that the plan does not have."""

    zh = "计划里没有“{code}”。请总部在“维度”表里加上它;改过名的,把旧名填在“别名”里,再收一次。"
    en = (
        'The plan has no "{code}". Headquarters adds it to Dimensions (a former name goes into Aliases) and collects '
        "again."
    )


class IdentityChanged(NotSealed):
    """Name, version or fingerprint were changed by hand: they do not belong together."""

    zh = "“{code}”的身份信息和目标对不上,像是被手工改过。请重新取一份下发的文件,把数据填进去。"
    en = 'The identity of "{code}" does not fit its targets; it was changed by hand. Fill in a fresh copy.'


class SealUnknown(NotSealed):
    """A workbook sealed by a key that is not on this computer, and no record says that it was handed out."""

    zh = (
        "“{code}”的这份是用另一台电脑的密钥封印的,本机没有,没有采用。请把那台电脑的 seals 文件夹拷到 {folder};"
        "密钥丢了,就把下发文件夹里的 manifest.json 拷到那里,再收一次。"
    )
    en = (
        'This one of "{code}" is sealed by the key of another computer, which is not here: not taken. Copy its folder '
        "seals to {folder}; if the key is lost, copy manifest.json of the hand-out there. Then collect again."
    )
    store_can_fix = False


class NamedForOther(Refusal):
    """A workbook of one store under the file name of another: one was filled in for the other."""

    zh = "文件名是“{named}”,里面却是“{code}”的工作簿。请各用自己的文件填写。"
    en = 'The file is named for "{named}" but is the workbook of "{code}". Fill in your own.'


def identity_in(book: ReturnedBook, path: Path, round_: Round) -> tuple[Identity, str]:
    """Return the store that the workbook names, and the seal it bears; if one of them is lost, both from its targets.

    If several stores have the same targets, the file's name says which store it is; without it, none is. A seal made
    from targets has no key: it counts in rounds without keys.
    """
    version = book.text(contract.NAME_VERSION)
    identity = Identity(
        book.text(contract.NAME_PLAN),
        book.text(contract.NAME_DIMENSION),
        book.text(contract.NAME_CODE),
        int(version) if version.isdigit() else 0,
    )
    seal = book.text(contract.NAME_FINGERPRINT)
    if identity.code and seal:
        return identity, seal
    days = list(sealed_days_in(book.sheets))
    fitting: dict[str, Identity] = {}
    for code, expected in round_.expected.items() if days else ():
        own = replace(identity_of(round_.terms, expected.targets), version=identity.version)
        if fingerprint(own, days) == expected.fingerprint:
            fitting[code] = own
    code = next(iter(fitting)) if len(fitting) == 1 else round_.names.get(path.stem, "")
    match = fitting.get(code)
    return (identity, seal) if match is None else (match, fingerprint(match, sealed_in(book.sheets)))


def open_seal(seal: str, identity: Identity, book: ReturnedBook, round_: Round) -> tuple[str, Trust]:
    """Return the fingerprint of the targets that a seal was made of (empty if unknown), and why to trust it."""
    seals = round_.seals
    if is_plain(seal):
        return seal, "recorded" if seals.was_plain(identity.code, seal) else "plain"
    if not is_keyed(seal):
        return "", "broken"
    if not seals.has_key_of(seal):
        short = seals.handed_as(identity.code, seal)
        return (short, "recorded") if short else ("", "unknown")
    digests = _digests(identity, book, round_)
    match = next((digest for digest in digests if seals.fits(seal, digest)), None)
    return (match[:SHORT], "proven") if match is not None else ("", "broken")


def _digests(identity: Identity, book: ReturnedBook, round_: Round) -> Iterator[str]:
    """Yield the digests that the seal of a workbook may be made of, the likely ones first."""
    expected = round_.expected.get(identity.code)
    if expected is not None:
        yield from expected.digests
    yield digest(identity, sealed_in(book.sheets))  # an older version is whole: its targets are those of its seal
    for other in round_.expected.values():
        if other is not expected:
            yield from other.digests


def owner(identity: Identity, sealed: str, round_: Round) -> str:
    """Return the store with the sealed targets, whatever name the file has; else the store that the file names."""
    code = round_.renamed.get(identity.code, identity.code)
    expected = round_.expected.get(code)
    if expected is None or expected.is_sealed_by(sealed) or code != identity.code:
        return code
    return next((code for code, other in round_.expected.items() if other.is_sealed_by(sealed)), code)


def refusal(
    book: ReturnedBook, identity: Identity, seal: str, sealed: str, trust: Trust, path: Path, round_: Round
) -> Fault | None:
    """Return why nothing of a workbook may be taken; None if it may be."""
    version = book.text(contract.NAME_FORMAT)
    if version.isdigit() and int(version) > int(contract.FORMAT):
        return NewerFormat(file=path.name, found=version)
    if not identity.code or not seal:
        return NotAStoreBook(file=path.name)
    if identity.plan != round_.terms.plan.name or identity.dimension != round_.dimension.name:
        own, other = f"{round_.terms.plan.name}/{round_.dimension.name}", f"{identity.plan}/{identity.dimension}"
        return OtherPlan(found=other, plan=own)
    code = round_.renamed.get(identity.code, identity.code)
    expected = round_.expected.get(code)
    if expected is None:
        return UnknownStore(code=identity.code)
    if trust == "unknown":
        return SealUnknown(code=identity.code, folder=round_.seals.folder)
    # an older version is whole: its targets are those that its seal was made of
    if not expected.is_sealed_by(sealed) and fingerprint(identity, sealed_in(book.sheets)) != sealed:
        return IdentityChanged(code=identity.code)
    name = round_.names.get(path.stem)
    if name is not None and name != code:
        return NamedForOther(named=name, code=identity.code)
    return None
