"""The Secrets that hold credentials: existing ones, and those that this package creates."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes as k8s
import pulumi_random as random

from pulumi_ixn.components.claims import claim
from pulumi_ixn.components.external_secrets import external_file
from pulumi_ixn.components.rendering import unrendered
from pulumi_ixn.components.resources import with_protect
from pulumi_ixn.credentials import Credentials
from pulumi_ixn.peers import SecretRef
from pulumi_ixn.random_passwords import INPUTS, provider_inputs

if TYPE_CHECKING:
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict


def existing_secret(
    credentials: Credentials, secret_name: pulumi.Input[str], keys: Mapping[str, str] | None = None
) -> SecretRef:
    """Return a reference to an existing Secret."""
    return SecretRef(secret_name, keys or {}, credentials.version)


def file_secret(
    owner: pulumi.ComponentResource,
    name: str,
    namespace: pulumi.Input[str],
    credentials: Credentials,
    file: tuple[pulumi.Input[str], str],
    text: Callable[[pulumi.Input[str]], pulumi.Output[str]],
    *,
    protect: bool,
) -> SecretRef:
    """Return a reference to the Secret with a file in the vendor's format; create what is not existing.

    `file` are the names of the Secret, unless the credentials have one, and of its key. `text` returns the file
    with a password.
    """
    default, key = file
    secret_name = credentials.secret_name or default
    match credentials.kind:
        case "existing":
            return existing_secret(credentials, secret_name)
        case "external":
            file = (secret_name, key)
            return external_file(owner, name, namespace, credentials, file, text, protect=protect)
        case "managed" | "generated":
            data = {key: text(password_of(owner, name, credentials, protect=protect))}
            return managed_secret(owner, name, namespace, secret_name, data, protect=protect)


def password_of(
    owner: pulumi.ComponentResource, name: str, credentials: Credentials, *, protect: bool
) -> pulumi.Output[str]:
    """Return the password of managed credentials; generate it for generated ones."""
    if credentials.kind == "generated":
        return generated_password(owner, name, credentials, protect=protect)
    return pulumi.Output.secret(credentials.password or "")


def generated_password(
    owner: pulumi.ComponentResource, name: str, credentials: Credentials, rotation: int = 0, *, protect: bool
) -> pulumi.Output[str]:
    """Return a random password, which `rotation` replaces.

    Pods that started with the password before this rotation read it again when they restart: it stays as it is.
    """
    opts = with_protect(pulumi.ResourceOptions(parent=owner), protect=protect)
    inputs = provider_inputs(credentials.length, credentials.alphabet)
    if rotation:
        inputs["keepers"] = {"rotation": str(rotation)}
    if rotation < credentials.rotation:
        opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(ignore_changes=list(INPUTS)))
    return random.RandomPassword(f"{name}-password", random.RandomPasswordArgs(**inputs), opts).result


def managed_secret(
    owner: pulumi.ComponentResource,
    name: str,
    namespace: pulumi.Input[str],
    secret_name: pulumi.Input[str],
    data: Mapping[str, pulumi.Output[str]],
    annotations: Mapping[str, pulumi.Input[str]] | None = None,
    *,
    protect: bool,
) -> SecretRef:
    """Create a Secret and return a reference to it, with a keyed digest of its content as its version.

    The digest is stored in plain text in an annotation. Without a key, a weak password could be guessed from it.
    """
    opts = pulumi.ResourceOptions(parent=owner)
    claimed_namespace = claim(owner, "Secret", unrendered(owner, namespace, data), secret_name)
    key = random.RandomPassword(f"{name}-digest-key", length=32, special=False, opts=opts).result
    metadata: ObjectMetaArgsDict = {"name": secret_name, "namespace": claimed_namespace}
    if annotations:
        metadata["annotations"] = annotations
    secret = k8s.core.v1.Secret(
        name,
        metadata=metadata,
        type="Opaque",
        string_data=dict(data),
        opts=with_protect(opts, protect=protect),
    )
    digest = pulumi.Output.all(key, dict(data)).apply(lambda known: _digest(known[0], known[1]))
    # Take the name from the object, so that pods that read the Secret start after it exists.
    created = secret.metadata.apply(lambda _: secret_name)
    return SecretRef(created, {field: field for field in data}, pulumi.Output.unsecret(digest))


def _digest(key: str, data: Mapping[str, str]) -> str:
    content = "\0".join(part for field in sorted(data) for part in (field, data[field]))
    return hmac.new(key.encode(), content.encode(), hashlib.sha256).hexdigest()
