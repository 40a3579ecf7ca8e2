"""The commands: one file or folder each, and one line here that lists it."""

from bot.commands.admin import ADMIN
from bot.commands.ask import ASK
from bot.commands.browse import BROWSE
from bot.commands.card import CARD
from bot.commands.command import Command, Context
from bot.commands.compare import COMPARE
from bot.commands.export import EXPORT
from bot.commands.forget_me import FORGET_ME
from bot.commands.help import HELP
from bot.commands.privacy import PRIVACY
from bot.commands.quiz import QUIZ
from bot.commands.tips import TIPS

COMMANDS: tuple[Command, ...] = (
    HELP,
    ASK,
    CARD,
    BROWSE,
    COMPARE,
    QUIZ,
    TIPS,
    PRIVACY,
    EXPORT,
    FORGET_ME,
    ADMIN,
)

__all__ = ["COMMANDS", "Command", "Context"]
