import pytest

from tools.engine.arguments import read
from tools.engine.leaks import refuse_leaks
from tools.errors import UserError


@pytest.mark.parametrize(
    "given",
    [
        ["up", "-v=9"],
        ["up", "-v9"],
        ["up", "-v", "9"],
        ["-v", "11", "up"],
        ["up", "--verbose=10"],
        ["up", "--verbose", "10"],
        ["up", "-yv9"],
        ["up", "-yv=9"],
        ["up", "-v=0x9"],
        ["up", "-v", "0b1001"],
        ["up", "--verbose=011"],
        ["up", "-v=1_0"],
        ["up", "--tracing", "file:./trace"],
        ["up", "--tracing=file:./trace"],
        ["up", "--otel-traces=file:./trace"],
    ],
)
def test_commands_that_show_secrets_are_rejected(given: list[str]) -> None:
    with pytest.raises(UserError, match="in clear"):
        refuse_leaks(read(given), {})


@pytest.mark.parametrize(
    "given", [["up"], ["up", "-v=8"], ["up", "-v", "8", "--debug"], ["up", "-yv=8"], ["config", "set", "a", "9"]]
)
def test_commands_that_show_no_secret_are_allowed(given: list[str]) -> None:
    refuse_leaks(read(given), {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PULUMI_DEBUG_GRPC", "log.json"),
        ("PULUMI_OPTION_VERBOSE", "9"),
        ("PULUMI_OPTION_VERBOSE", "0x9"),
        ("PULUMI_OPTION_TRACING", "file:./trace"),
        ("PULUMI_OPTION_OTEL_TRACES", "file:./trace"),
    ],
)
def test_variables_that_show_secrets_are_rejected(name: str, value: str) -> None:
    with pytest.raises(UserError, match="in clear"):
        refuse_leaks(read(["up"]), {name: value})
