"""The tenants of a stack config: own and shared values, and the origin of each merged value."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from pydantic import TypeAdapter, ValidationError

from pulumi_ixn.config.checks import equal_ports
from pulumi_ixn.config.fields import TenantKey
from pulumi_ixn.config.issues import ConfigIssue, KeyPath, config_path
from pulumi_ixn.config.merge import has_path, merge
from pulumi_ixn.config.peers import SHARED_PEERS
from pulumi_ixn.config.raw import MutableValues
from pulumi_ixn.config.renamed import pop_helm_keys
from pulumi_ixn.links import same_port

TENANT_KEYS = ("ixnService", "ixnVQNode", "peers")
"""The top-level keys whose values each tenant may override."""

_KEYS: TypeAdapter[str] = TypeAdapter(TenantKey)


@dataclass(frozen=True)
class Tenant:
    """One tenant: its key, the shared values, and its own.

    `is_placeholder`: the config has no tenant, and this one serves to find errors in the shared values.
    """

    key: str
    shared: MutableValues
    given: MutableValues
    is_placeholder: bool = False

    @cached_property
    def own(self) -> MutableValues:
        """The tenant's own values, except those that it cannot override."""
        if "peers" not in self.given:
            return self.given
        return {**self.given, "peers": split_shared(self.given["peers"])[0]}

    @cached_property
    def merged(self) -> MutableValues:
        """The tenant's own values merged over the shared ones."""
        return merge(self.shared, self.own)

    def origin(self, key_path: KeyPath, *, missing: bool = False) -> KeyPath:
        """Return the config path that sets the merged value at `key_path`, or should set it if `missing`."""
        of_tenant: KeyPath = ("tenants", self.key, *key_path)
        if not key_path or key_path[0] not in TENANT_KEYS:
            return of_tenant
        if missing:
            only_in_tenant = has_path(self.own, key_path[:-1]) and not has_path(self.shared, key_path[:-1])
            return of_tenant if only_in_tenant else key_path
        return of_tenant if has_path(self.own, key_path) else key_path

    def shared_overrides(self) -> Iterator[ConfigIssue]:
        """Yield an issue for each shared peer that the tenant overrides."""
        peers: object = self.given.get("peers")
        if isinstance(peers, dict):
            for name in SHARED_PEERS & cast("MutableValues", peers).keys():
                message = f"is shared by all tenants of the namespace; set ixn:peers.{name} instead"
                yield ConfigIssue(("tenants", self.key, "peers", name), message)

    def equal_ports(self) -> Iterator[ConfigIssue]:
        """Yield an issue for each pair of equal ports of a pod, at the tenant's own path if it sets one."""
        for port, key_paths in equal_ports(self.merged):
            own = [key_path for key_path in key_paths if has_path(self.own, key_path)]
            given = [key_path for key_path in key_paths if has_path(self.shared, key_path)]
            key_path = (own or given or key_paths)[-1]
            other = next(each for each in key_paths if each != key_path)
            yield ConfigIssue(self.origin(key_path), same_port(config_path(self.origin(other))), port)


def tenants_of(values: MutableValues, issues: list[ConfigIssue]) -> list[Tenant]:
    """Return the tenants of a config; append an issue for each malformed one."""
    shared = {key: values[key] for key in TENANT_KEYS if key in values}
    shared["peers"] = split_shared(values.get("peers", {}))[0]
    given: object = values.get("tenants")
    tenants: list[Tenant] = []
    if not isinstance(given, dict) or not given:
        message = "must be a mapping with an entry for each tenant, with its id and sid"
        issues.append(ConfigIssue(("tenants",), message))
        given = {}
    for key, own in cast("dict[str, object]", given).items():
        issues += _key_issues(key)
        if isinstance(own, dict):
            rest, helm_issues = pop_helm_keys(cast("MutableValues", own), ("tenants", str(key)))
            issues += helm_issues
            tenants.append(Tenant(str(key), shared, rest))
        else:
            issues.append(ConfigIssue(("tenants", str(key)), "is not a mapping", own))
    return tenants or [Tenant("", shared, {}, is_placeholder=True)]


def split_shared(peers: object) -> tuple[object, object]:
    """Return the peers that tenants may override, and those that all tenants share."""
    if not isinstance(peers, dict):
        return peers, peers
    given = cast("MutableValues", peers)
    common = {key: value for key, value in given.items() if key in SHARED_PEERS}
    return {key: value for key, value in given.items() if key not in SHARED_PEERS}, common


def _key_issues(key: object) -> Iterator[ConfigIssue]:
    try:
        _KEYS.validate_python(key)
    except ValidationError as error:
        yield ConfigIssue(("tenants", str(key)), error.errors()[0]["msg"], key)
