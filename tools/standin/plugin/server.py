"""Stand-in for a Pulumi plugin: the gRPC server, which answers refusals with their message alone."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
import grpc.aio
from pulumi.provider.experimental.provider import Provider
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2_grpc

from tools.standin.plugin.engine import Engine, RunningEngine
from tools.standin.plugin.errors import StandinError

_MESSAGE_LIMIT = 400 * 1024 * 1024

_Handler = Callable[[Any, Any], Awaitable[Any]]


def refusal(error: BaseException | None) -> StandinError | None:
    """The refusal behind an error: the SDK's servicer wraps whatever a provider raises in a traceback."""
    while error is not None and not isinstance(error, StandinError):
        error = error.__context__
    return error


class _PlainRefusals(grpc.aio.ServerInterceptor):
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
            await context.abort(grpc.StatusCode.UNKNOWN, str(refused))

        return grpc.unary_unary_rpc_method_handler(
            answer_plainly, handler.request_deserializer, handler.response_serializer
        )


async def _serve(provider: Provider, version: str, engine_address: str) -> None:
    limits = [
        ("grpc.max_receive_message_length", _MESSAGE_LIMIT),
        ("grpc.max_send_message_length", _MESSAGE_LIMIT),
    ]
    server = grpc.aio.server(interceptors=[_PlainRefusals()], options=limits)
    servicer = ProviderServicer([], version, provider, engine_address)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await server.wait_for_termination()


def serve(make_provider: Callable[[Engine], Provider], version: str, arguments: list[str]) -> None:
    """Serve until the engine ends the process; it gives its own address as the first argument without a dash."""
    addresses = [argument for argument in arguments if not argument.startswith("-")]
    if not addresses:
        sys.exit("a Pulumi plugin is started by the engine, which gives its address as an argument")
    try:
        asyncio.run(_serve(make_provider(RunningEngine(addresses[0])), version, addresses[0]))
    except KeyboardInterrupt:
        return
