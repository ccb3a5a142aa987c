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
    """The connectivity check: a Job per workload that tries its outgoing connections."""

    image: ImageSettings = Field(
        description="the image, which needs a POSIX shell and a TCP client, such as BusyBox"
    )
    deadline: Deadline = Field(
        default=ConnectivityCheckOptions.deadline,
        description="the time limit for one connection, including DNS resolution",
    )
    resources: ResourcesSettings = Field(default=_RESOURCES, description="requests and limits")
    pod_labels: AddedLabels = Field(
        default_factory=dict, description="labels added to the pods, for the policies of peers that select by them"
    )
    pod_annotations: PodAnnotations = Field(default_factory=dict, description="annotations added to the pods")
