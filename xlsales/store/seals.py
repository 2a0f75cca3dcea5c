"""Keys that seal a plan's store files, so that nobody but headquarters can make one.

A seal is a keyed hash of the digest of a file's targets. The key is a secret of the plan and stays in the sender's
data folder (`seals` below `snapshots.own_folder`), a file a key: it is in no file handed out and not in the plan.
If a key is not here (another computer, a lost disk), or there was none (files of earlier versions), the record of a
hand-out proves a file: the manifests beside the plan, those that a person copied to `seals`, and the part of them in
the key's file, copied when the key was made. Nothing inside the folder of returned files is such a record.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from xlsales.book.snapshots import own_folder
from xlsales.core.expressions import expression
from xlsales.core.faults import Fault
from xlsales.ooxml.files import HeldOpen, NotWritable, put, read_json
from xlsales.store.contract import SHORT
from xlsales.store.manifest import Manifest, ManifestUnreadable, manifests

_KEYED = expression(r"([0-9a-f]{8})-[0-9a-f]{24}")
_PLAIN = expression(rf"[0-9a-f]{{{SHORT}}}")
_SECRET = expression(r"[0-9a-f]{64}")

Handed = Mapping[str, frozenset[tuple[str, str]]]
"""Store → (seal, fingerprint) of each file handed out to it; the seal is empty if there was no key."""


class SealNotKept(Fault):
    """The key of the seals cannot be kept, so nothing is handed out."""

    zh = "封印用的密钥写不进 {folder}({reason}),没有下发。请腾出空间或检查权限,或用 XLSALES_DATA 换个文件夹。"
    en = (
        "The key of the seals cannot be written to {folder} ({reason}): nothing was handed out. Make room, check "
        "permissions, or name another folder by XLSALES_DATA."
    )


class SealDamaged(Fault):
    """A file of the folder of keys that cannot be read."""

    zh = "{file} 读不懂,没有用。它如果是密钥,请从备份恢复;没有备份也能收:见各文件的说明。"
    en = "{file} cannot be read and is not used. If it is a key, restore it; without it, see what is said of each file."


class SealedElsewhere(Fault):
    """A folder to hand out into has files that another computer has sealed."""

    zh = "文件夹里有 {count} 份是另一台电脑封印的。请把那台电脑的 seals 文件夹拷到 {folder},否则它们交回时不算。"
    en = (
        "{count:files} here {count:was|were} sealed on another computer. Copy its folder seals to {folder}, else they "
        "do not count."
    )


class Key(Struct, frozen=True):
    """A secret, and when it was made; its `name` is public."""

    secret: bytes
    made: str

    def __repr__(self) -> str:
        return f"Key({self.name})"

    @property
    def name(self) -> str:
        """Eight hex digits that reveal nothing of the secret."""
        return hashlib.sha256(b"xlsales seal " + self.secret).hexdigest()[:8]

    def seal(self, digest: str) -> str:
        """Return the seal of a digest of targets."""
        return f"{self.name}-{hmac.new(self.secret, digest.encode(), hashlib.sha256).hexdigest()[:24]}"


class Seals(Struct, frozen=True):
    """The keys of a plan that are here, the oldest first, and the records of what a dimension was handed out."""

    keys: tuple[Key, ...] = ()
    handed: Handed = field(default_factory=dict)
    damaged: tuple[Path, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder of keys, and of records that a person adds."""
        return _folder()

    @property
    def are_keyed(self) -> bool:
        """Whether anything of the plan is known to have been sealed by a key."""
        return bool(self.keys) or any(seal for lines in self.handed.values() for seal, _ in lines)

    def seal(self, digest: str) -> str:
        """Return the seal of a digest by the plan's first key."""
        return self.keys[0].seal(digest)

    def has_key_of(self, seal: str) -> bool:
        """Whether the key that made a seal is here."""
        return any(seal.startswith(f"{key.name}-") for key in self.keys)

    def fits(self, seal: str, digest: str) -> bool:
        """Whether a key that is here made this seal of a digest."""
        return any(hmac.compare_digest(key.seal(digest), seal) for key in self.keys)

    def handed_as(self, code: str, seal: str) -> str | None:
        """Return the fingerprint that a store was handed out under a seal; None if no record has it."""
        return next((short for other, short in self.handed.get(code, ()) if other == seal), None)

    def was_plain(self, code: str, short: str) -> bool:
        """Whether a record says that a store was handed out these targets without a key."""
        return ("", short) in self.handed.get(code, ())


