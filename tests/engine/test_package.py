"""The package as users get it: built, installed into an empty environment, and used by a team's program."""

import os
import shutil
import subprocess
import tarfile
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tests.engine.project import Project, project_at
from tests.engine.wheels import CHECKOUT, Package, build_package, install
from tools import cache

COMPONENTS = CHECKOUT / "components"
EXAMPLE = CHECKOUT / "examples" / "platform-team"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return build_package(tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="module")
def python(package: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with only the package and its dependencies."""
    return install(package, tmp_path_factory.mktemp("installed") / "venv", cache.cache_root(os.environ))


@pytest.fixture(scope="module")
def example(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The platform team's program, previewed, then deployed in that environment."""
    root = tmp_path_factory.mktemp("example") / "platform-team"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("build", ".venv", "__pycache__", "tests"))
    with (root / "__main__.py").open("a", encoding="utf-8") as program:
        program.write("\nimport pulumi_ixn\npulumi.export('library', pulumi_ixn.__file__)\n")
    project = project_at(root, passphrase="")
    (root / ".venv").unlink()
    (root / ".venv").symlink_to(python.parents[1])
    project = replace(project, environ={k: v for k, v in project.environ.items() if k != "PYTHONPATH"})
    project.pulumi("preview")
    project.up()
    return project


def test_the_wheel_contains_exactly_the_library(package: Package) -> None:
    sources = {
        str(path.relative_to(COMPONENTS))
        for path in (COMPONENTS / "pulumi_ixn").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    library = {name for name in package.files if ".dist-info/" not in name}
    assert library == sources
    assert "pulumi_ixn/py.typed" in library


def test_the_wheel_declares_the_requirements_of_the_project(package: Package) -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def normal(requirement: str) -> tuple[str, frozenset[str], str]:
        versions, _, marker = requirement.partition(";")
        name = versions.partition("<")[0].partition(">")[0]
        return name, frozenset(versions.removeprefix(name).split(",")), marker.strip()

    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(f'{each}; extra == "cli"' for each in extras["cli"])]
    assert extras.keys() == {"cli"}
    assert {normal(each) for each in package.requirements} == {normal(each) for each in wanted}
    # The language host treats `pulumi-*` as a provider package.
    assert not package.wheel.name.startswith("pulumi")


def test_the_wheel_carries_its_license(package: Package) -> None:
    assert [name for name in package.files if name.endswith(".dist-info/licenses/LICENSE")]
    assert package.metadata["License-Expression"] == "Apache-2.0"


def test_the_source_distribution_excludes_tests_and_tools(package: Package) -> None:
    with tarfile.open(package.sdist) as archive:
        below = {name.partition("/")[2] for name in archive.getnames()}

    assert {name.partition("/")[0] for name in below} - {""} == {
        *("components", "pyproject.toml", "README.md", "LICENSE"),
        *("PKG-INFO", "setup.cfg"),  # by setuptools
    }
    assert "components/pulumi_ixn/py.typed" in below


def test_every_module_can_be_imported_with_only_the_package_installed(python: Path) -> None:
    walk = (
        "import importlib, pkgutil, pulumi_ixn\n"
        "for each in pkgutil.walk_packages(pulumi_ixn.__path__, 'pulumi_ixn.'):\n"
        "    if not each.name.startswith('pulumi_ixn.cli.'):  # needs the extra\n"
        "        importlib.import_module(each.name)\n"
        "print(pulumi_ixn.__file__)\n"
    )
    answer = subprocess.run(
        [python, "-I", "-c", walk], cwd="/", capture_output=True, text=True, timeout=60, check=False
    )

    assert answer.returncode == 0, answer.stderr
    assert Path(answer.stdout.strip()).is_relative_to(python.parents[1])


def test_the_program_uses_the_installed_package(example: Project) -> None:
    assert Path(example.outputs()["library"]).is_relative_to(example.root / ".venv")


def test_the_program_has_the_connections_of_its_three_tenants(example: Project) -> None:
    rows = example.connections()

    assert [(row["tenant"], row["number"]) for row in rows] == [
        (tenant, number) for tenant in ("east", "west", "north") for number in range(1, 20)
    ]
    assert {row["tenant"] for row in rows if row["port"] == 7121} == {"west"}
    assert {row["tenant"] for row in rows if row["absent"]} == {"north"}


def test_the_program_deploys_to_its_two_namespaces(example: Project) -> None:
    objects = [yaml.safe_load(text) for text in example.files().values()]
    names = [(each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]) for each in objects]

    assert len(set(names)) == len(names)
    assert {namespace for _, namespace, _ in names} == {None, "ixn", "contact-centre"}
    assert [name for _, namespace, name in names if namespace is None] == ["ixn"]


def test_no_output_of_the_program_was_converted_to_a_string(example: Project) -> None:
    # The beginning of str() of an Output.
    assert not [name for name, text in example.files().items() if b"Calling __str__" in text]


def test_the_program_has_no_changes_after_one_update(example: Project) -> None:
    example.pulumi("preview", "--expect-no-changes")
