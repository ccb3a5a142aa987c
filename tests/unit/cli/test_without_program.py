"""What `ixn destroy` refuses."""

import pytest
from pulumi_ixn.cli.project import CommandError
from pulumi_ixn.cli.without_program import check_unprotected

URN = "urn:pulumi:prod::ixn::ixn:index:Ixn$kubernetes:apps/v1:StatefulSet::east-server"


def test_a_stack_with_a_protected_object_is_not_destroyed() -> None:
    with pytest.raises(CommandError, match="east-server"):
        check_unprotected([{"urn": "urn::other"}, {"urn": URN, "protect": True}])


def test_a_stack_without_protected_objects_is() -> None:
    check_unprotected([{"urn": URN}, {"urn": URN, "protect": False}])
