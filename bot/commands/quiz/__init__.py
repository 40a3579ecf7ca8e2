"""`/career quiz`: the command, the pages of a run, its result, and its state in the buttons."""

from bot.commands.quiz.quiz_command import QUIZ

__all__ = ["QUIZ"]
