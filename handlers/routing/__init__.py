"""What comes next for a ticket, decided in one pure place."""
