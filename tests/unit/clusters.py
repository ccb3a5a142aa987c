"""A cluster of given objects, in the place of `pulumi_ixn.live.cluster.Cluster`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FakeCluster:
    """A cluster whose lists return the objects of their namespace and kind."""

    objects: Sequence[Any]

    def list(self, path: str, selector: str | None = None) -> Sequence[Any]:
        """Return the objects at a path such as `/apis/apps/v1/namespaces/ixn/statefulsets`."""
        namespace, plural = path.split("/")[-2:]
        return [
            each
            for each in self.objects
            if each["metadata"]["namespace"] == namespace and f"{each['kind'].lower()}s" == plural
        ]
