"""The message model that every part of the bot uses: a `Request` comes in, a `Reply` or a `Form` goes out.

No platform markup and no SDK: the model holds what Slack, Discord, a terminal and a web page can all show.
"""
