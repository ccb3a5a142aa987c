"""ExternalSecrets: valid by their definition, referred to by the pods, assembled into the vendor's JSON."""

import json
import re
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_ixn import Credentials, DatabaseReference, DatabaseReferenceArgs, Endpoint, RemoteKey, SecretStore
from pulumi_ixn.manifests.external_secret import json_template, value_from_store
from pulumi_ixn.testing import UNKNOWN, Deployment, deploy, unknown
from pulumi_ixn.validation import InvalidInputs

from tests.unit import samples
from tests.unit.deployed import env
from tests.unit.kubernetes_schemas import VERSIONS, validation_errors
from tests.unit.registrations import Registrations, registrations
from tests.unit.samples import database, ixn, kafka, redis
from tests.unit.test_rendering import made as made_by

__all__ = ["registrations"]

TOKEN = "kubernetes:external-secrets.io/v1:ExternalSecret"
STORE = SecretStore("vault")
LOGIN = {"username": RemoteKey("ixn/db", "user"), "password": RemoteKey("ixn/db", "password", "7")}
JSON = {"json": RemoteKey("ixn/file")}
PASSWORD = {"password": RemoteKey("ixn/redis")}
INSERTED = "{{ .password | toJson }}"


def external(found: Deployment[Any]) -> dict[str, Any]:
    (resource,) = found.of_type(TOKEN)
    return dict(resource.inputs)


def login(**changes: Any) -> Credentials:
    return Credentials.external(STORE, LOGIN, **changes)


def test_the_login_of_a_database_comes_from_the_store(preview: bool) -> None:
    found = deploy(lambda: database(credentials=login(refresh_interval="15m")) and None, preview=preview)

    assert external(found)["metadata"] == {"name": "ixn-db-secret-100", "namespace": "ixn"}
    assert external(found)["spec"] == {
        "refreshInterval": "15m",
        "secretStoreRef": {"kind": "ClusterSecretStore", "name": "vault"},
        "target": {
            "name": "ixn-db-secret-100",
            "creationPolicy": "Owner",
            "deletionPolicy": "Retain",
            "template": {"engineVersion": "v2"},
        },
        "data": [
            {"secretKey": "username", "remoteRef": {"key": "ixn/db", "property": "user"}},
            {"secretKey": "password", "remoteRef": {"key": "ixn/db", "property": "password", "version": "7"}},
        ],
    }


def test_no_secret_and_no_password_is_created_and_nothing_is_secret(preview: bool) -> None:
    found = deploy(lambda: database(credentials=login()) and None, preview=preview)

    assert [made.type for made in found.resources if not made.type.startswith("ixn:")] == [TOKEN]
    assert not any(made.secret for made in found.resources)


CASES = {
    "database": lambda **opts: database(credentials=login(secret_name="mine"), **opts),
    "Kafka": lambda **opts: kafka(
        credentials=Credentials.external(SecretStore("aws", "SecretStore"), JSON), **opts
    ),
    "Redis, whole": lambda **opts: redis(credentials=Credentials.external(STORE, JSON), **opts),
    "Redis, password": lambda **opts: redis(credentials=Credentials.external(STORE, PASSWORD), **opts),
}


@pytest.mark.parametrize("case", CASES)
def test_each_external_secret_is_valid_by_its_own_definition(case: str, preview: bool) -> None:
    manifest = external(deploy(lambda: CASES[case]() and None, preview=preview))

    for version in VERSIONS:
        assert validation_errors(manifest, version) == []
    wrong = {**manifest, "spec": {**manifest["spec"], "refreshIntervall": "1h"}}
    assert validation_errors(wrong, VERSIONS[-1])


@pytest.mark.parametrize("case", CASES)
def test_it_is_rendered(case: str, preview: bool) -> None:
    found = made_by(CASES[case], preview, lambda: "build/rendered")

    assert len(found.of_type(TOKEN)) == 1


def test_the_pods_refer_to_the_secret_that_the_operator_makes(preview: bool) -> None:
    found = deploy(
        lambda: (
            ixn(
                database=database(credentials=login(secret_name="db-login", version="7")),
                kafka=kafka(credentials=Credentials.external(STORE, JSON, secret_name="kafka-file")),
            )
            and None
        ),
        preview=preview,
    )

    template = found.manifest("StatefulSet", "ixn-server-100")["spec"]["template"]
    assert template["metadata"]["annotations"]["checksum/ixn-db"] == "7"
    (container,) = template["spec"]["containers"]
    refs = [each["valueFrom"]["secretKeyRef"] for each in container["env"] if "valueFrom" in each]
    assert {"name": "db-login", "key": "password"} in refs
    assert "kafka-file" in {
        each["secret"]["secretName"] for each in template["spec"]["volumes"] if "secret" in each
    }


def test_a_whole_file_has_the_key_that_the_containers_read() -> None:
    for make, key in ((kafka, "kafka-secrets"), (redis, "voice-redis-ors-stream")):
        spec = external(deploy(lambda make=make: make(credentials=Credentials.external(STORE, JSON)) and None))[
            "spec"
        ]

        assert spec["data"] == [{"secretKey": key, "remoteRef": {"key": "ixn/file"}}]
        assert "data" not in spec["target"]["template"]


