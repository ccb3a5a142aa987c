"""Stand-in for a Pulumi plugin: what every stand-in takes from the engine, and what it refuses."""

from pulumi.provider.experimental import provider as sdk

from tools.standin.plugin.errors import StandinError


def unsupported(token: str) -> StandinError:
    """Return the refusal of a resource or function, named by its token."""
    package = token.partition(":")[0]
    return StandinError(
        f"{token} is not supported by the stand-in for the {package} plugin; it wants the real one"
    )


def token_of(urn: str) -> str:
    """Return the type token of a resource; its URN spells the types of its parents before it."""
    return urn.split("::")[-2].rpartition("$")[2]


class StandinProvider(sdk.Provider):
    """Refuses functions, components and methods."""

    async def configure(self, request: sdk.ConfigureRequest) -> sdk.ConfigureResponse:
        """Take secrets as secrets, and be asked in previews too."""
        return sdk.ConfigureResponse(accept_secrets=True, supports_preview=True, accept_outputs=True)

    async def invoke(self, request: sdk.InvokeRequest) -> sdk.InvokeResponse:
        """No functions."""
        raise unsupported(request.tok)

    async def construct(self, request: sdk.ConstructRequest) -> sdk.ConstructResponse:
        """No components."""
        raise unsupported(request.resource_type)

    async def call(self, request: sdk.CallRequest) -> sdk.CallResponse:
        """No methods."""
        raise unsupported(request.tok)
