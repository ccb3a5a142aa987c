"""Stand-in for the Pulumi Kubernetes plugin: the answers to the engine, in render mode."""

from typing import Final

from pulumi.provider.experimental import provider as sdk
from pulumi.provider.experimental.property_value import PropertyValue

from tools.standin.kubernetes.checkpoint import FIELD_MANAGER, checkpoint, inputs_and_live, with_secrets_of
from tools.standin.kubernetes.configuration import (
    REAL_VERSION,
    RENDERS_ONLY,
    Configuration,
    changed_options,
    configuration,
    refused_options,
)
from tools.standin.kubernetes.differences import Change, differences, path_text
from tools.standin.kubernetes.kinds import is_namespaced, metadata_text, type_of_token, with_metadata
from tools.standin.kubernetes.naming import object_id, random_hex, with_name
from tools.standin.kubernetes.normal_form import dashed, normal_form
from tools.standin.kubernetes.rendering import render, rendered_path, unrender
from tools.standin.plugin.base import StandinProvider, token_of
from tools.standin.plugin.engine import Engine
from tools.standin.plugin.errors import StandinError
from tools.standin.plugin.server import serve
from tools.standin.plugin.values import Properties, contains_secret, plain_object, property_values

_KINDS: Final = {
    ("add", False): sdk.PropertyDiffKind.ADD,
    ("add", True): sdk.PropertyDiffKind.ADD_REPLACE,
    ("delete", False): sdk.PropertyDiffKind.DELETE,
    ("delete", True): sdk.PropertyDiffKind.DELETE_REPLACE,
    ("update", False): sdk.PropertyDiffKind.UPDATE,
    ("update", True): sdk.PropertyDiffKind.UPDATE_REPLACE,
}


def _detail(change: Change) -> sdk.PropertyDiff:
    return sdk.PropertyDiff(_KINDS[change.kind, change.replaces], input_diff=change.kind == "delete")


class KubernetesProvider(StandinProvider):
    """Renders objects to files as the real plugin does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._configuration = Configuration()

    async def check_config(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        """Refuse options that do not fit render mode."""
        refused = refused_options(plain_object(request.new_inputs))
        return sdk.CheckResponse(request.new_inputs, [sdk.CheckFailure(name, reason) for name, reason in refused])

    async def diff_config(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        """Replace every object when the directory changes."""
        changed, replacing = changed_options(plain_object(request.old_state), plain_object(request.new_inputs))
        return sdk.DiffResponse(changes=bool(changed), replaces=replacing, diffs=changed)

    async def configure(self, request: sdk.ConfigureRequest) -> sdk.ConfigureResponse:
        """Take the options."""
        self._configuration = configuration(request.variables)
        if not self._configuration.directory:
            raise StandinError(RENDERS_ONLY)
        return sdk.ConfigureResponse(accept_secrets=True, supports_preview=True, accept_outputs=True)

    async def check(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        """Bring the object into its normal form and give it a name."""
        gvk = type_of_token(token_of(request.urn))
        given = dashed(plain_object(request.new_inputs))
        obj = normal_form({"apiVersion": gvk.api_version, "kind": gvk.kind, **given})
        old = dashed(plain_object(request.old_inputs))
        obj = with_name(obj, old, request.name, request.random_seed)
        namespace = self._configuration.namespace
        if namespace and is_namespaced(gvk) and not metadata_text(obj, "namespace"):
            obj = with_metadata(obj, namespace=namespace)
        checked = with_secrets_of(property_values(obj), request.new_inputs)
        if contains_secret(checked):
            await self._engine.log(
                "warning", request.urn, "rendered YAML will contain a secret value in plaintext"
            )
        return sdk.CheckResponse(checked)

    async def diff(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        """Say what changed, and whether that replaces the object."""
        old_inputs, live = inputs_and_live(request.old_state)
        found = differences(
            live,
            old_inputs,
            dashed(plain_object(request.new_inputs)),
            mutable_kinds=self._configuration.mutable_kinds,
        )
        return sdk.DiffResponse(
            changes=bool(found.changes) or self._configuration.always_render,
            replaces=list(found.replaces),
            delete_before_replace=found.delete_before_replace,
            detailed_diff={path_text(change.path): _detail(change) for change in found.changes},
        )

    async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
        """Write the object's file."""
        if request.preview:
            return sdk.CreateResponse("", request.properties)
        await self._warn(request.urn, request.properties, passing=False)
        obj = dashed(plain_object(request.properties))
        manager = f"pulumi-kubernetes-{random_hex(b'')}"
        state = await self._rendered(request.urn, request.properties, manager)
        return sdk.CreateResponse(object_id(obj), state)

    async def update(self, request: sdk.UpdateRequest) -> sdk.UpdateResponse:
        """Write the object's file anew."""
        if request.preview:
            return sdk.UpdateResponse(request.news)
        await self._warn(request.urn, request.news, passing=True)
        manager = str(plain_object(request.olds).get(FIELD_MANAGER, ""))
        return sdk.UpdateResponse(await self._rendered(request.urn, request.news, manager))

    async def delete(self, request: sdk.DeleteRequest) -> None:
        """Delete the object's file."""
        _, live = inputs_and_live(request.properties)
        path = unrender(live, self._configuration.directory)
        await self._engine.log("info", request.urn, f"deleted {path}", passing=True)

    async def read(self, request: sdk.ReadRequest) -> sdk.ReadResponse:
        """Return the state as it was: the real plugin does not look at the files either."""
        return sdk.ReadResponse(request.resource_id, request.properties, request.inputs)

    async def _warn(self, urn: str, properties: Properties, *, passing: bool) -> None:
        if contains_secret(properties):
            path = rendered_path(dashed(plain_object(properties)), self._configuration.directory)
            message = f"rendered file {path} contains a secret value in plaintext"
            await self._engine.log("warning", urn, message, passing=passing)

    async def _rendered(self, urn: str, properties: Properties, manager: str) -> dict[str, PropertyValue]:
        obj = normal_form(dashed(plain_object(properties)))
        path = render(obj, self._configuration.directory)
        await self._engine.log("info", urn, f"rendered {path}", passing=True)
        return checkpoint(obj, obj, properties, manager)


def main(arguments: list[str]) -> None:
    """Serve the engine."""
    serve(KubernetesProvider, REAL_VERSION, arguments)
