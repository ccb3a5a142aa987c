"""Credentials: which Secret holds them, and what creates it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi

from pulumi_ixn.random_passwords import LENGTH

USERNAME, PASSWORD = "username", "password"


@dataclass(frozen=True)
class Credentials:
    """The credentials for a database, Kafka or Redis.

    An `existing` Secret is only read; a `managed` one is created with `password`, a `generated` one with a random
    password. Its `length` is 16 to 128 characters. Its `alphabet` lists 'lower', 'upper', 'digits' and special
    characters, such as '-_.~', of each of which it has at least one; without it, the password has letters and
    digits. Both together must give 96 bits of entropy. If one changes, so does the password.

    `secret_name` defaults to the vendor's name. `username_key` and
    `password_key` are the keys of an existing Secret of a database; other Secrets have the vendor's format.
    `version` is any text: change it when the content of an existing Secret changes, so that the pods restart.
    """

    kind: Literal["existing", "managed", "generated"] = "existing"
    secret_name: pulumi.Input[str] | None = None
    username: pulumi.Input[str] | None = None
    password: pulumi.Input[str] | None = None
    username_key: str = USERNAME
    password_key: str = PASSWORD
    version: pulumi.Input[str] | None = None
    length: int = LENGTH
    alphabet: Sequence[str] | None = None

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
    ) -> "Credentials":
        """Return credentials for which this package creates the Secret and the password."""
        return Credentials("generated", secret_name, username, length=length, alphabet=alphabet)
