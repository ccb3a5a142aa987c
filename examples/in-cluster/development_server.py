"""A server for development: one pod with a volume, its Service, and a policy that admits its clients alone.

Not for production: there is no second pod, no TLS, no backup, and an update is an outage.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_kubernetes as k8s
from admission import admitted
from pulumi_ixn import Endpoint, PodSelector
from pulumi_kubernetes.core.v1 import (
    ContainerArgsDict,
    PodSpecArgsDict,
    ProbeArgsDict,
    SecurityContextArgsDict,
    ServiceSpecArgsDict,
    VolumeArgsDict,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict

SCRATCH = "/tmp"  # noqa: S108 (of the pod)
"""The only directory besides the data's that is writable."""

_RESTRICTED: SecurityContextArgsDict = {
    "allow_privilege_escalation": False,
    "capabilities": {"drop": ["ALL"]},
    "read_only_root_filesystem": True,
}


@dataclass(frozen=True)
class DevelopmentServerArgs:
    """The server: where it listens, what runs, and who may connect.

    `container` is the server's, and `init_containers` run before it: both without what all pods here share. The
    volume `configuration` is mounted at /configuration, the data at /data. `user` is the id under which they run,
    `storage` the size of the data.
    """

    namespace: pulumi.Input[str]
    port: int
    user: int
    container: ContainerArgsDict
    configuration: VolumeArgsDict
    clients: Sequence[PodSelector]
    init_containers: Sequence[ContainerArgsDict] = field(default_factory=tuple[ContainerArgsDict, ...])
    storage: str = "2Gi"


class DevelopmentServer(pulumi.ComponentResource):
    """The StatefulSet of one pod, its headless Service and its NetworkPolicy."""

    endpoint: Endpoint
    pods: PodSelector

    def __init__(self, name: str, args: DevelopmentServerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("in-cluster:index:DevelopmentServer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        labels = {"app.kubernetes.io/name": name}
        metadata: ObjectMetaArgsDict = {"name": name, "namespace": args.namespace, "labels": labels}
        self.pods = PodSelector(args.namespace, labels)
        self.endpoint = Endpoint(pulumi.Output.concat(name, ".", args.namespace, ".svc"), args.port)

        # First, so that the server is never open.
        policy = admitted(name, self.pods, {args.port: args.clients}, child, outgoing=False)
        service: ServiceSpecArgsDict = {
            "cluster_ip": "None",
            "selector": labels,
            "ports": [{"name": name, "port": args.port, "target_port": name}],
        }
        k8s.core.v1.Service(name, metadata=metadata, spec=service, opts=child)
        k8s.apps.v1.StatefulSet(
            name,
            metadata=metadata,
            spec={
                "service_name": name,
                "replicas": 1,
                "selector": {"match_labels": labels},
                "template": {"metadata": {"labels": labels}, "spec": _pod_spec(name, args)},
                "volume_claim_templates": [
                    {
                        "metadata": {"name": "data"},
                        "spec": {
                            "access_modes": ["ReadWriteOnce"],
                            "resources": {"requests": {"storage": args.storage}},
                        },
                    }
                ],
            },
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[policy])),
        )
        self.register_outputs({"host": self.endpoint.host})


def _pod_spec(name: str, args: DevelopmentServerArgs) -> PodSpecArgsDict:
    """Return a pod that the Pod Security Standard `restricted` admits."""
    shared: ContainerArgsDict = {
        "name": name,
        "security_context": _RESTRICTED,
        "volume_mounts": [
            {"name": "configuration", "mount_path": "/configuration", "read_only": True},
            {"name": "data", "mount_path": "/data"},
            {"name": "scratch", "mount_path": SCRATCH},
        ],
    }
    listens: ProbeArgsDict = {"tcp_socket": {"port": name}, "period_seconds": 5}
    return {
        "automount_service_account_token": False,
        "security_context": {
            "run_as_non_root": True,
            "run_as_user": args.user,
            "run_as_group": args.user,
            "fs_group": args.user,
            "seccomp_profile": {"type": "RuntimeDefault"},
        },
        "init_containers": [{**shared, **each} for each in args.init_containers],
        "containers": [
            {
                **shared,
                "ports": [{"name": name, "container_port": args.port}],
                "readiness_probe": listens,
                **args.container,
            }
        ],
        "volumes": [
            args.configuration,
            {"name": "scratch", "empty_dir": {"size_limit": "128Mi"}},
        ],
    }
