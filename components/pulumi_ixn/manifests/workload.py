"""One workload of one tenant: its arguments, names and contract."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import pulumi

from pulumi_ixn.args import RESOURCES, Image, PodArgs, ResourceRequirements, WorkloadArgs
from pulumi_ixn.contract.model import Contract, Credential
from pulumi_ixn.manifests.env import RenderContext, settings_json
from pulumi_ixn.manifests.fragment_issues import PodContext, fragment_issues, update_issues
from pulumi_ixn.manifests.ports import ListeningPort, listening_ports
from pulumi_ixn.naming import Identity, WorkloadId
from pulumi_ixn.policies.renderer import location_issues
from pulumi_ixn.rules import validate
from pulumi_ixn.scaling.rules import scaling_issues
from pulumi_ixn.spec import Parameter
from pulumi_ixn.validation import InvalidInputs, Issue, invalid

if TYPE_CHECKING:
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict


@dataclass(frozen=True)
class Workload:
    """The data from which the specs of one workload are rendered."""

    args: WorkloadArgs
    identity: Identity
    image: Image
    contract: Contract
    context: RenderContext

    @staticmethod
    def of(workload: WorkloadId, args: WorkloadArgs, contract: Contract) -> "Workload":
        """Return the workload; a contract in the arguments replaces `contract`."""
        contract = args.pod.contract or contract
        issues: list[Issue] = []
        args = validate.collect(args, "", issues)
        image = args.pod.image
        issues += workload_issues(args, workload, contract, tuple(issues))
        if image is None or issues:
            missing = [] if image else [Issue("pod.image", "is missing")]
            raise InvalidInputs([*issues, *missing])
        return Workload(
            args=args,
            identity=Identity(workload, args.tenant, image.tag),
            image=image,
            contract=contract,
            context=RenderContext(args.tenant, args.links),
        )

    @property
    def resources(self) -> ResourceRequirements:
        """The resources of the container: the vendor's by default."""
        return self.args.pod.resources or RESOURCES[self.identity.workload]

    @property
    def ports(self) -> tuple[ListeningPort, ...]:
        """The ports on which it listens."""
        return listening_ports(self.identity, self.args.links)

    @cached_property
    def settings(self) -> pulumi.Input[str] | None:
        """The text of the settings file; None if the contract has none."""
        return settings_json(self.contract, self.context) if self.contract.settings else None

    def port_name(self, parameter: Parameter) -> str:
        """Return the name of the port of `parameter`. Raises InvalidInputs if the workload has no such port."""
        for port in self.ports:
            if port.parameter is parameter:
                return port.name
        raise invalid(
            "contract", f"refers to the port {parameter}, on which {self.identity.base_name} does not listen"
        )

    def metadata(self, name: str, labels: Mapping[str, pulumi.Input[str]] | None = None) -> "ObjectMetaArgsDict":
        """Return the metadata of an object of this workload."""
        return {
            "name": name,
            "namespace": self.args.namespace,
            "labels": {**(labels or {}), **self.identity.object_labels},
        }


def workload_issues(
    args: WorkloadArgs, workload: WorkloadId, contract: Contract, before: Sequence[Issue]
) -> Iterator[Issue]:
    """Yield the violations that depend on several arguments; `before` are those found so far."""
    yield from location_issues(args.links, args.isolation)
    ports = [link.port for link in args.links if link.row.parameter is not None and link.port is not None]
    yield from pod_issues(PodContext(workload, contract, ports), args.pod, "pod", before)


def pod_issues(context: PodContext, pod: PodArgs, path: str, before: Sequence[Issue]) -> Iterator[Issue]:
    """Yield the violations of the arguments of a workload's pods that depend on the workload.

    Those that compare values need valid ones: they are left out if `before` has violations of these arguments.
    """
    yield from env_issues(pod, context.contract, path)
    if not any(each.path.startswith(f"{path}.") for each in before):
        found = chain(
            fragment_issues(context, pod), update_issues(context, pod), number_issues(context.workload, pod)
        )
        yield from (Issue(f"{path}.{name}", message) for name, message in found)


def env_issues(pod: PodArgs, contract: Contract, path: str) -> Iterator[Issue]:
    """Yield an issue for each variable in plain text that the contract reads from a Secret."""
    for name, entry in contract.env.items():
        if isinstance(entry.value, Credential) and pod.env.get(name) is not None:
            source = f"which the container gets from a Secret (connection {entry.value.row})"
            yield Issue(
                f"{path}.env", f"may not include {name}, {source}: the pod spec would contain it in plain text"
            )


def number_issues(workload: WorkloadId, pod: PodArgs) -> Iterator[tuple[str, str]]:
    """Yield the violations between the number of pods, their autoscaler, their budget and their requests."""
    requests = (pod.resources or RESOURCES[workload]).requests
    yield from scaling_issues(workload, pod.replicas, pod.autoscaling, pod.disruption_budget, requests)
