"""A form as HTML: each field with its label and hint, sent back under the field's name."""

from __future__ import annotations

from typing import assert_never

from bot.commands.command import Context
from bot.messaging.reply import Form, FormField, SelectField, TextAreaField, TextField
from bot.platforms.web.html import Html, join_html, render_element


def render_form(form: Form, context: Context) -> Html:
    """The form that the page opens as a dialog."""
    words = context.strings.get_text
    buttons = render_element(
        "div",
        render_element("button", words("page.form.send"), class_="primary"),
        render_element("button", words("page.form.cancel"), type="button", data_cancel=True),
        class_="buttons",
    )
    fields = (_render_field(field, number, context) for number, field in enumerate(form.fields))
    return render_element(
        "form",
        render_element("h2", form.title, id="form-title"),
        *fields,
        render_element("p", role="alert", class_="failed"),
        buttons,
        data_submit=form.submit_action.encode(),
    )


def _render_field(field: FormField, index: int, context: Context) -> Html:
    name = f"field-{index}"
    optional = (
        () if field.is_required else (render_element("span", context.strings.get_text("page.form.optional")),)
    )
    label = render_element("label", field.label, *(join_html(" ", part) for part in optional), for_=name)
    hint = render_element("p", field.hint, id=f"{name}-hint", class_="note") if field.hint else Html()
    return render_element("div", label, _render_input(field, name, context), hint, class_="field")


def _render_input(field: FormField, element_id: str, context: Context) -> Html:
    hint = f"{element_id}-hint" if field.hint else None
    match field:
        case TextField():
            return render_element(
                "input",
                id=element_id,
                name=field.name,
                value=field.initial or None,
                required=field.is_required,
                maxlength=field.max_length,
                aria_describedby=hint,
                autocomplete="off",
            )
        case TextAreaField():
            return render_element(
                "textarea",
                field.initial,
                id=element_id,
                name=field.name,
                required=field.is_required,
                maxlength=field.max_length,
                aria_describedby=hint,
                rows=4,
            )
        case SelectField():
            none = render_element("option", context.strings.get_text("page.form.pick"), value="")
            options = (
                render_element("option", words, value=value, selected=value == field.initial)
                for value, words in field.options
            )
            return render_element(
                "select",
                *(() if field.initial else (none,)),
                *options,
                id=element_id,
                name=field.name,
                required=field.is_required,
                aria_describedby=hint,
            )
        case _:
            assert_never(field)
