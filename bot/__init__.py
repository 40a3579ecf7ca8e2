"""career-bot: career advice for data and ML people, from curated cards, on Slack and on Discord."""
