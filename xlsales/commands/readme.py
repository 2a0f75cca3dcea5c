"""README's tables, from the lists that the program itself goes by; ``python -m xlsales.commands.readme`` writes them.

A table is in a README between `<!-- verbs -->` and `<!-- end -->`, and the like.
"""

from __future__ import annotations

import re
from pathlib import Path

from xlsales.commands.verb import OF_RUN, Argument, Verb, say
from xlsales.commands.verbs import VERBS
from xlsales.core.expressions import expression
from xlsales.core.faults import Lang
from xlsales.functions.catalogue import FUNCTIONS
from xlsales.plan.sheets import SHEETS
from xlsales.store.sheets import SHEETS as STORE_SHEETS
from xlsales.vocabulary.contract import Word

READMES: dict[Lang, str] = {"en": "README.md", "zh": "README.zh-CN.md"}
_TABLE = expression(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_ADDED = Word("(`xlsales add` 添加“{name}”后)", " (once `xlsales add` added {name})")
_HEADS: dict[str, dict[Lang, tuple[str, str]]] = {
    "verbs": {"en": ("command", "does"), "zh": ("命令", "作用")},
    "functions": {"en": ("function", "gives"), "zh": ("函数", "作用")},
    "sheets": {"en": ("sheet", "shows"), "zh": ("工作表", "内容")},
    "stores": {"en": ("sheet", "is for"), "zh": ("工作表", "用途")},
}


def with_tables(text: str, lang: Lang) -> str:
    """Return a README's text with its tables as they are to be."""
    return _TABLE.sub(lambda found: f"{found[1]}{_table(found[2], lang)}{found[3]}", text)


def _table(key: str, lang: Lang) -> str:
    rows = {"verbs": _verbs, "functions": _functions, "sheets": _sheets, "stores": _stores}[key](lang)
    lines = [_HEADS[key][lang], ("---", "---"), *rows]
    return "".join(f"| {name} | {text} |\n" for name, text in lines)


def _verbs(lang: Lang) -> list[tuple[str, str]]:
    return [(f"`{_usage(verb)}`", _purpose(verb, lang)) for verb in VERBS if verb.arguments]


def _usage(verb: Verb) -> str:
    """How a command is typed, without its options, which are behind its purpose."""
    words = [one.usage for one in verb.arguments if one.positional]
    return " ".join(["xlsales", verb.key, *words]).replace("|", "\\|")


def _purpose(verb: Verb, lang: Lang) -> str:
    colon, semicolon, stop = (":", ";", "。") if lang == "zh" else (": ", "; ", ". ")
    text = semicolon.join(text for text in (say(verb.purpose, lang), say(verb.more, lang)) if text)
    options = [_option(one, lang) for one in verb.own if not one.positional and one not in OF_RUN]
    return f"{verb.label[0]}{colon}{stop.join([text, *([semicolon.join(options)] if options else [])])}"


def _option(argument: Argument, lang: Lang) -> str:
    name = f"{argument.name} {argument.metavar}".strip() + (" …" if argument.kind == "names" else "")
    return f"`{name}` {say(argument.help, lang)}"


def _functions(lang: Lang) -> list[tuple[str, str]]:
    return [(f"`{spec.name}`", spec.help[lang]) for spec in FUNCTIONS]


def _sheets(lang: Lang) -> list[tuple[str, str]]:
    """The sheets that the program writes; one that is there when a person added its table says so."""
    rows = []
    for sheet in SHEETS:
        added = _ADDED[lang].format(name=sheet.tables[0].label.zh) if sheet.tables else ""
        rows.append((_title(sheet.title, lang), sheet.purpose[lang] + added))
    return rows


def _stores(lang: Lang) -> list[tuple[str, str]]:
    """The sheets of a store's workbook."""
    return [(_title(sheet.title, lang), sheet.purpose[lang]) for sheet in STORE_SHEETS]


def _title(title: Word, lang: Lang) -> str:
    return f"**{title.zh}**{f' ({title.en})' if lang == 'en' else ''}".format(name="…")


if __name__ == "__main__":
    for language, name in READMES.items():
        path = Path(__file__).parents[2] / name
        path.write_text(with_tables(path.read_text("utf-8"), language), encoding="utf-8", newline="\n")
