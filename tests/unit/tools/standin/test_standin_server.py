import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

BIN = Path(__file__).parents[4] / "tools" / "standin" / "bin"


def struct(**fields: Any) -> struct_pb2.Struct:
    result = struct_pb2.Struct()
    result.update(fields)
    return result


def refusal(method: Any, request: Any) -> str:
    with pytest.raises(grpc.RpcError) as error:
        method(request)
    answer: Any = error.value
    return answer.details()


@contextmanager
def served(name: str, cwd: Path) -> Iterator[Any]:
    """The executable, started as the engine starts it, from a directory it must not import from."""
    for module in ("tools", "yaml", "grpc", "secrets"):
        (cwd / f"{module}.py").write_text("raise SystemExit('imported from the working directory')")
    command = [BIN / f"pulumi-resource-{name}", "-logtostderr", "127.0.0.1:9"]
    environment = {**os.environ, "IXN_STANDIN_PYTHON": sys.executable}
    with subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield provider_pb2_grpc.ResourceProviderStub(channel)
        finally:
            process.terminate()


def test_the_kubernetes_executable_serves_from_anywhere_and_answers_plainly(tmp_path: Path):
    with served("kubernetes", tmp_path) as stub:
        assert stub.GetPluginInfo(empty_pb2.Empty()).version == "4.34.2"

        refused = refusal(stub.Configure, provider_pb2.ConfigureRequest())
        assert refused.startswith("this is a stand-in for the Pulumi Kubernetes plugin")
        assert ".py" not in refused

        group = "kubernetes:yaml/v2:ConfigGroup"
        for method, request in (
            (stub.Construct, provider_pb2.ConstructRequest(type=group)),
            (stub.Call, provider_pb2.CallRequest(tok=group)),
            (stub.Invoke, provider_pb2.InvokeRequest(tok=group)),
        ):
            unsupported = refusal(method, request)
            assert unsupported.startswith(f"{group} is not supported")
            assert ".py" not in unsupported

        old, new = struct(renderYamlToDirectory="a"), struct(renderYamlToDirectory="b")
        found = stub.DiffConfig(provider_pb2.DiffRequest(olds=old, news=new))
        assert found.changes == provider_pb2.DiffResponse.DIFF_SOME
        assert list(found.replaces) == ["renderYamlToDirectory"]
        assert not found.hasDetailedDiff


def test_the_random_executable_serves_from_anywhere(tmp_path: Path):
    with served("random", tmp_path) as stub:
        urn = "urn:pulumi:s::p::random:index/randomPassword:RandomPassword::pw"
        created = stub.Create(provider_pb2.CreateRequest(urn=urn, properties=struct(length=8)))
        assert created.id == "none"
        assert set(created.properties["result"].keys()) == {"4dabf18193072939515e22adb298388d", "value"}


def test_an_executable_started_by_hand_says_who_starts_it():
    environment = {**os.environ, "IXN_STANDIN_PYTHON": sys.executable}
    command = [BIN / "pulumi-resource-random"]
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert "started by the engine" in finished.stderr


@pytest.mark.parametrize(
    "path", sorted(BIN.parent.rglob("*.py")), ids=lambda path: str(path.relative_to(BIN.parent))
)
def test_every_file_says_in_its_first_line_that_it_is_a_stand_in(path: Path):
    assert path.read_text().startswith('"""Stand-in')
