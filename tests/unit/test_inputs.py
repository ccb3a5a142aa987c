"""Every Input of a whole tenant unknown: nothing changes but the values themselves."""

from dataclasses import replace
from typing import Any

import pulumi
from pulumi_ixn import (
    Cidrs,
    Endpoint,
    GivenPassword,
    Ixn,
    LogStorage,
    Monitoring,
    Neighbour,
    OwnNode,
    Party,
    Pods,
    PostgreSql,
    RedisPassword,
)
from pulumi_ixn.spec import Parameter
from pulumi_ixn.testing import Deployment, deploy, unknown

from tests.unit.samples import NEIGHBOURS, database, ixn, kafka, pod, redis


def unknown_tenant() -> Ixn:
    text, number = unknown(str), unknown(int)
    place = (Pods(text, {"app": text}), Cidrs((text,)))
    neighbour = Neighbour(place, unknown(list[Endpoint]))
    on_node = Neighbour((OwnNode((text,), Pods(text, {"app": text})),))
    own = pod(env={"X": text}, labels={"x": text}, annotations={"x": text}, image_pull_secrets=(text,))
    credentials = GivenPassword("s", text, text)
    engine = PostgreSql(Endpoint(text, number), text)
    return ixn(
        namespace=text,
        server=own,
        node=own,
        vq_node=own,
        kafka=kafka(namespace=text, bootstrap=unknown(list[Endpoint]), secret=None, places=place),
        redis=redis(
            namespace=text, endpoints=unknown(list[Endpoint]), credentials=RedisPassword(text), places=place
        ),
        database=database("db", namespace=text, engine=engine, credentials=credentials, places=place),
        node_database=database(
            "node-db",
            namespace=text,
            engine=engine,
            credentials=replace(credentials, secret_name="t"),
            places=place,
        ),
        neighbours={party: on_node if party is Party.CONSUL else neighbour for party in NEIGHBOURS},
        ports=dict.fromkeys(Parameter, number),
        monitoring=Monitoring(labels={"release": text}),
        log_storage=LogStorage("1Gi", "fast"),
    )


def shape(found: Deployment[Any]) -> set[tuple[str, str]]:
    return {(made.type, made.name) for made in found.resources}


def test_unknown_inputs_change_no_resource_but_their_values() -> None:
    def known() -> Ixn:
        credentials = GivenPassword("s", "u", "p")
        return ixn(
            kafka=kafka(secret=None),
            redis=redis(credentials=RedisPassword("p")),
            database=database("db", credentials=credentials),
            node_database=database("node-db", credentials=replace(credentials, secret_name="t")),
        )

    assert shape(deploy(unknown_tenant, preview=True)) == shape(deploy(known, preview=True))


def test_connections_of_unknown_addresses_are_unknown_as_a_whole() -> None:
    found = deploy(lambda: unknown_tenant().connections, preview=True)

    assert found.result is None


def test_names_that_others_look_up_are_known_even_so() -> None:
    found = deploy(unknown_tenant, preview=True)

    names = {each["metadata"]["name"] for each in found.manifests if each["kind"] == "Service"}
    assert "ixn-server-9350e2fc-a1dd-4c65-8d40-1f75a2e080dd" in names


def test_known_outputs_are_as_good_as_plain_values() -> None:
    plain = deploy(lambda: ixn(namespace="ixn", ports={Parameter.SERVER_PORT: 7130}))
    lifted = deploy(
        lambda: ixn(
            namespace=pulumi.Output.from_input("ixn"),
            ports={Parameter.SERVER_PORT: pulumi.Output.from_input(7130)},
        )
    )

    assert lifted.manifests == plain.manifests or sorted(map(str, lifted.manifests)) == sorted(
        map(str, plain.manifests)
    )
