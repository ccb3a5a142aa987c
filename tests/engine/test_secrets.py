"""Passwords and rendered manifests: what would write one is refused, and nothing holds one in plain text.

tests/cluster/test_canary.py has the passwords that a stack on a cluster writes to its Secrets.
"""

import json
import secrets
import shutil
from base64 import b64encode
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.engine.leaks import everything, locations_of
from tests.engine.project import Manifests, Project, Run, make_project, project_at
from tests.unit import messages as m
from tests.unit.kubernetes_schemas import VERSIONS, validation_errors
from tools.errors import UserError

TALKATIVE = ("--debug", "-v=8", "--logtostderr", "--logflow", "--diff")
GIVEN = {
    "ixn:peers.ixnNodeDB.secret.managed": "ixn:secrets.tenants.dev.ixnNodeDB.password",
    "ixn:peers.orsRedisStream.secret.managed": "ixn:secrets.orsRedisStream.password",
}
"""The config key of a configured password, by the setting that would render it."""

EXTERNAL = {
    "store": {"name": "vault"},
    "keys": {name: {"key": "ixn/db", "property": name} for name in ("username", "password")},
}
"""A login in a secret store."""

LIBRARY = Path(__file__).parent / "rendering"
"""A program that would render a password."""


@dataclass(frozen=True)
class Rendered:
    """A stack that would render passwords, then one that refers to existing Secrets, with all files and output."""

    project: Project
    refused: list[Run]
    left: set[str]
    """The types of the resources after the refused commands, and whether there is a rendered directory."""
    manifests: Manifests
    given: dict[str, str]
    generated: str
    """A secret that the stack generated: the key of the digests of Kafka's Secret."""
    planted: str
    """A plain value that is not secret, to test the search."""
    locations: dict[str, bytes]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    project = make_project(tmp_path_factory.mktemp("secrets"), own_passphrase=True)
    planted, given = f"planted-{secrets.token_hex(8)}", {name: secrets.token_hex(16) for name in GIVEN}
    with project.edited() as config:
        peers = config["ixn:peers"]
        peers["ixnDB"]["secret"] = {"generated": {"username": "ixn"}}
        peers["ixnNodeDB"]["secret"] = {"managed": {"username": "ixn"}}
        peers["orsRedisStream"]["secret"] = {"managed": {}}
        peers["kafka"]["secret"] = {"managed": {}}
        config["ixn:ixnService"]["ixnServer"]["env"] = {"PLANTED": planted}
    for setting, password in given.items():
        project.set_secret(GIVEN[setting], password)
    commands = (("preview",), ("up", "--yes", "--skip-preview"))
    refused = [project.run(*command, "--stack", "dev", *TALKATIVE) for command in commands]
    left = {each["type"] for each in project.resources()}
    left |= {"files"} if project.rendered.exists() else set()

    with project.edited() as config:
        del config["ixn:secrets"]
        for name in ("ixnNodeDB", "orsRedisStream"):
            config["ixn:peers"][name]["secret"] = {"existing": {}}
        config["ixn:peers"]["ixnDB"]["secret"] = {"external": EXTERNAL}
    runs = {"first up": project.up(*TALKATIVE)}
    # An update does not print unchanged resources.
    project.set("ixn:ixnService.ixnServer.env.PLANTED_AGAIN", planted)
    runs["plan"] = project.pulumi("preview", "--save-plan", "plan.json", *TALKATIVE)
    runs["second up"] = project.up(*TALKATIVE)
    runs["export"] = project.pulumi("stack", "export")
    runs["outputs"] = project.pulumi("stack", "output", "--json")
    locations = everything(project.root, project.root.parent / "pulumi-home")
    for name, run in (*runs.items(), *((f"refused {n}", run) for n, run in enumerate(refused))):
        locations.update(_said(name, run))
    return Rendered(project, refused, left, project.manifests(), given, _generated(project), planted, locations)


def test_each_setting_that_would_render_a_password_is_refused_before_any_resource(rendered: Rendered) -> None:
    settings = {"ixn:peers.ixnDB.secret.generated", *GIVEN}

    for run in rendered.refused:
        assert run.code > 0, run
        assert f"has {len(settings)} errors" in run.output
        for setting in settings:
            assert f"{setting}: would write a password" in run.output, setting
        assert m.IN_PLAIN_TEXT in run.output
        assert "Traceback" not in run.output
    assert rendered.left <= {"pulumi:pulumi:Stack"}


