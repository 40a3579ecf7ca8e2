"""`python -m bot` and the console script `career-bot`."""

from bot.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
