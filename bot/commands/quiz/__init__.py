"""`/career quiz`: what is typed and pressed, the pages of a run, its result, and its state in the buttons."""

from bot.commands.quiz.quiz import QUIZ

__all__ = ["QUIZ"]
