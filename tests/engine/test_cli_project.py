"""A stack as the commands of `ixn` see it, with the real engine."""

from dataclasses import replace
from pathlib import Path

import pytest
from pulumi_ixn.cli.project import CommandError
from pulumi_ixn.cli.project import Project as Stack

from tests.engine.project import Project, make_project
from tools.engine.checkout import Checkout
from tools.engine.invoke import prepare


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with the stacks `dev` and `other`, which is selected; the environment is the engine's."""
    made = make_project(tmp_path)
    made = replace(made, environ={**made.environ, "PULUMI_CONFIG_PASSPHRASE": ""})
    for each in (made.stack, "other"):
        made.run("stack", "init", each, "--secrets-provider", "passphrase", "--non-interactive").succeeded()
    _, environ = prepare(Checkout(made.root), ("stack",), made.environ)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return made


def test_reading_a_stack_does_not_select_it(project: Project) -> None:
    stack = Stack(project.root, "dev")

    assert set(stack.settings.tenants) == {"dev"}
    assert stack.outputs() == {}
    assert stack.name == "organization/ixn/dev"
    assert project.run("stack", "--show-name").stdout.strip() == "other"


def test_an_unknown_stack_is_an_error_of_one_line(project: Project) -> None:
    with pytest.raises(CommandError, match=r"^no stack named 'nowhere' found$"):
        _ = Stack(project.root, "nowhere").engine
