"""What sends tips when they are due: looks, claims, waits for its turn, sends, settles."""

from bot.schedule.schedule import Delivers, Schedule

__all__ = ["Delivers", "Schedule"]
