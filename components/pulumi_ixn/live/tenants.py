"""Guards of the tenants that are deployed: no setting deletes or moves one by mistake."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pulumi_ixn.config import Settings
from pulumi_ixn.config.arguments import protected
from pulumi_ixn.config.stack import TenantSettings
from pulumi_ixn.live.cluster import Object
from pulumi_ixn.live.peer_secrets import peer_secrets
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.naming import SERVER
from pulumi_ixn.ownership import PROTECTED, Owner

_INSTANCE = "app.kubernetes.io/instance"

SELECTOR: str = f"app.kubernetes.io/name={SERVER.name}"
"""The label selector of the StatefulSets of IXN Server."""

_PATHS = {"id": "ixn:tenants.{key}.id", "sid": "ixn:tenants.{key}.sid", "namespace": "ixn:namespace.name"}


@dataclass(frozen=True)
class Deployed:
    """A tenant in the cluster, from the StatefulSet of its IXN Server.

    `values` are its `id`, `sid` and `namespace`; the id is missing if another version of this package wrote the
    object. `claims` are the names of its PersistentVolumeClaims. `protected` is as in the last update.
    """

    key: str
    stateful_set: Object
    values: Mapping[str, str]
    claims: Sequence[str]
    protected: bool

    @property
    def where(self) -> str:
        """The StatefulSet, for messages."""
        return f"StatefulSet {self.values['namespace']}/{self.stateful_set['metadata']['name']}"


def deployed(stateful_sets: Sequence[Object], stack: str) -> list[Deployed]:
    """Return the tenants of a stack, `organization/project/stack`, from the StatefulSets of the cluster."""
    found: list[Deployed] = []
    for each in stateful_sets:
        metadata, owner = each["metadata"], Owner.of(each["metadata"])
        labels: Mapping[str, str] = metadata.get("labels") or {}
        if owner is None or owner.stack != stack or owner.tenant is None or _INSTANCE not in labels:
            continue
        values: dict[str, str] = {"sid": labels[_INSTANCE], "namespace": metadata["namespace"]}
        values |= {"id": owner.tenant_id} if owner.tenant_id else {}
        mark = metadata["annotations"].get(PROTECTED) == "true"
        found.append(Deployed(owner.tenant, each, values, _claims(each), mark))
    return found


def successor(settings: Settings, tenant: Deployed) -> str | None:
    """Return the key under which the settings have a deployed tenant; None if they have it no longer."""
    return next(
        (key for key, each in settings.tenants.items() if tenant.key in (key, *each.aliases)),
        None,
    )


def moves(settings: Settings, tenant: Deployed) -> bool:
    """Return whether the settings change the name or namespace of a deployed tenant's objects."""
    key = successor(settings, tenant)
    return key is not None and not {"sid", "namespace"}.isdisjoint(_changes(settings, key, tenant))


def tenant_problems(stateful_sets: Sequence[Object], settings: Settings, stack: str) -> Iterator[Problem]:
    """Yield a problem for each deployed tenant that the settings lose, or move without a confirmation.

    `stateful_sets` are those of `SELECTOR` in the namespaces of the settings and of the last update.
    """
    tenants = deployed(stateful_sets, stack)
    for tenant in tenants:
        key = successor(settings, tenant)
        if key is None:
            yield from _lost(settings, tenant)
        elif not _arrived(settings, key, tenants):
            yield from _unconfirmed(settings, key, tenant)
            yield from _protected(settings, key, tenant)
    yield from _taken(settings, tenants)
    yield from _shared(settings, tenants)


def claims_left(stateful_sets: Sequence[Object], settings: Settings, stack: str) -> Iterator[str]:
    """Yield a warning for each deployed tenant that an update without problems moves or deletes.

    It lists the PersistentVolumeClaims that stay.
    """
    for tenant in deployed(stateful_sets, stack):
        key = successor(settings, tenant)
        if key is not None and not moves(settings, tenant):
            continue
        what = "is deleted" if key is None else "moves: its IXN Server stops before the new one starts"
        namespace = tenant.values["namespace"]
        claims = (
            f"These PersistentVolumeClaims stay: {', '.join(tenant.claims)}. Once nobody needs them: "
            f"kubectl --namespace {namespace} delete pvc {' '.join(tenant.claims)}"
            if tenant.claims
            else "It has no PersistentVolumeClaims."
        )
        yield f"tenant {tenant.key!r} ({tenant.where}) {what}. {claims}"


def _claims(stateful_set: Object) -> list[str]:
    spec, name = stateful_set["spec"], stateful_set["metadata"]["name"]
    templates: Sequence[Object] = spec.get("volumeClaimTemplates") or []
    names = [each["metadata"]["name"] for each in templates]
    return [f"{each}-{name}-{ordinal}" for each in names for ordinal in range(spec.get("replicas", 1))]


