"""Microsoft Teams: activities come in (`door`, `listen`), cards become Adaptive Cards (`render`, `forms`), messages go out (`send`).

Only this folder and the sandbox know Teams' shapes and import Microsoft's libraries.
"""
