"""Objects that a test cluster starts with."""

from pathlib import Path

from tools.cluster.client import Object

STORAGE_CLASS = "local"


def storage_class() -> Object:
    """Return the default storage class, whose volumes are there beforehand."""
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {
            "name": STORAGE_CLASS,
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
        },
        "provisioner": "kubernetes.io/no-provisioner",
        "volumeBindingMode": "WaitForFirstConsumer",
    }


def persistent_volume(name: str, path: Path | None = None, node: str | None = None) -> Object:
    """Return a volume at `path` of `node`; without them one that no pod really mounts.

    It is a `local` volume, since only these get a pod's fsGroup.
    """
    on_node = {"key": "kubernetes.io/hostname", "operator": "In", "values": [node]}
    place: Object = (
        {
            "local": {"path": str(path)},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [on_node]}]}},
        }
        if path
        else {"hostPath": {"path": f"/simulated/{name}"}}
    )
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "capacity": {"storage": "10Gi"},
            "accessModes": ["ReadWriteOnce", "ReadWriteMany"],
            "persistentVolumeReclaimPolicy": "Delete" if path is None else "Retain",
            "storageClassName": STORAGE_CLASS,
            **place,
        },
    }


def fake_node(name: str) -> Object:
    """Return a node for kwok to play, with room for some hundred pods."""
    capacity = {"cpu": "32", "memory": "256Gi", "pods": "500"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "annotations": {"kwok.x-k8s.io/node": "fake"},
            "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"},
        },
        "status": {"capacity": capacity, "allocatable": capacity},
    }


def service_monitor_definition(schema: Object) -> Object:
    """Return the definition of the custom resource ServiceMonitor, with the given schema."""
    group, plural = "monitoring.coreos.com", "servicemonitors"
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": "ServiceMonitor", "plural": plural},
            "versions": [version],
        },
    }
