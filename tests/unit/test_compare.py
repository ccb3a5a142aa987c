"""The comparison of the manifests of two commits."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.compare.__main__ import checkout, report
from tests.compare.cases import cases_of
from tests.compare.mocks import by_name, generate, secret_values
from tests.compare.rendered import rendering
from tests.unit.config.stacks import CHECKOUT, STACKS, stack_file

SERVICE = {"kind": "Service", "metadata": {"name": "a"}, "spec": {"ports": [{"name": "default", "port": 7120}]}}


def test_every_stack_and_example_is_compared() -> None:
    names = {case.name for case in cases_of(CHECKOUT)}

    assert names >= {*STACKS, "platform-team/dev", "second-region/west"}
    examples = {path.parent.name for path in CHECKOUT.glob("examples/*/Pulumi.yaml")}
    assert {name.partition("/")[0] for name in names if "/" in name} == examples


def test_a_value_that_changed_is_reported_with_its_path_and_both_values() -> None:
    ports = {"ports": [{"name": "default", "port": 7121}]}
    before, after = ({("mocks", "dev"): {"Service/a": each}} for each in (SERVICE, {**SERVICE, "spec": ports}))

    (line,) = report(before, after)
    assert all(part in line for part in ("dev", "mocks", "Service/a", "spec.ports[default].port", "7120", "7121"))
    assert list(report(before, before)) == []


def test_an_added_or_removed_object_is_one_line() -> None:
    without, has = {("engine", "dev"): {}}, {("engine", "dev"): {"Service/a": SERVICE}}

    (added,), (removed,) = report(without, has), report(has, without)
    assert (added.split()[-1], removed.split()[-1]) == ("added", "removed")


def test_the_comparison_includes_untracked_files(tmp_path: Path) -> None:
    root = checkout(None, tmp_path / "head")

    assert (root / "Pulumi.dev.yaml").read_bytes() == (CHECKOUT / "Pulumi.dev.yaml").read_bytes()
    assert not (root / ".venv").exists()


def test_a_commit_without_the_package_is_rejected(tmp_path: Path) -> None:
    tree = subprocess.run(
        ["git", "write-tree"],
        cwd=CHECKOUT,
        env={**os.environ, "GIT_INDEX_FILE": str(tmp_path / "index")},
        check=True,
        capture_output=True,
        text=True,
    )

    with pytest.raises(SystemExit, match="pulumi_ixn"):
        checkout(tree.stdout.strip(), tmp_path / "base")


def test_two_objects_with_one_name_are_compared_separately() -> None:
    with pytest.raises(AssertionError):
        by_name([SERVICE, SERVICE])


def test_a_stack_with_secrets_is_rendered_with_placeholder_passwords() -> None:
    (case,) = (each for each in cases_of(CHECKOUT) if each.name == "staging")

    manifests = generate(CHECKOUT, case)
    assert secret_values(stack_file("staging")["config"]) == {}
    assert any(name.startswith("Secret/") for name in manifests)


def test_rendered_manifests_contain_no_random_value() -> None:
    config = rendering(stack_file("staging")["config"])

    assert config["ixn:target"] == {"render": True}
    assert "generated" not in str(config)