def _values(settings: Settings, key: str) -> dict[str, str]:
    tenant = settings.tenants[key]
    return {"id": tenant.id, "sid": tenant.sid, "namespace": settings.environment.namespace.name}


def _changes(settings: Settings, key: str, tenant: Deployed) -> dict[str, str]:
    """Return the deployed values that the settings change, by field."""
    wanted = _values(settings, key)
    return {field: value for field, value in tenant.values.items() if value != wanted[field]}


def _arrived(settings: Settings, key: str, tenants: Sequence[Deployed]) -> bool:
    """Return whether the tenant is deployed with the id, sid and namespace of the settings."""
    own = [each for each in tenants if successor(settings, each) == key]
    return any(not _changes(settings, key, each) for each in own)


def _lost(settings: Settings, tenant: Deployed) -> Iterator[Problem]:
    key = tenant.key
    for other in settings.tenants:
        same = [field for field, value in _values(settings, other).items() if tenant.values.get(field) == value]
        if "id" in same or {"sid", "namespace"} <= {*same}:
            yield Problem(
                f"ixn:tenants.{other}.aliases",
                f"{key!r} is missing: the deployed tenant {key!r} ({tenant.where}) has the same "
                f"{'id' if 'id' in same else 'sid'}. Without the alias, this update would delete it and create "
                f"{other!r} instead. To rename it, add {key!r} to the aliases; to replace it by another tenant, "
                f"remove {key!r} in an update of its own first.",
            )
            return
    if tenant.protected:
        yield Problem(
            f"ixn:tenants.{key}",
            f"is missing, but the tenant is deployed ({tenant.where}) and protected. To rename it, add {key!r} to "
            f"the aliases of its new key. To remove it: restore it with `protect: false`, run `pulumi up`, remove "
            f"it, and run `pulumi up` again.",
        )


def _unconfirmed(settings: Settings, key: str, tenant: Deployed) -> Iterator[Problem]:
    changes, wanted = _changes(settings, key, tenant), _values(settings, key)
    confirmed = _confirmed(settings.tenants[key])
    for field, value in changes.items():
        if confirmed.get(field) != value:
            yield Problem(
                _PATHS[field].format(key=key),
                f"{wanted[field]!r} is not the {field} of the deployed tenant {key!r}, {value!r} "
                f"({tenant.where}): restore {value!r}. To move the tenant, which interrupts its service, set "
                f"ixn:tenants.{key}.movedFrom.{field} to {value!r}.",
            )
    for field, value in confirmed.items():
        if field not in changes and tenant.values.get(field, value) != value:
            yield Problem(
                f"ixn:tenants.{key}.movedFrom.{field}",
                f"{value!r} is not the {field} of the deployed tenant, {tenant.values[field]!r} ({tenant.where})",
            )


def _confirmed(tenant: TenantSettings) -> dict[str, str]:
    given = {"id": tenant.moved_from.id, "sid": tenant.moved_from.sid, "namespace": tenant.moved_from.namespace}
    return {field: value for field, value in given.items() if value is not None}


def _protected(settings: Settings, key: str, tenant: Deployed) -> Iterator[Problem]:
    if moves(settings, tenant) and protected(settings.environment, settings.tenants[key]):
        yield Problem(
            f"ixn:tenants.{key}.protect",
            f"must be false to move the tenant: the move deletes {tenant.where} and creates it elsewhere. "
            "Remove the key after the move.",
        )


def _taken(settings: Settings, tenants: Sequence[Deployed]) -> Iterator[Problem]:
    """Yield a problem for each tenant whose new objects have the names of another deployed tenant's."""
    for key in settings.tenants:
        wanted = _values(settings, key)
        for other in tenants:
            holder = successor(settings, other)
            if holder in (None, key) or other.values["namespace"] != wanted["namespace"]:
                continue
            for field in ("id", "sid"):
                if other.values.get(field) == wanted[field]:
                    yield Problem(
                        f"ixn:tenants.{key}.{field}",
                        f"{wanted[field]!r} belongs to the deployed tenant {holder!r} ({other.where}): "
                        "move that one in an update of its own first",
                    )


def _shared(settings: Settings, tenants: Sequence[Deployed]) -> Iterator[Problem]:
    environment = settings.environment
    old = {each.values["namespace"] for each in tenants if successor(settings, each)}
    writes = any(each.tenant is None and each.source == "written" for each in peer_secrets(settings))
    if environment.protect and old and environment.namespace.name not in old and writes:
        yield Problem(
            "ixn:protect",
            f"must be false to move the Secrets that tenants share from namespace {', '.join(sorted(old))!r}. "
            "Remove the key after the move.",
        )
