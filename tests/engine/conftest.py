"""Projects for tests that drive the real engine."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.engine.project import Project, make_project

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this directory."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.engine)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the engine's last output to a failure report."""
    report = yield
    if report.failed and isinstance(item, pytest.Function):
        for name, value in item.funcargs.items():
            project = getattr(value, "project", value)
            if isinstance(project, Project) and project.last:
                report.sections.append((f"the engine's last run in `{name}`", str(project.last)))
    return report


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The checkout's project, with nothing deployed."""
    return make_project(tmp_path)
