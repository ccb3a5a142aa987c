"""Tenants: their values override the environment's, and issues have the right path."""

from typing import Any

import pytest
from pulumi_ixn.config import ConfigurationError, Settings, load
from pulumi_ixn.config.peer_models import Absent
from pulumi_ixn.config.services import DatabasePeer
from pulumi_ixn.config.workloads import NodeSettings

from tests.unit.config.bad_examples import SECOND
from tests.unit.config.stacks import change, stack_config

DEV = stack_config("dev")
LIVE = {"context": "here"}


def loaded(changes: dict[str, Any], secret_keys: frozenset[str] = frozenset()) -> Settings:
    return load(change(DEV, changes), secret_keys)


def reported(changes: dict[str, Any]) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        loaded(changes)
    return [issue.path for issue in caught.value.issues]


def node(settings: Settings, tenant: str) -> NodeSettings:
    return settings.tenants[tenant].ixn_service.ixn_node


def database(settings: Settings, tenant: str) -> DatabasePeer:
    found = settings.tenants[tenant].peers.ixn_db
    assert isinstance(found, DatabasePeer)
    return found


def test_a_tenant_value_overrides_only_its_own_key() -> None:
    own = {**SECOND, "ixnService": {"ixnNode": {"replicas": 4, "image": {"tag": "2"}}}}
    settings = loaded({"tenants.second": own})

    assert [node(settings, key).replicas for key in ("dev", "second")] == [1, 4]
    assert [node(settings, key).image.tag for key in ("dev", "second")] == ["100.0.008.0501", "2"]
    assert node(settings, "second").image.repository == "ixn/ixn_node"
    assert node(settings, "second").ports == 13133


def test_replicas_may_be_left_to_an_autoscaler() -> None:
    settings = loaded({"tenants.second": {**SECOND, "ixnService": {"ixnNode": {"replicas": None}}}})

    assert [node(settings, key).replicas for key in ("dev", "second")] == [1, None]


def test_lists_choices_and_selectors_are_replaced_as_a_whole() -> None:
    pods = {"pods": {"namespace": "other", "labels": {"role": "db"}}}
    own = {"ixnDB": {"locations": [pods], "secret": {"generated": {"username": "second"}}}}
    found = database(loaded({"target": LIVE, "tenants.second": {**SECOND, "peers": own}}), "second")

    assert [location.model_dump(exclude_unset=True) for location in found.locations] == [pods]
    assert found.secret.existing is None
    assert found.secret.generated is not None
    assert found.endpoint == "postgres.infra.svc:5432"


def test_absent_and_present_peers_override_each_other() -> None:
    locations = DEV["peers"]["urs"]
    settings = loaded(
        {
            "peers.urs": {"absent": True},
            "tenants.second": {**SECOND, "peers": {"urs": locations, "statServer": {"absent": True}}},
        }
    )

    first, second = (settings.tenants[key].peers for key in ("dev", "second"))
    assert isinstance(first.urs, Absent)
    assert not isinstance(second.urs, Absent)
    assert isinstance(second.stat_server, Absent)


def test_a_label_or_variable_named_absent_is_not_a_declaration() -> None:
    shared = {"podLabels": {"absent": "no", "tier": "a"}, "env": {"TZ": "UTC"}}
    own = {**SECOND, "ixnService": {"ixnNode": {"podLabels": {"tier": "b"}, "env": {"absent": "1"}}}}
    settings = loaded(
        {f"ixnService.ixnNode.{key}": value for key, value in shared.items()} | {"tenants.second": own}
    )

    assert node(settings, "second").pod_labels == {"absent": "no", "tier": "b"}
    assert node(settings, "second").env == {"TZ": "UTC", "absent": "1"}


def test_an_invalid_environment_value_is_reported_once_for_all_tenants() -> None:
    assert reported({"tenants.second": SECOND, "ixnVQNode.replicas": 0}) == ["ixn:ixnVQNode.replicas"]


def test_an_invalid_tenant_value_is_reported_at_the_tenant() -> None:
    own = {**SECOND, "ixnVQNode": {"replicas": 0, "image": {"tagg": "1"}}}

    assert reported({"tenants.second": own}) == [
        "ixn:tenants.second.ixnVQNode.image",
        "ixn:tenants.second.ixnVQNode.replicas",
    ]


