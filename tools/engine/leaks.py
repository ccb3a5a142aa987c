"""What makes the engine write secrets in clear: refused, since nothing of ours can keep them out."""

import re
from collections.abc import Mapping, Sequence

from tools.errors import UserError

LOUDEST = 8
"""The most verbose log without secrets: from 9 on the engine notes every value that it passes on."""

_TRACES = ("--tracing", "--otel-traces")
_VARIABLES = ("PULUMI_DEBUG_GRPC",)


def refuse_leaks(given: Sequence[str], environ: Mapping[str, str]) -> None:
    """Raise UserError where `pulumi GIVEN...` would log, trace or record secrets in clear."""
    for flag in _TRACES:
        if any(argument == flag or argument.startswith(f"{flag}=") for argument in given):
            raise UserError(f"{flag} writes secrets in clear into the trace")
    for name in _VARIABLES:
        if environ.get(name):
            raise UserError(f"{name} makes the engine write secrets in clear: unset it")
    if any(level > LOUDEST for level in _verbosity(given)):
        raise UserError(
            f"the engine's log shows secrets in clear from -v={LOUDEST + 1} on: -v={LOUDEST} is the most"
        )


def _verbosity(given: Sequence[str]) -> list[int]:
    levels: list[int] = []
    for argument, following in zip(given, [*given[1:], ""], strict=True):
        match = re.fullmatch(r"(?:-[efjyQ]*v|--verbose)(?:=?(\d+))?", argument)
        if match:
            levels.append(int(match[1] or (following if following.isdigit() else "0")))
    return levels
