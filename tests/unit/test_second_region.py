"""The manifests of examples/second-region are valid."""

import pytest

from tests.compare import mocks
from tests.compare.cases import cases_of
from tests.unit.config.stacks import CHECKOUT
from tests.unit.kubernetes_schemas import VERSIONS, validation_errors

CASES = {case.stack: case for case in cases_of(CHECKOUT) if case.project.name == "second-region"}


@pytest.mark.parametrize("region", ["east", "west"])
def test_every_manifest_of_a_region_is_valid(region: str) -> None:
    found = mocks.generate(CHECKOUT, CASES[region])

    assert len(found) >= 60
    for version in VERSIONS:
        wrong = {name: validation_errors(each, version) for name, each in found.items()}
        assert {name: errors for name, errors in wrong.items() if errors} == {}
