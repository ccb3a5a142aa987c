"""Guard of the log volumes: Kubernetes does not change the claim template of a StatefulSet."""

from collections.abc import Iterator, Sequence

from pulumi_ixn import values
from pulumi_ixn.args import LogStorage
from pulumi_ixn.config import Settings
from pulumi_ixn.live.cluster import Object
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.live.tenants import Deployed, deployed, moves, successor

_WHERE = "ixn:ixnService.ixnServer.logStorage"


def log_storage_problems(stateful_sets: Sequence[Object], settings: Settings, stack: str) -> Iterator[Problem]:
    """Yield a problem, with the commands to run, for each deployed tenant whose log volume the settings change.

    `stateful_sets` are as for `tenant_problems`.
    """
    for tenant in deployed(stateful_sets, stack):
        key = successor(settings, tenant)
        if key is None or moves(settings, tenant):
            continue
        old = _storage(tenant.stateful_set)
        new = settings.tenants[key].ixn_service.ixn_server.log_storage.args()
        if not _equal(old, new):
            up = f"pulumi up --refresh --stack {stack.rpartition('/')[2]}"
            how = _recipe(settings.environment.target.context or "", up, tenant, old, new)
            yield Problem(
                _WHERE,
                f"tenant {key!r}: the log volume is deployed as {_text(old)} ({tenant.where}), and would become "
                f"{_text(new)}, which Kubernetes does not change in place. Restore the old values, or {how}",
            )


def _storage(stateful_set: Object) -> LogStorage:
    templates: Sequence[Object] = stateful_set["spec"].get("volumeClaimTemplates") or []
    for spec in (each["spec"] for each in templates):
        return LogStorage(spec["resources"]["requests"]["storage"], spec.get("storageClassName"))
    return LogStorage()


def _equal(old: LogStorage, new: LogStorage) -> bool:
    if not (old.claimed and new.claimed):
        return old.claimed == new.claimed
    return _bytes(old) == _bytes(new) and old.storage_class == new.storage_class


def _bytes(storage: LogStorage) -> object:
    return values.quantity(storage.size or "0")


def _text(storage: LogStorage) -> str:
    return f"a claim of {storage.size} of class {storage.storage_class!r}" if storage.claimed else "an emptyDir"


def _recipe(context: str, up: str, tenant: Deployed, old: LogStorage, new: LogStorage) -> str:
    """Return the commands that change the volume: without a restart for a larger claim."""
    kubectl = f"kubectl --context {context} --namespace {tenant.values['namespace']}"
    name = tenant.stateful_set["metadata"]["name"]
    orphan = f"{kubectl} delete statefulset {name} --cascade=orphan"
    if not (old.claimed and new.claimed):
        return _lines("replace the StatefulSet; the pod restarts once, and a claim stays:", orphan, up)
    claims = " ".join(tenant.claims)
    if old.storage_class == new.storage_class and values.quantity(new.size or "0") > values.quantity(
        old.size or "0"
    ):
        patch = f'{{"spec":{{"resources":{{"requests":{{"storage":"{new.size}"}}}}}}}}'
        grow = f"{kubectl} patch pvc {claims} --patch '{patch}'"
        return _lines("grow the claim and replace the StatefulSet; the pod keeps running:", grow, orphan, up)
    return _lines(
        "replace the claim, which cannot shrink or change its class; this stops IXN Server and deletes its logs:",
        f"{kubectl} delete statefulset {name}",
        f"{kubectl} delete pvc {claims}",
        up,
    )


def _lines(how: str, *commands: str) -> str:
    return "\n    ".join([how, *commands])
