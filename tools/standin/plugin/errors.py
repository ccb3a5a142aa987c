"""Stand-in for a Pulumi plugin: errors for the operator, shown without a traceback."""


class StandinError(Exception):
    """Says in one message what the stand-in refuses and what to do about it."""
