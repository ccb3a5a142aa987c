"""`make clean` and the stacks of the local state."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools.engine.live import check_clean
from tools.errors import UserError

CHECKOUT = Path(__file__).parents[4]
DEPLOYED = json.loads((CHECKOUT / "tests/data/baseline-0.1.0/state.json").read_text(encoding="utf-8"))[
    "deployment"
]


def write(root: Path, stack: str, deployment: Any, suffix: str = ".json") -> Path:
    """Write a stack's checkpoint as the engine's file backend does."""
    file = root / "build" / "state" / ".pulumi" / "stacks" / "ixn" / f"{stack}{suffix}"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"version": 3, "checkpoint": {"stack": stack, "latest": deployment}}).encode()
    file.write_bytes(text)
    return root / "build" / "state"


def rendered() -> Any:
    """Return the state of a stack that renders manifests."""
    deployment = json.loads(json.dumps(DEPLOYED))
    for each in deployment["resources"]:
        if each["type"] == "pulumi:providers:kubernetes":
            each["inputs"] = {"renderYamlToDirectory": "build/rendered/dev"}
    return deployment


def test_a_deployed_stack_is_named_with_its_objects(tmp_path: Path) -> None:
    write(tmp_path, "dev", rendered())
    state = write(tmp_path, "prod", DEPLOYED)

    count = sum(each["type"].startswith("kubernetes:") for each in DEPLOYED["resources"])
    with pytest.raises(UserError, match=f"prod: {count} objects") as caught:
        check_clean(state)
    assert "dev" not in str(caught.value)


@pytest.mark.parametrize("suffix", [".json.zst", ".json.gz", ".json"])
def test_a_state_that_cannot_be_read_counts_as_deployed(suffix: str, tmp_path: Path) -> None:
    state = write(tmp_path, "prod", None, suffix)
    (state / ".pulumi/stacks/ixn" / f"prod{suffix}").write_text("{")

    with pytest.raises(UserError, match=r"prod: .*read"):
        check_clean(state)


@pytest.mark.parametrize("deployment", [None, {}, {"resources": []}, rendered()])
def test_a_stack_without_live_objects_is_no_obstacle(deployment: Any, tmp_path: Path) -> None:
    state = write(tmp_path, "dev", deployment)
    (state / ".pulumi/stacks/ixn/dev.json.bak").write_text("{")

    check_clean(state)
    check_clean(tmp_path / "missing")


def test_make_clean_keeps_everything_while_a_stack_is_deployed(tmp_path: Path) -> None:
    (tmp_path / "Makefile").symlink_to(CHECKOUT / "Makefile")
    (tmp_path / "tools").symlink_to(CHECKOUT / "tools")
    (tmp_path / ".venv").mkdir()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}

    def clean() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", "clean"], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
        )

    write(tmp_path, "prod", DEPLOYED)
    refused = clean()
    assert refused.returncode
    assert "prod" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (tmp_path / ".venv").exists()

    write(tmp_path, "prod", None)
    assert clean().returncode == 0
    assert not (tmp_path / ".venv").exists()
