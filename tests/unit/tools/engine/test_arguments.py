import pytest

from tools.engine import arguments


@pytest.mark.parametrize(
    "given",
    ["up --stack dev", "up --stack=dev", "up -s dev", "up -sdev", "up -ys dev", "--color never -s dev up -y"],
)
def test_the_stack_flag_is_recognized_in_every_form(given: str) -> None:
    invocation = arguments.read(given.split())

    assert (invocation.command, invocation.stack) == ("up", "dev")


@pytest.mark.parametrize("given", ["up --skip-preview", "up -y", "up --show-sames", "preview -m x"])
def test_other_flags_are_not_mistaken_for_a_stack(given: str) -> None:
    assert arguments.read(given.split()).stack is None


def test_the_value_of_a_global_flag_is_not_the_command() -> None:
    given = ["-v", "3", "--color", "always", "stack", "--stack", "dev", "init", "x"]

    assert arguments.read(given).words == ("stack", "init", "x")


def test_arguments_after_a_double_dash_are_ignored() -> None:
    invocation = arguments.read(["config", "set", "key", "--", "--stack"])

    assert invocation.stack is None
    assert invocation.words == ("config", "set", "key")


def test_a_stack_flag_without_its_value_is_left_to_the_engine() -> None:
    assert arguments.read(["up", "--stack"]).stack is None


@pytest.mark.parametrize(
    "given", ["up", "update", "pre", "destroy", "down", "refresh", "import x", "package add y"]
)
def test_commands_that_may_start_a_provider_need_plugins(given: str) -> None:
    assert arguments.read(given.split()).needs_plugins


@pytest.mark.parametrize("given", ["", "up --help", "stack output x", "config set a b", "version", "help up"])
def test_commands_that_start_no_provider_need_no_plugins(given: str) -> None:
    assert not arguments.read(given.split()).needs_plugins
