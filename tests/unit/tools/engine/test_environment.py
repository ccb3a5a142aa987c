from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine import environment
from tools.engine.acquire import Engine
from tools.engine.checkout import Checkout
from tools.engine.plugins import Plugin


@pytest.fixture
def engine(engine_bin: Callable[[str], Path]) -> Engine:
    directory = engine_bin("v3.259.0")
    return Engine(directory / "pulumi", directory / "pulumi-language-python", "3.259.0", "test")


def test_state_is_a_directory_in_build_unless_the_user_has_a_backend(
    checkout: Checkout, engine: Engine, environ: dict[str, str]
) -> None:
    own = {**environ, "PULUMI_BACKEND_URL": "s3://states"}

    local = environment.engine_environment(checkout, engine, [], environ)

    assert local["PULUMI_BACKEND_URL"] == f"file://{checkout.root}/build/state"
    assert checkout.state.is_dir()
    assert environment.engine_environment(checkout, engine, [], own)["PULUMI_BACKEND_URL"] == "s3://states"


def test_the_engine_runs_the_program_with_the_checkouts_python_and_fetches_nothing_by_itself(
    checkout: Checkout, engine: Engine, environ: dict[str, str]
) -> None:
    result = environment.engine_environment(checkout, engine, [], environ)

    assert result["PULUMI_PYTHON_CMD"] == str(checkout.root / ".venv/bin/python")
    assert result["PULUMI_SKIP_UPDATE_CHECK"] == result["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"


def test_only_the_directories_that_are_needed_come_before_the_users_path(
    checkout: Checkout, engine: Engine, environ: dict[str, str]
) -> None:
    plugins = [Plugin("kubernetes", "4", "real"), Plugin("random", "4", "stand-in", Path("/stand-ins/random"))]

    result = environment.engine_environment(checkout, engine, plugins, environ)

    assert result["PATH"] == f"{engine.pulumi.parent}:/stand-ins/random:{environ['PATH']}"


def test_the_passphrase_is_made_once_for_its_owner_alone(checkout: Checkout) -> None:
    file = Path(environment.generated_passphrase(checkout)["PULUMI_CONFIG_PASSPHRASE_FILE"])
    first = file.read_text()

    environment.generated_passphrase(checkout)

    assert len(first) >= 32
    assert file.read_text() == first
    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("variables", "given"),
    [
        ({}, False),
        ({"PULUMI_CONFIG_PASSPHRASE": ""}, True),
        ({"PULUMI_CONFIG_PASSPHRASE_FILE": "/x"}, True),
        ({"PULUMI_CONFIG_PASSPHRASE_FILE": ""}, False),
    ],
)
def test_an_empty_passphrase_is_one_and_an_empty_file_name_is_none(variables: dict[str, str], given: bool) -> None:
    assert environment.passphrase_is_given(variables) is given
