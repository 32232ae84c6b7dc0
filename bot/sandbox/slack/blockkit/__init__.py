"""A strict checker of Block Kit, after the limits of Slack's reference pages (docs.slack.dev/reference/block-kit).

`message_faults(blocks)` and `view_faults(view)` return what is wrong as Slack's own sentences, an empty list if nothing is.
Blocks that older clients cannot draw (alert, card, carousel, container, data_table, plan, task_card) count as unknown.
"""

from bot.sandbox.slack.blockkit.check import attachment_faults, message_faults, view_faults, weight, with_ids

__all__ = ["attachment_faults", "message_faults", "view_faults", "weight", "with_ids"]
