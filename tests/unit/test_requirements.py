"""What this checkout is developed with fits what the package declares that it needs."""

import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def test_the_ranges_of_the_package_are_those_that_the_lock_is_compiled_from() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (CHECKOUT / "requirements" / "dev.in").read_text(encoding="utf-8").splitlines()

    assert set(project["dependencies"]) <= set(lines)
