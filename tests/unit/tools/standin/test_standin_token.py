from tools.standin.plugin.base import token_of


def test_the_token_of_a_child_is_its_own_and_not_its_parents() -> None:
    urn = "urn:pulumi:dev::ixn::ixn:index:Ixn$ixn:index:IxnNode$kubernetes:core/v1:Service::dev-node"

    assert token_of(urn) == "kubernetes:core/v1:Service"


def test_the_token_of_a_resource_without_a_parent_is_found_too() -> None:
    assert token_of("urn:pulumi:dev::ixn::kubernetes:core/v1:Secret::a::b") != "kubernetes:core/v1:Secret"
    assert token_of("urn:pulumi:dev::ixn::kubernetes:core/v1:Secret::a") == "kubernetes:core/v1:Secret"
