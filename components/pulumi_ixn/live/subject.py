"""What the checks of a live stack look at, beside its cluster."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

from pulumi_ixn.config import Settings
from pulumi_ixn.live.objects import ObjectRef, objects


@dataclass(frozen=True)
class Subject:
    """A stack: its name (`organization/project/stack`), its settings, and the record of its last update.

    `recorded` are the objects in its state, with their UIDs. `cluster` is the UID of the cluster of its last
    update, None if it was not recorded.
    """

    stack: str
    settings: Settings
    recorded: Mapping[ObjectRef, str | None] = field(default_factory=dict[ObjectRef, str | None])
    cluster: str | None = None

    @cached_property
    def objects(self) -> Sequence[ObjectRef]:
        """Every object that an update writes."""
        return objects(self.settings)

    @property
    def namespaces(self) -> AbstractSet[str]:
        """The namespace of the tenants, and those of the objects in the state."""
        return {self.namespace, *(each.namespace for each in self.recorded if each.namespace)}

    @property
    def namespace(self) -> str:
        """The namespace of the tenants."""
        return self.settings.environment.namespace.name

    @property
    def context(self) -> str:
        """The kubeconfig's context."""
        return str(self.settings.environment.target.context)
