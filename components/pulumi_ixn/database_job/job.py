"""The manifests of the Job that creates a database and its role on an existing PostgreSQL server."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import pulumi

from pulumi_ixn.credentials import PASSWORD, USERNAME
from pulumi_ixn.inputs import apply, without_outputs
from pulumi_ixn.manifests.merging import container_security
from pulumi_ixn.manifests.pod import CHECKSUM, job_pod, resources
from pulumi_ixn.naming import POLICY_LABEL
from pulumi_ixn.peers import SecretRef
from pulumi_ixn.provisioning.args import Provisioned
from pulumi_ixn.services import Database

if TYPE_CHECKING:
    from pulumi_kubernetes.batch.v1 import JobSpecArgsDict
    from pulumi_kubernetes.core.v1 import (
        ContainerArgsDict,
        EnvVarArgsDict,
        PodSpecArgsDict,
        PodTemplateSpecArgsDict,
        VolumeArgsDict,
        VolumeMountArgsDict,
    )
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict

DEADLINE = 180
"""Seconds in which the server must answer an attempt."""

_ATTEMPTS = 3
_START, _WORK, _BACKOFF, _NOTICED = 120, 60, 30, 60
"""Seconds: for an attempt's pod to start, and to do its work; between all attempts (the Job controller's backoff);
and for the engine to notice that the Job is done."""

_SCRIPTS, _TLS = "/provision", "/tls"
_ENTRY = "provision.sh"
_CA = "ca.crt"
_DIGEST = 7


@dataclass(frozen=True)
class ProvisioningJob:
    """What the manifests are rendered from.

    `name` is that of the objects, and the beginning of the Job's. `secret` holds the login. `owner` is the role
    that owns the database, None for the login itself. `mark` is the line by which the comments of the roles and of
    the database say whose they are.
    """

    name: str
    namespace: pulumi.Input[str]
    database: Database
    provisioned: Provisioned
    secret: SecretRef
    owner: pulumi.Input[str] | None
    mark: str

    @property
    def labels(self) -> dict[str, pulumi.Input[str]]:
        """The labels of every object."""
        return {
            "app.kubernetes.io/name": "ixn-database-provisioning",
            "app.kubernetes.io/instance": self.name,
            "app.kubernetes.io/part-of": "ixn",
            "app.kubernetes.io/version": self.provisioned.image.tag,
            "app.kubernetes.io/managed-by": "pulumi",
        }

    @property
    def policy_labels(self) -> dict[str, pulumi.Input[str]]:
        """The label by which the policy, and no other, selects the pods."""
        return {POLICY_LABEL: self.name}

    def metadata(self) -> "ObjectMetaArgsDict":
        """Return the metadata of the objects beside the Job."""
        return {"name": self.name, "namespace": self.namespace, "labels": self.labels}


@cache
def scripts() -> Mapping[str, str]:
    """Return the shell script and the files that it has psql run, by file name."""
    folder = files("pulumi_ixn").joinpath("database_job")
    found = {each.name: each for each in folder.iterdir() if each.name.endswith((".sh", ".sql"))}
    return {name: found[name].read_text("utf-8") for name in sorted(found)}


def provisioning_job(job: ProvisioningJob) -> tuple["ObjectMetaArgsDict", "JobSpecArgsDict"]:
    """Return the metadata and the spec of the Job. Its name changes with the plain values of the spec."""
    given = job.provisioned
    annotations: dict[str, pulumi.Input[str]] = {**given.annotations, f"{CHECKSUM}scripts": _digest(scripts())}
    if job.secret.version is not None:
        # Another password is set before the pods that have it start.
        annotations[f"{CHECKSUM}credentials"] = job.secret.version
    if (ca := given.tls.ca) is not None and ca.version is not None:
        annotations[f"{CHECKSUM}ca"] = ca.version
    template: PodTemplateSpecArgsDict = {
        "metadata": {"labels": {**given.labels, **job.labels, **job.policy_labels}, "annotations": annotations},
        "spec": _pod(job),
    }
    deadline = _ATTEMPTS * (_START + DEADLINE + _WORK) + _BACKOFF
    spec: JobSpecArgsDict = {
        "backoff_limit": _ATTEMPTS - 1,
        "active_deadline_seconds": deadline,
        "template": template,
    }
    metadata: ObjectMetaArgsDict = {
        **job.metadata(),
        "name": f"{job.name}-{_digest(without_outputs(spec))[:_DIGEST]}",
        "annotations": {
            # Run a failed Job again at the next `up`; otherwise the provider would only wait for the old one.
            "pulumi.com/replaceUnready": "true",
            "pulumi.com/timeoutSeconds": str(deadline + _NOTICED),
        },
    }
    return metadata, spec


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _pod(job: ProvisioningJob) -> "PodSpecArgsDict":
    given = job.provisioned
    return {**job_pod(_container(job), given.security, given.image_pull_secrets), "volumes": _volumes(job)}


def _volumes(job: ProvisioningJob) -> list["VolumeArgsDict"]:
    volumes: list[VolumeArgsDict] = [{"name": "scripts", "config_map": {"name": job.name}}]
    if (ca := job.provisioned.tls.ca) is not None:
        volumes.append(
            {"name": "tls", "secret": {"secret_name": ca.secret_name, "items": [{"key": ca.key, "path": _CA}]}}
        )
    return volumes


def _container(job: ProvisioningJob) -> "ContainerArgsDict":
    given = job.provisioned
    mounts: list[VolumeMountArgsDict] = [{"name": "scripts", "mount_path": _SCRIPTS, "read_only": True}]
    if given.tls.ca is not None:
        mounts.append({"name": "tls", "mount_path": _TLS, "read_only": True})
    return {
        "name": "provision",
        "image": given.image.reference,
        "image_pull_policy": given.image_pull_policy,
        "command": ["/bin/sh", f"{_SCRIPTS}/{_ENTRY}"],
        "env": _env(job),
        "volume_mounts": mounts,
        "resources": resources(given.resources),
        "security_context": {**container_security(), "read_only_root_filesystem": True},
        "termination_message_policy": "FallbackToLogsOnError",
    }


def _env(job: ProvisioningJob) -> list["EnvVarArgsDict"]:
    database, given, administrator = job.database, job.provisioned, job.provisioned.administrator
    login = SecretRef(
        administrator.secret_name, {USERNAME: administrator.username_key, PASSWORD: administrator.password_key}
    )
    plain: dict[str, pulumi.Input[str]] = {
        "PGHOST": database.endpoint.host,
        "PGPORT": apply(database.endpoint.port or "", str),
        "PGSSLMODE": given.tls.mode,
        "ADMIN_DATABASE": administrator.database,
        "DATABASE": database.name,
        "MARK": job.mark,
        "REPAIR": str(given.repair).lower(),
        "DEADLINE": str(DEADLINE),
    }
    if job.owner is not None:
        plain["OWNER"] = job.owner
    if given.tls.ca is not None:
        plain["PGSSLROOTCERT"] = f"{_TLS}/{_CA}"
    return [
        *({"name": name, "value": apply(value, _literal)} for name, value in plain.items()),
        _from_secret("ADMIN_USERNAME", login, USERNAME),
        _from_secret("ADMIN_PASSWORD", login, PASSWORD),
        _from_secret("ROLE_USERNAME", job.secret, USERNAME),
        _from_secret("ROLE_PASSWORD", job.secret, PASSWORD),
    ]


def _literal(text: str) -> str:
    """Return a value that the kubelet, which expands '$(NAME)', turns into `text`."""
    return text.replace("$", "$$")


def _from_secret(name: str, secret: SecretRef, key: str) -> "EnvVarArgsDict":
    return {"name": name, "value_from": {"secret_key_ref": {"name": secret.name, "key": secret.keys[key]}}}
