"""Generated files in the checkout are up to date and match the table."""

import pytest
from pulumi_ixn.spec import CONNECTIONS, Parameter, default_port

from tools.docs.__main__ import CHECKOUT, PAGES
from tools.docs.settings_page import settings_text


@pytest.mark.parametrize("path", PAGES)
def test_a_generated_file_is_up_to_date(path: str) -> None:
    assert (CHECKOUT / path).read_text(encoding="utf-8") == PAGES[path](), "run `python -m tools.docs`"


def cells(path: str) -> list[str]:
    (row,) = (row for row in settings_text().splitlines() if row.startswith(f"| `{path}` |"))
    return [cell.strip() for cell in row.strip("|").split("|")]


@pytest.mark.parametrize("parameter", Parameter)
def test_a_parameter_has_its_default_unit_and_connections(parameter: Parameter) -> None:
    _, kind, unit, default, meaning = cells(f"ixn:{parameter}")

    assert "from 1 to 65535" in kind
    assert unit == "port"
    assert default == f"`{default_port(parameter)}`"
    numbers = ", ".join(str(row.number) for row in CONNECTIONS if row.parameter is parameter)
    assert meaning.endswith((f"(connection {numbers})", f"(connections {numbers})"))


def test_each_key_is_on_the_page_once_with_a_description() -> None:
    rows = [row for row in settings_text().splitlines() if row.startswith("| `")]
    paths = [row.split("`")[1] for row in rows]

    assert len(paths) == len(set(paths)) > 100
    assert [row for row in rows if row.endswith("|  |")] == []


def test_units_and_required_keys_are_documented() -> None:
    assert cells("ixn:ixnVQNode.resources.limits.memory")[2] == "bytes"
    assert cells("ixn:ixnVQNode.resources.limits.cpu")[2] == "cores"
    assert cells("ixn:image.registry")[3] == "*required*"
    assert cells("ixn:target.context")[3] == "*one of*"
    assert cells("ixn:peers.ixnDB.secret")[3] == '`{"existing": {}}`'
    assert cells("locations[].pods.namespace")[3] == "*required*"
    assert cells("ixn:secrets.tenants.<tenant>.ixnDB.password")[3] == "*required*"
