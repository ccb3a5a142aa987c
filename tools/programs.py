"""The Go programs that are built where they cannot be downloaded: one table.

Each is pinned by the go.mod and go.sum of a module in tools/go. `tools.builder` builds and caches them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple


class ModuleFile(NamedTuple):
    """A file in a Go module: the module's path, and the file's path in it."""

    module: str
    path: str


@dataclass(frozen=True)
class GoProgram:
    """How to build one program."""

    name: str
    """The name of the binary."""

    module: str
    """The directory in tools/go."""

    package: str
    """The package to build: an import path, or `.` for the module's own main.go."""

    tags: str = ""
    """Build tags, separated by commas."""

    ldflags: str = "-s -w"
    """Flags for the linker."""

    cgo: bool = False
    """Leave cgo to Go's default. Programs that dial hosts of the user's choice then use the system's resolver."""

    embedded: tuple[ModuleFile, ...] = ()
    """Files that main.go embeds, copied beside it for the build."""

    beside: tuple[ModuleFile, ...] = ()
    """Executables that the program expects in its own directory."""


_PULUMI = "github.com/pulumi/pulumi"
PULUMI_VERSION = "3.274.1"

_KUBERNETES_PROVIDER = "github.com/pulumi/pulumi-kubernetes/provider/v4"
KUBERNETES_PROVIDER_VERSION = "4.25.0"

KUBERNETES_VERSION = "1.36.2"

_TABLE = (
    GoProgram(
        name="pulumi",
        module="pulumi",
        package=f"{_PULUMI}/pkg/v3/cmd/pulumi",
        tags="osusergo,grpcnotrace",
        ldflags=f"-s -w -X {_PULUMI}/sdk/v3/go/common/version.Version=v{PULUMI_VERSION}",
        cgo=True,
    ),
    # A module of its own: SDK 3.79 is the last that holds the host.
    GoProgram(
        name="pulumi-language-python",
        module="python-host",
        package=f"{_PULUMI}/sdk/v3/python/cmd/pulumi-language-python",
        beside=(ModuleFile(f"{_PULUMI}/sdk/v3", "python/cmd/pulumi-language-python-exec"),),
    ),
    # The module's own main package generates the files that it embeds; ours takes those that the module ships.
    GoProgram(
        name="pulumi-resource-kubernetes",
        module="kubernetes-provider",
        package=".",
        ldflags=f"-s -w -X {_KUBERNETES_PROVIDER}/pkg/version.Version=v{KUBERNETES_PROVIDER_VERSION}",
        cgo=True,
        embedded=tuple(
            ModuleFile(_KUBERNETES_PROVIDER, f"cmd/pulumi-resource-kubernetes/{name}")
            for name in ("schema.json", "terraform-mapping.json")
        ),
    ),
    GoProgram(
        name="netpolicy",
        module="netpol-analyzer",
        package="github.com/np-guard/netpol-analyzer/cmd/netpolicy",
    ),
    # This project's own: plays the IXN workloads and their peers on a test cluster.
    GoProgram(name="double", module="double", package="."),
    # The test cluster's.
    *(
        GoProgram(
            name=name,
            module="kubernetes",
            package=f"k8s.io/kubernetes/cmd/{name}",
            ldflags=f"-s -w -X k8s.io/component-base/version.gitVersion=v{KUBERNETES_VERSION}",
        )
        for name in (
            "kube-apiserver",
            "kube-controller-manager",
            "kube-proxy",
            "kube-scheduler",
            "kubectl",
            "kubelet",
        )
    ),
    GoProgram(name="etcd", module="etcd", package="go.etcd.io/etcd/server/v3"),
    GoProgram(name="coredns", module="coredns", package="github.com/coredns/coredns"),
    # It enforces network policies. Newer releases are not to be had from every registry.
    GoProgram(
        name="kube-router",
        module="kube-router",
        package="github.com/cloudnativelabs/kube-router/v2/cmd/kube-router",
    ),
    GoProgram(
        name="kwok",
        module="kwok",
        package="sigs.k8s.io/kwok/cmd/kwok",
        # What happens to fake nodes and pods, and when.
        beside=tuple(
            ModuleFile("sigs.k8s.io/kwok", f"kustomize/stage/{name}.yaml")
            for name in (
                "node/fast/node-initialize",
                "node/heartbeat-with-lease/node-heartbeat-with-lease",
                "pod/fast/pod-ready",
                "pod/fast/pod-complete",
                "pod/fast/pod-delete",
            )
        ),
    ),
)

PROGRAMS: Mapping[str, GoProgram] = MappingProxyType({program.name: program for program in _TABLE})
"""The programs by the names of their binaries."""
