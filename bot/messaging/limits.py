"""The limits of the message model, each the smallest of the platforms' own.

Constructors refuse what is too long, so renderers never cut: a reply that exists can be sent anywhere, whole.
"""

from bot.errors import LimitExceededError

MAX_ACTION_BYTES = 96  # Discord's custom_id holds 100; four are the adapters' prefix "bot:"
MAX_LABEL_LENGTH = 34  # Discord allows 80 on a button, phones show about 34
MAX_HEADING_LENGTH = 150  # Slack's header block
MAX_SUMMARY_LENGTH = 150
MAX_BUTTONS = 10
MAX_CHOICES = 25  # Discord's select
MAX_FORM_FIELDS = 5  # Discord's modal
MAX_FORM_TITLE_LENGTH = 24  # Slack's modal
MAX_FIELD_LABEL_LENGTH = 45  # Discord's label
MAX_FIELD_HINT_LENGTH = 100
MAX_REPLY_LENGTH = 3_500  # Discord's 4,000 in all, less what its markup adds
MAX_COMPONENTS = 30  # Discord's 40, less containers and rows
MAX_THREAD_NAME_LENGTH = 100  # Discord


def check_length(maximum: int, text: str, subject: str) -> None:
    """Refuse a text that is empty or longer than `maximum` characters."""
    if not text.strip():
        raise LimitExceededError(f"{subject} is empty")
    if len(text) > maximum:
        raise LimitExceededError(f"{subject} has {len(text)} characters, at most {maximum} fit: {text!r}")


def check_count(minimum: int, maximum: int, actual: int, subject: str) -> None:
    """Refuse a number of parts outside `minimum..maximum`."""
    if not minimum <= actual <= maximum:
        raise LimitExceededError(f"{subject}: {actual} given, {minimum} to {maximum} fit")
