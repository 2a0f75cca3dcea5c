"""Which names a person may have meant by one that nobody has: slips of the eye and of the ear.

`rapidfuzz` compares the characters, `readings` knows their sound. By its characters 华冬 is as near to 华北 as to 华东,
but it sounds like 华东. A person who types by sound takes the wrong character: 春曦 for 春熙, even 淳西. A code or a
number is no slip: SKU-002 is not a wrong SKU-001, nor is 门店B a wrong 门店A.
"""

from __future__ import annotations

from collections.abc import Collection

from xlsales.core.expressions import expression
from xlsales.values.readings import readings

LIKE = 0.5
"""Names are like each other if at least this part of their characters (0 to 1) is common, in the same order."""
CLEARLY = 0.2
"""A name that sounds nearer than another by more than this (0 to 1) is the one that was meant."""
_CODE = expression(r"(?=.*[0-9])[!-~]+")
_DIGITS = expression(r"[0-9]+")
_LEADING_ZEROS = expression(r"(?<![0-9])0+(?=[0-9])")
_NUMBERING = expression(r"[0-9]+|(?<![a-z])[a-z](?![a-z])|[〇零一二三四五六七八九十甲乙丙丁]")


def near_names(word: str, names: Collection[str]) -> list[str]:
    """Return the names that are most like an unknown one, and those that sound the same; the best sounding first.

    If some sound clearly nearer than the others, only these are returned: 华东 of 华冬, and not 华北 beside it.
    All are identities (`core.text.identity`). A code is like no name, and no name is like one with another number.
    """
    from rapidfuzz.distance.Indel import normalized_similarity
    from rapidfuzz.process import extract

    if _CODE.fullmatch(word):
        return []
    near, best = [], 0.0
    alike = extract(word, list(names), scorer=normalized_similarity, score_cutoff=LIKE, limit=None)
    for name, likeness, _ in alike:
        if likeness < best:
            break
        if not _differs_by_number(word, name):
            near.append(name)
            best = likeness
    if word.isascii() and all(map(str.isascii, names)):
        return near
    homophones = [name for name in names if name not in near and _sounds_like(word, name)]
    near += [name for name in homophones if not _differs_by_number(word, name)]
    sounds = {name: normalized_similarity(_sound(word, name), _sound(name, word)) for name in near}
    least = max(sounds.values(), default=0.0) - CLEARLY
    return sorted((name for name in near if sounds[name] >= least), key=lambda name: -sounds[name])


def _differs_by_number(word: str, name: str) -> bool:
    """Whether other numbers are in the names (1 is 01), or nothing but their numbering (A and B, 一 and 二) differs."""
    word, name = _LEADING_ZEROS.sub("", word), _LEADING_ZEROS.sub("", name)
    if _DIGITS.findall(word) != _DIGITS.findall(name):
        return True
    return word != name and _NUMBERING.sub("#", word) == _NUMBERING.sub("#", name)


def _sounds_like(word: str, name: str) -> bool:
    """Whether two names sound the same; Latin letters are read as pinyin."""
    if len(word) == len(name):
        return all(map(_sound_the_same, word, name))
    return word.isascii() and word == "".join(_sound(name, word))


def _sound_the_same(one: str, other: str) -> bool:
    """Whether two characters have a reading in common."""
    return one == other or any(reading in readings(other) for reading in readings(one))


def _sound(word: str, other: str) -> list[str]:
    """Return a syllable for each character of a word; of several readings the one that the other word has too."""
    heard = {reading for character in other for reading in readings(character)}
    return [next((one for one in several if one in heard), several[0]) for several in map(readings, word)]
