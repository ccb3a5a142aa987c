"""One workload of one tenant, put together: who it is, what it expects, what it knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pulumi

from pulumi_ixn.args import WorkloadArgs
from pulumi_ixn.contract.model import Contract
from pulumi_ixn.contract.render import Facts, settings_json
from pulumi_ixn.identity import Identity
from pulumi_ixn.manifests.ports import ListeningPort, listening_ports
from pulumi_ixn.spec import Parameter, Party

if TYPE_CHECKING:
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict


@dataclass(frozen=True)
class Workload:
    """All that the specs of one workload are computed from."""

    args: WorkloadArgs
    identity: Identity
    contract: Contract
    facts: Facts

    @staticmethod
    def of(party: Party, args: WorkloadArgs, contract: Contract) -> "Workload":
        """Put together the workload of `party`; a contract in the arguments takes the place of `contract`."""
        return Workload(
            args=args,
            identity=Identity(party, args.tenant, args.pod.image.tag),
            contract=args.pod.contract or contract,
            facts=Facts(args.tenant, args.links, args.references),
        )

    @property
    def ports(self) -> tuple[ListeningPort, ...]:
        """The ports that it listens at."""
        return listening_ports(self.identity, self.args.links)

    @cached_property
    def settings(self) -> pulumi.Input[str] | None:
        """The text of the settings file; None where the contract has none."""
        return settings_json(self.contract, self.facts) if self.contract.settings else None

    def port_name(self, parameter: Parameter) -> str:
        """Return the name of the port of `parameter`; ValueError where this workload does not listen at it."""
        for port in self.ports:
            if port.parameter is parameter:
                return port.name
        raise ValueError(f"the contract names the port {parameter}, at which {self.identity.kind} does not listen")

    def metadata(self, name: str, labels: Mapping[str, pulumi.Input[str]] | None = None) -> "ObjectMetaArgsDict":
        """Return the metadata of an object of this workload."""
        return {
            "name": name,
            "namespace": self.args.namespace,
            "labels": {**(labels or {}), **self.identity.object_labels},
        }
