"""Generated passwords: what the random provider is given, and what is too easy to guess."""

from collections.abc import Sequence
from typing import Any

import pytest
from pulumi_ixn import Credentials
from pulumi_ixn.testing import deploy
from pulumi_ixn.validation import InvalidInputs

from tests.unit.samples import database, redis


def inputs(**given: Any) -> dict[str, Any]:
    found = deploy(lambda: database(credentials=Credentials.generated("ixn", **given)) and None)
    (password,) = (made for made in found.resources if made.name == "db-password")
    return dict(password.inputs)


def test_the_default_is_that_of_earlier_versions_so_that_no_password_is_replaced() -> None:
    assert inputs() == {"length": 32, "special": False}


def test_the_length_is_passed_on() -> None:
    assert inputs(length=64) == {"length": 64, "special": False}


@pytest.mark.parametrize(
    ("alphabet", "expected"),
    [
        (
            ["lower", "upper", "digits", "-_.~"],
            {
                **dict.fromkeys(("lower", "upper", "numeric"), True),
                **dict.fromkeys(("minLower", "minUpper", "minNumeric", "minSpecial"), 1),
                "overrideSpecial": "-_.~",
            },
        ),
        (
            ["digits", "lower"],
            {"lower": True, "upper": False, "numeric": True, "special": False, "minLower": 1, "minNumeric": 1},
        ),
        (
            ["lower", "-", "_"],
            {
                "lower": True,
                "upper": False,
                "numeric": False,
                "minLower": 1,
                "overrideSpecial": "-_",
                "minSpecial": 1,
            },
        ),
    ],
)
def test_the_alphabet_selects_the_characters_and_requires_one_of_each_part(
    alphabet: Sequence[str], expected: dict[str, Any]
) -> None:
    assert inputs(alphabet=alphabet) == {"length": 32, **expected}


def test_the_key_of_the_digests_does_not_depend_on_the_alphabet() -> None:
    credentials = Credentials.generated(length=40, alphabet=["lower"])
    found = deploy(lambda: redis(credentials=credentials) and None)

    (key,) = (made for made in found.resources if made.name == "redis-digest-key")
    assert key.inputs == {"length": 32, "special": False}


@pytest.mark.parametrize(
    ("length", "alphabet", "enough"),
    [
        (17, None, True),
        (16, None, False),
        (29, ["digits"], True),
        (28, ["digits"], False),
        (21, ["lower"], True),
        (20, ["lower"], False),
        (128, ["-"], False),
        (96, ["-_"], True),
        (95, ["-_"], False),
        # One character of each part: fewer than 17 times log2(64).
        (17, ["lower", "upper", "digits", "-_"], False),
        (18, ["lower", "upper", "digits", "-_"], True),
    ],
)
def test_a_password_has_at_least_96_bits_of_entropy(
    length: int, alphabet: Sequence[str] | None, enough: bool
) -> None:
    given = {"length": length, "alphabet": alphabet}
    if enough:
        assert inputs(**given)["length"] == length
        return
    with pytest.raises(InvalidInputs, match="at least 96 are needed") as caught:
        inputs(**given)
    assert [each.path for each in caught.value.issues] == ["database.credentials.length"]
