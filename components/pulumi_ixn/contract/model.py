"""The model of the container contract: keys, their values, and the origin of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pulumi_ixn.peers import PropertyValue
from pulumi_ixn.spec import Parameter
from pulumi_ixn.validation import invalid


@dataclass(frozen=True)
class FromVendor:
    """The key is the vendor's: `path` in the sample values of its chart (ixn 100.0.008+02)."""

    path: str


@dataclass(frozen=True)
class Assumed:
    """The key is an assumption of this package, for the reason `why`."""

    why: str


Provenance: TypeAlias = FromVendor | Assumed


@dataclass(frozen=True)
class Constant:
    """A value that is the same for every tenant."""

    value: PropertyValue


@dataclass(frozen=True)
class TenantField:
    """The tenant's `id` or `sid`."""

    name: Literal["id", "sid"]


@dataclass(frozen=True)
class ListenPort:
    """The port on which the container listens, 1 to 65535."""

    parameter: Parameter


@dataclass(frozen=True)
class Host:
    """The host of connection `row`: that of the first endpoint."""

    row: int


@dataclass(frozen=True)
class Port:
    """The port of connection `row`, 1 to 65535: that of the first endpoint."""

    row: int


@dataclass(frozen=True)
class Addresses:
    """All addresses of connection `row`: 'host:port,...' in a variable, a list of objects in JSON.

    In JSON each object has `host` and `port`, and `item` adds properties of the peer under other names.
    """

    row: int
    item: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class PeerProperty:
    """A property of the peer of connection `row`, such as a database's `name`."""

    row: int
    name: str


@dataclass(frozen=True)
class Credential:
    """The username or password in the Secret of the peer of connection `row`; rendered as a `secretKeyRef`."""

    row: int
    name: Literal["username", "password"]


@dataclass(frozen=True)
class CertificateFiles:
    """The files of the certificates for connection `row`; no volume if its peer has none."""

    row: int


Value: TypeAlias = Constant | TenantField | ListenPort | Host | Port | Addresses | PeerProperty | Credential


def row_of(value: Value) -> int | None:
    """Return the connection whose peer provides `value`; None if no peer does."""
    match value:
        case Host(row) | Port(row) | Addresses(row) | PeerProperty(row) | Credential(row):
            return row
        case _:
            return None


@dataclass(frozen=True)
class Key:
    """A key of the environment or of the settings file: its value, and its origin."""

    value: Value
    provenance: Provenance


@dataclass(frozen=True)
class Mount:
    """A volume: the Secret of a connection, by its number, or its certificates; the logs; the settings file."""

    path: str
    content: int | CertificateFiles | Literal["logs", "settings"]
    provenance: Provenance


@dataclass(frozen=True)
class Scratch:
    """A directory that the container writes to beside its volumes.

    With a read-only root file system, it becomes an emptyDir of at most `size_limit` (a Kubernetes quantity).
    """

    path: str
    size_limit: str
    provenance: Provenance


@dataclass(frozen=True)
class Shutdown:
    """How a container ends, in seconds.

    When its pod is deleted, the container serves on for `pre_stop`, while clients learn that the endpoint is gone;
    then it gets SIGTERM. What still runs `grace` after the deletion is killed.
    """

    pre_stop: int
    grace: int
    provenance: Provenance

    def __post_init__(self) -> None:
        """Reject a grace period that ends before the container is asked to end."""
        if not 0 <= self.pre_stop < self.grace:
            raise invalid(
                "contract", f"has a grace period of {self.grace} s, not above the {self.pre_stop} s before it"
            )


@dataclass(frozen=True)
class Probe:
    """A probe of the container; durations in seconds.

    `port` is the parameter of the probed port. With `http`, the probe is an HTTP GET of `path`, by
    default that of the metrics, otherwise a TCP connection. A startup probe's `period` delays the moment from
    which a pod serves, so that of the workloads is short.
    """

    port: Parameter
    provenance: Provenance
    http: bool = False
    period: int = 10
    timeout: int = 5
    failure_threshold: int = 3
    path: str | None = None


@dataclass(frozen=True)
class Contract:
    """What one container expects. Keys and Secrets of an absent peer are omitted.

    `env` are environment variables by name; `settings` the entries of the JSON settings file by dotted path
    (without entries, there is no file); `mounts` the volumes by name; `settings_file` the name of the file in its
    volume; `scratch` the writable directories by volume name. The image initializes its database schema at startup
    if a variable or an entry requests it. Raises InvalidInputs for a mounted settings file without entries, and
    for entries without a mount.
    """

    env: Mapping[str, Key]
    mounts: Mapping[str, Mount]
    startup: Probe
    readiness: Probe
    liveness: Probe
    settings: Mapping[str, Key] = field(default_factory=dict[str, Key])
    settings_file: str = "settings.json"
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    scratch: Mapping[str, Scratch] = field(default_factory=dict[str, Scratch])
    shutdown: Shutdown = Shutdown(0, 30, Assumed("Kubernetes' own grace period"))

    def __post_init__(self) -> None:
        """Reject settings without a mount, and a mount without settings: the container could not start."""
        mounted = [mount.path for mount in self.mounts.values() if mount.content == "settings"]
        if mounted and not self.settings:
            raise invalid("contract", f"mounts the settings file at {mounted[0]}, but has no settings")
        if self.settings and not mounted:
            raise invalid("contract", "has settings, but no mount for the settings file")
