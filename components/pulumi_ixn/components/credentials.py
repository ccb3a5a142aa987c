"""Credentials: a Secret that exists, or one of ours, with values that are generated or given."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pulumi
import pulumi_kubernetes as k8s
import pulumi_random as random

from pulumi_ixn.peers import SecretRef

USERNAME, PASSWORD = "username", "password"


@dataclass(frozen=True)
class ExistingSecret:
    """A Secret of the namespace that somebody else writes.

    `version` is any text: change it when the content changed, and the pods that read it roll.
    """

    name: pulumi.Input[str]
    username_key: str = USERNAME
    password_key: str = PASSWORD
    version: pulumi.Input[str] | None = None


@dataclass(frozen=True)
class GeneratedPassword:
    """A password of 32 letters and digits, made once and written into the Secret `secret_name`.

    Nobody but the Secret is told: whoever runs the database gives it to the role `username`.
    """

    secret_name: str
    username: pulumi.Input[str]


@dataclass(frozen=True)
class ProvidedPassword:
    """A password that the caller has, written into the Secret `secret_name`."""

    secret_name: str
    username: pulumi.Input[str]
    password: pulumi.Input[str]


Credentials: TypeAlias = ExistingSecret | GeneratedPassword | ProvidedPassword


def credentials_secret(
    name: str, namespace: pulumi.Input[str], credentials: Credentials, opts: pulumi.ResourceOptions
) -> SecretRef:
    """Return the Secret that holds the credentials; register it where it is ours."""
    match credentials:
        case ExistingSecret(secret_name, username_key, password_key, version):
            return SecretRef(secret_name, {USERNAME: username_key, PASSWORD: password_key}, version)
        case GeneratedPassword(secret_name, username):
            password = random.RandomPassword(f"{name}-password", length=32, special=False, opts=opts).result
        case ProvidedPassword(secret_name, username, password):
            pass
    return owned_secret(
        name,
        namespace,
        secret_name,
        {USERNAME: pulumi.Output.from_input(username), PASSWORD: pulumi.Output.secret(password)},
        opts,
    )


def owned_secret(
    name: str,
    namespace: pulumi.Input[str],
    secret_name: str,
    data: Mapping[str, pulumi.Output[str]],
    opts: pulumi.ResourceOptions,
) -> SecretRef:
    """Register a Secret of ours and return it, with a keyed digest of its content as its version.

    Keyed, since the digest stands in clear in an annotation, where that of a weak password could be guessed.
    """
    key = random.RandomPassword(f"{name}-digest-key", length=32, special=False, opts=opts).result
    secret = k8s.core.v1.Secret(
        name,
        metadata={"name": secret_name, "namespace": namespace},
        type="Opaque",
        string_data=dict(data),
        opts=opts,
    )
    digest = pulumi.Output.all(key, dict(data)).apply(lambda known: _digest(known[0], known[1]))
    # The name comes from the object, so that the pods which read it start when it is there.
    managed = secret.metadata.apply(lambda _: secret_name)
    return SecretRef(managed, {field: field for field in data}, pulumi.Output.unsecret(digest))


def _digest(key: str, data: Mapping[str, str]) -> str:
    content = "\0".join(part for field in sorted(data) for part in (field, data[field]))
    return hmac.new(key.encode(), content.encode(), hashlib.sha256).hexdigest()
