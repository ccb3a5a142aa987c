"""The Secrets of certificates that must exist, and those that cert-manager writes."""

from typing import Any

from pulumi_ixn.config import load
from pulumi_ixn.live.secrets import existing_secrets

from tests.unit.config.stacks import change, stack_config

ISSUED = {"certManager": {"issuer": {"name": "ca"}, "commonName": "ixn"}}
EXISTING = {"existing": {"name": "client", "certificateKey": "a", "privateKey": "b"}}


def expected(certificates: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    changes = {"peers.kafka.tls": True, "peers.kafka.certificates": certificates}
    peer = {**stack_config("dev")["peers"]["kafka"], "secret": {"managed": {}}}
    settings = load(change(stack_config("dev"), {"peers.kafka": peer, **changes}))
    return {
        each.name: each.keys
        for each in existing_secrets(settings)
        if each.setting == "ixn:peers.kafka.certificates"
    }


def test_existing_certificates_must_exist_with_their_keys() -> None:
    found = expected({"ca": {"name": "ca", "key": "bundle"}, "client": EXISTING})

    assert found == {"ca": ("bundle",), "client": ("a", "b")}


def test_one_secret_may_hold_them_all() -> None:
    assert expected({"ca": {"name": "client"}, "client": EXISTING}) == {"client": ("ca.crt", "a", "b")}


def test_the_secret_of_an_issued_certificate_need_not_exist() -> None:
    assert expected({"ca": {"name": "ca"}, "client": ISSUED}) == {"ca": ("ca.crt",)}
    assert expected({"client": ISSUED}) == {}
