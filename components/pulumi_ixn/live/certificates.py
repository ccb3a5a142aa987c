"""The certificates of a stack's services, as its settings have them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import cast

from pulumi_ixn.certificates import Certificates, IssuedCertificate
from pulumi_ixn.components.certificates import certificate_files
from pulumi_ixn.config.peer_models import Absent
from pulumi_ixn.config.stack import Settings
from pulumi_ixn.services import KAFKA_CLIENT_CERTIFICATE, REDIS_CLIENT_CERTIFICATE


def issued_certificates(settings: Settings) -> Iterator[str]:
    """Yield the name of each Certificate that the stack writes, which is that of its Secret."""
    for _, certificates, default in _services(settings):
        if isinstance(certificates.client, IssuedCertificate):
            yield certificates.client.secret_name or default


def certificate_secrets(settings: Settings) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield the name, the keys and the setting of each Secret with certificates that has to exist."""
    issued = set(issued_certificates(settings))
    for path, certificates, default in _services(settings):
        keys: Mapping[str, list[str]] = defaultdict(list)
        for file in certificate_files(certificates, default).values():
            keys[cast("str", file.secret_name)].append(file.key)
        yield from ((name, tuple(each), path) for name, each in keys.items() if name not in issued)


def _services(settings: Settings) -> Iterator[tuple[str, Certificates, str]]:
    peers = settings.environment.peers
    if not isinstance(peers.kafka, Absent):
        yield "ixn:peers.kafka.certificates", peers.kafka.certificates.args(), KAFKA_CLIENT_CERTIFICATE
    if not isinstance(peers.ors_redis_stream, Absent):
        path = "ixn:peers.orsRedisStream.certificates"
        yield path, peers.ors_redis_stream.certificates.args(), REDIS_CLIENT_CERTIFICATE
