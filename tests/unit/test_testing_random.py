"""On mocks, a RandomPassword has outputs as from the real provider: secret, and unknown in a preview."""

import pulumi
import pulumi_random as random
import pytest
from pulumi_ixn.testing import deploy

OUTPUTS = ("result", "bcrypt_hash")


def answer(output: str, name: str = "it", *, preview: bool = False) -> str | None:
    return deploy(lambda: getattr(random.RandomPassword(name, length=12), output), preview=preview).result


@pytest.mark.parametrize("output", OUTPUTS)
def test_an_output_is_secret(output: str, preview: bool) -> None:
    found: list[bool] = []

    def program() -> pulumi.Output[None]:
        made = getattr(random.RandomPassword("it", length=12), output)
        return pulumi.Output.from_input(made.is_secret()).apply(found.append)

    deploy(program, preview=preview)
    assert found == [True]


@pytest.mark.parametrize("output", OUTPUTS)
def test_an_output_is_known_in_an_update_and_unknown_in_a_preview(output: str) -> None:
    assert answer(output) is not None
    assert answer(output, preview=True) is None


def test_two_passwords_differ() -> None:
    assert answer("result", "one") != answer("result", "two")
