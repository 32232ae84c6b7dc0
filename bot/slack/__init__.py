"""Slack: requests come in (`door`, `listen`, `arrivals`), cards and forms become Block Kit (`render`, `forms`), messages go out (`send`).

Only this folder and the sandbox know Slack's shapes and import its libraries.
"""
