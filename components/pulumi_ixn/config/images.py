"""The images that a stack runs, from its settings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_ixn.config.arguments import check_options, image_of, provisioned_args, workload_image
from pulumi_ixn.config.services import DatabasePeer
from pulumi_ixn.config.stack import Settings
from pulumi_ixn.config.workloads import WorkloadSettings
from pulumi_ixn.images import ImageName, split_image

CHECK, DATABASES, CLUSTER = "connectivity check", "provisioned databases", "PostgreSQL Cluster"


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
    if (check := check_options(settings.environment)) is not None:
        yield check.image.reference, CHECK
    cluster = settings.environment.postgres_cluster
    if cluster is not None and cluster.image is not None:
        yield image_of(settings.environment, cluster.image).reference, CLUSTER
    for tenant in settings.tenants.values():
        for database in (tenant.peers.ixn_db, tenant.peers.ixn_node_db):
            if isinstance(database, DatabasePeer) and database.provisioned is not None:
                yield provisioned_args(settings.environment, database.provisioned).image.reference, DATABASES
        for workload, own in tenant.workloads.items():
            yield workload_image(settings.environment, own, workload).reference, workload.name
            yield from ((image, f"{workload.name}: {name}") for image, name in _others(own))


def _others(settings: WorkloadSettings) -> Iterator[tuple[str, str]]:
    """Yield the images of sidecars, init containers and volumes, with the name of each."""
    containers: Sequence[Mapping[str, Any]] = (*settings.pod.get("init_containers", ()), *settings.sidecars)
    yield from ((each["image"], each["name"]) for each in containers)
    for volume in settings.pod.get("volumes", ()):
        if reference := volume.get("image", {}).get("reference"):
            yield reference, volume["name"]
