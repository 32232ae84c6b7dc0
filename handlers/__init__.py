"""What the bot does: rules, use cases, cards and the ports through which they reach the world.

Nothing in here knows a chat, a database or a network library: `bot/`, `storage/` and `integrations/` do, and import this.
"""
