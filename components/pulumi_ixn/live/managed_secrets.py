"""Guard of the Secrets that this package created: pods read them, so no setting deletes one by mistake."""

from collections.abc import Iterator, Sequence

from pulumi_ixn.config import Settings
from pulumi_ixn.config.issues import config_path
from pulumi_ixn.live.cluster import Object
from pulumi_ixn.live.peer_secrets import peer_secrets
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.ownership import PROTECTED, is_owned


def secret_problems(secrets: Sequence[Object], settings: Settings, stack: str) -> Iterator[Problem]:
    """Yield a problem for each Secret of the stack, `organization/project/stack`, that the settings stop writing.

    `secrets` are those of the stack's namespace. A Secret may be given up if it is not protected and not in use.
    """
    own = {each["metadata"]["name"]: each for each in secrets if is_owned(each["metadata"], stack)}
    namespace = settings.environment.namespace.name
    for each in peer_secrets(settings):
        if each.default not in own or each.source == "written":
            continue
        what = f"Secret {namespace}/{each.default}"
        if each.source == "existing" and each.name == each.default:
            yield Problem(
                f"{each.path}.secret.existing.name",
                f"{each.name!r} is the Secret that this stack created, and this update would delete it while pods "
                "read it. Create a Secret of another name, and set that one.",
            )
        elif own[each.default]["metadata"]["annotations"].get(PROTECTED) == "true":
            protect = config_path(("tenants", each.tenant, "protect") if each.tenant else ("protect",))
            yield Problem(
                f"{each.path}.secret",
                f"{what} is protected, and this update would delete it. Restore the setting, set {protect} "
                "to false and run `pulumi up`; then change it.",
            )
