"""A port as the number that it is, whatever it came out of."""


def port_number(value: object, what: str = "a port") -> int:
    """Return the port, 1 to 65535. ValueError that begins with `what` for what is none: text and true are not."""
    # Out of another stack's outputs every number comes as a float: 5432.0 would be written into manifests so.
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    if type(number) is not int or not 1 <= number <= 65535:
        raise ValueError(f"{what} is a whole number from 1 to 65535, not {value!r}")
    return number
