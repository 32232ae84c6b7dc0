"""The third chat: a terminal. Cards are text, buttons are numbered, and whoever types says as whom: `ana> /issue light flickers`."""
