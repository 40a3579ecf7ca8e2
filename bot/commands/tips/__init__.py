"""`/career tips`: setting tips up, what is due as a message, and words to their owners."""

from bot.commands.tips.tips_command import TIPS

__all__ = ["TIPS"]
