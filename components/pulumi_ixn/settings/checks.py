"""What only shows when several settings are seen together.

The checks of names and ports look at the values as they were given, so that they speak up beside whatever
else is wrong with a tenant.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, cast

from pulumi_ixn.settings.mistakes import Location, Mistake, config_path
from pulumi_ixn.settings.neighbours import Database, Redis
from pulumi_ixn.settings.stack import Environment, TenantSettings
from pulumi_ixn.spec import OURS, Parameter, default_port, owner


def name_checks(tenants: Mapping[str, Mapping[str, Any]]) -> Iterator[Mistake]:
    """Yield what tenants may not share: ids, short ids, keys now and formerly."""
    shared = {field: Counter(str(own.get(field)) for own in tenants.values()) for field in ("id", "sid")}
    names = Counter(name for key, own in tenants.items() for name in {key, *_formerly(own)})
    for key, own in tenants.items():
        for field, count in shared.items():
            if field in own and count[str(own[field])] > 1:
                path = config_path(("tenants", key, field))
                yield Mistake(path, f"is the {field} of another tenant too", own[field])
        for index, name in enumerate(_formerly(own)):
            if names[name] > 1 or name == key:
                path = config_path(("tenants", key, "formerly", index))
                yield Mistake(path, "is the key, now or formerly, of another tenant or of this one", name)


def port_checks(values: Mapping[str, Any]) -> Iterator[tuple[Location, str]]:
    """Yield the locations of ports of one pod that are equal to another of its ports, and what is wrong."""
    for party in OURS:
        seen: dict[int, Parameter] = {}
        for parameter in (parameter for parameter in Parameter if owner(parameter) is party):
            port = _value_at(values, parameter)
            if port in seen:
                yield tuple(parameter.split(".")), f"is the port of ixn:{seen[port]} too: ports of a pod differ"
            seen[port] = parameter


def password_checks(environment: Environment, tenants: Mapping[str, TenantSettings | None]) -> list[Mistake]:
    """Return the Secrets that lack their password, and the passwords that no Secret needs.

    Tenants that are None were wrong by themselves; nothing is said of their passwords.
    """
    valid = {key: tenant for key, tenant in tenants.items() if tenant is not None}
    unknown = [
        Mistake(config_path(("secrets", "tenants", key)), "is no key of ixn:tenants")
        for key in environment.secrets.tenants
        if key not in tenants
    ]
    return [*_passwords(environment, valid), *unknown]


def _formerly(own: Mapping[str, Any]) -> list[str]:
    given: object = own.get("formerly")
    return [str(name) for name in cast("list[object]", given)] if isinstance(given, list) else []


def _value_at(values: object, parameter: Parameter) -> int:
    for part in parameter.split("."):
        values = cast("Mapping[str, object]", values).get(part) if isinstance(values, Mapping) else None
    return values if isinstance(values, int) else default_port(parameter)


def _passwords(environment: Environment, tenants: Mapping[str, TenantSettings]) -> Iterator[Mistake]:
    secrets, redis = environment.secrets, environment.neighbours.ors_redis_stream
    written = isinstance(redis, Redis) and redis.secret.written is not None
    yield from _password(
        ("secrets", "orsRedisStream"), written, secrets.ors_redis_stream is not None, "neighbours.orsRedisStream"
    )
    for key, tenant in tenants.items():
        given = secrets.tenants.get(key)
        for name, neighbour, password in (
            ("ixnDB", tenant.neighbours.ixn_db, given and given.ixn_db),
            ("ixnNodeDB", tenant.neighbours.ixn_node_db, given and given.ixn_node_db),
        ):
            needed = isinstance(neighbour, Database) and neighbour.secret.written is not None
            at = ("secrets", "tenants", key, name)
            yield from _password(at, needed, password is not None, f"neighbours.{name}")


def _password(at: Location, needed: bool, given: bool, neighbour: str) -> Iterator[Mistake]:
    path = config_path((*at, "password"))
    if needed and not given:
        yield Mistake(path, f"is missing: set it with `pulumi config set --secret --path '{path}'`")
    if given and not needed:
        yield Mistake(path, f"is not used: ixn:{neighbour}.secret is not 'written'")
