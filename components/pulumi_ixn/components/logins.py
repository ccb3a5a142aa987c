"""The Secret with the login of a database: existing, external, or created, with a password that may be rotated."""

import pulumi

from pulumi_ixn.components.external_secrets import external_login
from pulumi_ixn.components.secrets import existing_secret, generated_password, managed_secret, password_of
from pulumi_ixn.credentials import PASSWORD, USERNAME, Credentials
from pulumi_ixn.inputs import apply
from pulumi_ixn.ownership import LOGIN, ROTATION
from pulumi_ixn.peers import SecretRef
from pulumi_ixn.rotation import Turn, turns
from pulumi_ixn.services import DatabaseReferenceArgs


def login_secret(
    owner: pulumi.ComponentResource, name: str, args: DatabaseReferenceArgs, credentials: Credentials
) -> SecretRef:
    """Return a reference to the Secret with a username and a password; create what is not existing."""
    secret_name = credentials.secret_name or args.secret_name or name
    match credentials.kind:
        case "existing":
            keys = {USERNAME: credentials.username_key, PASSWORD: credentials.password_key}
            return existing_secret(credentials, secret_name, keys)
        case "external":
            return external_login(owner, name, args.namespace, credentials, secret_name, protect=args.protect)
        case "managed":
            password = password_of(owner, name, credentials, protect=args.protect)
            data = {USERNAME: pulumi.Output.from_input(credentials.username or ""), PASSWORD: password}
            return managed_secret(owner, name, args.namespace, secret_name, data, protect=args.protect)
        case "generated":
            *_, current = [
                _generated(owner, name, args, credentials, (secret_name, turn))
                for turn in turns(credentials.rotation)
            ]
            return current


def _generated(
    owner: pulumi.ComponentResource,
    name: str,
    args: DatabaseReferenceArgs,
    credentials: Credentials,
    login: tuple[pulumi.Input[str], Turn],
) -> SecretRef:
    """Create the Secret of one of the logins. `login` are the name of the first one's Secret, and the turn."""
    secret_name, turn = login

    def named(first: pulumi.Input[str]) -> pulumi.Input[str]:
        return apply(first, lambda known: known + turn.suffix)

    name, username = f"{name}{turn.suffix}", named(credentials.username or "")
    provisioned = args.database.provisioned
    # Somebody else must set the password of a database that exists: losing it locks the pods out.
    protect = args.protect and provisioned is None
    data = {
        USERNAME: pulumi.Output.from_input(username),
        PASSWORD: generated_password(owner, name, credentials, turn.rotation, protect=protect),
    }
    annotations: dict[str, pulumi.Input[str]] = {} if provisioned is None else {LOGIN: username}
    if turn.rotation:
        annotations[ROTATION] = str(turn.rotation)
    return managed_secret(owner, name, args.namespace, named(secret_name), data, annotations, protect=args.protect)
