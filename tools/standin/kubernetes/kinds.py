"""Stand-in for the Pulumi Kubernetes plugin: what it knows of groups, kinds and their scope."""

from typing import Final, NamedTuple

from tools.standin.plugin.base import unsupported
from tools.standin.plugin.values import Object, Plain


class GroupVersionKind(NamedTuple):
    """What names a type of object; the group of the core types is empty."""

    group: str
    version: str
    kind: str

    @property
    def api_version(self) -> str:
        """The `apiVersion` an object of the type has."""
        return f"{self.group}/{self.version}" if self.group else self.version


BUILT_IN_GROUPS: Final = frozenset(
    {
        "",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "flowcontrol.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
    }
)

CLUSTER_SCOPED_KINDS: Final = frozenset(
    {
        "APIService",
        "CSIDriver",
        "CSINode",
        "CertificateSigningRequest",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "FlowSchema",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "RuntimeClass",
        "StorageClass",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
    }
)

_HELPER_MODULES: Final = ("helm.sh/", "kustomize", "yaml")


def type_of_token(token: str) -> GroupVersionKind:
    """Return the type behind a resource token such as `kubernetes:apps/v1:StatefulSet`."""
    package, _, rest = token.partition(":")
    module, _, kind = rest.rpartition(":")
    group, slash, version = module.partition("/")
    if package != "kubernetes" or module.startswith(_HELPER_MODULES) or not (slash and kind):
        raise unsupported(token)
    result = GroupVersionKind("" if group == "core" else group, version, kind)
    if is_built_in(result) and kind.endswith(("List", "Patch")):
        raise unsupported(token)
    return result


def type_of_object(obj: Object) -> GroupVersionKind:
    """Return the type an object says it has."""
    group, _, version = str(obj.get("apiVersion", "")).rpartition("/")
    return GroupVersionKind("" if group == "core" else group, version, str(obj.get("kind", "")))


def is_built_in(gvk: GroupVersionKind) -> bool:
    """Whether the type comes with Kubernetes rather than with a CustomResourceDefinition."""
    return gvk.group in BUILT_IN_GROUPS


def is_namespaced(gvk: GroupVersionKind) -> bool:
    """Whether objects of the type live in a namespace; a custom resource is taken to."""
    return not (is_built_in(gvk) and gvk.kind in CLUSTER_SCOPED_KINDS)


def metadata_of(obj: Object) -> Object:
    """Return the object's metadata, empty where there are none or they are not known yet."""
    metadata: Plain = obj.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def metadata_text(obj: Object, field: str) -> str:
    """Return a text field of the metadata, empty where it is absent."""
    value = metadata_of(obj).get(field)
    return value if isinstance(value, str) else ""


def with_metadata(obj: Object, **fields: Plain) -> Object:
    """Return the object with metadata fields set, or taken out where the value is None."""
    metadata: Object = {**metadata_of(obj), **fields}
    return {**obj, "metadata": {key: value for key, value in metadata.items() if value is not None}}
