"""StatefulSets, whose specs are stack config by their name."""

import pulumi
import pulumi_kubernetes as k8s

provider = k8s.Provider("kubernetes", render_yaml_to_directory="build/rendered/dev", kubeconfig="")
for name, spec in pulumi.Config().require_object("specs").items():
    k8s.apps.v1.StatefulSet(
        name,
        metadata={"name": name.lower(), "namespace": "ixn"},
        spec=spec,
        opts=pulumi.ResourceOptions(provider=provider),
    )
