"""The models of Secrets that the External Secrets operator makes from the values in a store."""

from typing import Annotated, Literal, cast

from pydantic import Field

from pulumi_ixn import external_secrets
from pulumi_ixn.config.fields import Line, Model, ObjectName
from pulumi_ixn.config.peer_models import OneOf
from pulumi_ixn.config.validators import Parsed
from pulumi_ixn.credentials import PASSWORD, USERNAME, Credentials
from pulumi_ixn.external_secrets import JSON, REFRESH_INTERVAL, RemoteKey, RemoteKeys, SecretStore

_Interval = Annotated[str, Parsed(external_secrets.refresh_interval, "duration")]
_StoreKind = Annotated[str, Parsed(external_secrets.store_kind)]


class Store(Model):
    """A secret store of the External Secrets operator."""

    name: ObjectName = Field(description="the store's name")
    kind: _StoreKind = Field(
        default="ClusterSecretStore",
        description="its kind: 'ClusterSecretStore', or 'SecretStore' in the tenants' namespace",
    )

    def args(self) -> SecretStore:
        """Return the library's store."""
        return SecretStore(self.name, cast('Literal["ClusterSecretStore", "SecretStore"]', self.kind))


class RemoteValue(Model):
    """A value in the store."""

    key: Line = Field(description="its key in the store")
    property: Line | None = Field(default=None, description="the property of a value that has several")
    version: Line | None = Field(default=None, description="its version in the store; if omitted, the latest")

    def args(self) -> RemoteKey:
        """Return the library's key."""
        return RemoteKey(self.key, self.property, self.version)


class LoginKeys(Model):
    """The values of a database user's login."""

    username: RemoteValue = Field(description="the username")
    password: RemoteValue = Field(description="the password")

    def args(self) -> RemoteKeys:
        """Return the library's keys."""
        return {USERNAME: self.username.args(), PASSWORD: self.password.args()}


class FileKeys(Model):
    """The value of a file."""

    whole: RemoteValue = Field(alias=JSON, description="the whole file, JSON in the vendor's format")

    def args(self) -> RemoteKeys:
        """Return the library's keys."""
        return {JSON: self.whole.args()}


class RedisKeys(OneOf):
    """The value of a file, or of the password in it: exactly one of the keys."""

    whole: RemoteValue | None = Field(
        default=None, alias=JSON, description="the whole file, JSON in the vendor's format"
    )
    password: RemoteValue | None = Field(
        default=None, description="the password; the rest of the file follows from these settings"
    )

    def args(self) -> RemoteKeys:
        """Return the library's keys."""
        given = {JSON: self.whole, PASSWORD: self.password}
        return {name: value.args() for name, value in given.items() if value is not None}


class _External(Model):
    """A Secret that the External Secrets operator makes; this package creates its ExternalSecret."""

    store: Store = Field(description="the secret store")
    refresh_interval: _Interval = Field(
        default=REFRESH_INTERVAL, description="how often the operator reads the values, such as '15m'"
    )
    name: ObjectName | None = Field(default=None, description="the Secret's name; if omitted, the vendor's")
    version: Line | None = Field(
        default=None, description="any text; change it when the values change, to restart the pods"
    )

    def credentials(self, keys: RemoteKeys) -> Credentials:
        """Return the library's credentials."""
        return Credentials.external(
            self.store.args(),
            keys,
            refresh_interval=self.refresh_interval,
            secret_name=self.name,
            version=self.version,
        )


class ExternalLogin(_External):
    """The login of a database user in a secret store."""

    keys: LoginKeys = Field(description="the values in the store")

    def args(self) -> Credentials:
        """Return the library's credentials."""
        return self.credentials(self.keys.args())


class ExternalFile(_External):
    """A file in the vendor's format in a secret store."""

    keys: FileKeys = Field(description="the value in the store")

    def args(self) -> Credentials:
        """Return the library's credentials."""
        return self.credentials(self.keys.args())


class ExternalRedisFile(_External):
    """A file in the vendor's format, or the password in it, in a secret store."""

    keys: RedisKeys = Field(description="the value in the store")

    def args(self) -> Credentials:
        """Return the library's credentials."""
        return self.credentials(self.keys.args())
