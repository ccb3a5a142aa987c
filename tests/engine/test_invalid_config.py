"""An invalid configuration, on the real engine."""

import re
import secrets
from dataclasses import dataclass

import pytest

from tests.engine.project import Project, make_project
from tests.unit import messages as m

ISSUES = {
    "ixn:ixnService.ixnServer.port": f"70000 {m.NOT_A_PORT}",
    "ixn:ixnService.ixnNode.consul": f"true {m.NOT_A_PORT}",
    "ixn:ixnVQNode.ports": f"{m.UNKNOWN_KEY} 'helth'; {m.NEAREST} 'health'?",
    "ixn:peers.kafka": m.MISSING,
    "ixn:peers.ixnDB.endpoint": m.LOOPBACK_ADDRESS,
    "ixn:peers.ixnNodeDB.secret.managed": m.IN_PLAIN_TEXT,
    "ixn:tenants.dev.id": m.NOT_A_UUID,
    "ixn:secrets.tenants.dev.ixnNodeDB": f"{m.UNKNOWN_KEY} 'passwort'; {m.NEAREST} 'password'",
}
"""A part of the expected message by path."""


@dataclass(frozen=True)
class InvalidProject:
    """A project with these issues, and the secret value that is part of one."""

    project: Project
    password: str


@pytest.fixture(scope="module")
def invalid(tmp_path_factory: pytest.TempPathFactory) -> InvalidProject:
    project = make_project(tmp_path_factory.mktemp("invalid"), own_passphrase=True)
    password = secrets.token_hex(16)
    with project.edited() as config:
        config["ixn:ixnService"]["ixnServer"]["port"] = 70000
        config["ixn:ixnService"]["ixnNode"]["consul"] = True
        config["ixn:ixnVQNode"]["ports"]["helth"] = 13139
        del config["ixn:peers"]["kafka"]
        config["ixn:peers"]["ixnDB"]["endpoint"] = "localhost:5432"
        config["ixn:peers"]["ixnNodeDB"]["secret"] = {"managed": {"username": "ixn"}}
        config["ixn:tenants"]["dev"]["id"] = "no-uuid"
    project.set_secret("ixn:secrets.tenants.dev.ixnNodeDB.passwort", password)
    return InvalidProject(project, password)


@pytest.mark.parametrize("command", [("up", "--yes", "--skip-preview"), ("preview",)])
def test_an_invalid_configuration_is_rejected_with_all_issues_before_any_resource(
    invalid: InvalidProject, command: tuple[str, ...]
) -> None:
    project = invalid.project

    run = project.run(*command, "--stack", "dev")

    assert run.code > 0, run
    assert _issues(run.output).keys() == ISSUES.keys(), run
    assert not [p for p, wanted in ISSUES.items() if wanted not in _issues(run.output)[p]], run
    assert "Traceback" not in run.output
    assert invalid.password not in run.output
    assert {each["type"] for each in project.resources()} <= {"pulumi:pulumi:Stack"}
    assert not project.rendered.exists()


def _issues(output: str) -> dict[str, str]:
    """Return the reported issues by path: all lines below the title."""
    title = re.findall(r"the configuration has (\d+) errors:\n((?: +ixn:.*\n)+)", output)
    assert len(title) == 1, output
    lines = [line.strip().partition(": ")[::2] for line in title[0][1].splitlines()]
    assert len(lines) == int(title[0][0])
    return dict(lines)
