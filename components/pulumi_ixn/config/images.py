"""The images that a stack runs, from its settings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_ixn.args import REPOSITORIES, Image
from pulumi_ixn.config.stack import Settings
from pulumi_ixn.config.workloads import WorkloadSettings
from pulumi_ixn.images import ImageName, split_image
from pulumi_ixn.naming import NODE, SERVER, VQ_NODE

CHECK = "connectivity check"


@dataclass(frozen=True)
class UsedImage:
    """An image, and the workloads and containers that use it, as in `ixn-server` or `ixn-server: fluent-bit`."""

    image: str
    used_by: Sequence[str]

    @property
    def parts(self) -> ImageName:
        """Its registry, repository, tag and digest."""
        return split_image(self.image)


def images_of(settings: Settings) -> list[UsedImage]:
    """Return each image that the stack's pods run or mount, once, sorted."""
    users: dict[str, dict[str, None]] = {}
    for image, user in _uses(settings):
        users.setdefault(image, {})[user] = None
    return [UsedImage(image, list(users[image])) for image in sorted(users)]


def _uses(settings: Settings) -> Iterator[tuple[str, str]]:
    registry = settings.environment.image.registry
    if (check := settings.environment.connectivity_check) is not None:
        yield Image(check.image.repository, check.image.tag, registry, check.image.digest).reference, CHECK
    for tenant in settings.tenants.values():
        workloads: Mapping[str, WorkloadSettings] = {
            SERVER.name: tenant.ixn_service.ixn_server,
            NODE.name: tenant.ixn_service.ixn_node,
            VQ_NODE.name: tenant.ixn_vq_node,
        }
        for workload in (SERVER, NODE, VQ_NODE):
            own = workloads[workload.name]
            repository = own.image.repository or REPOSITORIES[workload]
            yield Image(repository, own.image.tag, registry, own.image.digest).reference, workload.name
            yield from ((image, f"{workload.name}: {name}") for image, name in _others(own))


def _others(settings: WorkloadSettings) -> Iterator[tuple[str, str]]:
    """Yield the images of sidecars, init containers and volumes, with the name of each."""
    containers: Sequence[Mapping[str, Any]] = (*settings.pod.get("init_containers", ()), *settings.sidecars)
    yield from ((each["image"], each["name"]) for each in containers)
    for volume in settings.pod.get("volumes", ()):
        if reference := volume.get("image", {}).get("reference"):
            yield reference, volume["name"]
