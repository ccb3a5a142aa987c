"""The one exception that ends a command with a line instead of a traceback."""


class Refusal(Exception):
    """Something that the caller has to put right; its text is the whole message."""
