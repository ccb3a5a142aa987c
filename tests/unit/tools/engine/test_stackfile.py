import pytest
import yaml

from tools.engine import stackfile
from tools.engine.checkout import Checkout
from tools.errors import UserError

SALT = "encryptionsalt: v1:salt\n"


def created(checkout: Checkout, stack: str) -> None:
    (stackfile.stack_project(checkout) / f"Pulumi.{stack}.yaml").write_text(SALT)


def test_the_engine_gets_the_tracked_text_unchanged_with_the_salt_behind_it(checkout: Checkout) -> None:
    tracked = checkout.stack_file("dev")
    before = tracked.read_text()
    created(checkout, "dev")

    copy = stackfile.deployed_file(checkout, "dev")

    assert copy.read_text() == before + SALT
    assert tracked.read_text() == before
    assert copy.is_relative_to(checkout.build)


def test_a_later_edit_of_the_tracked_file_reaches_the_engine(checkout: Checkout) -> None:
    created(checkout, "dev")
    stackfile.deployed_file(checkout, "dev")
    checkout.stack_file("dev").write_text("config:\n  ixn:sid: 7\n")

    assert stackfile.deployed_file(checkout, "dev").read_text() == "config:\n  ixn:sid: 7\n" + SALT


@pytest.mark.parametrize("own", ["encryptionsalt: v1:mine\n", "secretsprovider: gcpkms://x\nencryptedkey: abc\n"])
def test_encryption_of_the_tracked_file_wins(checkout: Checkout, own: str) -> None:
    created(checkout, "dev")
    checkout.stack_file("dev").write_text(own + "config: {}\n")

    assert stackfile.deployed_file(checkout, "dev").read_text() == own + "config: {}\n"


@pytest.mark.parametrize("text", ["", "{}\n", "config: {}"])
def test_a_nearly_empty_stack_file_takes_the_salt(checkout: Checkout, text: str) -> None:
    created(checkout, "dev")
    checkout.stack_file("dev").write_text(text)

    assert yaml.safe_load(stackfile.deployed_file(checkout, "dev").read_text())["encryptionsalt"] == "v1:salt"


def test_a_lost_salt_is_left_to_the_engine_to_make_anew(checkout: Checkout) -> None:
    assert stackfile.deployed_file(checkout, "dev").read_text() == checkout.stack_file("dev").read_text()


def test_a_stack_without_a_file_is_an_error_that_lists_those_with_one(checkout: Checkout) -> None:
    with pytest.raises(
        UserError, match=r"no stack 'prd': Pulumi.prd.yaml does not exist \(there are: dev, staging\)"
    ):
        stackfile.require_stack_file(checkout, "organization/ixn/prd")


def test_the_project_for_creating_stacks_has_the_name_of_the_real_one(checkout: Checkout) -> None:
    (checkout.root / "Pulumi.yaml").write_text("description: d\nname: 'other'\n")

    assert "name: other\n" in (stackfile.stack_project(checkout) / "Pulumi.yaml").read_text()
