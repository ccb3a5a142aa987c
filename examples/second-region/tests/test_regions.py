"""Both regions on mocks: the second one has the tenants and the databases of the first, and nothing else of it."""

import json
import re
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi_ixn.testing import Deployment, deploy

PROGRAM = Path(__file__).parents[1]
REGIONS = ("east", "west")
EAST = "s3://acme-ixn-postgres-east"
TENANTS = {100: "acme", 200: "globex"}


@cache
def run(region: str, preview: bool = False) -> Deployment[None]:
    config = yaml.safe_load((PROGRAM / f"Pulumi.{region}.yaml").read_text(encoding="utf-8"))["config"]

    def program() -> None:
        runpy.run_path(str(PROGRAM))

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECONFIG", json.dumps({"contexts": [{"name": f"ixn-{region}"}]}))
        return deploy(program, project="second-region", stack=region, config=config, preview=preview)


def named(region: str) -> dict[tuple[str, str], Any]:
    return {(each["kind"], each["metadata"]["name"]): each for each in run(region).manifests if "kind" in each}


def of_kind(region: str, kind: str) -> dict[str, Any]:
    return {name: each for (found, name), each in named(region).items() if found == kind}


def spec(region: str, kind: str, name: str) -> Any:
    return named(region)[kind, name]["spec"]


@pytest.mark.parametrize("region", REGIONS)
def test_a_preview_plans_every_resource_of_the_update(region: str) -> None:
    update, preview = run(region), run(region, preview=True)

    assert sorted(made.name for made in update.resources) == sorted(made.name for made in preview.resources)
    assert len(update.of_type("ixn:index:Ixn")) == 2


def test_the_second_region_is_created_from_the_backups_of_the_first() -> None:
    cluster = spec("west", "Cluster", "pg-west")

    assert "recovery" in cluster["bootstrap"]
    (source,) = cluster["externalClusters"]
    assert source["plugin"]["parameters"] == {"barmanObjectName": "pg-west-recovery", "serverName": "pg"}
    assert spec("west", "ObjectStore", "pg-west-recovery")["configuration"]["destinationPath"] == EAST
    # Where the first one writes:
    assert spec("east", "ObjectStore", "pg-backup")["configuration"]["destinationPath"] == EAST
    assert "serverName" not in spec("east", "Cluster", "pg")["plugins"][0]["parameters"]


def test_the_first_region_is_restored_from_nothing() -> None:
    cluster = spec("east", "Cluster", "pg")

    assert not {"bootstrap", "externalClusters"} & cluster.keys()


def test_the_second_region_has_backups_of_its_own() -> None:
    (plugin,) = spec("west", "Cluster", "pg-west")["plugins"]
    own = spec("west", "ObjectStore", plugin["parameters"]["barmanObjectName"])["configuration"]

    assert plugin["isWALArchiver"] is True
    assert own["destinationPath"] not in (EAST, f"{EAST}/")
    assert spec("west", "ScheduledBackup", "pg-west-backup")["immediate"] is True


def test_nothing_else_refers_to_the_first_region() -> None:
    mentions = [
        (made.type.rpartition(":")[2], made.name)
        for made in run("west").resources
        if re.search(r"[-.]east\b|10\.20\.", str(made.inputs))
    ]

    assert mentions == [("ObjectStore", "postgres-cluster-recovery")]
    assert not run("west").of_type("pulumi:pulumi:StackReference")


def test_both_regions_have_the_same_tenants_and_databases() -> None:
    for kind in ("Service", "StatefulSet", "Deployment", "Database", "DatabaseRole", "Secret"):
        assert of_kind("east", kind).keys() == of_kind("west", kind).keys()
    for name in of_kind("east", "Database"):
        one, other = spec("east", "Database", name), spec("west", "Database", name)
        assert (one["name"], one["owner"]) == (other["name"], other["owner"])


def test_each_region_has_its_own_kafka_and_redis() -> None:
    for region, network in (("east", "10.20"), ("west", "10.30")):
        (secret,) = (each for name, each in of_kind(region, "Secret").items() if name == "kafka-shared-secret")
        brokers = json.loads(secret["stringData"]["kafka-secrets"])["bootstrap"].split(",")
        assert [broker.partition(".")[2] for broker in brokers] == [f"{region}.example.com:9094"] * 2
        for sid in TENANTS:
            for workload, block in ((f"ixn-vqnode-{sid}", 1), (f"ixn-node-{sid}", 2)):
                egress = run(region).policy(workload)["spec"]["egress"]
                assert {"ipBlock": {"cidr": f"{network}.{block}.0/24"}} in [
                    peer for rule in egress for peer in rule["to"]
                ]


def test_passwords_are_generated_in_the_region_and_the_operator_sets_them() -> None:
    for name in of_kind("west", "DatabaseRole"):
        secret = named("west")["Secret", spec("west", "DatabaseRole", name)["passwordSecret"]["name"]]
        assert secret["metadata"]["labels"]["cnpg.io/reload"] == "true"
        assert secret["stringData"]["password"].startswith("generated-")
    passwords = [
        made for made in run("west").resources if made.type == "random:index/randomPassword:RandomPassword"
    ]
    assert {made.name for made in passwords} >= {
        f"{tenant}-{which}-db-password" for tenant in TENANTS.values() for which in ("server", "node")
    }


@pytest.mark.parametrize("region", REGIONS)
def test_each_role_may_log_in_to_its_own_database_only(region: str) -> None:
    (cluster,) = of_kind(region, "Cluster").values()

    assert cluster["spec"]["postgresql"]["pg_hba"] == [
        'host "globex-ixn" "globex" all scram-sha-256',
        'host "globex-ixn" all all reject',
        'host "globex-ixn-node" "globex-node" all scram-sha-256',
        'host "globex-ixn-node" all all reject',
        "host sameuser all all scram-sha-256",
        "host all all all reject",
    ]
