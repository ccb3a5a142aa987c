"""The images of a stack and its peers: the double, under the names that the stack's settings give."""

from pathlib import Path

from pulumi_ixn import NODE, SERVER, VQ_NODE
from pulumi_ixn import Image as ImageReference
from pulumi_ixn.args import REPOSITORIES
from pulumi_ixn.config.stack import Settings

from tools.cluster.images import Image

_SHELL = ("sh", "nc", "sleep", "true")


def vendor_images(settings: Settings, double: Path) -> list[Image]:
    """Return the double under the image names of the tenants' workloads."""
    registry = settings.environment.image.registry
    names: dict[str, None] = {}
    for tenant in settings.tenants.values():
        service = tenant.ixn_service
        workloads = {SERVER: service.ixn_server, NODE: service.ixn_node, VQ_NODE: tenant.ixn_vq_node}
        for workload, given in workloads.items():
            repository = given.image.repository or REPOSITORIES[workload]
            names[ImageReference(repository, given.image.tag, registry).reference] = None
    return [Image(name, {"double": double}, ("/double",)) for name in names]


def check_image(settings: Settings, busybox: Path) -> list[Image]:
    """Return BusyBox under the name of the connectivity check's image; none if the check is disabled."""
    check = settings.environment.connectivity_check
    if check is None:
        return []
    name = ImageReference(check.image.repository, check.image.tag, settings.environment.image.registry).reference
    links = {f"bin/{applet}": "busybox" for applet in _SHELL}
    return [Image(name, {"bin/busybox": busybox}, ("/bin/sh",), links)]
