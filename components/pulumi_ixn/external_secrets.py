"""Values in a secret store, from which the External Secrets operator makes a Secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import pulumi

from pulumi_ixn.parsing import Parser, matching, one_of

REFRESH_INTERVAL = "1h"
"""The default of the operator, too."""

JSON = "json"
"""The key of a value that is a whole file in the vendor's format."""

refresh_interval: Parser[str] = matching(
    "a duration of hours, minutes and seconds that is not zero, such as '1h', '1h30m' or '45s'",
    r"(?=.*[1-9])([0-9]{1,4}h)?([0-9]{1,4}m)?([0-9]{1,4}s)?",
    15,
)
store_kind: Parser[str] = one_of("ClusterSecretStore", "SecretStore")
value_name: Parser[str] = one_of("username", "password", JSON)


@dataclass(frozen=True)
class SecretStore:
    """A store: a ClusterSecretStore, or a SecretStore in the tenants' namespace."""

    name: pulumi.Input[str]
    kind: Literal["ClusterSecretStore", "SecretStore"] = "ClusterSecretStore"


@dataclass(frozen=True)
class RemoteKey:
    """A value in a store: its `key` there, the `property` of a value with several, and a `version`."""

    key: pulumi.Input[str]
    property: pulumi.Input[str] | None = None
    version: pulumi.Input[str] | None = None


RemoteKeys: TypeAlias = Mapping[str, RemoteKey]
"""The values by name: `username` and `password` of a database; `password` of Redis; `json`, the vendor's file."""


@dataclass(frozen=True)
class ExternalSource:
    """The store of a Secret, the values in it, and how often the operator reads them, such as '1h' or '15m'."""

    store: SecretStore
    keys: RemoteKeys
    refresh_interval: str = REFRESH_INTERVAL
