"""Guard of the Secrets that this package created: pods read them, so no setting deletes one by mistake."""

from collections.abc import Collection, Iterator, Sequence

from pulumi_ixn.config import Settings
from pulumi_ixn.config.issues import config_path
from pulumi_ixn.live.cluster import Object
from pulumi_ixn.live.objects import KINDS, ObjectRef
from pulumi_ixn.live.peer_secrets import peer_secrets
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.manifests import external_secret
from pulumi_ixn.ownership import PROTECTED, is_owned
from pulumi_ixn.rotation import SUFFIX

_WAYS_OUT = {
    "existing": "Create a Secret of another name, and set that one.",
    "external": "Set another name.",
}
"""What to do instead of taking the name of a Secret that this package writes for one of another source."""


def secret_problems(secrets: Sequence[Object], settings: Settings, stack: str) -> Iterator[Problem]:
    """Yield a problem for each Secret of the stack, `organization/project/stack`, that the settings stop writing.

    `secrets` are those of the stack's namespace. A Secret may be given up if it is not protected and not in use.
    """
    own = {each["metadata"]["name"]: each for each in secrets if is_owned(each["metadata"], stack)}
    namespace, known = settings.environment.namespace.name, list(peer_secrets(settings))
    written = {each.name for each in known if each.source == "written"}
    # A database whose password is no longer rotated has had a second Secret.
    candidates = [(each, f"{each.default}{suffix}") for each in known for suffix in ("", SUFFIX)]
    for each, name in candidates:
        if name not in own or name in written:
            continue
        what = f"Secret {namespace}/{name}"
        if each.name == name and (way_out := _WAYS_OUT.get(each.source)):
            yield Problem(
                f"{each.path}.secret.{each.source}.name",
                f"{each.name!r} is the Secret that this stack created, and this update would delete it while pods "
                f"read it. {way_out}",
            )
        elif own[name]["metadata"]["annotations"].get(PROTECTED) == "true":
            protect = config_path(("tenants", each.tenant, "protect") if each.tenant else ("protect",))
            yield Problem(
                f"{each.path}.secret",
                f"{what} is protected, and this update would delete it. Restore the setting, set {protect} "
                "to false and run `pulumi up`; then change it.",
            )


def external_secret_problems(recorded: Collection[ObjectRef], settings: Settings) -> Iterator[Problem]:
    """Yield a problem for each Secret that pods shall read on, and that an update would delete.

    The operator deletes a Secret with its ExternalSecret. `recorded` are the objects in the state of the stack.
    """
    namespace, kind = settings.environment.namespace.name, KINDS[external_secret.KIND]
    for each in peer_secrets(settings):
        if each.source != "external" and ObjectRef(kind, namespace, each.name) in recorded:
            where = f"{each.path}.secret.existing.name" if each.source == "existing" else f"{each.path}.secret"
            yield Problem(
                where,
                f"the Secret {each.name!r} belongs to an ExternalSecret of this stack, and this update would "
                "delete both while pods read it. Create a Secret of another name, and set that one as 'existing'.",
            )
