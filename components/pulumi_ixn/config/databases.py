"""Checks that no two workloads share a database that this package creates, or its role."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from pulumi_ixn.config.checks import value_at
from pulumi_ixn.config.issues import ConfigIssue, KeyPath, config_path
from pulumi_ixn.config.passwords import DATABASES
from pulumi_ixn.config.tenants import Tenant
from pulumi_ixn.parsing import Invalid
from pulumi_ixn.provisioning.cloud_native_pg import PORT
from pulumi_ixn.rotation import SUFFIX
from pulumi_ixn.values import host_port, split_endpoint

_LOGINS = ("managed", "generated")


@dataclass(frozen=True)
class _Name:
    """The name of a database or a role, on a server, and the path that sets it."""

    kind: str
    server: object
    name: str
    path: KeyPath
    created: bool


def database_checks(tenants: list[Tenant], namespace: object) -> Iterator[ConfigIssue]:
    """Yield an issue for each database and role of a server that another workload has, too, if one is created.

    They read the raw values, so that they run even if other values are invalid. `namespace` is the tenants'.
    """
    found: dict[tuple[object, ...], list[_Name]] = {}
    for each in (name for tenant in tenants for name in _names(tenant, namespace)):
        found.setdefault((each.kind, each.server, each.name), []).append(each)
    for names in found.values():
        if len(names) > 1 and any(each.created for each in names):
            yield from _issues(names)


def _issues(names: list[_Name]) -> Iterator[ConfigIssue]:
    """Yield an issue for each workload but the first; one for a value that tenants share."""
    first, *others = names
    for each in others:
        message = (
            f"{each.name!r} is also the {each.kind} of {config_path(first.path[:-1])}: each workload has its own"
        )
        if each.path == first.path:
            message = f"is the {each.kind} of several tenants: each workload has its own"
        yield ConfigIssue(each.path, message, each.name)


def _names(tenant: Tenant, namespace: object) -> Iterator[_Name]:
    for key in DATABASES:
        peer = value_at(tenant.merged, ("peers", key))
        cluster = value_at(peer, ("cloudNativePG",))
        server = _server(value_at(peer, ("endpoint",)) if cluster is None else _service(cluster, namespace))
        if not isinstance(peer, Mapping) or server is None:
            continue
        given = cast("Mapping[object, object]", peer)
        created = cluster is not None or given.get("provisioned") is not None
        for kind, path, name in (("database", ("name",), given.get("name")), *_roles(given)):
            if isinstance(name, str):
                yield _Name(kind, server, name, tenant.origin(("peers", key, *path)), created)


def _roles(peer: Mapping[object, object]) -> Iterator[tuple[str, KeyPath, object]]:
    logins: dict[object, KeyPath] = {}
    for source in _LOGINS:
        path = ("secret", source, "username")
        name = value_at(peer, path)
        logins |= {name: path}
        if isinstance(name, str) and value_at(peer, ("secret", source, "rotation")):
            logins |= {name + SUFFIX: path}
    for path in (("cloudNativePG", "role"), ("provisioned", "owner")):
        # An owner that is a login of the same workload is no other role.
        logins.setdefault(value_at(peer, path), path)
    yield from (("role", path, name) for name, path in logins.items())
    existing = value_at(peer, ("secret", "existing"))
    if (name := value_at(existing, ("name",))) is not None:
        # Which role it is, only the Secret says.
        key = value_at(existing, ("usernameKey",), "username")
        yield "Secret", ("secret", "existing", "name"), f"{name}/{key}"


def _service(cluster: object, namespace: object) -> str:
    """Return the address of a Cluster of CloudNativePG."""
    where = value_at(cluster, ("namespace",), namespace)
    return f"{value_at(cluster, ('cluster',))}-rw.{where}.svc:{PORT}"


def _server(endpoint: object) -> tuple[str, int | None] | None:
    try:
        host, port = split_endpoint(host_port(endpoint))
    except Invalid:
        return None
    return host.lower().rstrip("."), port
