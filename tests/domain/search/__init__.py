"""The search, and what it must find."""
