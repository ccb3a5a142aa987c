"""The random provider, started as the engine starts it."""

import os
import signal
import string
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from pulumi.runtime.rpc import UNKNOWN

PROGRAM = Path(__file__).parents[4] / "tools" / "random_provider" / "bin" / "pulumi-resource-random"
PASSWORD = "random:index/randomPassword:RandomPassword"
URN = f"urn:pulumi:dev::ixn::ixn:index:Ixn$ixn:index:Database${PASSWORD}::a::b"
ENVIRON = {**os.environ, "PULUMI_PYTHON_CMD": sys.executable}


@pytest.fixture(scope="module")
def stub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start the provider in a directory that it must not import from."""
    directory = tmp_path_factory.mktemp("project")
    for module in ("tools", "grpc", "secrets"):
        (directory / f"{module}.py").write_text("raise SystemExit('imported from the working directory')")
    command = [PROGRAM, "-logtostderr", "127.0.0.1:9"]
    with subprocess.Popen(command, cwd=directory, env=ENVIRON, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        with grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)
        process.kill()


def struct(values: dict[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(values, struct_pb2.Struct())


def create(stub: Any, preview: bool = False, **inputs: Any) -> dict[str, Any]:
    request = provider_pb2.CreateRequest(urn=URN, properties=struct(inputs), preview=preview)
    return json_format.MessageToDict(stub.Create(request).properties)


def changes(stub: Any, state: dict[str, Any], **inputs: Any) -> list[str]:
    """Return the inputs whose change replaces the resource."""
    answer = stub.Diff(provider_pb2.DiffRequest(urn=URN, olds=struct(state), news=struct(inputs)))
    assert (answer.changes == provider_pb2.DiffResponse.DIFF_SOME) == bool(answer.replaces)
    return list(answer.replaces)


def rejected(stub: Any, urn: str = URN, **inputs: Any) -> str:
    (failure,) = stub.Check(provider_pb2.CheckRequest(urn=urn, news=struct(inputs))).failures
    return failure.reason


def test_a_password_has_the_requested_length_and_character_classes(stub: Any) -> None:
    text = create(stub, length=400, special=False, upper=False)["result"]["value"]

    assert len(text) == 400
    assert text.isalnum()
    assert text.islower()


def test_a_password_has_the_given_special_characters_and_the_least_number_of_each_class(stub: Any) -> None:
    inputs = {"overrideSpecial": "-_", "lower": False, "minUpper": 2, "minNumeric": 3, "minSpecial": 4}

    for _ in range(50):
        text = create(stub, length=10, **inputs)["result"]["value"]
        assert not set(text) - {*string.ascii_uppercase, *string.digits, *"-_"}
        assert sum(each.isupper() for each in text) >= 2
        assert sum(each.isdigit() for each in text) >= 3
        assert sum(each in "-_" for each in text) >= 4


def test_the_required_characters_are_anywhere_in_the_password(stub: Any) -> None:
    inputs = {"length": 4, "lower": False, "special": False, "minUpper": 1, "minNumeric": 3}
    positions = {
        next(n for n, each in enumerate(create(stub, **inputs)["result"]["value"]) if each.isupper())
        for _ in range(100)
    }

    assert positions == {0, 1, 2, 3}


def test_the_state_has_the_inputs_that_the_real_provider_keeps(stub: Any) -> None:
    state = create(stub, length=12, overrideSpecial="-_", minLower=1)

    assert (state["overrideSpecial"], state["minLower"], state["minUpper"]) == ("-_", 1, 0)
    assert changes(stub, state, length=12, overrideSpecial="-_", minLower=1) == []
    assert changes(stub, state, length=12, overrideSpecial="-.", minLower=1) == ["overrideSpecial"]
    assert changes(stub, state, length=12, overrideSpecial="-_", minLower=2) == ["minLower"]
    assert changes(stub, state, length=12, minLower=1) == ["overrideSpecial"]


def test_passwords_are_unique(stub: Any) -> None:
    assert len({create(stub, length=20)["result"]["value"] for _ in range(50)}) == 50


def test_the_result_is_secret_even_before_it_is_known(stub: Any) -> None:
    mark = "4dabf18193072939515e22adb298388d"

    assert mark in create(stub, length=12)["result"]
    before = create(stub, preview=True, length=12)["result"]
    assert mark in before
    assert before["value"] == UNKNOWN


def test_a_password_is_replaced_only_if_an_input_changes(stub: Any) -> None:
    state = create(stub, length=12, keepers={"a": "b"})

    assert changes(stub, state, length=12, keepers={"a": "b"}) == []
    assert changes(stub, state, length=13, keepers={"a": "b"}) == ["length"]
    assert changes(stub, state, length=12, keepers={"a": "c"}) == ["keepers"]
    assert "special" in changes(stub, state, length=12, special=False, keepers={"a": "b"})


def test_a_password_of_the_real_provider_is_kept(stub: Any) -> None:
    state = {**create(stub, length=12), "bcryptHash": "$2a$10$", "id": "none"}

    assert changes(stub, state, length=12) == []


@pytest.mark.parametrize(
    ("inputs", "named"),
    [
        ({}, "length"),
        ({"length": 0}, "length"),
        ({"length": "8"}, "length"),
        ({"length": 8, "minLower": "3"}, "minLower"),
        ({"length": 8, "minLower": -1}, "minLower"),
        ({"length": 3, "minLower": 2, "minSpecial": 2}, "length"),
        ({"length": 8, "keeper": {}}, "keeper"),
        ({"length": 8, "lower": False, "upper": False, "numeric": False, "special": False}, "special"),
    ],
)
def test_invalid_inputs_are_named(stub: Any, inputs: dict[str, Any], named: str) -> None:
    assert named in rejected(stub, **inputs)


def test_an_unknown_length_is_valid(stub: Any) -> None:
    answer = stub.Check(provider_pb2.CheckRequest(urn=URN, news=struct({"length": UNKNOWN})))

    assert not answer.failures


def test_other_resources_are_rejected_by_name(stub: Any) -> None:
    assert "RandomPet" in rejected(stub, URN.replace("Password", "Pet"))


def test_the_provider_reports_the_expected_version(stub: Any) -> None:
    assert stub.GetPluginInfo(empty_pb2.Empty()).version.count(".") == 2


def test_the_provider_ends_when_its_engine_is_killed() -> None:
    engine = (
        "import subprocess, sys, time\n"
        f"plugin = subprocess.Popen([{str(PROGRAM)!r}, '127.0.0.1:9'], stdout=subprocess.PIPE, text=True)\n"
        "plugin.stdout.readline()\n"
        "print(plugin.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", engine], env=ENVIRON, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        plugin = int(process.stdout.readline())
        assert runs(plugin)
        process.send_signal(signal.SIGKILL)

    for _ in range(100):
        if not runs(plugin):
            return
        time.sleep(0.1)
    os.kill(plugin, signal.SIGKILL)
    pytest.fail("the plugin still runs ten seconds after its engine")


def runs(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and ") Z " not in status.read_text()
