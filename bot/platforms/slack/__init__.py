"""Slack: whatever comes over HTTP or Socket Mode becomes a `Request`, what goes out becomes Block Kit."""
