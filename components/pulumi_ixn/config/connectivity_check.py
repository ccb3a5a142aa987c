"""The settings of the connectivity check, which is disabled unless its image is set."""

from pydantic import Field

from pulumi_ixn.args import ConnectivityCheckOptions
from pulumi_ixn.config.fields import Deadline, Model
from pulumi_ixn.config.workloads import (
    AddedLabels,
    ImageSettings,
    PodAnnotations,
    ResourcesSettings,
)

_RESOURCES = ResourcesSettings.of(ConnectivityCheckOptions.resources)


class ConnectivityCheckSettings(Model):
    """The Jobs that try the outgoing connections of each workload."""

    image: ImageSettings = Field(
        description="the image; it needs a POSIX shell and a TCP client, such as BusyBox's"
    )
    deadline: Deadline = Field(
        default=ConnectivityCheckOptions.deadline,
        description="the time for one connection, the resolution of its name included",
    )
    resources: ResourcesSettings = Field(default=_RESOURCES, description="requests and limits")
    pod_labels: AddedLabels = Field(
        default_factory=dict, description="labels added to the pods, for the policies of peers that select by them"
    )
    pod_annotations: PodAnnotations = Field(default_factory=dict, description="annotations added to the pods")
