"""Stand-in for a Pulumi plugin: messages to the engine, shown beside the resource they are about."""

from typing import Any, Literal, Protocol

import grpc
import grpc.aio
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

Severity = Literal["info", "warning"]

_SEVERITIES = {"info": engine_pb2.INFO, "warning": engine_pb2.WARNING}


class Engine(Protocol):
    """Where messages go."""

    async def log(self, severity: Severity, urn: str, message: str, *, passing: bool = False) -> None:
        """Show a message beside a resource; a passing one is not repeated under 'Diagnostics'."""
        ...


class RunningEngine:
    """The engine that started the plugin."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._stub: Any = None

    async def log(self, severity: Severity, urn: str, message: str, *, passing: bool = False) -> None:
        """Send the message; one that cannot be delivered is no reason to fail an operation that succeeded."""
        if self._stub is None:
            self._stub = engine_pb2_grpc.EngineStub(grpc.aio.insecure_channel(self._address))
        request = engine_pb2.LogRequest(
            severity=_SEVERITIES[severity], message=message, urn=urn, ephemeral=passing
        )
        try:
            await self._stub.Log(request)
        except grpc.aio.AioRpcError:
            return
