"""A form for where none can be opened: after a typed message there is nothing to press yet."""

from __future__ import annotations

from bot.dialogue.blocks import Button, Buttons, Paragraph
from bot.dialogue.reply import Form, Reply
from bot.dialogue.request import Request
from bot.service import Service


def invitation(form: Form, request: Request, service: Service) -> Reply:
    """A button that asks for the same again; pressed, it opens the form.

    Args:
        request: as `service.understand` gives it, with the line read.
    """
    texts = service.context.texts
    button = Button(form.title, request.action)
    return Reply((Paragraph(texts("form.press")), Buttons((button,))), form.title)