def test_a_missing_key_is_reported_next_to_its_siblings() -> None:
    endpoint = {"ixnDB": {"endpoint": "db:1", "locations": DEV["peers"]["ixnDB"]["locations"]}}
    changes = {"peers.ixnDB": {"name": "ixn"}, "tenants.second": {**SECOND, "peers": endpoint}}

    # The first tenant lacks both; the second lacks nothing.
    assert reported(changes) == ["ixn:peers.ixnDB.endpoint", "ixn:peers.ixnDB.locations"]
    only_there = {**SECOND, "peers": {"ixnDB": {"secret": {"managed": {}}}}}
    assert reported({"target": LIVE, "tenants.second": only_there}) == [
        "ixn:secrets.tenants.second.ixnDB.password",
        "ixn:tenants.second.peers.ixnDB.secret.managed.username",
    ]


def test_an_invalid_entry_of_a_tenant_list_is_reported_at_the_tenant() -> None:
    own = {**SECOND, "peers": {"voiceRQ": {"endpoints": ["rq:1", "localhost:2"]}}}

    assert reported({"tenants.second": own}) == ["ixn:tenants.second.peers.voiceRQ.endpoints[1]"]


def test_a_tenant_may_add_a_workload_that_the_environment_lacks() -> None:
    service = DEV["ixnService"]
    config = {key: value for key, value in DEV.items() if key != "ixnService"}

    assert load(change(config, {"tenants.dev.ixnService": service})).tenants["dev"].ixn_service
    with pytest.raises(ConfigurationError, match="ixn:ixnService: "):
        load(config)


def test_environment_issues_are_reported_without_any_tenant() -> None:
    wrong = {"tenants": {}, "ixnVQNode.replicas": 0, "peers.urs.locations": [], "openshift": 1}

    assert reported(wrong) == ["ixn:ixnVQNode.replicas", "ixn:openshift", "ixn:peers.urs.locations", "ixn:tenants"]


@pytest.mark.parametrize(("given", "sid"), [(100, "100"), ("100", "100"), ("east", "east"), ("a" * 41, "a" * 41)])
def test_a_sid_may_be_a_number_or_a_string(given: object, sid: str) -> None:
    assert loaded({"tenants.dev.sid": given}).tenants["dev"].sid == sid


@pytest.mark.parametrize("given", [1.5, True, None, "", "-a", "a_b", "a" * 42])
def test_an_invalid_sid_is_rejected(given: object) -> None:
    assert reported({"tenants.dev.sid": given}) == ["ixn:tenants.dev.sid"]


def test_an_uppercase_id_is_converted_to_lowercase() -> None:
    assert loaded({"tenants.dev.id": SECOND["id"].upper()}).tenants["dev"].id == SECOND["id"]


@pytest.mark.parametrize("key", ["a.b", "a b", 'a"b', "a/b", "a::b", "", "-a", "a" * 64, "ü"])
def test_a_tenant_key_that_cannot_be_a_resource_name_is_rejected(key: str) -> None:
    (path,) = reported({"tenants": {key: DEV["tenants"]["dev"]}})

    assert path.startswith("ixn:tenants")


@pytest.mark.parametrize("key", ["east", "East-1", "a_b", "1"])
def test_a_valid_tenant_key_is_accepted(key: str) -> None:
    assert list(loaded({"tenants": {key: DEV["tenants"]["dev"]}}).tenants) == [key]


def test_a_tenant_password_is_read_from_the_secrets() -> None:
    changes = {
        "target": LIVE,
        "peers.ixnDB.secret": {"managed": {"username": "ixn"}},
        "secrets": {"tenants": {"dev": {"ixnDB": {"password": "x"}}}},
    }
    given = loaded(changes, frozenset({"secrets"})).environment.secrets.tenants["dev"].ixn_db

    assert given is not None
    assert given.password.get_secret_value() == "x"
    assert "x'" not in repr(given)


def test_an_alias_used_by_two_tenants_is_rejected_for_both() -> None:
    changes = {"tenants.dev.aliases": ["main"], "tenants.second": {**SECOND, "aliases": ["main"]}}

    assert reported(changes) == ["ixn:tenants.dev.aliases[0]", "ixn:tenants.second.aliases[0]"]
