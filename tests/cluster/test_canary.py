"""Planted passwords are found nowhere but in their Secret, after everything that an operator may run.

tests/engine/test_secrets.py shows that rendered manifests hold none.
"""

import json
import secrets
from base64 import b64decode
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.cluster.live_stack import LiveStack
from tests.cluster.locations import command_line, objects, sampled_processes
from tests.engine.leaks import everything, locations_of
from tests.engine.project import Run
from tools.cluster.control_plane import running_control_plane

TALKATIVE = ("--debug", "-v=8", "--logtostderr", "--logflow", "--diff")
UP = ("up", "--yes", "--skip-preview", *TALKATIVE)
SECRET = "Secret/ixn-node-db-secret-100"
GENERATED, REDIS = "Secret/ixn-db-secret-100", "Secret/redis-ors-secret"
PASSWORD = "ixn:secrets.tenants.dev.ixnNodeDB.password"
END = b"\n"


@dataclass
class Searched:
    """Content by location. `planted` is no secret: it shows that the search reads a location."""

    password: str = field(default_factory=lambda: secrets.token_hex(16))
    rotated: str = field(default_factory=lambda: secrets.token_hex(16))
    redis: str = field(default_factory=lambda: secrets.token_hex(16))
    generated: str = ""
    loud: str = ""
    """What the engine logs at a verbosity that `tools/pulumi` rejects; not one of the locations."""

    planted: str = field(default_factory=lambda: f"planted-{secrets.token_hex(8)}")
    locations: dict[str, bytes] = field(default_factory=dict[str, bytes])
    rotated_in: set[str] = field(default_factory=set[str])
    """The objects that had the rotated password while it was in the Secret."""

    def add(self, run: Run) -> None:
        """Add the output of a command."""
        self.locations[f"output {len(self.locations)}: {' '.join(run.arguments[:2])}"] = run.output.encode()


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Generator[Searched]:
    """All that updates, a refresh, a rotation on the cluster, reports and a support bundle leave behind."""
    found = Searched()
    with running_control_plane() as client:
        stack = LiveStack(client, tmp_path_factory.mktemp("canary"), own_passphrase=True)
        with_plugin(stack)
        client.run("delete", *(each.lower() for each in (SECRET, GENERATED, REDIS)), "--namespace=ixn")
        with sampled_processes(command_line, environment) as seen:
            deploy(stack, found)
            rotate(stack, found)
            report(stack, found)
        found.locations["process list"] = b"\n".join(seen[command_line])
        for number, content in enumerate(seen[environment]):
            found.locations[f"environment {number} of {content.partition(END)[0].decode()}"] = content
        project = stack.project
        found.locations |= objects(stack.client)
        found.locations |= everything(
            project.root, *(project.root.parent / name for name in ("pulumi-home", "tmp"))
        )
        found.locations |= everything(client.kubeconfig.parent / "logs")
        yield found


def with_plugin(stack: LiveStack) -> None:
    """Get the credentials from a program, which records its environment, and give temporary files a directory."""
    project, content = stack.project, json.loads(stack.client.kubeconfig.read_text())
    (user,) = content["users"]
    plugin, api = project.root / "plugin", "client.authentication.k8s.io/v1"
    credential = json.dumps(
        {"apiVersion": api, "kind": "ExecCredential", "status": {"token": user["user"]["token"]}}
    )
    plugin.write_text(f"#!/bin/sh\nenv >>{project.root}/plugin-environment\necho '{credential}'\n")
    plugin.chmod(0o755)
    user["user"] = {"exec": {"apiVersion": api, "command": str(plugin), "interactiveMode": "Never"}}
    kubeconfig, temporary = project.root / "kubeconfig", project.root.parent / "tmp"
    kubeconfig.write_text(json.dumps(content))
    temporary.mkdir()
    environ = {**project.environ, "KUBECONFIG": str(kubeconfig), "TMPDIR": str(temporary)}
    stack.project = replace(project, environ=environ)


def deploy(stack: LiveStack, found: Searched) -> None:
    """Deploy the stack with the password, then again with a change."""
    project = stack.project
    with project.edited() as config:
        config["ixn:peers"]["ixnNodeDB"]["secret"] = {"managed": {"username": "ixn"}}
        config["ixn:peers"]["ixnDB"]["secret"] = {"generated": {"username": "ixn"}}
        config["ixn:peers"]["orsRedisStream"]["secret"] = {"managed": {}}
        config["ixn:ixnService"]["ixnServer"]["env"] = {"PLANTED": found.planted}
    project.set_secret(PASSWORD, found.password)
    project.set_secret("ixn:secrets.orsRedisStream.password", found.redis)
    found.add(project.ixn(*UP).succeeded())
    data = stack.client.get(GENERATED.lower(), "--namespace=ixn")["data"]
    found.generated = b64decode(data["password"]).decode()
    project.set("ixn:ixnService.ixnServer.env.AGAIN", found.planted)
    found.add(project.pulumi("preview", "--save-plan", "plan.json", *TALKATIVE))
    found.add(project.pulumi(*UP, "--refresh"))


