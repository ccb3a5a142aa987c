import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine.checkout import DEV_SALT, Checkout
from tools.engine.invoke import PASSPHRASE, PASSPHRASE_FILE, prepare
from tools.errors import UserError


@pytest.fixture
def user(
    environ: dict[str, str], engine_bin: Callable[[str], Path], script: Callable[[Path, str], Path]
) -> dict[str, str]:
    """A user who has the engine and the plugins."""
    directory = engine_bin("v3.300.0")
    for provider in ("kubernetes", "random"):
        script(directory / f"pulumi-resource-{provider}", "#!/bin/sh\n")
    return {**environ, "PATH": f"{directory}:/usr/bin:/bin"}


@pytest.fixture
def select(user: dict[str, str]) -> Callable[[str], None]:
    def write(stack: str) -> None:
        home = Path(user["PULUMI_HOME"])
        home.mkdir(parents=True)
        (home / "selected").write_text(stack)

    return write


def files(checkout: Checkout) -> dict[str, str]:
    return {file.name: file.read_text() for file in checkout.root.iterdir() if file.is_file()}


def test_state_is_in_build_without_a_backend_of_the_user(checkout: Checkout, user: dict[str, str]) -> None:
    own = {**user, "PULUMI_BACKEND_URL": "s3://states"}

    assert prepare(checkout, ["stack", "ls"], own)[1]["PULUMI_BACKEND_URL"] == "s3://states"
    assert not checkout.state.exists()
    assert prepare(checkout, ["stack", "ls"], user)[1]["PULUMI_BACKEND_URL"] == checkout.state.as_uri()
    assert checkout.state.stat().st_mode & 0o777 == 0o700


