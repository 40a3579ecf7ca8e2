"""The local page as a platform: a chat in the browser, and the author's preview of every reply."""