def rotate(stack: LiveStack, found: Searched) -> None:
    """Change the password on the cluster, let all commands meet it, and overwrite it."""
    project = stack.project
    change = json.dumps({"stringData": {"password": found.rotated}})
    secret = ("secret/ixn-node-db-secret-100", "--namespace=ixn")
    stack.client.run("patch", *secret, "--patch-file=/dev/stdin", "--field-manager=console", stdin=change)
    found.rotated_in = locations_of(found.rotated, objects(stack.client))
    found.add(project.ixn("drift"))
    found.add(project.pulumi("refresh", "--yes", *TALKATIVE))
    conflict = project.ixn(*UP)
    assert "ixn:forceConflicts" in conflict.output
    found.add(conflict)
    project.set("ixn:forceConflicts", "true")
    found.add(project.ixn(*UP).succeeded())


def report(stack: LiveStack, found: Searched) -> None:
    """Write a support bundle, and print all that Pulumi tells about a stack."""
    project = stack.project
    loud = project.run("preview", "--stack", "dev", engine_only=("-v=9", "--logtostderr", "--logflow"))
    found.loud = loud.succeeded().stderr
    found.add(project.ixn("status", "--drift", "--bundle", "bundle.tar.gz").succeeded())
    for arguments in (
        ("stack", "export"),
        ("stack", "output", "--json"),
        ("config", "--json"),
        ("stack", "history"),
    ):
        found.add(project.pulumi(*arguments))


def environment(process: Path) -> bytes:
    """Return the first words of the command line of a process, the end of a line, and its environment."""
    return b" ".join(command_line(process).split(b"\0")[:3]) + END + (process / "environ").read_bytes()


def program_environments(locations: set[str]) -> set[str]:
    """Return those of the locations that are the environment in which the language host starts the program."""
    return {
        each for each in locations if each.startswith("environment ") and "pulumi-language-python-exec" in each
    }


def test_a_password_is_in_its_secret_only(searched: Searched) -> None:
    found = locations_of(searched.password, searched.locations)

    programs = program_environments(found)
    assert programs, "the engine passes the configuration in another way"
    assert found - programs == {SECRET}
    redis = locations_of(searched.redis, searched.locations)
    assert redis - program_environments(redis) == {REDIS}


def test_a_generated_password_has_32_letters_and_digits_and_is_in_its_secret_only(searched: Searched) -> None:
    assert len(searched.generated) == 32
    assert searched.generated.isalnum()
    assert locations_of(searched.generated, searched.locations) == {GENERATED}


def test_the_engine_prints_passwords_at_verbosity_9_where_the_search_finds_them(searched: Searched) -> None:
    for password in (searched.password, searched.redis, searched.generated):
        assert locations_of(password, {"log": searched.loud.encode()})


def test_a_password_that_was_changed_on_the_cluster_and_overwritten_is_nowhere(searched: Searched) -> None:
    assert searched.rotated_in == {SECRET}
    assert locations_of(searched.rotated, searched.locations) == set()


def test_what_the_kubeconfig_runs_for_credentials_does_not_get_the_configuration(searched: Searched) -> None:
    recorded = searched.locations["project/plugin-environment"]

    assert b"KUBERNETES_EXEC_INFO" in recorded
    assert locations_of(searched.planted, {"plugin": recorded}) == set()


@pytest.mark.parametrize(
    "kind",
    [
        "project/build/state/.pulumi/stacks/",
        "project/build/state/.pulumi/backups/",
        "project/build/state/.pulumi/history/",
        "project/Pulumi.dev.yaml",
        "project/bundle.tar.gz",
        "project/plan.json",
        "output",
        "process list",
        "StatefulSet/ixn-server-100",
        "ControllerRevision/",
        "Pod/ixn-server-100-0",
    ],
)
def test_the_search_finds_a_plain_value_in_each_location(searched: Searched, kind: str) -> None:
    assert [each for each in locations_of(searched.planted, searched.locations) if each.startswith(kind)]


@pytest.mark.parametrize("kind", ["Event/", "logs/kube-apiserver", "Secret/ixn-node-db-secret-100"])
def test_the_search_reads_each_location_that_never_holds_a_setting(searched: Searched, kind: str) -> None:
    text = b"managedFields" if "/" not in kind or kind.startswith("Secret") else b""

    assert [each for each, content in searched.locations.items() if each.startswith(kind) and text in content]
