"""One StatefulSet, whose spec is stack config."""

import pulumi
import pulumi_kubernetes as k8s

provider = k8s.Provider("kubernetes", render_yaml_to_directory="build/rendered/dev", kubeconfig="")
k8s.apps.v1.StatefulSet(
    "server",
    metadata={"name": "server", "namespace": "ixn"},
    spec=pulumi.Config().require_object("spec"),
    opts=pulumi.ResourceOptions(provider=provider),
)
