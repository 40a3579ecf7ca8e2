"""`/career quiz`: what is typed and pressed, the pages of a run, its result, and its state in the buttons."""

from bot.commands.quiz.quiz_command import QUIZ

__all__ = ["QUIZ"]
