"""Existing Secrets: without one, or without a key of one, pods do not start."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pulumi_ixn.config.stack import Settings
from pulumi_ixn.live.certificates import certificate_secrets
from pulumi_ixn.live.cluster import Cluster
from pulumi_ixn.live.concurrent import concurrently
from pulumi_ixn.live.fragment_secrets import fragment_secrets
from pulumi_ixn.live.objects import KINDS, ObjectRef
from pulumi_ixn.live.peer_secrets import peer_secrets
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.live.provisioning import provisioned_databases, store_secrets
from pulumi_ixn.live.subject import Subject

_REGISTRY_KEYS = (".dockerconfigjson", ".dockercfg")


@dataclass(frozen=True)
class ExistingSecret:
    """A Secret that must exist: each of `keys` or, for those of a registry, one of them. `setting` names it."""

    name: str
    keys: tuple[str, ...]
    setting: str
    any_key: bool = False

    def missing(self, present: Mapping[str, object]) -> list[str]:
        """Return the keys that are missing among those that are present."""
        missing = [key for key in self.keys if key not in present]
        return [] if self.any_key and len(missing) < len(self.keys) else missing


def existing_secrets(settings: Settings) -> Iterator[ExistingSecret]:
    """Yield each Secret that the settings expect to exist."""
    for name in settings.environment.image.pull_secrets:
        yield ExistingSecret(name, _REGISTRY_KEYS, "ixn:image.pullSecrets", any_key=True)
    for each in peer_secrets(settings):
        if each.source == "existing":
            yield ExistingSecret(each.name, each.keys, f"{each.path}.secret")
    for each in provisioned_databases(settings):
        administrator, ca = each.settings.administrator, each.settings.tls.ca
        keys = (administrator.username_key, administrator.password_key)
        yield ExistingSecret(administrator.name, keys, f"{each.path}.administrator")
        if ca is not None:
            yield ExistingSecret(ca.name, (ca.key,), f"{each.path}.tls.ca")
    for name, keys, setting in store_secrets(settings.environment):
        yield ExistingSecret(name, keys, setting)
    for name, keys, setting in certificate_secrets(settings):
        yield ExistingSecret(name, keys, setting)
    # The operator writes an external one after the update has created its ExternalSecret.
    written = {each.name for each in peer_secrets(settings) if each.source in ("written", "external")}
    for name, keys, setting in fragment_secrets(settings):
        if name not in written:
            yield ExistingSecret(name, keys, setting)


def missing_secrets(cluster: Cluster, subject: Subject) -> Iterator[Problem]:
    """Yield a problem for each Secret that is missing or lacks a key.

    None while the namespace does not exist: nothing can be in it yet.
    """
    if cluster.get(ObjectRef(KINDS["Namespace"], None, subject.namespace).path) is None:
        return
    expected = list(existing_secrets(subject.settings))
    refs = {each.name: ObjectRef(KINDS["Secret"], subject.namespace, each.name) for each in expected}
    found = dict(zip(refs, concurrently(cluster.get, [ref.path for ref in refs.values()]), strict=True))
    for each in expected:
        where, secret = str(refs[each.name]), found[each.name]
        if secret is None:
            yield Problem(where, f"does not exist ({each.setting})")
        elif missing := each.missing(secret.get("data") or {}):
            keys = (" or " if each.any_key else ", ").join(map(repr, missing))
            yield Problem(where, f"lacks the key{'s' if len(missing) > 1 else ''} {keys} ({each.setting})")
