"""The language of messages in Calc: the document's, else the user's, else that of LibreOffice's own menus."""

from __future__ import annotations

from typing import Any

import uno

from xlsales.core.faults import Lang
from xlsales.functions.language import known_language, own_language
from xlsales.hosts.libreoffice.values import uno_values
from xlsales.vocabulary.contract import NAME_LANG


def language_of(document: Any) -> Lang:
    """Return the language of an open document, by its cell named `xs_lang`; else the user's own."""
    try:
        area = document.NamedRanges.getByName(NAME_LANG).getReferredCells()
        text = area.getCellByPosition(0, 0).getString()
    except Exception:  # whatever UNO says: a document without the name has no language
        text = None
    return known_language(text) or own_language(_program())


def _program() -> str:
    """The tag of the language of LibreOffice's menus, such as `en-US`."""
    context = uno.getComponentContext()
    manager = context.ServiceManager
    provider = manager.createInstanceWithContext("com.sun.star.configuration.ConfigurationProvider", context)
    at = uno_values(nodepath="/org.openoffice.Setup/L10N")
    view = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", at)
    return str(view.getByName("ooLocale") or "")
