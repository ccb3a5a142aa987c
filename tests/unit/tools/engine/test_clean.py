import json
import os
from pathlib import Path
from typing import Any

import pytest

from tools.engine import clean

PROVIDER = "urn:pulumi:dev::ixn::pulumi:providers:kubernetes::kubernetes"


def resource(kind: str, custom: bool = True, **fields: Any) -> dict[str, Any]:
    return {"urn": f"urn:pulumi:dev::ixn::{kind}::it", "type": kind, "custom": custom, **fields}


def provider(**inputs: Any) -> dict[str, Any]:
    return {**resource("pulumi:providers:kubernetes", id="1", inputs=inputs), "urn": PROVIDER}


STACK = resource("pulumi:pulumi:Stack", custom=False)
SECRET = resource("kubernetes:core/v1:Secret", id="a/b", provider=f"{PROVIDER}::1")
RENDERING = provider(renderYamlToDirectory="build/rendered/dev")


def write_state(root: Path, resources: list[dict[str, Any]] | None, name: str = "dev.json") -> Path:
    stacks = root / "build" / "state" / ".pulumi" / "stacks" / "ixn"
    stacks.mkdir(parents=True, exist_ok=True)
    latest = None if resources is None else {"resources": resources}
    (stacks / name).write_text(json.dumps({"version": 3, "checkpoint": {"stack": "dev", "latest": latest}}))
    return stacks / name


def test_without_state_everything_that_is_made_is_removed(tmp_path: Path) -> None:
    for name in ("build", ".venv", "components"):
        (tmp_path / name).mkdir()

    clean.main(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["components"]


@pytest.mark.parametrize(
    "resources",
    [
        None,
        [],
        [STACK, provider(context="kind"), resource("random:index/randomPassword:RandomPassword", id="none")],
        [STACK, RENDERING, SECRET, resource("ixn:index:Ixn", custom=False)],
    ],
)
def test_state_without_objects_in_a_cluster_is_removed(
    tmp_path: Path, resources: list[dict[str, Any]] | None
) -> None:
    write_state(tmp_path, resources)

    clean.main(tmp_path)

    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize(
    "resources",
    [
        [STACK, provider(context="kind"), SECRET],
        [STACK, RENDERING, {**SECRET, "provider": "urn:pulumi:dev::ixn::pulumi:providers:kubernetes::other::2"}],
    ],
)
def test_state_of_objects_in_a_cluster_is_kept_and_its_stack_is_named(
    tmp_path: Path, resources: list[dict[str, Any]]
) -> None:
    file = write_state(tmp_path, resources, "prod.json")

    with pytest.raises(SystemExit, match="prod"):
        clean.main(tmp_path)

    assert file.exists()


@pytest.mark.parametrize("name", ["dev.json", "dev.json.gz", "dev.json.zst"])
def test_state_that_cannot_be_read_is_kept(tmp_path: Path, name: str) -> None:
    write_state(tmp_path, [], name).write_bytes(b"\x1f\x8b")

    with pytest.raises(SystemExit, match="dev"):
        clean.main(tmp_path)


def test_a_backup_of_an_earlier_state_is_no_stack(tmp_path: Path) -> None:
    write_state(tmp_path, [STACK, provider(context="kind"), SECRET], "dev.json.bak")

    clean.main(tmp_path)

    assert not (tmp_path / "build").exists()


def test_a_running_cluster_keeps_the_build_directory(tmp_path: Path) -> None:
    record = tmp_path / "build" / "cluster" / "local" / "cluster.json"
    record.parent.mkdir(parents=True)
    record.write_text(json.dumps({"name": "local", "network": None, "pid": os.getpid()}))

    with pytest.raises(SystemExit, match="cluster-down"):
        clean.main(tmp_path)

    assert record.exists()


def test_the_record_of_a_cluster_that_has_ended_is_removed(tmp_path: Path) -> None:
    record = tmp_path / "build" / "cluster" / "local" / "cluster.json"
    record.parent.mkdir(parents=True)
    record.write_text(json.dumps({"name": "local", "network": None, "pid": None}))

    clean.main(tmp_path)

    assert not record.exists()
