"""Adding, removing and renaming tenants, on the real engine."""

import json
import re
from collections import Counter
from typing import Any

from tests.engine import table
from tests.engine.project import Project
from tests.engine.table import Tenant

SECOND = Tenant("second", "3c2b7f6e-58d1-4b0a-9c39-0f6a1b7d2e45", "200")


def take_logins_from_a_store(project: Project) -> None:
    """Take the databases' logins from a secret store, so that each tenant has its own ExternalSecrets."""
    key = {"key": "ixn"}
    login: dict[str, Any] = {"store": {"name": "vault"}, "keys": {"username": key, "password": key}}
    with project.edited() as config:
        for name in ("ixnDB", "ixnNodeDB"):
            config["ixn:peers"][name]["secret"] = {"external": login}


def without_digest(file: str) -> str:
    """Return the name of a policy's file without the digest of its rules; that of another file as it is."""
    return re.sub(r"(networkpolicy-.*)-[0-9a-f]{8}(?=\.yaml$)", r"\1", file)


def test_adding_and_removing_a_tenant_does_not_change_the_first(project: Project) -> None:
    take_logins_from_a_store(project)
    project.up()
    first = project.files()

    project.set("ixn:tenants.second.id", SECOND.id)
    project.set("ixn:tenants.second.sid", SECOND.sid)
    project.up()

    both = project.files()
    assert {name: both.get(name) for name in first} == first
    own = {
        name.replace(table.DEV_ID, SECOND.id).replace(f"-{table.DEV_SID}", f"-{SECOND.sid}")
        for name in first
        if "namespace" not in name
    }
    assert {without_digest(name) for name in both.keys() - first.keys()} == {without_digest(name) for name in own}
    strays = (table.DEV_ID, f"-{table.DEV_SID}")
    assert not [name for name in own if "configmap" in name and any(s.encode() in both[name] for s in strays)]
    assert project.connections() == table.connections() + table.connections(SECOND)

    project.pulumi("config", "rm", "--path", "ixn:tenants.second")
    project.up()

    assert project.files() == first
    assert project.connections() == table.connections()
    assert not [each["urn"] for each in project.resources() if "::second" in each["urn"]]


def test_a_renamed_tenant_keeps_every_resource(project: Project) -> None:
    take_logins_from_a_store(project)
    project.up()
    before = project.files()

    project.set("ixn:tenants.east.id", table.DEV_ID)
    project.set("ixn:tenants.east.sid", table.DEV_SID)
    project.set("ixn:tenants.east.aliases[0]", "dev")
    project.pulumi("config", "rm", "--path", "ixn:tenants.dev")

    preview = project.pulumi("preview", "--json")
    steps = json.loads(preview.stdout)["steps"]
    assert Counter(step["op"] for step in steps).keys() <= {"same", "update"}, preview
    assert not [step["urn"] for step in steps if step["op"] == "update" and "::ixn-dev" not in step["urn"]]

    project.up()

    assert project.files() == before
    assert project.connections() == table.connections(Tenant("east", table.DEV_ID, table.DEV_SID))
    assert not [each["urn"] for each in project.resources() if each["urn"].endswith("::dev")]
