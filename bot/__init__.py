"""The shell: chats, pages, sandbox, pump, settings, command line and the wiring. Imports all; nobody imports it."""
