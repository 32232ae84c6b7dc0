"""The world outside, on loopback: platforms as strict as the real ones, and the people who use them.

`slack/` plays Slack, `teams/` plays Microsoft Teams, `mail/` mailboxes and the relays between them. Every platform here refuses what the
real one refuses, so that what works against it works outside.
"""