def is_keyed(seal: str) -> bool:
    """Whether a seal was made by a key, be it one that is here or not."""
    return _KEYED.fullmatch(seal) is not None


def is_plain(seal: str) -> bool:
    """Whether a seal is a fingerprint without a key, as earlier versions wrote."""
    return _PLAIN.fullmatch(seal) is not None


def seals_of(plan: str, dimension: str, near: Iterable[Path] = (), apart: Path | None = None) -> Seals:
    """Return a plan's keys, and the records of its hand-outs.

    Manifests in the folders `near` and right below them count, but not those in the folder `apart`.
    """
    keys: list[Key] = []
    damaged: list[Path] = []
    lines: list[tuple[str, str, str]] = []
    for path in sorted(_folder().glob("*.json")):
        try:
            record = _read(path)
            if "stores" in record:
                lines += _lines(Manifest.read(record), plan, dimension)
            elif record["plan"] == plan:
                keys.append(Key(_secret(record["key"]), str(record["made"])))
                lines += _before(record["before"], dimension)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ManifestUnreadable, RecursionError):
            damaged.append(path)
    for manifest in manifests(near, apart):
        lines += _lines(manifest, plan, dimension)
    handed: dict[str, set[tuple[str, str]]] = {}
    for code, seal, short in lines:
        handed.setdefault(code, set()).add((seal, short))
    keys.sort(key=lambda key: (key.made, key.name))
    return Seals(tuple(keys), {code: frozenset(own) for code, own in handed.items()}, tuple(damaged))


def seals_to_hand_out(plan: str, dimension: str, near: Iterable[Path], now: dt.datetime) -> Seals:
    """Return a plan's keys; if it has none, make one, with the record of earlier hand-outs in its file.

    Raises SealNotKept.
    """
    seals = seals_of(plan, dimension)
    if seals.keys:
        return seals
    key = Key(secrets.token_bytes(32), now.isoformat())
    before = {
        of: sorted(line for manifest in manifests(near) for line in _lines(manifest, plan, of))
        for of in {one.dimension for one in manifests(near) if one.plan == plan}
    }
    record = {"plan": plan, "made": key.made, "key": key.secret.hex(), "before": before}
    home = hashlib.sha256(plan.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    path = _folder() / f"{home}-{key.name}.json"
    try:
        put(path, json.dumps(record, ensure_ascii=True, indent=1).encode())
        if os.name == "posix":
            path.chmod(0o600)
    except (HeldOpen, NotWritable) as fault:
        raise SealNotKept(folder=_folder(), reason=fault.facts.get("reason", fault.facts["file"])) from fault
    except OSError as error:
        raise SealNotKept(folder=_folder(), reason=error.strerror or type(error).__name__) from error
    return seals_of(plan, dimension)


def _folder() -> Path:
    return own_folder() / "seals"


def _read(path: Path) -> dict[str, object]:
    record = read_json(path)
    if not isinstance(record, dict):
        raise ValueError("no record")
    return record


def _secret(text: object) -> bytes:
    if not isinstance(text, str) or not _SECRET.fullmatch(text):
        raise ValueError("no key")
    return bytes.fromhex(text)


def _before(record: object, dimension: str) -> list[tuple[str, str, str]]:
    if not isinstance(record, dict):
        raise ValueError("no record")
    lines = [tuple(map(str, line)) for line in record.get(dimension, ())]
    if any(len(line) != 3 for line in lines):
        raise ValueError("no record")
    return [(code, seal, short) for code, seal, short in lines]


def _lines(manifest: Manifest, plan: str, dimension: str) -> Iterator[tuple[str, str, str]]:
    """Yield (store, seal, fingerprint) of a manifest, if it is of this plan and dimension."""
    if (manifest.plan, manifest.dimension) == (plan, dimension):
        for line in manifest.stores:
            yield line.code, line.seal, line.fingerprint
