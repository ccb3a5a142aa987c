"""Stand-in for the Pulumi Kubernetes plugin: the fields whose change replaces the object."""

from typing import Final, TypeAlias

from tools.standin.kubernetes.kinds import GroupVersionKind
from tools.standin.plugin.values import Plain

Path: TypeAlias = tuple[str | int, ...]

IDENTITY: Final = ("metadata.name", "metadata.namespace")
CONFIG_MAP_DATA: Final = ("binaryData", "data")
SECRET_DATA: Final = ("data", "stringData", "type")

_CONTAINER: Final = """
    args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources securityContext
    stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir
"""
_POD: Final = """
    affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork
    hostPID hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority priorityClassName
    readinessGates restartPolicy runtimeClassName schedulerName securityContext serviceAccount serviceAccountName
    shareProcessNamespace subdomain terminationGracePeriodSeconds volumes
"""
_VOLUME: Final = """
    awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs
    hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume
"""
_STATEFUL_SET: Final = "podManagementPolicy revisionHistoryLimit selector serviceName volumeClaimTemplates"


def _in(prefix: str, fields: str) -> tuple[str, ...]:
    return tuple(f"{prefix}.{field}" for field in fields.split())


# `*` stands for every item of a list.
BY_KIND: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("", "PersistentVolume"): _in("spec", _VOLUME),
    ("", "PersistentVolumeClaim"): _in("spec", "accessModes selector storageClassName volumeName"),
    ("", "Pod"): (
        *_in("spec", _POD),
        *_in("spec.containers.*", _CONTAINER),
        *_in("spec.initContainers.*", _CONTAINER),
    ),
    ("", "ResourceQuota"): ("spec.scopes",),
    ("", "Secret"): ("type",),
    ("", "Service"): ("spec.clusterIP",),
    ("apps", "DaemonSet"): ("spec.selector",),
    ("apps", "Deployment"): ("spec.selector",),
    ("apps", "StatefulSet"): _in("spec", _STATEFUL_SET),
    ("batch", "Job"): _in("spec", "completions parallelism selector template"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ("roleRef",),
    ("rbac.authorization.k8s.io", "RoleBinding"): ("roleRef",),
    ("storage.k8s.io", "StorageClass"): ("parameters", "provisioner"),
}


def immutable_fields(gvk: GroupVersionKind, *, data_is_fixed: bool) -> tuple[str, ...]:
    """Return the fields of a type whose change replaces the object.

    `data_is_fixed` says whether the data of a Secret or a ConfigMap are among them, which the provider's
    options and the object's own `immutable` decide.
    """
    match gvk.group, gvk.kind:
        case "", "Secret" if data_is_fixed:
            return (*IDENTITY, *SECRET_DATA)
        case "", "ConfigMap" if data_is_fixed:
            return (*IDENTITY, *CONFIG_MAP_DATA)
        case group, kind:
            return (*IDENTITY, *BY_KIND.get((group, kind), ()))


def _holds(value: Plain, rest: tuple[str, ...]) -> bool:
    if not rest:
        return True
    match value:
        case dict():
            return rest[0] in value and _holds(value[rest[0]], rest[1:])
        case list():
            return rest[0] == "*" and any(_holds(item, rest[1:]) for item in value)
        case _:
            return False


def touches(path: Path, value: Plain, field: str) -> bool:
    """Whether setting the value at the path changes the field: a part of it, all of it, or more than it."""
    wanted = tuple(field.split("."))
    given = tuple("*" if isinstance(step, int) else step for step in path)
    common = min(len(given), len(wanted))
    return given[:common] == wanted[:common] and _holds(value, wanted[common:])
