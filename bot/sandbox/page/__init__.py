"""The office in a browser: a Slack-like and a Teams-like window on the sandbox, a mailbox, a clock, and switches for trouble.

The page only shows what the platforms have, and does what their people could do: everything reaches the bot as signed requests.
"""
