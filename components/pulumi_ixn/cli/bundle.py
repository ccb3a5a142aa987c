"""The support bundle of `ixn status`: what support needs to see, without secrets."""

import io
import json
import tarfile
import time
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import cast

from pydantic import BaseModel, SecretStr

from pulumi_ixn.cli.project import Project
from pulumi_ixn.live.cluster import Cluster, ClusterError, Object
from pulumi_ixn.live.redaction import REDACTED, redacted
from pulumi_ixn.live.verdicts import check_runs
from pulumi_ixn.naming import Tenant
from pulumi_ixn.ownership import Owner

_UPDATES = 10

_NAMESPACED = {
    "pods": "/api/v1", "services": "/api/v1", "serviceaccounts": "/api/v1", "configmaps": "/api/v1",
    "persistentvolumeclaims": "/api/v1", "events": "/api/v1", "resourcequotas": "/api/v1",
    "limitranges": "/api/v1",
    "statefulsets": "/apis/apps/v1", "deployments": "/apis/apps/v1", "replicasets": "/apis/apps/v1",
    "jobs": "/apis/batch/v1", "networkpolicies": "/apis/networking.k8s.io/v1",
    "ciliumnetworkpolicies": "/apis/cilium.io/v2", "servicemonitors": "/apis/monitoring.coreos.com/v1",
    "prometheusrules": "/apis/monitoring.coreos.com/v1",
    "certificates": "/apis/cert-manager.io/v1", "poddisruptionbudgets": "/apis/policy/v1",
    "horizontalpodautoscalers": "/apis/autoscaling/v2", "scaledobjects": "/apis/keda.sh/v1alpha1",
}  # fmt: skip
"""Resources of the namespace by the path of their API version."""

_WHOLE = (
    "events", "resourcequotas", "limitranges", "networkpolicies", "ciliumnetworkpolicies",
    "poddisruptionbudgets", "horizontalpodautoscalers", "scaledobjects",
)  # fmt: skip
"""Resources that matter whoever made them."""


def write_bundle(file: Path, project: Project, cluster: Cluster, reports: Mapping[str, object]) -> list[str]:
    """Write a gzipped tar archive with the reports and what else support needs; return the paths in it.

    `reports` are plain data, by name. Of Secrets, the archive has the metadata only, and it has nothing that the
    stack's configuration marks as a secret. Raises ClusterError.
    """
    content = {**_reports(project, cluster), **reports}
    files = {f"{name}.json": json.dumps(each, indent=2, default=str) for name, each in content.items()}
    files |= {f"{name}.txt": log for name, log in _logs(project, cluster)}
    secrets = sorted(_secrets(project.settings.environment.secrets), key=len, reverse=True)
    with tarfile.open(file, "w:gz") as archive:
        for name, text in sorted(files.items()):
            _add(archive, f"ixn-{project.stack}/{name}", _without(secrets, text).encode())
    return sorted(files)


def _without(secrets: Sequence[str], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, REDACTED).replace(json.dumps(secret)[1:-1], REDACTED)
    return text


def _reports(project: Project, cluster: Cluster) -> Mapping[str, object]:
    namespace = project.settings.environment.namespace.name
    return {
        "configuration": _configuration(project),
        "connections": project.outputs().get("connections"),
        "history": _history(project),
        "objects": list(_objects(namespace, cluster)),
        "resources": [_summary(each) for each in project.resources],
        "versions": {
            "kubernetes": cluster.request("GET", "/version"),
            "pulumi": project.engine.workspace.pulumi_version,
        },
    }


def _configuration(project: Project) -> Mapping[str, object]:
    """Return the stack's configuration; secret values are replaced as a whole."""
    found = project.engine.get_all_config()
    return {key: REDACTED if value.secret or key == "ixn:secrets" else value.value for key, value in found.items()}


def _history(project: Project) -> Sequence[object]:
    """Return the last updates, without the configuration that each had."""
    return [
        {
            "kind": each.kind,
            "result": each.result,
            "start": each.start_time,
            "end": each.end_time,
            "changes": each.resource_changes,
        }
        for each in project.engine.history(_UPDATES, 1, show_secrets=False)
    ]


def _objects(namespace: str, cluster: Cluster) -> Iterator[Object]:
    for resource, api in _NAMESPACED.items():
        try:
            found = cluster.list(f"{api}/namespaces/{namespace}/{resource}")
        except ClusterError as error:
            if error.status != HTTPStatus.FORBIDDEN:
                raise
            yield {"resource": resource, "error": str(error)}
            continue
        for each in found:
            if resource in _WHOLE or _is_ours(each):
                yield {"resource": resource, **redacted(each)}
    for metadata in cluster.metadata(f"/api/v1/namespaces/{namespace}/secrets"):
        yield {"resource": "secrets", **redacted({"kind": "Secret", "metadata": metadata})}


def _is_ours(each: Object) -> bool:
    labels: Mapping[str, str] = each["metadata"].get("labels") or {}
    return labels.get("app.kubernetes.io/part-of") == "ixn" or Owner.of(each["metadata"]) is not None


def _summary(resource: Object) -> Mapping[str, object]:
    """Return what identifies a resource in the state, without its inputs and outputs."""
    kept = (
        "urn",
        "id",
        "type",
        "protect",
        "retainOnDelete",
        "pendingReplacement",
        "delete",
        "initErrors",
        "modified",
    )
    return {name: resource[name] for name in kept if resource.get(name)}


def _logs(project: Project, cluster: Cluster) -> Iterator[tuple[str, str]]:
    settings = project.settings
    for key, tenant in settings.tenants.items():
        for run in check_runs(Tenant(tenant.id, tenant.sid), settings.environment.namespace.name, cluster):
            yield f"check-{key}-{run.workload.component}", run.log


def _secrets(value: object) -> Iterator[str]:
    """Yield the secret values in a part of the configuration."""
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for _, each in value:
            yield from _secrets(each)
    elif isinstance(value, dict):
        for each in cast("Mapping[str, object]", value).values():
            yield from _secrets(each)


def _add(archive: tarfile.TarFile, path: str, content: bytes) -> None:
    member = tarfile.TarInfo(path)
    member.size, member.mtime, member.mode = len(content), int(time.time()), 0o600
    archive.addfile(member, io.BytesIO(content))
