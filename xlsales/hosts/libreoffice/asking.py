"""A small dialog of Calc with a question and a field for the answer; LibreOffice has no ready one for extensions."""

from __future__ import annotations

from typing import Any, Protocol

_WIDTH, _LINE, _EDGE, _BUTTON = 220, 12, 6, 50  # in the units of dialogs, which go by the size of letters
_OK, _CANCEL = 1, 2  # com.sun.star.awt.PushButtonType
_ACCEPTED = 1
_PLACE = 3  # com.sun.star.awt.PosSize.POS


class _Window(Protocol):
    """The window of Calc that a dialog is shown before."""

    frame: Any

    def service(self, name: str) -> Any:
        """Return a service of LibreOffice."""


def ask(window: _Window, question: str, title: str) -> str | None:
    """Show a question; return what is in its field, None if the person cancels."""
    model = window.service("com.sun.star.awt.UnoControlDialogModel")
    model.Title, model.Width, model.Height = title, _WIDTH, 5 * _LINE + 3 * _EDGE
    inner = _WIDTH - 2 * _EDGE
    _put(model, "FixedText", "question", (_EDGE, _EDGE, inner, 2 * _LINE), Label=question, MultiLine=True)
    _put(model, "Edit", "field", (_EDGE, _EDGE + 2 * _LINE, inner, _LINE + 2))
    row = 2 * _EDGE + 3 * _LINE + 4
    left = _WIDTH - 2 * (_BUTTON + _EDGE)
    _put(model, "Button", "ok", (left, row, _BUTTON, _LINE + 2), PushButtonType=_OK, DefaultButton=True)
    _put(model, "Button", "cancel", (left + _BUTTON + _EDGE, row, _BUTTON, _LINE + 2), PushButtonType=_CANCEL)
    dialog = window.service("com.sun.star.awt.UnoControlDialog")
    dialog.setModel(model)
    try:
        behind = window.frame.getContainerWindow()
        dialog.createPeer(window.service("com.sun.star.awt.Toolkit"), behind)
        room, own = behind.getPosSize(), dialog.getPosSize()
        dialog.setPosSize((room.Width - own.Width) // 2, (room.Height - own.Height) // 3, 0, 0, _PLACE)
        dialog.getControl("field").setFocus()
        return str(dialog.getControl("field").getText()) if dialog.execute() == _ACCEPTED else None
    finally:
        dialog.dispose()


def _put(model: Any, kind: str, name: str, place: tuple[int, int, int, int], **properties: object) -> None:
    control = model.createInstance(f"com.sun.star.awt.UnoControl{kind}Model")
    where = dict(zip(("PositionX", "PositionY", "Width", "Height"), place, strict=True))
    for key, value in (where | properties).items():
        setattr(control, key, value)
    model.insertByName(name, control)
