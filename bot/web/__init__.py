"""The web server: what Slack calls, and what those who run the bot ask it."""
