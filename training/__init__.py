"""How the search model is made: for developers, never imported by the bot, needs torch. See README.md."""
