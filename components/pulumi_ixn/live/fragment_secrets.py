"""The Secrets that the Kubernetes objects in the settings refer to."""

from collections.abc import Iterator, Sequence

from pulumi_ixn.config.issues import config_path
from pulumi_ixn.config.stack import WORKLOAD_PATHS, Settings
from pulumi_ixn.live.cluster import Object


def fragment_secrets(settings: Settings) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield the name, the keys and the setting of each Secret that must exist for a pod to start."""
    for key, tenant in settings.tenants.items():
        for workload, own in tenant.workloads.items():
            where = ("tenants", key, *WORKLOAD_PATHS[workload])
            containers: Sequence[Object] = (own.container, *own.pod.get("init_containers", ()), *own.sidecars)
            for container in containers:
                yield from ((*found, config_path(where)) for found in _of_container(container))
            for volume in own.pod.get("volumes", ()):
                yield from ((*found, config_path((*where, "pod", "volumes"))) for found in _of_volume(volume))


def _of_container(container: Object) -> Iterator[tuple[str, tuple[str, ...]]]:
    for variable in container.get("env", ()):
        reference: Object = variable.get("value_from", {}).get("secret_key_ref", {})
        if reference and not reference.get("optional"):
            yield reference.get("name", ""), (reference["key"],)
    for source in container.get("env_from", ()):
        reference = source.get("secret_ref", {})
        if reference and not reference.get("optional"):
            yield reference.get("name", ""), ()


def _of_volume(volume: Object) -> Iterator[tuple[str, tuple[str, ...]]]:
    sources: Sequence[Object] = volume.get("projected", {}).get("sources", ())
    for each in (volume.get("secret", {}), *(source.get("secret", {}) for source in sources)):
        if each and not each.get("optional"):
            yield (
                each.get("secret_name", each.get("name", "")),
                tuple(item["key"] for item in each.get("items", ())),
            )
