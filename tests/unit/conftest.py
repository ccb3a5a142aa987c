import pytest


@pytest.fixture(params=[False, True], ids=["update", "preview"])
def preview(request: pytest.FixtureRequest) -> bool:
    """Both modes of the mocks: what a provider computes is known in an update, unknown in a preview."""
    return request.param
