"""Stand-in for a Pulumi plugin: the gRPC server, which answers refusals with their message alone."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Final

import grpc
import grpc.aio
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.provider import DiffRequest, Provider
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from tools.standin.plugin.engine import Engine, RunningEngine
from tools.standin.plugin.errors import StandinError

_MESSAGE_LIMIT: Final = 400 * 1024 * 1024
_LIMITS: Final = [
    ("grpc.max_receive_message_length", _MESSAGE_LIMIT),
    ("grpc.max_send_message_length", _MESSAGE_LIMIT),
]

_Handler = Callable[[Any, Any], Awaitable[Any]]


def refusal(error: BaseException | None) -> StandinError | None:
    """Return the refusal behind an error: the SDK's servicer wraps whatever a provider raises in a traceback."""
    while error is not None and not isinstance(error, StandinError):
        error = error.__context__
    return error


class Servicer(ProviderServicer):
    """The SDK's servicer, with an answer to DiffConfig that the engine understands."""

    async def DiffConfig(self, request: Any, context: Any) -> provider_pb2.DiffResponse:
        """Whatever a provider answers, the SDK's own DiffConfig tells the engine that nothing changed."""
        found = await self._provider.diff_config(
            DiffRequest(
                request.urn,
                request.id,
                PropertyValue.unmarshal_map(request.olds),
                PropertyValue.unmarshal_map(request.news),
                list(request.ignoreChanges),
            )
        )
        changes = provider_pb2.DiffResponse.DIFF_SOME if found.changes else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=changes, replaces=found.replaces, diffs=found.diffs)


class _PlainUserErrors(grpc.aio.ServerInterceptor):
    """Answers a refusal with its message; any other error is a bug and keeps its traceback."""

    async def intercept_service(self, continuation: Any, handler_call_details: Any) -> Any:
        handler = await continuation(handler_call_details)
        if handler is None or handler.unary_unary is None:
            return handler
        answer: _Handler = handler.unary_unary

        async def answer_plainly(request: Any, context: Any) -> Any:
            try:
                return await answer(request, context)
            except Exception as error:
                refused = refusal(error)
                if refused is None:
                    raise
            return await context.abort(grpc.StatusCode.UNKNOWN, str(refused))

        return grpc.unary_unary_rpc_method_handler(
            answer_plainly, handler.request_deserializer, handler.response_serializer
        )


async def _serve(provider: Provider, version: str, engine_address: str) -> None:
    server = grpc.aio.server(interceptors=[_PlainUserErrors()], options=_LIMITS)
    servicer = Servicer([], version, provider, engine_address)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await server.wait_for_termination()


def serve(make_provider: Callable[[Engine], Provider], version: str, arguments: list[str]) -> None:
    """Serve until the engine ends the process; its address is the first argument without a dash."""
    addresses = [argument for argument in arguments if not argument.startswith("-")]
    if not addresses:
        sys.exit("a Pulumi plugin is started by the engine, which gives its address as an argument")
    try:
        asyncio.run(_serve(make_provider(RunningEngine(addresses[0])), version, addresses[0]))
    except KeyboardInterrupt:
        return
