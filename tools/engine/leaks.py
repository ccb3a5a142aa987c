"""Reject options that make the engine write secrets in plain text."""

from collections.abc import Mapping

from tools.engine.arguments import Invocation
from tools.errors import UserError

LOUDEST = 8
"""The most verbose log level without secrets: from 9 on, the engine logs every value that it passes."""


def refuse_leaks(invocation: Invocation, environ: Mapping[str, str]) -> None:
    """Raise UserError if the engine would log, trace or record secrets in plain text."""
    options = invocation.options
    # The engine reads each of its flags from an environment variable too.
    if options.tracing or options.otel_traces:
        raise UserError("--tracing, --otel-traces: a trace holds secrets in clear")
    for name in ("PULUMI_DEBUG_GRPC", "PULUMI_OPTION_TRACING", "PULUMI_OPTION_OTEL_TRACES"):
        if environ.get(name):
            raise UserError(f"{name} makes the engine write secrets in clear: unset it")
    levels = [*options.verbose, environ.get("PULUMI_OPTION_VERBOSE")]
    # Only plain decimal numbers: the engine also reads 0x9, 0b1001 and 0o11.
    if not {level.removeprefix("=") for level in levels if level} <= set(map(str, range(LOUDEST + 1))):
        raise UserError(f"the engine's log holds secrets in clear from -v={LOUDEST + 1} on: use -v={LOUDEST}")
