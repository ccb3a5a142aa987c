"""Valid and invalid values of each kind."""

from decimal import Decimal

import pytest
from pulumi_ixn.config.fields import (
    Bytes,
    Cidr,
    DnsName,
    Duration,
    Host,
    HostOptionalPort,
    HostPort,
    LabelKey,
    Line,
    Registry,
    Repository,
)
from pulumi_ixn.values import quantity, split_endpoint
from pydantic import TypeAdapter, ValidationError

TAKEN = [
    (
        Host,
        [
            "a",
            "a.b",
            "0xg",
            "0x1.example.com",
            "A-1.example.com.",
            "192.0.2.1",
            "2001:db8::1",
            "127-0-0-1.example.com",
        ],
    ),
    (DnsName, ["a", "kafka-1.example.com"]),
    (HostPort, ["a:1", "192.0.2.1:65535", "[2001:db8::1]:9092"]),
    (HostOptionalPort, ["a", "a:1", "[2001:db8::1]"]),
    (Cidr, ["10.0.0.0/8", "192.0.2.1/32", "0.0.0.0/0", "2001:db8::/32"]),
    (Bytes, ["1", "512Mi", "1.5Gi", ".5k", "2e9", "1E"]),
    (Duration, ["30s", "1m", "1h30m", "500ms"]),
    (LabelKey, ["app", "app.kubernetes.io/name", "a_b.c"]),
    (Registry, ["registry.example.com", "localhost:5000", "192.0.2.1:5000/team/ixn", "registry.example.com/a_b/"]),
    (Repository, ["busybox", "ixn/ixn_vq_node", "a.b/c__d/e--f"]),
    (Line, ["a", "my database", "\u00e9", "$(a)"]),
]
INVALID = [
    (
        Host,
        [
            "",
            "a b",
            "-a",
            "a_b",
            "a..b",
            "a" * 64,
            "127.1",
            "0x7f000001",
            "127.0X1",
            "999.1.1.1",
            "http://a",
            "fe80::1%eth0",
            "[::1]",
        ],
    ),
    (Host, ["localhost", "LOCALHOST.", "x.localhost", "127.9.9.9", "0.0.0.0", "::", "::1", "::ffff:127.0.0.1"]),
    (DnsName, ["192.0.2.1", "2001:db8::1", "localhost"]),
    (HostPort, ["a", "a:", ":1", "a:0", "a:65536", "a:http", "2001:db8::1:9092", "[localhost]:1", "a:1/path"]),
    (HostOptionalPort, ["a:0", "::1", "[::1]", "localhost:1"]),
    (Cidr, ["10.0.0.0", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/255.0.0.0", "127.0.0.0/8", "::1/128", "x/8"]),
    (Cidr, ["fe80::%1/64"]),
    (Bytes, ["", "0", "-1", "1 Gi", "1GiB", "1e999", "Mi", "0.0Gi", "\u0661"]),
    (Duration, ["", "0s", "s", "1s1m", "1.5m", "1\u0661s", "-1s"]),
    (LabelKey, ["", "a/b/c", "-a", "A.B/c", "a" * 64]),
    (Bytes, ["512m", "0.5", "5000u", "1n", "1e-3"]),
    (
        Registry,
        ["", "https://a.example.com", "a..b", "a.example.com:", "a:1/B", "a//b", "a b", "a.example.com:1:2"],
    ),
    (Repository, ["", "ixn/server:1.0", "IXN/server", "ixn//server", "/ixn", "ixn/", "https://a/b", "a@sha256"]),
    (Line, ["", " ", " a", "a ", "a\n", "a\tb", "a\x00", "a\x7fb"]),
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in TAKEN for text in texts])
def test_a_valid_value_is_kept(kind: type[str], text: str) -> None:
    assert TypeAdapter(kind).validate_python(text) == text


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in INVALID for text in texts])
def test_an_invalid_value_is_rejected_with_its_own_message(kind: type[str], text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(text)
    assert [error["type"] for error in caught.value.errors()] == ["invalid"]


@pytest.mark.parametrize(
    ("text", "amount"),
    [("100m", "0.1"), ("2", "2"), ("1Ki", "1024"), ("1.5Gi", "1610612736"), ("2e3", "2000"), ("5n", "5e-9")],
)
def test_a_quantity_is_converted_to_its_base_unit(text: str, amount: str) -> None:
    assert quantity(text) == Decimal(amount)


def test_an_endpoint_is_split_into_host_and_port() -> None:
    assert split_endpoint("a.b:1") == ("a.b", 1)
    assert split_endpoint("a.b") == ("a.b", None)
    assert split_endpoint("[2001:db8::1]:9") == ("2001:db8::1", 9)
