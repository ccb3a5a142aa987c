"""The arguments of `Ixn`: a type checker finds omissions, and other languages could pass them."""

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from pulumi.provider.experimental.analyzer import Analyzer
from pulumi_ixn import (
    Administrator,
    CertificateAuthority,
    CloudNativePg,
    ConnectivityCheckOptions,
    Credentials,
    Database,
    DatabaseTls,
    Endpoint,
    ExternalSource,
    Image,
    IxnArgs,
    Kafka,
    LogStorage,
    Monitoring,
    Peers,
    PodArgs,
    PortRange,
    Provisioned,
    Redis,
    RemoteKey,
    ResourceRequirements,
    SecretStore,
    SecurityContext,
    Tenant,
    Versions,
)

from tests.unit import twin
from tests.unit.markdown import blocks

CHECKOUT = Path(__file__).parents[2]
EXAMPLE = blocks(CHECKOUT / "README.md", after="A test runs this example")[0].text
URS = '            urs=ixn.PodSelector("voice", VOICE),\n'
CONFIG_SERVER = 'config_server=ixn.Service("tenant-config", "voice", VOICE)'
TWINS: list[tuple[type, Any, set[str]]] = [
    (IxnArgs, twin.IxnArgsDict, {"rollout"}),  # a function of this language
    (Peers, twin.PeersDict, set()),
    (Tenant, twin.TenantDict, set()),
    (Versions, twin.VersionsDict, set()),
    (Credentials, twin.CredentialsDict, set()),
    (ExternalSource, twin.ExternalSourceDict, set()),
    (RemoteKey, twin.RemoteKeyDict, set()),
    (SecretStore, twin.SecretStoreDict, set()),
    (Endpoint, twin.EndpointDict, set()),
    (PortRange, twin.PortRangeDict, set()),
    (Image, twin.ImageDict, set()),
    (ResourceRequirements, twin.ResourcesDict, set()),
    (SecurityContext, twin.SecurityDict, set()),
    (PodArgs, twin.PodDict, {"contract"}),
    (Monitoring, twin.MonitoringDict, set()),
    (LogStorage, twin.LogStorageDict, set()),
    (Administrator, twin.AdministratorDict, set()),
    (CertificateAuthority, twin.CertificateAuthorityDict, set()),
    (DatabaseTls, twin.DatabaseTlsDict, set()),
    (Provisioned, twin.ProvisionedDict, set()),
    (CloudNativePg, twin.CloudNativePgDict, {"depends_on"}),  # resources of this program
    (ConnectivityCheckOptions, twin.ConnectivityCheckDict, set()),
    # In the twin, a data service has the fields of a peer and its own.
    (Kafka, twin.KafkaDict, set()),
    (Redis, twin.RedisDict, set()),
]


def errors(directory: Path, **programs: str) -> dict[str, list[str]]:
    """Return the findings of pyright in strict mode, by program."""
    for name, program in programs.items():
        (directory / f"{name}.py").write_text(f"# pyright: strict\n{program}", encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, str(directory)]
    answer = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, timeout=300)
    report = json.loads(answer.stdout)
    assert report["summary"]["filesAnalyzed"] == len(programs)
    found: dict[str, list[str]] = {name: [] for name in programs}
    for each in report["generalDiagnostics"]:
        found[Path(each["file"]).stem].append(each["message"])
    return found


def test_the_readmes_program_is_short() -> None:
    assert len([line for line in EXAMPLE.splitlines() if line.strip()]) <= 35


def test_a_missing_peer_and_one_of_the_wrong_kind_are_type_errors(tmp_path: Path) -> None:
    assert URS in EXAMPLE
    assert CONFIG_SERVER in EXAMPLE
    misplaced = EXAMPLE.replace(CONFIG_SERVER, 'config_server=ixn.PodSelector("voice", VOICE)')

    found = errors(tmp_path, complete=EXAMPLE, missing=EXAMPLE.replace(URS, ""), misplaced=misplaced)

    assert found["complete"] == []
    assert 'Argument missing for parameter "urs"' in found["missing"]
    assert any('parameter "config_server"' in message for message in found["misplaced"])


@pytest.mark.parametrize(("record", "twin_of", "without"), TWINS, ids=lambda each: getattr(each, "__name__", ""))
def test_the_twin_has_every_argument(record: Any, twin_of: Any, without: set[str]) -> None:
    names = {field.name for field in fields(record)} - without

    assert names <= twin_of.__annotations__.keys() | twin.PeerDict.__annotations__.keys()


def test_the_database_twin_differs_only_in_its_list_of_endpoints() -> None:
    names = {field.name for field in fields(Database)} - {"endpoint"}

    assert names <= twin.DatabaseDict.__annotations__.keys()


def test_pulumis_schema_analyzer_accepts_the_twin() -> None:
    found = Analyzer("ixn").analyze([twin.IxnTwin])

    inputs = found["component_definitions"]["IxnTwin"].inputs
    assert len(inputs) == len({field.name for field in fields(IxnArgs)} - {"rollout"})
    assert inputs["peers"].ref == "#/types/ixn:index:PeersDict"
