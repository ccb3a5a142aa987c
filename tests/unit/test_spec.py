import csv
from pathlib import Path

from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES, Parameter, default_port, owner

TABLE = Path(__file__).parents[1] / "data" / "connections.csv"


def test_the_rows_match_the_vendor_table() -> None:
    with TABLE.open(newline="") as file:
        vendors = list(csv.DictReader(file))

    ours = [
        {
            "number": str(row.number),
            "source": row.source,
            "destination": row.destination,
            "protocol": row.protocol,
            "port": "" if row.port is None else str(row.port),
            "classification": row.classification,
            "parameter": row.parameter or "",
            "port_defined_by": row.port_defined_by or "",
            "carries": row.carries or "",
        }
        for row in CONNECTIONS
    ]

    assert len(vendors) == 19
    assert ours == vendors


def test_each_row_has_an_ixn_workload_at_one_end() -> None:
    assert all(row.source in WORKLOAD_PARTIES or row.destination in WORKLOAD_PARTIES for row in CONNECTIONS)


def test_rows_with_one_parameter_share_its_port_and_owner() -> None:
    for row in CONNECTIONS:
        if row.parameter is not None:
            assert row.port == default_port(row.parameter)
            assert row.destination is owner(row.parameter)


def test_there_are_eight_parameters_and_each_sets_a_port() -> None:
    assert len(Parameter) == 8
    assert {row.parameter for row in CONNECTIONS if row.parameter} == set(Parameter)
