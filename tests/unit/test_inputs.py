"""Inputs: plain values stay plain, and unknown inputs change only values, never the set of resources."""

import asyncio
import re
from dataclasses import replace
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_ixn import (
    CidrBlocks,
    Credentials,
    Endpoint,
    Ixn,
    LogStorage,
    Monitoring,
    NodeAgent,
    Party,
    Peer,
    PodSelector,
)
from pulumi_ixn.inputs import all_of, apply, as_output, is_plain
from pulumi_ixn.spec import Parameter
from pulumi_ixn.testing import Deployment, deploy, unknown

from tests.unit.samples import PEERS, database, ixn, kafka, pod, redis


def unknown_tenant() -> Ixn:
    text, number = unknown(str), unknown(int)
    location = (PodSelector(text, {"app": text}), CidrBlocks((text,)))
    peer = Peer(location, unknown(list[Endpoint]))
    on_node = Peer((NodeAgent((text,), PodSelector(text, {"app": text})),))
    own = pod(env={"X": text}, labels={"x": text}, annotations={"x": text}, image_pull_secrets=(text,))
    credentials = Credentials.managed(text, text, secret_name="s")
    engine: dict[str, Any] = {"endpoint": Endpoint(text, number), "name": text}
    return ixn(
        namespace=text,
        server=own,
        node=own,
        vq_node=own,
        kafka=kafka(
            namespace=text,
            endpoints=unknown(list[Endpoint]),
            credentials=Credentials.managed(),
            locations=location,
        ),
        redis=redis(
            namespace=text,
            endpoints=unknown(list[Endpoint]),
            credentials=Credentials.managed(password=text),
            locations=location,
        ),
        database=database("db", namespace=text, **engine, credentials=credentials, locations=location),
        node_database=database(
            "node-db",
            namespace=text,
            **engine,
            credentials=replace(credentials, secret_name="t"),
            locations=location,
        ),
        peers={party: on_node if party is Party.CONSUL else peer for party in PEERS},
        ports=dict.fromkeys(Parameter, number),
        monitoring=Monitoring(labels={"release": text}),
        log_storage=LogStorage("1Gi", "fast"),
    )


def shape(found: Deployment[Any]) -> set[tuple[str, str]]:
    return {(made.type, without_digest(made.name)) for made in found.resources}


def without_digest(text: str) -> str:
    """Remove the digests of policies, in which an Output is left out."""
    return re.sub("(?<=-)[0-9a-f]{8}(?=['\"]|$)", "", text)


def test_unknown_inputs_do_not_change_the_set_of_resources() -> None:
    def known() -> Ixn:
        credentials = Credentials.managed("u", "p", secret_name="s")
        return ixn(
            kafka=kafka(credentials=Credentials.managed()),
            redis=redis(credentials=Credentials.managed(password="p")),
            database=database("db", credentials=credentials),
            node_database=database("node-db", credentials=replace(credentials, secret_name="t")),
        )

    assert shape(deploy(unknown_tenant, preview=True)) == shape(deploy(known, preview=True))


def test_connections_with_an_unknown_address_are_unknown() -> None:
    found = deploy(lambda: unknown_tenant().connections, preview=True)

    assert found.result is None


def test_contract_names_are_known_despite_unknown_inputs() -> None:
    found = deploy(unknown_tenant, preview=True)

    names = {each["metadata"]["name"] for each in found.manifests if each["kind"] == "Service"}
    assert "ixn-server-9350e2fc-a1dd-4c65-8d40-1f75a2e080dd" in names


def test_known_outputs_give_the_same_manifests_as_plain_values() -> None:
    plain = deploy(lambda: ixn(namespace="ixn", ports={Parameter.SERVER_PORT: 7130}))
    lifted = deploy(
        lambda: ixn(
            namespace=pulumi.Output.from_input("ixn"),
            ports={Parameter.SERVER_PORT: pulumi.Output.from_input(7130)},
        )
    )

    texts = [sorted(without_digest(str(each)) for each in found.manifests) for found in (lifted, plain)]
    assert texts[0] == texts[1]


def test_plain_values_stay_plain() -> None:
    assert apply(3, lambda value: value + 1) == 4
    assert all_of([1, 2]) == [1, 2]
    assert all_of([]) == []


@given(st.lists(st.tuples(st.lists(st.integers()), st.booleans())))
def test_joined_values_keep_their_order(
    values: list[tuple[list[int], bool]],
) -> None:
    def program() -> pulumi.Input[list[list[int]]]:
        joined = all_of([as_output(value) if later else value for value, later in values])
        assert is_plain(joined) is not any(later for _, later in values)
        return joined

    assert deploy(program).result == [value for value, _ in values]


@pytest.mark.parametrize("value", [1, [1], {"a": [1]}, None])
def test_any_value_can_become_an_output(value: object) -> None:
    assert deploy(lambda: as_output(value)).result == value


def test_an_awaitable_is_accepted_like_an_output() -> None:
    async def later() -> int:
        await asyncio.sleep(0)
        return 3

    assert deploy(lambda: apply(later(), lambda value: value + 1)).result == 4


def test_unknown_and_secret_values_propagate() -> None:
    def program() -> pulumi.Output[list[bool]]:
        both = as_output(all_of([as_output(1), unknown(int)]))
        hidden = as_output(all_of([as_output(1), pulumi.Output.secret(2)]))
        return pulumi.Output.all(both.is_known(), hidden.is_known(), hidden.is_secret())

    assert deploy(program, preview=True).result == [False, True, True]


def test_a_function_may_return_an_output() -> None:
    assert deploy(lambda: apply(as_output(1), lambda one: apply(as_output(2), lambda two: one + two))).result == 3
