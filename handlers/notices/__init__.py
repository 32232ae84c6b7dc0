"""Being told: a notice finds its way to a person, 1:1 where a chat reaches them, else by a mention in the thread of what it is about."""
