"""Credentials: which Secret holds them, and what creates it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi

from pulumi_ixn.external_secrets import REFRESH_INTERVAL, ExternalSource, RemoteKeys, SecretStore
from pulumi_ixn.random_passwords import LENGTH

USERNAME, PASSWORD = "username", "password"


@dataclass(frozen=True)
class Credentials:
    """The credentials for a database, Kafka or Redis.

    An `existing` Secret is only read; a `managed` one is created with `password`, a `generated` one with a random
    password. Its `length` is 16 to 128 characters. Its `alphabet` lists 'lower', 'upper', 'digits' and special
    characters, such as '-_.~', of each of which it has at least one; without it, the password has letters and
    digits. Both together must give 96 bits of entropy. If one changes, so does the password. `rotation` counts how
    often the password was rotated: raise it by one to do so. The database must be provisioned, and has two logins
    that take turns, so that the password of a pod works until the pod ends.

    An `external` Secret is made by the External Secrets operator: this package creates its ExternalSecret.

    `secret_name` defaults to the vendor's name. `username_key` and `password_key` are the keys of an existing
    Secret of a database; other Secrets have the vendor's format. `version` is any text: change it when the content
    of a Secret that others write changes, so that the pods restart.
    """

    kind: Literal["existing", "managed", "generated", "external"] = "existing"
    secret_name: pulumi.Input[str] | None = None
    username: pulumi.Input[str] | None = None
    password: pulumi.Input[str] | None = None
    username_key: str = USERNAME
    password_key: str = PASSWORD
    version: pulumi.Input[str] | None = None
    length: int = LENGTH
    alphabet: Sequence[str] | None = None
    rotation: int = 0
    source: ExternalSource | None = None

    @staticmethod
    def existing(
        secret_name: pulumi.Input[str] | None = None,
        *,
        username_key: str = USERNAME,
        password_key: str = PASSWORD,
        version: pulumi.Input[str] | None = None,
    ) -> "Credentials":
        """Return the credentials in an existing Secret."""
        return Credentials(
            "existing", secret_name, username_key=username_key, password_key=password_key, version=version
        )

    @staticmethod
    def managed(
        username: pulumi.Input[str] | None = None,
        password: pulumi.Input[str] | None = None,
        *,
        secret_name: str | None = None,
    ) -> "Credentials":
        """Return credentials for which this package creates the Secret."""
        return Credentials("managed", secret_name, username, password)

    @staticmethod
    def generated(
        username: pulumi.Input[str] | None = None,
        *,
        secret_name: str | None = None,
        length: int = LENGTH,
        alphabet: Sequence[str] | None = None,
        rotation: int = 0,
    ) -> "Credentials":
        """Return credentials for which this package creates the Secret and the password."""
        return Credentials("generated", secret_name, username, length=length, alphabet=alphabet, rotation=rotation)

    @staticmethod
    def external(
        store: SecretStore,
        keys: RemoteKeys,
        *,
        username: pulumi.Input[str] | None = None,
        refresh_interval: str = REFRESH_INTERVAL,
        secret_name: str | None = None,
        version: pulumi.Input[str] | None = None,
    ) -> "Credentials":
        """Return the credentials in a secret store, from which the External Secrets operator makes the Secret.

        `keys` are the values of the store: `username` and `password` of a database; for Kafka and Redis `json`, a
        file in the vendor's format, or for Redis its `password`, from which the operator makes that file. Only
        the latter may have the `username` of an ACL user.
        """
        source = ExternalSource(store, keys, refresh_interval)
        return Credentials("external", secret_name, username, version=version, source=source)
