"""Rollouts, and the function that waits for them, which a program passes to its components."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Rollout:
    """The rollout of a StatefulSet or a Deployment to the pods of its current template."""

    kind: Literal["StatefulSet", "Deployment"]
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}"


RolloutWaiter: TypeAlias = Callable[[Rollout], Awaitable[None]]
"""Returns once the rollout is done. Raises pulumi.RunError, which says why, if it does not finish."""
