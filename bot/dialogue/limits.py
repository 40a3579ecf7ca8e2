"""The bounds of the message model, each the narrowest of the platforms' own.

A constructor that refuses is cheaper than a renderer that cuts: a reply that was built can be sent
anywhere, whole.
"""

from bot.errors import DoesNotFit

ACTION_BYTES = 96  # Discord's custom_id holds 100; four are the adapters' prefix "bot:"
LABEL = 34  # Discord allows 80 on a button, phones show about 34
HEADING = 150  # Slack's header block
SUMMARY = 150
BUTTONS = 10
CHOICES = 25  # Discord's select
FIELDS = 5  # Discord's modal
FORM_TITLE = 24  # Slack's modal
FIELD_LABEL = 45  # Discord's label
FIELD_HINT = 100
PLAIN = 3_500  # Discord's 4,000 in all, less what its markup adds
COMPONENTS = 30  # Discord's 40, less containers and rows
THREAD_NAME = 100  # Discord


def at_most(limit: int, text: str, what: str) -> None:
    """Refuse a text that is empty or longer than `limit` characters."""
    if not text.strip():
        raise DoesNotFit(f"{what} is empty")
    if len(text) > limit:
        raise DoesNotFit(f"{what} has {len(text)} characters, at most {limit} fit: {text!r}")


def count(lowest: int, highest: int, number: int, what: str) -> None:
    """Refuse a number of parts outside `lowest..highest`."""
    if not lowest <= number <= highest:
        raise DoesNotFit(f"{what}: {number} given, {lowest} to {highest} fit")
