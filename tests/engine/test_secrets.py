"""Generated and configured passwords: where verbose deployments leave them, and where not."""

import hashlib
import json
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.engine.differences import Location, differences
from tests.engine.leaks import everything, locations_of
from tests.engine.project import Manifests, Project, Run, make_project
from tools.errors import UserError

TALKATIVE = ("--debug", "-v=8", "--logtostderr", "--logflow", "--diff")
SECRET_FILES = {
    "ixnDB": "1-manifest/v1-secret-ixn-ixn-db-secret-100.yaml",
    "ixnNodeDB": "1-manifest/v1-secret-ixn-ixn-node-db-secret-100.yaml",
    "orsRedisStream": "1-manifest/v1-secret-ixn-redis-ors-secret.yaml",
}
GIVEN = {
    "ixnNodeDB": "ixn:secrets.tenants.dev.ixnNodeDB.password",
    "orsRedisStream": "ixn:secrets.orsRedisStream.password",
}
"""The config key of a configured password."""


@dataclass(frozen=True)
class Deployed:
    """Two deployments with a password change in between, with all their files and output."""

    project: Project
    before: Manifests
    after: Manifests
    generated: str
    given: dict[str, str]
    given_before: dict[str, str]
    planted: str
    """A plain value that is not secret, to test the search."""
    locations: dict[str, bytes]


def test_each_password_is_only_in_its_own_rendered_secret(deployed: Deployed) -> None:
    found = {"ixnDB": deployed.generated, **deployed.given}

    assert {name: locations_of(password, deployed.locations) for name, password in found.items()} == {
        name: {f"project/build/rendered/dev/{file}"} for name, file in SECRET_FILES.items()
    }


def test_a_replaced_password_is_nowhere(deployed: Deployed) -> None:
    assert [locations_of(password, deployed.locations) for password in deployed.given_before.values()] == [
        set(),
        set(),
    ]


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
def test_the_search_finds_a_plain_value_in_each_location(deployed: Deployed, kind: str) -> None:
    assert [
        location for location in locations_of(deployed.planted, deployed.locations) if location.startswith(kind)
    ]


def test_the_search_finds_base64_text_at_any_offset() -> None:
    password = secrets.token_hex(16)
    locations = {f"{n} before": b64encode(b"x" * n + password.encode() + b"rest") for n in range(7)}

    assert locations_of(password, locations) == locations.keys()
    assert locations_of(secrets.token_hex(16), locations) == set()


def test_the_search_finds_a_password_printed_by_the_engine_at_verbosity_9(
    deployed: Deployed,
) -> None:
    said = _said(
        "preview",
        deployed.project.run(
            "preview", "--stack", "dev", engine_only=("-v=9", "--logtostderr", "--logflow")
        ).succeeded(),
    )

    assert locations_of(deployed.generated, said) == {"preview, stderr"}


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


def test_a_generated_password_is_stable_and_has_32_letters_and_digits(deployed: Deployed) -> None:
    name = "Secret/ixn-db-secret-100"

    assert deployed.before[name] == deployed.after[name]
    assert len(deployed.generated) == 32
    assert deployed.generated.isalnum()
    assert b64decode(deployed.after[name]["data"]["username"]) == b"ixn"


def test_the_secrets_contain_the_configured_passwords(deployed: Deployed) -> None:
    database = deployed.after["Secret/ixn-node-db-secret-100"]["data"]
    redis = deployed.after["Secret/redis-ors-secret"]["data"]

    assert b64decode(database["password"]).decode() == deployed.given["ixnNodeDB"]
    content = json.loads(b64decode(redis["voice-redis-ors-stream"]))
    assert content["password"] == deployed.given["orsRedisStream"]


ROLLED: Location = ("Deployment/ixn-node-100", "spec.template.metadata.annotations[checksum/ixn-node-db]")
ROLLED_BY_REDIS: Location = (
    "Deployment/ixn-node-100",
    "spec.template.metadata.annotations[checksum/ors-redis-stream]",
)
PLANTED_AGAIN: Location = (
    "StatefulSet/ixn-server-100",
    "spec.template.spec.containers[ixn-server].env[PLANTED_AGAIN].value",
)


def test_a_changed_password_updates_only_its_secret_and_rolls_only_its_readers(
    deployed: Deployed,
) -> None:
    assert differences(deployed.before, deployed.after).keys() == {
        ("Secret/ixn-node-db-secret-100", "data.password"),
        ("Secret/redis-ors-secret", "data[voice-redis-ors-stream]"),
        ROLLED,
        ROLLED_BY_REDIS,
        PLANTED_AGAIN,
    }


def test_the_annotation_that_rolls_pods_is_not_a_plain_digest(deployed: Deployed) -> None:
    annotations = deployed.after["Deployment/ixn-node-100"]["spec"]["template"]["metadata"]["annotations"]
    password, data = deployed.given["ixnNodeDB"], deployed.after["Secret/ixn-node-db-secret-100"]["data"]
    contents = [
        password,
        f"{password}\n",
        f"ixn{password}",
        f"password\0{password}\0username\0ixn",
        *(
            json.dumps(known, sort_keys=True, separators=separators)
            for known in (data, {"username": "ixn", "password": password})
            for separators in (None, (",", ":"))
        ),
    ]
    digests = {
        hashlib.new(name, content.encode()).hexdigest()
        for content in contents
        for name in ("md5", "sha1", "sha256", "sha512")
    }

    assert annotations["checksum/ixn-node-db"] not in digests
    assert not [digest for digest in digests if digest in str(annotations)]


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    project = make_project(tmp_path_factory.mktemp("secrets"), own_passphrase=True)
    planted, given_before, given = f"planted-{secrets.token_hex(8)}", _passwords(), _passwords()
    _configure(project, planted)

    _give(project, given_before)
    runs = {"first up": project.up(*TALKATIVE)}
    before = project.manifests()
    _give(project, given)
    _plant_again(project, planted)
    runs["plan"] = project.pulumi("preview", "--save-plan", "plan.json", *TALKATIVE)
    runs["second up"] = project.up(*TALKATIVE)
    runs["export"] = project.pulumi("stack", "export")
    runs["outputs"] = project.pulumi("stack", "output", "--json")

    after = project.manifests()
    data = after["Secret/ixn-db-secret-100"]["data"]
    locations = everything(project.root, project.root.parent / "pulumi-home")
    for name, run in runs.items():
        locations.update(_said(name, run))
    return Deployed(
        project, before, after, b64decode(data["password"]).decode(), given, given_before, planted, locations
    )


def _passwords() -> dict[str, str]:
    return {name: secrets.token_hex(16) for name in GIVEN}


def _configure(project: Project, planted: str) -> None:
    with project.edited() as config:
        peers = config["ixn:peers"]
        peers["ixnDB"]["secret"] = {"generated": {"username": "ixn"}}
        peers["ixnNodeDB"]["secret"] = {"managed": {"username": "ixn"}}
        peers["orsRedisStream"]["secret"] = {"managed": {}}
        config["ixn:ixnService"]["ixnServer"]["env"] = {"PLANTED": planted}


def _plant_again(project: Project, planted: str) -> None:
    # An update does not print unchanged resources.
    project.set("ixn:ixnService.ixnServer.env.PLANTED_AGAIN", planted)


def _give(project: Project, passwords: dict[str, str]) -> None:
    for name, password in passwords.items():
        project.set_secret(GIVEN[name], password)


def _said(name: str, run: Run) -> dict[str, bytes]:
    return {f"{name}, stdout": run.stdout.encode(), f"{name}, stderr": run.stderr.encode()}
