"""Kafka of two brokers, with a listener for each way in which managed services let clients in."""

import os
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.certificates import Authority, Issued
from tests.services.servers import DOMAIN, accepts, environment, free_ports, missing, needed, running, until
from tools.errors import UserError
from tools.maven import jars

BOOTSTRAP_HOST = f"bootstrap.{DOMAIN}"
BROKER_HOSTS = (f"broker0.{DOMAIN}", f"broker1.{DOMAIN}")
USER = "ixn"
LISTENERS = {
    "PLAIN": "PLAINTEXT",
    "TLS": "SSL",
    "MUTUAL": "SSL",
    "SASL": "SASL_PLAINTEXT",
    "SASLTLS": "SASL_SSL",
}
"""The security protocol of each listener."""

_SCRAM = ("SCRAM-SHA-256", "SCRAM-SHA-512")
_LOGIN = "org.apache.kafka.common.security"


@dataclass(frozen=True)
class KafkaServers:
    """The ports of each listener at both brokers, and what clients need.

    `environ` is that of a process that knows the hosts.
    """

    environ: Mapping[str, str]
    authority: Authority
    client: Issued
    password: str
    ports: Mapping[str, tuple[int, ...]]
    controller: int

    def endpoints(self, listener: str) -> list[str]:
        """Return the addresses of a listener for clients to start with."""
        return [f"{BOOTSTRAP_HOST}:{port}" for port in self.ports[listener]]

    def advertised(self, listener: str) -> list[str]:
        """Return the addresses to which the brokers redirect clients."""
        return [f"{host}:{port}" for host, port in zip(BROKER_HOSTS, self.ports[listener], strict=True)]


@contextmanager
def kafka_servers(directory: Path) -> Iterator[KafkaServers]:
    """Run the brokers, and end them with the block."""
    classpath, hosts = classpath_of_kafka(), [BOOTSTRAP_HOST, *BROKER_HOSTS]
    authority, ports = Authority("Kafka CA"), free_ports(len(LISTENERS) * len(BROKER_HOSTS) + 1)
    found = KafkaServers(
        environ=environment(hosts, directory),
        authority=authority,
        client=authority.client("ixn"),
        # With characters that JSON, a URL or a properties file takes for its own.
        password=secrets.token_urlsafe(12) + "\\ $%/@:;=#!é",
        ports={name: (ports.pop(), ports.pop()) for name in LISTENERS},
        controller=ports.pop(),
    )
    server = authority.server("brokers", hosts)
    (directory / "server.pem").write_text(server.key + server.certificate, encoding="ascii")
    (directory / "ca.pem").write_text(authority.certificate, encoding="ascii")
    configs = [_config(found, broker, directory) for broker in range(len(BROKER_HOSTS))]
    _format(configs, classpath, found)
    with ExitStack() as stack:
        for config in configs:
            command = [*java(classpath), "kafka.Kafka", config]
            stack.enter_context(running(command, config.parent, found.environ))
        for port in (port for both in found.ports.values() for port in both):
            until(lambda port=port: accepts(port), directory)
        yield found


def classpath_of_kafka() -> str:
    """Return the class path of the broker; skip the test if the machine lacks it."""
    needed("java", "openjdk-17-jre-headless")
    needed("mvn", "maven")
    try:
        return f"{jars('kafka', os.environ)}/*"
    except UserError as error:
        return missing(str(error))


def java(classpath: str) -> list[str]:
    """Return the command that runs one of its classes."""
    return ["java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classpath]


def _config(found: KafkaServers, broker: int, directory: Path) -> Path:
    """Write the properties of a broker, of which the first is the controller, too."""
    own = directory / f"broker{broker}"
    own.mkdir()
    lines = {
        "node.id": broker,
        "process.roles": "broker" if broker else "broker,controller",
        "controller.quorum.voters": f"0@127.0.0.1:{found.controller}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAIN",
        "listeners": ",".join(
            [
                *(f"{name}://127.0.0.1:{both[broker]}" for name, both in found.ports.items()),
                *([] if broker else [f"CONTROLLER://127.0.0.1:{found.controller}"]),
            ]
        ),
        "advertised.listeners": ",".join(
            f"{name}://{BROKER_HOSTS[broker]}:{both[broker]}" for name, both in found.ports.items()
        ),
        "listener.security.protocol.map": ",".join(
            f"{name}:{protocol}" for name, protocol in {**LISTENERS, "CONTROLLER": "PLAINTEXT"}.items()
        ),
        "log.dirs": own / "data",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": directory / "server.pem",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": directory / "ca.pem",
        "listener.name.mutual.ssl.client.auth": "required",
        "sasl.enabled.mechanisms": ",".join(("PLAIN", *_SCRAM)),
        **_logins(found),
    }
    config = own / "server.properties"
    config.write_text("".join(f"{name}={_property(str(each))}\n" for name, each in lines.items()), "ascii")
    return config


def _logins(found: KafkaServers) -> Mapping[str, str]:
    password = found.password.replace("\\", "\\\\")
    plain = f'{_LOGIN}.plain.PlainLoginModule required user_{USER}="{password}";'
    modules = {"plain": plain, **{name.lower(): f"{_LOGIN}.scram.ScramLoginModule required;" for name in _SCRAM}}
    return {
        f"listener.name.{listener}.{mechanism}.sasl.jaas.config": module
        for listener in ("sasl", "sasltls")
        for mechanism, module in modules.items()
    }


def _property(text: str) -> str:
    r"""Return the value as a Java properties file has it: backslashes doubled, é as \u00e9."""
    return "".join(each if each.isascii() else f"\\u{ord(each):04x}" for each in text.replace("\\", "\\\\"))


def _format(configs: list[Path], classpath: str, found: KafkaServers) -> None:
    """Prepare the brokers' directories, with the user's SCRAM credentials."""
    cluster = secrets.token_urlsafe(16)
    users = [f"{name}=[name={USER},password={found.password}]" for name in _SCRAM]
    options = [word for user in users for word in ("--add-scram", user)]
    words = [*java(classpath), "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}"]
    formatting = [
        subprocess.Popen(
            [*words, "--config", config, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for config in configs
    ]
    for each in formatting:
        output, _ = each.communicate(timeout=60)
        assert each.returncode == 0, output