def test_references_and_addresses_are_rendered(rendered: Rendered) -> None:
    (secret,) = (each for each in rendered.manifests.values() if each["kind"] == "Secret")

    assert secret["metadata"]["name"] == "kafka-shared-secret"
    external = rendered.manifests["ExternalSecret/ixn-db-secret-100"]
    assert validation_errors(external, VERSIONS[-1]) == []
    assert [each["remoteRef"]["property"] for each in external["spec"]["data"]] == ["username", "password"]
    container = rendered.manifests["StatefulSet/ixn-server-100"]["spec"]["template"]["spec"]["containers"][0]
    (password,) = (each for each in container["env"] if each["name"] == "DB_PASSWORD")
    assert password["valueFrom"]["secretKeyRef"] == {"name": "ixn-db-secret-100", "key": "password"}


def test_a_password_is_in_no_rendered_file_and_nowhere_else(rendered: Rendered) -> None:
    found = [
        locations_of(password, rendered.locations) for password in (*rendered.given.values(), rendered.generated)
    ]

    assert found == [set(), set(), set()]


@pytest.mark.parametrize(
    "kind",
    [
        "project/build/state/.pulumi/stacks/",
        "project/build/state/.pulumi/backups/",
        "project/build/state/.pulumi/history/",
        "project/build/rendered/",
        "project/Pulumi.dev.yaml",
        "project/plan.json",
        "first up, stdout",
        "first up, stderr",
        "second up, stdout",
        "second up, stderr",
    ],
)
def test_the_search_finds_a_plain_value_in_each_location(rendered: Rendered, kind: str) -> None:
    assert [
        location for location in locations_of(rendered.planted, rendered.locations) if location.startswith(kind)
    ]


def test_the_search_finds_base64_text_at_any_offset() -> None:
    password = secrets.token_hex(16)
    locations = {f"{n} before": b64encode(b"x" * n + password.encode() + b"rest") for n in range(7)}

    assert locations_of(password, locations) == locations.keys()
    assert locations_of(secrets.token_hex(16), locations) == set()


@pytest.mark.parametrize("flags", [("-v=9",), ("-v", "11"), ("--verbose=9",), ("--tracing", "file:./trace")])
def test_flags_that_make_the_engine_print_secrets_are_rejected(project: Project, flags: tuple[str, ...]) -> None:
    with pytest.raises(UserError, match="secrets in clear"):
        project.run("preview", "--stack", "dev", *flags)

    assert project.last is None


def test_logging_the_plugin_protocol_is_rejected(project: Project, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    recording = replace(project, environ={**project.environ, "PULUMI_DEBUG_GRPC": str(record)})

    with pytest.raises(UserError, match="secrets in clear"):
        recording.run("preview", "--stack", "dev")

    assert not record.exists()


def test_a_program_whose_provider_renders_writes_no_password(tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(LIBRARY, root)
    project, password = project_at(root, passphrase=secrets.token_urlsafe(16)), secrets.token_hex(16)
    # The plugin writes the content of a kubeconfig to a temporary file, and leaves it there.
    project = replace(project, environ={**project.environ, "TMPDIR": str(tmp_path)})
    project.run("stack", "init", "dev")
    project.set_secret("rendering:password", password)

    for command in (("preview",), ("up", "--yes", "--skip-preview")):
        run = project.run(*command, "--stack", "dev", *TALKATIVE)
        assert run.code > 0, run
        assert "would write a secret value to 'build/rendered/dev'" in run.output
    locations = {**everything(root), "output": run.output.encode()}
    assert not [name for name in project.files() if "secret" in name]
    assert locations_of(password, locations) == set()

    project.set("rendering:context", "nowhere")
    run = project.run("preview", "--stack", "dev")
    assert "would write a secret value" not in run.output, "the provider no longer renders"


def _generated(project: Project) -> str:
    """Return the only password that the stack generated, from its state."""
    exported = json.loads(project.pulumi("stack", "export", "--show-secrets").stdout)
    (password,) = (
        each["outputs"]["result"]["plaintext"]
        for each in exported["deployment"]["resources"]
        if each["type"] == "random:index/randomPassword:RandomPassword"
    )
    return json.loads(password)


def _said(name: str, run: Run) -> dict[str, bytes]:
    return {f"{name}, stdout": run.stdout.encode(), f"{name}, stderr": run.stderr.encode()}
