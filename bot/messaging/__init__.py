"""What every part of the bot speaks: a `Request` comes in, a `Reply` or a `Form` goes out.

No platform's markup and no SDK: the model is what Slack, Discord, a terminal and a page can all show.
"""
