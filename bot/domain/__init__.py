"""Decisions: which card, which verdict. Values in, values out; no message is built here."""
