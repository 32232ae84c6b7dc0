"""What every sandbox's people can hear from their own window."""


class ClientRefused(Exception):
    """The person's own window does not allow this, so nothing is sent: no such button, a required field is empty, ..."""
