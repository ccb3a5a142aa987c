"""Secret values stay out of rendered manifests, which are plain files."""

from collections.abc import Mapping
from typing import Any, cast

import pulumi

from pulumi_ixn.inputs import as_output
from pulumi_ixn.validation import invalid

_SETTING = "renderYamlToDirectory"
"""The property of the Kubernetes provider that makes it render manifests, and its key in the stack config."""


def unrendered(
    owner: pulumi.ComponentResource, namespace: pulumi.Input[str], data: Mapping[str, pulumi.Output[str]]
) -> pulumi.Output[str]:
    """Return `namespace`, for a Secret with `data`. Raises InvalidInputs if a secret value would be rendered.

    The content decides: a Secret that holds no secret Output, such as Kafka's addresses, may be rendered. Only the
    engine knows the provider's properties, so the error is raised once it has answered: before the Secret is
    registered, and in a preview too, but after other resources may have been.
    """

    async def refuse() -> None:
        if not any([await value.is_secret() for value in data.values()]):
            return
        if directory := await _directory(owner):
            raise invalid(
                owner.pulumi_resource_name,
                f"would write a secret value to {directory!r}, in plain text: use Credentials.existing or "
                "Credentials.external, or a provider for a cluster",
            )

    return pulumi.Output.all(as_output(namespace), refuse()).apply(lambda known: cast("str", known[0]))


async def _directory(owner: pulumi.ComponentResource) -> str | None:
    """Return the directory to which the provider of `owner` renders; None if it does not, or is not known yet."""
    provider = owner.get_provider("kubernetes:core/v1:Secret")
    if provider is None:  # the engine configures the default provider
        return pulumi.Config("kubernetes").get(_SETTING)
    # The SDK keeps no property of a provider; the engine answers what SDKs ask it to get a resource by its URN.
    urn = await provider.urn.future()
    answer: Any = await pulumi.runtime.invoke_async("pulumi:pulumi:getResource", {"urn": urn})
    directory = answer["state"].get(_SETTING)
    return directory if isinstance(directory, str) else None
