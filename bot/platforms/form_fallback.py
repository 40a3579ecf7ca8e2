"""A form for where none can be opened: after a typed message there is nothing to press yet."""

from __future__ import annotations

from bot.messaging.blocks import Button, Buttons, Paragraph
from bot.messaging.reply import Form, Reply
from bot.messaging.request import Request
from bot.service import Service


def build_form_fallback(form: Form, request: Request, service: Service) -> Reply:
    """A button that asks for the same again; pressed, it opens the form.

    Args:
        request: as `service.understand` gives it, with the line read.
    """
    texts = service.context.strings
    button = Button(form.title, request.action)
    return Reply((Paragraph(texts("form.press")), Buttons((button,))), form.title)
