from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine import invoke, plugins
from tools.engine.checkout import Checkout
from tools.errors import UserError

PASSPHRASES = {"PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"}


@pytest.fixture
def user(
    environ: dict[str, str], engine_bin: Callable[[str], Path], script: Callable[[Path, str], Path]
) -> dict[str, str]:
    """A user who has the engine and the plugins."""
    directory = engine_bin("v3.300.0")
    for provider in plugins.PROVIDERS:
        script(directory / f"pulumi-resource-{provider}", "#!/bin/sh\n")
    return {**environ, "PATH": f"{directory}:/usr/bin:/bin"}


def test_a_deployment_creates_its_stack_in_build_and_reads_its_file_from_there(
    checkout: Checkout, user: dict[str, str]
) -> None:
    before = checkout.stack_file("dev").read_text()

    _, given, environ = invoke.prepare(checkout, ["up", "-y", "--stack", "dev"], user)

    copy = checkout.build / "stack-files" / "Pulumi.dev.yaml"
    assert given == ["up", "-y", "--stack", "dev", "--config-file", str(copy)]
    assert copy.read_text() == before + "encryptionsalt: v1:salt\n"
    assert checkout.stack_file("dev").read_text() == before
    assert environ["PULUMI_CONFIG_PASSPHRASE_FILE"] == str(checkout.passphrase)


def test_a_deployment_leaves_what_the_user_selected_as_it_is(checkout: Checkout, user: dict[str, str]) -> None:
    home = Path(user["PULUMI_HOME"])
    home.mkdir(parents=True)

    invoke.prepare(checkout, ["up", "-y", "--stack", "dev"], user)

    assert not (home / "selected").exists()


def test_the_users_own_passphrase_is_used(checkout: Checkout, user: dict[str, str]) -> None:
    _, _, environ = invoke.prepare(checkout, ["up", "-s", "dev"], {**user, "PULUMI_CONFIG_PASSPHRASE": "mine"})

    assert environ["PULUMI_CONFIG_PASSPHRASE"] == "mine"
    assert "PULUMI_CONFIG_PASSPHRASE_FILE" not in environ
    assert not checkout.passphrase.exists()


def test_the_selected_stack_is_asked_for_where_none_is_named(checkout: Checkout, user: dict[str, str]) -> None:
    _, given, _ = invoke.prepare(checkout, ["preview"], user)

    assert given[-1].endswith("Pulumi.staging.yaml")


def test_config_acts_on_the_tracked_file_and_never_with_the_passphrase_that_goes_with_build(
    checkout: Checkout, user: dict[str, str]
) -> None:
    command = ["config", "set", "--secret", "ixn:a", "--stack", "dev", "--", "-1"]

    _, given, environ = invoke.prepare(checkout, command, user)

    assert given == command
    assert not PASSPHRASES & environ.keys()


def test_a_tracked_file_with_secrets_is_not_opened_with_the_passphrase_that_goes_with_build(
    checkout: Checkout, user: dict[str, str]
) -> None:
    checkout.stack_file("dev").write_text("encryptionsalt: v1:mine\nconfig: {}\n")

    _, _, environ = invoke.prepare(checkout, ["up", "-s", "dev"], user)

    assert not PASSPHRASES & environ.keys()


def test_outputs_are_read_with_the_generated_passphrase(checkout: Checkout, user: dict[str, str]) -> None:
    command = ["stack", "output", "--json", "--stack", "dev"]

    _, given, environ = invoke.prepare(checkout, command, user)

    assert given == command
    assert environ["PULUMI_CONFIG_PASSPHRASE_FILE"] == str(checkout.passphrase)


def test_a_stack_is_created_and_removed_without_touching_the_tracked_file(
    checkout: Checkout, user: dict[str, str]
) -> None:
    _, creation, _ = invoke.prepare(checkout, ["stack", "init", "dev"], user)
    _, removal, _ = invoke.prepare(checkout, ["stack", "rm", "dev", "-y"], user)

    assert creation[-2:] == ["-C", str(checkout.stack_project)]
    assert removal[-1] == "--preserve-config"


def test_with_a_backend_of_the_users_own_everything_is_plain_pulumi(
    checkout: Checkout, user: dict[str, str]
) -> None:
    own = {**user, "PULUMI_BACKEND_URL": "s3://states"}

    for command in (["up", "-s", "dev"], ["config", "get", "x"], ["stack", "init", "new"], ["stack", "rm", "new"]):
        _, given, environ = invoke.prepare(checkout, command, own)
        assert given == command
        assert not PASSPHRASES & environ.keys()
    assert not checkout.build.exists()


@pytest.mark.parametrize("flag", ["-C", "-C/elsewhere", "--cwd", "--cwd=/elsewhere"])
def test_another_directory_is_refused(checkout: Checkout, user: dict[str, str], flag: str) -> None:
    with pytest.raises(UserError, match="-C is not for it"):
        invoke.prepare(checkout, [flag, "/elsewhere", "up"], user)


@pytest.mark.parametrize("command", ["up", "preview", "destroy", "config"])
def test_a_mistyped_stack_creates_nothing(checkout: Checkout, user: dict[str, str], command: str) -> None:
    with pytest.raises(UserError, match="there are: dev, staging"):
        invoke.prepare(checkout, [command, "--stack", "dve"], user)

    assert not checkout.stack_project.exists()


def test_help_prepares_nothing(checkout: Checkout, user: dict[str, str]) -> None:
    assert invoke.prepare(checkout, ["up", "--help"], user)[1] == ["up", "--help"]
    assert not checkout.passphrase.exists()
