"""TLS to a real server, whose certificate a CA of its own has signed."""

import pytest
from pulumi_ixn import DatabaseTls

from tests.postgres.runs import Workload
from tests.postgres.server import Server
from tests.unit.provisioning.jobs import TLS

VERIFY_CA = DatabaseTls("verify-ca", TLS.ca)


def sessions(postgres: Server) -> list[str]:
    """Return what the log says of the Job's connections."""
    return [each for each in postgres.log.splitlines() if "connection authorized" in each and "ixn-pulumi" in each]


def test_verify_full_accepts_the_certificate_of_its_ca_and_host(postgres: Server, workload: Workload) -> None:
    before = len(sessions(postgres))

    assert workload.provision(postgres, tls=TLS).status == 0

    found = sessions(postgres)[before:]
    assert found
    assert all("SSL enabled" in each for each in found)


def test_another_ca_is_refused_at_once(postgres: Server, workload: Workload) -> None:
    ran = workload.provision(postgres, tls=TLS, ca=postgres.certificates.other_ca, deadline=60)

    assert ran.status == 1
    assert "certificate verify failed" in ran.output
    assert ran.seconds < 30


def test_a_host_that_the_certificate_does_not_name_is_refused_by_verify_full_alone(
    postgres: Server, workload: Workload
) -> None:
    refused = workload.provision(postgres, tls=TLS, host="localhost", deadline=60)
    accepted = workload.provision(postgres, tls=VERIFY_CA, host="localhost")

    assert refused.status == 1
    assert 'does not match host name "localhost"' in refused.output
    assert refused.seconds < 30
    assert accepted.status == 0


@pytest.mark.parametrize(("mode", "encrypted"), [("disable", False), ("prefer", True), ("require", True)])
def test_a_mode_without_verification(postgres: Server, workload: Workload, mode: str, encrypted: bool) -> None:
    before = len(sessions(postgres))

    assert workload.provision(postgres, tls=DatabaseTls(mode)).status == 0  # pyright: ignore[reportArgumentType]

    assert {"SSL enabled" in each for each in sessions(postgres)[before:]} == {encrypted}
