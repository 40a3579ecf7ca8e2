"""A form as HTML: each field with its label and hint, sent back under the field's name."""

from __future__ import annotations

from typing import assert_never

from bot.commands.command import Context
from bot.dialogue.reply import Area, Field, Form, Line, Pick
from bot.platforms.web.html import Html, element, join


def form_html(form: Form, context: Context) -> Html:
    """The form that the page opens as a dialog."""
    words = context.texts.words
    buttons = element(
        "div",
        element("button", words("page.form.send"), class_="primary"),
        element("button", words("page.form.cancel"), type="button", data_cancel=True),
        class_="buttons",
    )
    fields = (_field(field, number, context) for number, field in enumerate(form.fields))
    return element(
        "form",
        element("h2", form.title, id="form-title"),
        *fields,
        element("p", role="alert", class_="failed"),
        buttons,
        data_submit=form.submit.encode(),
    )


def _field(field: Field, number: int, context: Context) -> Html:
    name = f"field-{number}"
    optional = () if field.required else (element("span", context.texts.words("page.form.optional")),)
    label = element("label", field.label, *(join(" ", part) for part in optional), for_=name)
    hint = element("p", field.hint, id=f"{name}-hint", class_="note") if field.hint else Html()
    return element("div", label, _control(field, name, context), hint, class_="field")


def _control(field: Field, name: str, context: Context) -> Html:
    hint = f"{name}-hint" if field.hint else None
    match field:
        case Line():
            return element(
                "input",
                id=name,
                name=field.name,
                value=field.initial or None,
                required=field.required,
                maxlength=field.most,
                aria_describedby=hint,
                autocomplete="off",
            )
        case Area():
            return element(
                "textarea",
                field.initial,
                id=name,
                name=field.name,
                required=field.required,
                maxlength=field.most,
                aria_describedby=hint,
                rows=4,
            )
        case Pick():
            none = element("option", context.texts.words("page.form.pick"), value="")
            options = (
                element("option", words, value=value, selected=value == field.initial)
                for value, words in field.options
            )
            return element(
                "select",
                *(() if field.initial else (none,)),
                *options,
                id=name,
                name=field.name,
                required=field.required,
                aria_describedby=hint,
            )
        case _:
            assert_never(field)
