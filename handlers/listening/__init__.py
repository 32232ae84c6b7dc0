"""Plain words: one router decides what they are (a command, an answer, a comment, a report), and a dialog asks one question at a time."""
