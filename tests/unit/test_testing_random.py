"""The mocked random resources have the outputs of the real provider, with the same ones secret."""

import base64
import uuid
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_random as random
import pytest
from pulumi_ixn.testing import deploy

ANSWERS: dict[str, tuple[Callable[[], Any], str, bool]] = {
    "a password": (lambda: random.RandomPassword("it", length=12), "result", True),
    "a password's hash": (lambda: random.RandomPassword("it", length=12), "bcrypt_hash", True),
    "a text": (lambda: random.RandomString("it", length=12), "result", False),
    "an id in hex": (lambda: random.RandomId("it", byte_length=4), "hex", False),
    "a UUID": (lambda: random.RandomUuid("it"), "result", False),
    "bytes": (lambda: random.RandomBytes("it", length=4), "base64", True),
    "bytes in hex": (lambda: random.RandomBytes("it", length=4), "hex", True),
    "a number": (lambda: random.RandomInteger("it", min=3, max=9), "result", False),
    "an order": (lambda: random.RandomShuffle("it", inputs=["a", "b"]), "results", False),
    "a pet": (lambda: random.RandomPet("it"), "id", False),
}


def answer(make: Callable[[], Any], name: str) -> Any:
    return deploy(lambda: getattr(make(), name)).result


@pytest.mark.parametrize(("make", "name", "secret"), ANSWERS.values(), ids=ANSWERS)
def test_secret_outputs_match_the_real_provider(
    make: Callable[[], Any], name: str, secret: bool, preview: bool
) -> None:
    found: list[bool] = []

    def program() -> pulumi.Output[None]:
        is_secret = pulumi.Output.from_input(getattr(make(), name).is_secret())
        return is_secret.apply(found.append)

    deploy(program, preview=preview)
    assert found == [secret]


@pytest.mark.parametrize(("make", "name", "secret"), ANSWERS.values(), ids=ANSWERS)
def test_an_output_is_unknown_until_the_update(make: Callable[[], Any], name: str, secret: bool) -> None:
    assert answer(make, name) is not None
    assert deploy(lambda: getattr(make(), name), preview=True).result is None


def test_all_notations_of_an_id_encode_the_same_bytes() -> None:
    def program() -> Any:
        made = random.RandomId("it", byte_length=5, prefix="p-")
        return pulumi.Output.all(made.hex, made.dec, made.b64_std, made.b64_url, made.id)

    *texts, identity = deploy(program).result
    assert all(text.startswith("p-") for text in texts)
    hexadecimal, decimal, standard, url = (text.removeprefix("p-") for text in texts)
    assert bytes.fromhex(hexadecimal) == int(decimal).to_bytes(5) == base64.b64decode(standard)
    assert identity == url == base64.urlsafe_b64encode(bytes.fromhex(hexadecimal)).decode().rstrip("=")


def test_two_resources_have_different_values() -> None:
    def program() -> Any:
        first, second = (random.RandomId(name, byte_length=8) for name in ("one", "two"))
        return pulumi.Output.all(first.hex, second.hex)

    assert len(set(deploy(program).result)) == 2


def test_uuids_integers_and_shuffles_respect_their_inputs() -> None:
    assert uuid.UUID(answer(*ANSWERS["a UUID"][:2]))
    assert 3 <= answer(*ANSWERS["a number"][:2]) <= 9
    assert sorted(answer(*ANSWERS["an order"][:2])) == ["a", "b"]


def test_an_id_of_unknown_length_is_unknown_in_a_preview() -> None:
    def program() -> Any:
        number = random.RandomInteger("number", min=4, max=4).result
        return random.RandomId("it", byte_length=number).hex

    assert len(deploy(program).result) == 8
    assert deploy(program, preview=True).result is None
