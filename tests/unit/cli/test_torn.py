from pathlib import Path

import pytest
from pulumi_ixn.cli.torn import remove_torn_attributes


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """The attributes of files of the stacks `dev` and `other`."""
    paths = (
        "stacks/ixn/dev.json",
        "stacks/ixn/dev.json.bak",
        "history/ixn/dev/dev-1.history.json",
        "stacks/ixn/other.json",
    )
    found = {path: tmp_path / ".pulumi" / f"{path}.attrs" for path in paths}
    for file in found.values():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text('{"user.content_type": "text/plain"}')
    return found


@pytest.mark.parametrize("content", ["", '{"user.cont'])
def test_incomplete_attributes_of_a_stack_are_removed(
    content: str, files: dict[str, Path], tmp_path: Path
) -> None:
    torn = [files[path] for path in ("stacks/ixn/dev.json", "history/ixn/dev/dev-1.history.json")]
    for file in (*torn, files["stacks/ixn/other.json"]):
        file.write_text(content)

    assert sorted(remove_torn_attributes(tmp_path.as_uri(), "dev")) == sorted(torn)
    assert [path for path, file in files.items() if file.exists()] == [
        "stacks/ixn/dev.json.bak",
        "stacks/ixn/other.json",
    ]
    assert not remove_torn_attributes(tmp_path.as_uri(), "dev")


def test_other_backends_have_no_such_files() -> None:
    assert not remove_torn_attributes("s3://bucket", "dev")
