"""The command lines of Kubernetes' programs. Their paths are relative to the cluster's directory."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.cluster import credentials as pki
from tools.cluster.network import SERVICE_CIDR, Network

CONTROL_PLANE = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")


@dataclass(frozen=True)
class Endpoint:
    """Where the API server listens, and the network of the pods."""

    address: str
    port: int
    pod_cidr: str | None = None
    """None: no pod has an address that anybody uses."""

    @property
    def url(self) -> str:
        """The server as a kubeconfig names it."""
        return f"https://{self.address}:{self.port}"


def control_plane(programs: Mapping[str, Path], endpoint: Endpoint) -> dict[str, list[str]]:
    """Return the command lines of etcd, API server, controller manager and scheduler."""
    arguments = {
        "etcd": _etcd(),
        "kube-apiserver": _apiserver(endpoint),
        "kube-controller-manager": _controller_manager(endpoint),
        "kube-scheduler": _clients("scheduler"),
    }
    return {name: [str(programs[name]), *words] for name, words in arguments.items()}


# Unix sockets in the cluster's directory: no port to choose, and nobody else can connect. etcd insists on a port.
_ETCD, _ETCD_PEER = "unix://etcd:0", "unix://etcd-peer:0"


def _etcd() -> list[str]:
    return [
        "--data-dir=etcd",
        f"--listen-client-urls={_ETCD}",
        f"--advertise-client-urls={_ETCD}",
        f"--listen-peer-urls={_ETCD_PEER}",
        f"--initial-advertise-peer-urls={_ETCD_PEER}",
        f"--initial-cluster=default={_ETCD_PEER}",
        "--unsafe-no-fsync",
        "--log-level=warn",
    ]


def _apiserver(endpoint: Endpoint) -> list[str]:
    on_loopback = endpoint.pod_cidr is None
    return [
        f"--etcd-servers={_ETCD}",
        f"--bind-address={endpoint.address}",
        f"--advertise-address={endpoint.address}",
        f"--secure-port={endpoint.port}",
        # An address of the loopback interface is refused as an endpoint of the Service `kubernetes`.
        f"--endpoint-reconciler-type={'none' if on_loopback else 'lease'}",
        f"--tls-cert-file={pki.CERTIFICATE}",
        f"--tls-private-key-file={pki.KEY}",
        f"--kubelet-client-certificate={pki.CERTIFICATE}",
        f"--kubelet-client-key={pki.KEY}",
        "--kubelet-preferred-address-types=InternalIP",
        f"--service-cluster-ip-range={SERVICE_CIDR}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={pki.SERVICE_ACCOUNT_KEY}",
        f"--service-account-signing-key-file={pki.SERVICE_ACCOUNT_KEY}",
        f"--token-auth-file={pki.TOKENS}",
        "--anonymous-auth=false",
        "--authorization-mode=RBAC",
        "--allow-privileged=true",
    ]


def _controller_manager(endpoint: Endpoint) -> list[str]:
    network = (
        [
            "--allocate-node-cidrs",
            f"--cluster-cidr={endpoint.pod_cidr}",
            f"--node-cidr-mask-size={endpoint.pod_cidr.rpartition('/')[2]}",
            f"--service-cluster-ip-range={SERVICE_CIDR}",
        ]
        if endpoint.pod_cidr
        else []
    )
    return [
        *_clients("controller-manager"),
        f"--service-account-private-key-file={pki.SERVICE_ACCOUNT_KEY}",
        f"--root-ca-file={pki.CERTIFICATE}",
        "--flex-volume-plugin-dir=volume-plugins",
        *network,
    ]


def _clients(name: str) -> list[str]:
    """Return the flags of what only talks to the API server: one replica, no port of its own, in a hurry."""
    return [
        "--kubeconfig=kubeconfig",
        "--leader-elect=false",
        "--secure-port=0",
        f"--cert-dir=pki/{name}",
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
    ]


def node(programs: Mapping[str, Path], name: str, network: Network) -> dict[str, list[str]]:
    """Return the command lines of kubelet, kube-proxy and kube-router on the node `name`."""
    this_node = f"--hostname-override={name}"
    arguments = {
        "kubelet": [
            "--config=config/kubelet.yaml",
            "--kubeconfig=kubeconfig",
            this_node,
            f"--node-ip={network.node_ip}",
            "--root-dir=/run/cluster/kubelet",
        ],
        "kube-proxy": ["--config=config/kube-proxy.yaml", this_node],
        # It ends while its Node is missing; until it is restarted, no policy is enforced.
        "kube-router": [
            "--kubeconfig=kubeconfig",
            this_node,
            "--run-firewall=true",
            "--run-router=false",
            "--run-service-proxy=false",
            "--run-loadbalancer=false",
            "--enable-cni=false",
            "--enable-ipv6=false",
            f"--service-cluster-ip-range={SERVICE_CIDR}",
            "--iptables-sync-period=1m",
            "--health-port=0",
        ],
    }
    return {name: [str(programs[name]), *words] for name, words in arguments.items()}
