"""The tenant of the samples, deployed; without changes, once for all tests."""

import functools
from collections.abc import Sequence
from typing import Any

from pulumi_ixn.components.connections import Connection
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.samples import ixn


def made(preview: bool = False, **changes: Any) -> Deployment[Sequence[Connection]]:
    """Deploy a tenant with these arguments of an `Ixn` changed; the result is its `connections`."""
    return _made(changes, preview) if changes else _unchanged(preview)


@functools.cache
def _unchanged(preview: bool) -> Deployment[Sequence[Connection]]:
    return _made({}, preview)


def _made(changes: dict[str, Any], preview: bool) -> Deployment[Sequence[Connection]]:
    return deploy(lambda: ixn(**changes).connections, preview=preview)
