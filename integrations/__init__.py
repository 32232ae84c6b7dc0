"""Whom else the bot calls: one file for each helpdesk, directory or paging service."""
