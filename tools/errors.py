"""The exception that ends a command with one line instead of a traceback."""


class UserError(Exception):
    """An error that the user must fix; its text is the whole message."""
