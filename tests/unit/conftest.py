import pytest


@pytest.fixture(params=[False, True], ids=["update", "preview"])
def preview(request: pytest.FixtureRequest) -> bool:
    """Both modes of the mocks: computed values are known in an update and unknown in a preview."""
    return request.param
