"""The volumes of a pod, and their mounts in its container."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from pulumi_ixn.args import LogStorage
from pulumi_ixn.contract.model import CertificateFiles, Contract, Mount
from pulumi_ixn.manifests.env import RenderContext
from pulumi_ixn.naming import SERVER, Identity, Tenant, workload_name
from pulumi_ixn.peers import SecretFile

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import (
        PersistentVolumeClaimArgsDict,
        ProjectedVolumeSourceArgsDict,
        VolumeArgsDict,
        VolumeMountArgsDict,
    )


def present_mounts(contract: Contract, context: RenderContext) -> dict[str, Mount]:
    """Return the mounts by volume name, without the Secrets of absent peers and without missing certificates."""

    def is_present(mount: Mount) -> bool:
        match mount.content:
            case CertificateFiles(row):
                return bool(context.certificates(row))
            case int(row):
                return not context.link(row).absent
            case _:
                return True

    return {name: mount for name, mount in contract.mounts.items() if is_present(mount)}


def volume_mounts(contract: Contract, context: RenderContext) -> list["VolumeMountArgsDict"]:
    """Return the container's mounts; only the log volume is writable."""
    return [
        {"name": name, "mount_path": mount.path, "read_only": mount.content != "logs"}
        for name, mount in present_mounts(contract, context).items()
    ]


def volumes(
    identity: Identity, contract: Contract, context: RenderContext, log_storage: LogStorage | None
) -> list["VolumeArgsDict"]:
    """Return the pod's volumes; a claimed log volume comes from the StatefulSet's claim templates."""
    found: list[VolumeArgsDict] = []
    for name, mount in present_mounts(contract, context).items():
        if mount.content == "settings":
            found.append({"name": name, "config_map": {"name": settings_name(identity)}})
        elif mount.content == "logs":
            if log_storage is None or not log_storage.claimed:
                limit = log_storage.size_limit if log_storage is not None else None
                found.append({"name": name, "empty_dir": {} if limit is None else {"size_limit": limit}})
        elif isinstance(mount.content, CertificateFiles):
            found.append({"name": name, "projected": _projected(context.certificates(mount.content.row))})
        else:
            secret = context.secret(mount.content)
            found.append({"name": name, "secret": {"secret_name": secret.name}})
    return found


def _projected(files: Mapping[str, SecretFile]) -> "ProjectedVolumeSourceArgsDict":
    """Return the source of a volume with these files, whatever Secrets they are in."""
    sources = [
        {"secret": {"name": file.secret_name, "items": [{"key": file.key, "path": name}]}}
        for name, file in files.items()
    ]
    return cast("ProjectedVolumeSourceArgsDict", {"sources": sources})


def claims(contract: Contract, log_storage: LogStorage) -> list["PersistentVolumeClaimArgsDict"]:
    """Return the claim templates of a StatefulSet: one for its logs."""
    return [
        {
            "metadata": {"name": name},
            "spec": {
                "access_modes": ["ReadWriteOnce"],
                "storage_class_name": log_storage.storage_class,
                "resources": {"requests": {"storage": log_storage.size or ""}},
            },
        }
        for name, mount in contract.mounts.items()
        if mount.content == "logs"
    ]


def claim_names(tenant: Tenant, contract: Contract, log_storage: LogStorage) -> str | None:
    """Return a regular expression of the names of IXN Server's claims; None if there are none."""
    if not log_storage.claimed:
        return None
    names = [
        f"{name}-{workload_name(SERVER, tenant)}"
        for name, mount in contract.mounts.items()
        if mount.content == "logs"
    ]
    return f"({'|'.join(names)})-[0-9]+" if names else None


def settings_name(identity: Identity) -> str:
    """Return the name of the ConfigMap that holds the settings file."""
    return f"{identity.name}-settings"
