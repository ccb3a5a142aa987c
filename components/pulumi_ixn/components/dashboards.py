"""The Grafana dashboards, for the sidecar that loads them from ConfigMaps."""

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.args import DashboardsArgs
from pulumi_ixn.monitoring.dashboards import config_map_name, dashboards
from pulumi_ixn.rules import validate


class Dashboards(pulumi.ComponentResource):
    """The dashboards for Grafana: an overview of a tenant, and seven with details. One set serves all tenants.

    Each is a ConfigMap that Grafana's sidecar finds by its labels. Create them once for a Grafana, in a namespace
    that its sidecar watches: each dashboard has a fixed uid. `config_maps` are by uid, such as `ixn-overview`.
    """

    config_maps: Mapping[str, k8s.core.v1.ConfigMap]

    def __init__(self, name: str, args: DashboardsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = validate(args)
        super().__init__("ixn:index:Dashboards", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.config_maps = {
            uid: k8s.core.v1.ConfigMap(
                f"{name}-{uid.removeprefix('ixn-')}",
                metadata={
                    "name": config_map_name(uid),
                    "namespace": args.namespace,
                    "labels": {**_LABELS, **args.labels},
                    "annotations": {} if args.folder is None else {args.folder_annotation: args.folder},
                },
                data={f"{uid}.json": content},
                opts=child,
            )
            for uid, content in dashboards().items()
        }
        self.register_outputs({"configMaps": [each.metadata.name for each in self.config_maps.values()]})


_LABELS: Mapping[str, str] = {
    "app.kubernetes.io/name": "ixn-dashboards",
    "app.kubernetes.io/part-of": "ixn",
    "app.kubernetes.io/managed-by": "pulumi",
}