def test_the_file_of_redis_is_assembled_from_its_password(preview: bool) -> None:
    nodes = (Endpoint("r1", 6379), Endpoint(pulumi.Output.from_input("r2"), 6380))
    credentials = Credentials.external(STORE, PASSWORD)
    found = deploy(
        lambda: redis(credentials=credentials, endpoints=nodes, reject_unauthorized=True) and None, preview=preview
    )

    spec = external(found)["spec"]
    assert spec["data"] == [{"secretKey": "password", "remoteRef": {"key": "ixn/redis"}}]
    text = spec["target"]["template"]["data"]["voice-redis-ors-stream"]
    assert text.count(INSERTED) == 1
    # As a managed Secret, with the same password.
    assert json.loads(text.replace(INSERTED, json.dumps('p"w'))) == {
        "password": 'p"w',
        "port": 6379,
        "rejectUnauthorized": True,
        "servername": "r1",
    }


def test_an_unknown_address_of_redis_is_assembled_once_it_is_known() -> None:
    credentials = Credentials.external(STORE, PASSWORD)
    found = deploy(
        lambda: redis(credentials=credentials, endpoints=(Endpoint(unknown(str), 1),)) and None, preview=True
    )

    template = external(found)["spec"]["target"]["template"]
    assert template["data"] == {"voice-redis-ors-stream": UNKNOWN}


@given(st.text(), st.text(), st.text())
def test_a_template_gives_back_any_json_text(before: str, value: str, after: str) -> None:
    given_text = json.dumps({"before": before, "password": value_from_store("password"), "after": after})
    template = json_template(given_text)

    assert executed(template, value) == {"before": before, "password": value, "after": after}


def executed(template: str, password: str) -> Any:
    """Do what Go's text/template does with the two actions of our templates."""

    def result(action: re.Match[str]) -> str:
        return {".password | toJson": json.dumps(password), '"{{"': "{{"}[action[1]]

    return json.loads(re.sub(r"{{ (.*?) }}", result, template))


def test_a_protected_external_secret_is_not_deleted(registrations: Registrations) -> None:
    args = samples.Database(Endpoint("pg", 5432), "ixn", samples.LOCATION, login())
    deploy(lambda: DatabaseReference("db", DatabaseReferenceArgs("ixn", args, "s", protect=True)) and None)

    assert registrations.one(TOKEN, "db").protect


def test_two_components_do_not_make_the_same_secret() -> None:
    def program() -> None:
        database("one", credentials=login(secret_name="mine"))
        database("two", credentials=Credentials.managed("u", "p", secret_name="mine"))

    with pytest.raises(InvalidInputs, match="Secret 'mine' in namespace 'ixn' is also created by"):
        deploy(program)


def test_names_of_the_store_and_of_its_values_may_be_unknown(preview: bool) -> None:
    def program() -> None:
        store, key = SecretStore(unknown(str)), RemoteKey(unknown(str), unknown(str), unknown(str))
        database(credentials=Credentials.external(store, {"username": key, "password": key}))

    assert deploy(program, preview=preview).of_type(TOKEN)


@pytest.mark.parametrize(
    ("make", "keys", "expected"),
    [
        (database, JSON, "must be 'username' and 'password'"),
        (database, PASSWORD, "must be 'username' and 'password'"),
        (kafka, PASSWORD, "must be 'json'"),
        (redis, LOGIN, "must be 'password', or 'json'"),
        (redis, {**PASSWORD, **JSON}, "must be 'password', or 'json'"),
    ],
)
def test_each_peer_has_its_own_values(make: Any, keys: Any, expected: str) -> None:
    with pytest.raises(InvalidInputs, match=expected) as caught:
        deploy(lambda: make(credentials=Credentials.external(STORE, keys)) and None)
    assert [each.path.partition(".")[2] for each in caught.value.issues] == ["credentials.source.keys"]


@pytest.mark.parametrize(
    "credentials", [Credentials("external"), Credentials("managed", "s", "u", "p", source=login().source)]
)
def test_a_store_is_given_for_external_credentials_only(credentials: Credentials) -> None:
    with pytest.raises(InvalidInputs, match=r"database\.credentials\.source: is needed for 'external'"):
        deploy(lambda: database(credentials=credentials) and None)


@pytest.mark.parametrize(
    ("make", "keys", "reason"),
    [
        (database, LOGIN, "the store has it"),
        (kafka, JSON, "JSON of the Secret"),
        (redis, JSON, "JSON of the Secret"),
    ],
)
def test_only_a_password_of_redis_has_a_username_beside_it(make: Any, keys: Any, reason: str) -> None:
    credentials = Credentials.external(STORE, keys, username="ixn")

    with pytest.raises(InvalidInputs, match=reason) as caught:
        deploy(lambda: make(credentials=credentials) and None)
    assert [each.path.partition(".")[2] for each in caught.value.issues] == ["credentials.username"]

    found = deploy(lambda: redis(credentials=Credentials.external(STORE, PASSWORD, username="ixn")) and None)
    (text,) = external(found)["spec"]["target"]["template"]["data"].values()
    assert '"username": "ixn"' in text


def test_the_environment_of_the_pods_has_no_value_of_the_store() -> None:
    found = deploy(lambda: ixn(database=database(credentials=login())))

    assert "ixn/db" not in json.dumps(env(found, "server"))
