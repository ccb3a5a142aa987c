"""Adoption of existing objects, against an API server that a test fills."""

from dataclasses import replace
from typing import Any

import pytest
from pulumi_ixn.config import load
from pulumi_ixn.live.adoption import adopt, adoptable
from pulumi_ixn.live.objects import KINDS, ObjectRef
from pulumi_ixn.live.subject import Subject

from tests.unit.config.stacks import change, stack_config
from tests.unit.live.api_server import ApiServer
from tests.unit.provisioning.jobs import SETTINGS

SUBJECT = Subject("organization/ixn/prod", load(stack_config("prod")))
SERVER = ObjectRef(KINDS["StatefulSet"], "ixn-prod", "ixn-server-310")
OTHERS = {"annotations": {"ixn-pulumi/stack": "organization/ixn/old", "team": "a"}}
OWN = {"annotations": {"ixn-pulumi/stack": SUBJECT.stack, "ixn-pulumi/tenant": "east"}}

EAST = SUBJECT.settings.tenants["east"].id


@pytest.mark.parametrize(
    ("metadata", "in_state", "found"),
    [
        ({}, False, True),
        ({}, True, False),
        ({"annotations": {"meta.helm.sh/release-name": "ixn"}}, False, True),
        (OTHERS, False, True),
        (OTHERS, True, True),
        (OWN, False, True),
        (OWN, True, False),
    ],
)
def test_what_is_not_the_stack_s_or_not_in_its_state_can_be_adopted(
    metadata: dict[str, Any], in_state: bool, found: bool
) -> None:
    server = ApiServer(SUBJECT)
    server.add(SERVER, metadata)
    subject = replace(SUBJECT, recorded={SERVER: None} if in_state else {})

    assert [each.ref for each in adoptable(server, subject)] == [SERVER] * found


def test_adopted_objects_have_the_annotations_of_the_stack() -> None:
    server = ApiServer(SUBJECT)
    server.add(SERVER, OTHERS, spec={"replicas": 1})

    adopt(server, SUBJECT, adoptable(server, SUBJECT))

    assert server.sent[-1] == f"PATCH {SERVER.path}"
    assert server.objects[SERVER.path] == {
        "metadata": {
            "name": SERVER.name,
            "annotations": {**OWN["annotations"], "ixn-pulumi/tenant-id": EAST, "team": "a"},
        },
        "spec": {"replicas": 1},
    }


@pytest.mark.parametrize("name", ["ixn-server-310-db-9c35e11", "ixn-server-310-db"])
def test_the_job_of_a_database_is_recognized_by_its_name_without_the_digest(name: str) -> None:
    settings = load(change(stack_config("prod"), {"tenants.east.peers.ixnDB.provisioned": SETTINGS}))
    job = ObjectRef(KINDS["Job" if name.endswith("11") else "ConfigMap"], "ixn-prod", name)
    subject = Subject(SUBJECT.stack, settings, recorded={job: None})
    server = ApiServer(subject)
    server.add(job, OTHERS)

    assert [each.ref for each in adoptable(server, subject)] == [job]
