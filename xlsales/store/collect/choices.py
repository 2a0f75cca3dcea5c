"""The reasons why one of several files of a store counts, and why the others do not."""

from __future__ import annotations

from xlsales.store.reasons import NotSealed, Refusal, Remark


class SavedLast(Remark):
    """This of several files of a store counts: it was saved last."""

    zh = "“{code}”交了几份,采用的是“{file}”:它最后保存。没有采用:{others}。"
    en = 'Of the files of "{code}", "{file}" was taken: it was saved last. Not taken: {others}.'


class FilledFurther(Remark):
    """This of several files of a store counts: the others have less than was taken before."""

    zh = "“{code}”交了几份,采用的是“{file}”:它填得最全。没有采用:{others}。"
    en = 'Of the files of "{code}", "{file}" was taken: it is filled in furthest. Not taken: {others}.'


class NewerVersion(Remark):
    """This of several files of a store counts: it is of the latest version."""

    zh = "“{code}”交了几份,采用的是“{file}”:它是新版。没有采用:{others}。"
    en = 'Of the files of "{code}", "{file}" was taken: it is of the newer version. Not taken: {others}.'


class Superseded(Refusal):
    """Another file of the store counts, `taken`; this one may have days that it lacks."""

    store_can_fix = False


class OlderCopy(Superseded):
    """Another file of the same store was saved later."""

    zh = "“{code}”交了几份,采用了最后保存的“{taken}”,这一份没有采用。请只留一份。"
    en = '"{code}" returned several; the one saved last, "{taken}", was taken and this one was not. Keep one.'
    choice = SavedLast


class BehindCopy(Superseded):
    """A file with less than was taken before, beside one that has as much."""

    zh = "“{code}”交了几份,采用的是“{taken}”;这一份只填到 {last},而上次已经收到 {known},没有采用。请只留一份。"
    en = (
        '"{code}" returned several: "{taken}" was taken; this one is filled in to {last}, where {known} was taken '
        "before: not taken. Keep one."
    )
    choice = FilledFurther


class EarlierVersion(Superseded):
    """A file of an earlier version, beside one of the latest; they do not say when they were saved."""

    zh = "“{code}”交了几份,采用的是新版(第 {newest} 版)“{taken}”,这一份(第 {version} 版)没有采用。请只留一份。"
    en = '"{code}" returned several: the newer version {newest}, "{taken}", was taken, not this ({version}). Keep one.'
    choice = NewerVersion


class SameFileTwice(Refusal):
    """A second file with the same contents."""

    zh = "和“{taken}”内容相同,只算一份。不用处理。"
    en = 'Holds the same as "{taken}"; counted once. Nothing to do.'
    store_can_fix = False


class BlankBeside(Refusal):
    """A workbook without an entry, beside one that the store has filled in."""

    zh = "这份还没有填任何内容,按“{taken}”算。不用处理。"
    en = 'Nothing is filled in yet; "{taken}" counts. Nothing to do.'
    store_can_fix = False


class OlderFile(Refusal):
    """A file that holds less than was taken from the store before."""

    zh = "这是以前的文件:只填到 {last},而上次已经收到 {known}。请交回最新的一份;要撤回某天,请在那天填 0。"
    en = "An earlier file: filled in to {last}, where {known} was taken before. Return the latest; 0 takes a day back."


class SeveralFiles(Refusal):
    """Several different files of one store; nothing says which is the latest."""

    zh = "“{code}”交了 {count} 份内容不同的文件({files}),分不清哪份最新,都没有采用。请只留一份。"
    en = '"{code}" returned {count} different files ({files}) and none can be told to be the latest. Keep one.'


class NothingFilledIn(Remark):
    """A workbook without an entry."""

    zh = "没有填任何实际。请填写后再交。"
    en = "Nothing was filled in. Fill it in and return it again."


class BlankSince(Remark):
    """A workbook without an entry, of a store that has reported before."""

    zh = "这份还没有填任何内容;之前收到的(填到 {known})照旧有效。"
    en = "Nothing is filled in yet; what was taken before (filled to {known}) still counts."


class SealMissing(NotSealed):
    """A workbook without a keyed seal in a round with keys; no record says that it was handed out so."""

    zh = (
        "这份写着“{code}”,但没有密钥封印,没有采用。如果是旧版本下发的,请把当时下发文件夹里的 manifest.json 拷到 "
        "{folder},再收一次;不是,就请“{code}”在新下发的文件里填。"
    )
    en = (
        'This one says "{code}" but has no keyed seal: not taken. If an earlier version handed it out, copy '
        'manifest.json of that hand-out to {folder} and collect again; else let "{code}" fill in a fresh file.'
    )
    store_can_fix = False
