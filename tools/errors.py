"""The exception that ends a command with one line instead of a traceback."""


class UserError(Exception):
    """Something that the caller has to put right; its text is the whole message."""
