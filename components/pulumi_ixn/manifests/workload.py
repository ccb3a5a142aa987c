"""One workload of one tenant: its arguments, names and contract."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pulumi

from pulumi_ixn.args import WorkloadArgs
from pulumi_ixn.contract.model import Contract
from pulumi_ixn.manifests.env import RenderContext, settings_json
from pulumi_ixn.manifests.ports import ListeningPort, listening_ports
from pulumi_ixn.naming import Identity, WorkloadId
from pulumi_ixn.spec import Parameter

if TYPE_CHECKING:
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict


@dataclass(frozen=True)
class Workload:
    """What the specs of one workload are computed from."""

    args: WorkloadArgs
    identity: Identity
    contract: Contract
    context: RenderContext

    @staticmethod
    def of(workload: WorkloadId, args: WorkloadArgs, contract: Contract) -> "Workload":
        """Return the workload; a contract in the arguments replaces `contract`."""
        return Workload(
            args=args,
            identity=Identity(workload, args.tenant, args.pod.image.tag),
            contract=args.pod.contract or contract,
            context=RenderContext(args.tenant, args.links),
        )

    @property
    def ports(self) -> tuple[ListeningPort, ...]:
        """The ports on which it listens."""
        return listening_ports(self.identity, self.args.links)

    @cached_property
    def settings(self) -> pulumi.Input[str] | None:
        """The text of the settings file; None if the contract has none."""
        return settings_json(self.contract, self.context) if self.contract.settings else None

    def port_name(self, parameter: Parameter) -> str:
        """Return the name of the port of `parameter`. Raises ValueError if the workload has no such port."""
        for port in self.ports:
            if port.parameter is parameter:
                return port.name
        raise ValueError(
            f"the contract names the port {parameter}, on which {self.identity.base_name} does not listen"
        )

    def metadata(self, name: str, labels: Mapping[str, pulumi.Input[str]] | None = None) -> "ObjectMetaArgsDict":
        """Return the metadata of an object of this workload."""
        return {
            "name": name,
            "namespace": self.args.namespace,
            "labels": {**(labels or {}), **self.identity.object_labels},
        }
