"""The check of the outgoing connections, which is off unless its image is given."""

from pydantic import Field

from pulumi_ixn.args import ConnectivityCheckOptions
from pulumi_ixn.config.fields import Deadline, Model
from pulumi_ixn.config.workloads import (
    AddedLabels,
    Amounts,
    ImageSettings,
    PodAnnotations,
    ResourcesSettings,
)

_AMOUNTS = ConnectivityCheckOptions.resources
_RESOURCES = ResourcesSettings(requests=Amounts(**_AMOUNTS.requests), limits=Amounts(**_AMOUNTS.limits))


class ConnectivityCheckSettings(Model):
    """How the Jobs run that try the outgoing connections of each workload."""

    image: ImageSettings = Field(
        description="the image; it needs a POSIX shell and a TCP client, such as BusyBox's"
    )
    deadline: Deadline = Field(
        default=ConnectivityCheckOptions.deadline,
        description="how long one connection is tried, the resolution of its name included",
    )
    resources: ResourcesSettings = Field(default=_RESOURCES, description="requests and limits")
    pod_labels: AddedLabels = Field(
        default_factory=dict, description="labels added to the pods, for whoever else's policies select by them"
    )
    pod_annotations: PodAnnotations = Field(default_factory=dict, description="annotations added to the pods")
