"""Who may do what, who sees what, and how the desk gets to know people."""