def test_the_engine_uses_the_python_of_the_checkout_and_downloads_nothing(
    checkout: Checkout, user: dict[str, str]
) -> None:
    environ = prepare(checkout, ["version"], user)[1]

    assert environ["PULUMI_PYTHON_CMD"] == str(checkout.root / ".venv/bin/python")
    assert environ["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"


def test_only_missing_directories_are_prepended_to_path(
    checkout: Checkout, environ: dict[str, str], user: dict[str, str], engine_bin: Callable[[str], Path]
) -> None:
    home = engine_bin("v3.300.0").parent

    assert prepare(checkout, ["version"], user)[1]["PATH"] == user["PATH"]
    path = prepare(checkout, ["version"], {**environ, "PULUMI_HOME": str(home)})[1]["PATH"]
    assert path.split(os.pathsep) == [str(home / "bin"), *environ["PATH"].split(os.pathsep)]


@pytest.mark.parametrize("command", ["up -y", "preview", "config set a b"])
def test_creating_a_stack_neither_selects_it_nor_changes_a_file(
    checkout: Checkout, user: dict[str, str], command: str
) -> None:
    before = files(checkout)

    prepare(checkout, [*command.split(), "--stack", "dev"], user)

    creation = (checkout.state / ".pulumi/stacks/ixn/dev.json").read_text()
    assert "--no-select" in creation
    assert "--secrets-provider passphrase" in creation
    assert files(checkout) == before


@pytest.mark.parametrize("command", ["destroy", "refresh", "stack output"])
def test_other_commands_create_no_stack(checkout: Checkout, user: dict[str, str], command: str) -> None:
    prepare(checkout, [*command.split(), "--stack", "dev"], user)

    assert not checkout.state_exists("dev")


@pytest.mark.parametrize("command", ["up", "stack output x", "config get x", "destroy", "state delete urn:x"])
def test_the_dev_stack_uses_the_empty_passphrase_of_its_salt(
    checkout: Checkout, user: dict[str, str], command: str
) -> None:
    assert prepare(checkout, [*command.split(), "-s", "dev"], user)[1][PASSPHRASE] == ""


@pytest.mark.parametrize("name", [PASSPHRASE, PASSPHRASE_FILE])
def test_the_dev_stack_ignores_an_exported_passphrase_of_another_stack(
    checkout: Checkout, user: dict[str, str], name: str
) -> None:
    environ = prepare(checkout, ["up", "-s", "dev"], {**user, name: "/of/prod"})[1]

    assert environ[PASSPHRASE] == ""
    assert PASSPHRASE_FILE not in environ


def test_an_exported_passphrase_is_used(checkout: Checkout, user: dict[str, str]) -> None:
    given = prepare(checkout, ["up", "-s", "prod"], {**user, PASSPHRASE: "mine"})[1]
    in_file = prepare(checkout, ["up", "-s", "prod"], {**user, PASSPHRASE_FILE: "/mine"})[1]

    assert given[PASSPHRASE] == "mine"
    assert PASSPHRASE not in in_file


def test_no_passphrase_is_guessed_for_a_protected_stack(checkout: Checkout, user: dict[str, str]) -> None:
    assert PASSPHRASE not in prepare(checkout, ["preview", "-s", "prod"], user)[1]


def test_no_secrets_provider_is_chosen_for_the_operator(checkout: Checkout, user: dict[str, str]) -> None:
    with pytest.raises(UserError, match="stack init staging --secrets-provider"):
        prepare(checkout, ["up", "-s", "staging"], user)

    assert not checkout.state_exists("staging")


def test_an_exported_passphrase_is_a_secrets_provider(checkout: Checkout, user: dict[str, str]) -> None:
    prepare(checkout, ["up", "-s", "staging"], {**user, PASSPHRASE: "mine"})

    assert checkout.state_exists("staging")


@pytest.mark.parametrize(("stack", "passphrase"), [("dev", None), ("dev", ""), ("staging", "")])
def test_a_secret_is_not_encrypted_with_an_empty_passphrase(
    checkout: Checkout, user: dict[str, str], stack: str, passphrase: str | None
) -> None:
    environ = user if passphrase is None else {**user, PASSPHRASE: passphrase}

    with pytest.raises(UserError, match="empty passphrase"):
        prepare(checkout, ["config", "set", "--secret", "ixn:a", "--stack", stack], environ)


def test_a_secret_is_encrypted_with_a_passphrase_or_another_secrets_provider(
    checkout: Checkout, user: dict[str, str]
) -> None:
    (checkout.root / "Pulumi.cloud.yaml").write_text("secretsprovider: awskms://key\n")
    (checkout.state / ".pulumi/stacks/ixn").mkdir(parents=True)
    (checkout.state / ".pulumi/stacks/ixn/cloud.json.gz").touch()

    prepare(checkout, ["config", "set", "--secret", "ixn:a", "-s", "prod"], {**user, PASSPHRASE: "mine"})
    prepare(checkout, ["config", "set", "--secret", "ixn:a", "-s", "cloud"], {**user, PASSPHRASE: ""})


def test_the_selected_stack_is_the_default(
    checkout: Checkout, user: dict[str, str], select: Callable[[str], None]
) -> None:
    select("dev")

    assert prepare(checkout, ["preview"], user)[1][PASSPHRASE] == ""
    assert checkout.state_exists("dev")


def test_the_stack_can_be_set_by_the_pulumi_variable(checkout: Checkout, user: dict[str, str]) -> None:
    prepare(checkout, ["preview"], {**user, "PULUMI_STACK": "organization/ixn/dev"})

    assert checkout.state_exists("dev")


def test_without_any_stack_nothing_is_created(
    checkout: Checkout, user: dict[str, str], select: Callable[[str], None]
) -> None:
    select("")

    assert PASSPHRASE not in prepare(checkout, ["up"], user)[1]
    assert not list(checkout.state.iterdir())


@pytest.mark.parametrize("command", ["up", "preview", "config"])
@pytest.mark.parametrize("own", [{}, {PASSPHRASE: "mine"}], ids=["no passphrase", "a passphrase"])
def test_a_mistyped_stack_creates_nothing(
    checkout: Checkout, user: dict[str, str], command: str, own: dict[str, str]
) -> None:
    with pytest.raises(UserError, match="dev, prod, staging"):
        prepare(checkout, [command, "--stack", "dve"], {**user, **own})

    assert not checkout.state_exists("dve")


def test_a_custom_backend_is_not_initialized(checkout: Checkout, user: dict[str, str]) -> None:
    before = files(checkout)

    for command in (["up", "-s", "dev"], ["config", "get", "x"], ["stack", "init", "new"], ["up", "-s", "new"]):
        assert PASSPHRASE not in prepare(checkout, command, {**user, "PULUMI_BACKEND_URL": "s3://states"})[1]
    assert files(checkout) == before


@pytest.mark.parametrize("flag", ["-C", "-C/elsewhere", "--cwd", "--cwd=/elsewhere"])
def test_another_directory_is_rejected(checkout: Checkout, user: dict[str, str], flag: str) -> None:
    with pytest.raises(UserError, match="-C"):
        prepare(checkout, [flag, "/elsewhere", "up"], user)


def test_help_prepares_nothing(checkout: Checkout, user: dict[str, str]) -> None:
    prepare(checkout, ["up", "--help"], user)
    prepare(checkout, ["help", "up"], user)

    assert not checkout.state_exists("dev")


def test_stacks_with_the_public_salt_contain_no_secret() -> None:
    checkout = Checkout(Path(__file__).parents[4])
    open_stacks = [name for name in checkout.stacks() if checkout.encryption(name) == {"encryptionsalt": DEV_SALT}]

    assert "dev" in open_stacks
    for name in open_stacks:
        assert "secure:" not in (checkout.root / f"Pulumi.{name}.yaml").read_text()
