"""The provider's gRPC server: RandomPassword, without its `bcryptHash`, and nothing else.

Its state has the real provider's format, so that a stack can switch to the real one.
"""

import secrets
import select
import string
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import Any, Final, NoReturn, TypeAlias

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc
from pulumi.runtime.rpc import UNKNOWN

Inputs: TypeAlias = Mapping[str, Any]

TYPE: Final = "random:index/randomPassword:RandomPassword"
SECRET: Final = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
"""The key that marks a secret in the engine's protocol, next to its value."""

CLASSES: Final = {
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "numeric": string.digits,
    "special": "!@#$%&*()-_=+[]{}<>:?",
}
MINIMA: Final = {f"min{name.capitalize()}": 0 for name in CLASSES}


def filled(inputs: Inputs) -> dict[str, Any]:
    """Return the inputs with the real provider's defaults; `number` is its old name of `numeric`."""
    result = {**dict.fromkeys(CLASSES, True), **MINIMA, **inputs}
    return {**result, "number": result["numeric"]}


def invalid(inputs: Inputs) -> str:
    """Return why the inputs are invalid; None if they are valid."""
    unsupported = inputs.keys() - CLASSES.keys() - {"length", "keepers"}
    if unsupported:
        return f"{', '.join(sorted(unsupported))}: supported by the real random provider only"
    length = inputs.get("length")
    if length != UNKNOWN and not (isinstance(length, float) and length >= 1 and length.is_integer()):
        return f"length: {length!r}: expected a whole number of at least 1"
    if not any(filled(inputs)[name] for name in CLASSES):
        return f"one of {', '.join(CLASSES)} must be true"
    return ""


def password(inputs: Inputs) -> str:
    """Generate a password from the system's random source."""
    wanted = filled(inputs)
    alphabet = "".join(characters for name, characters in CLASSES.items() if wanted[name])
    return "".join(secrets.choice(alphabet) for _ in range(int(wanted["length"])))


def changed(state: Inputs, inputs: Inputs) -> list[str]:
    """Return the inputs that differ from those in the state."""
    new = filled(inputs)
    names = (state.keys() | new.keys()) - {"id", "result", "bcryptHash"}
    return sorted(name for name in names if state.get(name) != new.get(name))


class RandomProvider(provider_pb2_grpc.ResourceProviderServicer):
    """The RPCs of the engine that need an answer."""

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        """Give the SDK's version, which the engine expects."""
        return plugin_pb2.PluginInfo(version=version("pulumi-random"))

    def Configure(self, request: Any, context: Any) -> Any:
        """Ask to be called in previews too."""
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: Any, context: Any) -> Any:
        """Reject other resources and invalid inputs."""
        kind = request.urn.split("::")[2].rpartition("$")[2]
        if kind != TYPE:
            _abort(context, f"{kind} needs the real random provider: only RandomPassword is supported here")
        if reason := invalid(_plain(request.news)):
            _abort(context, reason)
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, context: Any) -> Any:
        """Replace the password on any change."""
        names = changed(_plain(request.olds), _plain(request.news))
        kinds = provider_pb2.DiffResponse
        return kinds(changes=kinds.DIFF_SOME if names else kinds.DIFF_NONE, replaces=names, diffs=names)

    def Create(self, request: Any, context: Any) -> Any:
        """Create the password as a secret."""
        inputs = _plain(request.properties)
        result = {**SECRET, "value": UNKNOWN if request.preview else password(inputs)}
        properties = _struct({**filled(inputs), "result": result})
        return provider_pb2.CreateResponse(id="" if request.preview else "none", properties=properties)

    def Read(self, request: Any, context: Any) -> Any:
        """Return the state: the resource exists only there."""
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    def Delete(self, request: Any, context: Any) -> Any:
        """Do nothing: the resource exists only in the state."""
        return empty_pb2.Empty()


def _plain(properties: struct_pb2.Struct) -> dict[str, Any]:
    return json_format.MessageToDict(properties)


def _struct(values: Inputs) -> struct_pb2.Struct:
    return json_format.ParseDict(dict(values), struct_pb2.Struct())


def _abort(context: Any, message: str) -> NoReturn:
    context.abort(grpc.StatusCode.INVALID_ARGUMENT, message)
    raise AssertionError  # abort raises


def serve() -> None:
    """Serve until the engine exits, for any reason: then the reader of the standard output is gone."""
    server = grpc.server(ThreadPoolExecutor())
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(RandomProvider(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    poll = select.poll()
    poll.register(sys.stdout, 0)  # a closed pipe is reported without being asked for
    poll.poll()
    server.stop(grace=None)


if __name__ == "__main__":
    serve()
