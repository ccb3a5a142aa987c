"""The checks of a live stack, against an API server that a test fills."""

from dataclasses import replace
from typing import Any

import pytest
from pulumi_ixn.config import load
from pulumi_ixn.live.cluster import ClusterError
from pulumi_ixn.live.objects import KINDS, ObjectRef
from pulumi_ixn.live.pod_resources import pod_resources
from pulumi_ixn.live.pods import pods_of
from pulumi_ixn.live.preflight import PreflightError, preflight
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.live.subject import Subject

from tests.unit.config.stacks import REMOVED, change, stack_config
from tests.unit.live.api_server import UID, ApiServer
from tests.unit.live.stacks import STACK, settings, stateful_sets

OURS = "organization/ixn/prod"
SERVER = ObjectRef(KINDS["StatefulSet"], "ixn-prod", "ixn-server-310")
SERVICE = ObjectRef(KINDS["Service"], "ixn-prod", "ixn-server-310-headless")


def make(changes: dict[str, Any] | None = None) -> Subject:
    """Return the stack prod with changes, before its first update."""
    return Subject(OURS, load(change(stack_config("prod"), changes or {})))


@pytest.fixture
def subject() -> Subject:
    """The stack prod before its first update."""
    return make()


@pytest.fixture
def server(subject: Subject) -> ApiServer:
    """A cluster that the stack prod can be deployed to."""
    return ApiServer(subject)


def problems(server: ApiServer, subject: Subject) -> list[Problem]:
    """Return what the checks find."""
    try:
        preflight(server, subject)
    except PreflightError as error:
        return [*error.problems]
    return []


def one(server: ApiServer, subject: Subject) -> Problem:
    """Return the only problem."""
    (found,) = problems(server, subject)
    return found


def annotated(stack: str) -> dict[str, Any]:
    return {"annotations": {"ixn-pulumi/stack": stack}}


def test_a_cluster_that_has_everything_is_identified(server: ApiServer, subject: Subject) -> None:
    assert preflight(server, subject).cluster == UID
    assert preflight(server, subject).unchecked == ()


def test_all_problems_are_reported_together(server: ApiServer, subject: Subject) -> None:
    del server.served["/apis/cilium.io/v2"]
    del server.objects["/api/v1/namespaces/ixn-prod/secrets/pullsecret"]
    server.denied = {"services/watch"}
    server.add(SERVER, annotated("organization/ixn/other"))

    with pytest.raises(PreflightError, match="4 problems") as caught:
        preflight(server, subject)
    assert all(str(each) in str(caught.value) for each in caught.value.problems)


# The cluster


def test_another_cluster_than_that_of_the_last_update_is_the_only_problem(
    server: ApiServer, subject: Subject
) -> None:
    server.denied = {"services/watch"}
    found = one(server, replace(subject, cluster="other", recorded={SERVER: None}))

    assert found.where == "ixn:target.context"
    assert "other" in found.message
    assert UID in found.message
    assert server.sent == ["GET /api/v1/namespaces/kube-system"]


def test_a_new_cluster_is_accepted_once_the_state_has_no_object(server: ApiServer, subject: Subject) -> None:
    assert problems(server, replace(subject, cluster="other")) == []


@pytest.mark.parametrize(("live", "accepted"), [("a", True), ("b", False), (None, False)])
def test_an_unrecorded_cluster_is_recognized_by_an_object_of_the_state(
    live: str | None, accepted: bool, server: ApiServer, subject: Subject
) -> None:
    if live is not None:
        server.add(SERVICE, {"uid": live})
    found = problems(server, replace(subject, recorded={SERVER: "other", SERVICE: "a"}))

    assert ["ixn:target.context"] * (not accepted) == [each.where for each in found]


def test_the_same_cluster_is_accepted(server: ApiServer, subject: Subject) -> None:
    assert problems(server, replace(subject, cluster=UID, recorded={SERVER: None})) == []


@pytest.mark.parametrize("status", [None, 401, 403])
def test_a_cluster_that_cannot_be_identified_is_the_only_problem(
    status: int | None, server: ApiServer, subject: Subject
) -> None:
    server.errors["/api/v1/namespaces/kube-system"] = ClusterError("no answer", status)

    assert one(server, subject).where == "ixn:target.context"
    assert len(server.sent) == 1


def test_a_check_that_gets_no_answer_is_a_problem(server: ApiServer, subject: Subject) -> None:
    server.errors["/apis/cilium.io/v2"] = ClusterError("no answer")

    assert one(server, subject) == Problem("ixn:target.context", "no answer")


def test_what_may_not_be_read_is_reported_as_unchecked(server: ApiServer, subject: Subject) -> None:
    server.errors["/api/v1/namespaces/ixn-prod/limitranges"] = ClusterError("forbidden", 403)

    assert preflight(server, subject).unchecked == ("forbidden",)


# Permissions


def test_each_missing_verb_is_named_with_its_resource(server: ApiServer, subject: Subject) -> None:
    server.denied = {"services/watch", "services/patch", "replicasets/list"}
    found = {each.where: each.message for each in problems(server, subject)}

    assert found.keys() == {"services in the namespace ixn-prod", "replicasets.apps in the namespace ixn-prod"}
    assert "watch, patch" in found["services in the namespace ixn-prod"]


@pytest.mark.parametrize("silent", [True, False])
def test_permissions_that_the_list_of_rules_does_not_show_are_asked_for(
    silent: bool, server: ApiServer, subject: Subject
) -> None:
    server.silent = silent

    assert problems(server, subject) == []
    assert ("POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews" in server.sent) is silent


@pytest.mark.parametrize(
    ("changes", "unused"),
    [
        ({"isolation": "none"}, "ciliumnetworkpolicies"),
        ({"monitoring.enabled": False}, "servicemonitors"),
        ({"monitoring.alerts": {"enabled": False}}, "prometheusrules"),
        ({}, "networkpolicies"),
        ({}, "jobs"),
    ],
)
def test_permissions_that_the_settings_do_not_need_are_not_required(changes: dict[str, Any], unused: str) -> None:
    subject = make(changes)
    server = ApiServer(subject)
    server.denied = {f"{unused}/create"}

    assert problems(server, subject) == []


def test_what_an_update_deletes_needs_permissions(server: ApiServer, subject: Subject) -> None:
    server.denied = {"networkpolicies/delete"}
    old = ObjectRef(KINDS["NetworkPolicy"], "ixn-prod", "ixn-server-310")

    assert one(server, replace(subject, recorded={old: None})).where.startswith("networkpolicies.networking")


@pytest.mark.parametrize("create", [True, False])
def test_only_a_stack_that_creates_its_namespace_needs_to(create: bool) -> None:
    subject = make({"namespace.create": create})
    server = ApiServer(subject)
    del server.objects[server.namespace.path]
    if not create:
        server.add(server.namespace)
    server.denied = {"namespaces/create"}

    assert [each.where for each in problems(server, subject)] == ["namespaces"] * create


# Custom resources


def test_a_cluster_without_keda_names_the_setting() -> None:
    keda = {"maxReplicas": 8, "serverAddress": "http://prometheus:9090"}
    subject = make({"tenants.west.ixnService.ixnNode": {"replicas": None, "autoscaling": {"keda": keda}}})
    server = ApiServer(subject)
    assert problems(server, subject) == []

    del server.served["/apis/keda.sh/v1alpha1"]
    found = one(server, subject)
    assert found.where == "autoscaling.keda"
    assert "ScaledObject" in found.message


EXTERNAL: dict[str, Any] = {"store": {"name": "vault"}, "keys": {"json": {"key": "kafka"}}}


def test_a_cluster_without_external_secrets_names_the_setting_of_the_peer() -> None:
    subject = make({"peers.kafka.secret": {"external": EXTERNAL}})
    server = ApiServer(subject)
    del server.served["/apis/external-secrets.io/v1"]

    found = one(server, subject)
    assert found.where == "ixn:peers.kafka.secret.external"
    assert "ExternalSecret (external-secrets.io/v1)" in found.message


def test_an_external_secret_needs_no_secret_before_the_first_update() -> None:
    volume = {"name": "also-kafka", "secret": {"secretName": "kafka-shared-secret"}}
    subject = make({"peers.kafka.secret": {"external": EXTERNAL}, "ixnVQNode.pod": {"volumes": [volume]}})
    server = ApiServer(subject)

    assert not [each for each in server.objects if "kafka" in each]
    assert problems(server, subject) == []


@pytest.mark.parametrize(
    ("api", "setting"),
    [
        ("/apis/cilium.io/v2", "ixn:isolation"),
        ("/apis/monitoring.coreos.com/v1", "ixn:monitoring.enabled"),
    ],
)
@pytest.mark.parametrize("served", [None, ["somethingelse"]])
def test_a_kind_that_the_cluster_lacks_names_the_setting(
    served: list[str] | None, api: str, setting: str, server: ApiServer, subject: Subject
) -> None:
    del server.served[api]
    if served is not None:
        server.served[api] = served

    assert one(server, subject).where == setting


def test_a_cluster_without_prometheus_rules_names_their_setting(server: ApiServer, subject: Subject) -> None:
    server.served["/apis/monitoring.coreos.com/v1"] = ["servicemonitors"]

    assert one(server, subject).where == "ixn:monitoring.alerts.enabled"


def test_kinds_that_the_settings_do_not_use_may_be_missing() -> None:
    subject = make({"isolation": "none", "monitoring.enabled": False})
    server = ApiServer(subject)
    server.served.clear()

    assert problems(server, subject) == []


# The namespace


def test_a_namespace_that_must_exist_and_does_not_is_a_problem(server: ApiServer, subject: Subject) -> None:
    del server.objects[server.namespace.path]

    assert one(server, subject).where == "ixn:namespace.create"


def test_a_namespace_that_exists_is_not_created() -> None:
    subject = make({"namespace.create": True})
    server = ApiServer(subject)

    assert one(server, subject).where == "ixn:namespace.create"
    assert problems(server, replace(subject, recorded={server.namespace: None})) == []
    del server.objects[server.namespace.path]
    assert problems(server, subject) == []


def test_a_namespace_that_is_being_deleted_is_a_problem(server: ApiServer, subject: Subject) -> None:
    server.add(server.namespace, {"deletionTimestamp": "2026-01-01T00:00:00Z"})

    assert one(server, subject).where == "ixn:namespace.name"


# Owners


def test_objects_of_another_stack_are_one_problem(server: ApiServer, subject: Subject) -> None:
    server.add(SERVER, annotated("organization/ixn/other"))
    server.add(SERVICE, annotated("organization/ixn/other"))

    found = one(server, subject)
    assert "1 more" in found.where
    assert "organization/ixn/other" in found.message


@pytest.mark.parametrize(
    ("metadata", "named"),
    [
        ({}, "ixn adopt"),
        ({"annotations": {"meta.helm.sh/release-name": "ixn"}}, "Helm release 'ixn'"),
        (annotated(OURS), "ixn recover"),
    ],
)
def test_an_object_that_is_not_in_the_state_is_not_taken_over(
    metadata: dict[str, Any], named: str, server: ApiServer, subject: Subject
) -> None:
    server.add(SERVER, metadata)

    found = one(server, subject)
    assert found.where == "StatefulSet ixn-prod/ixn-server-310"
    assert named in found.message
    assert problems(server, replace(subject, recorded={SERVER: None})) == []


def test_an_object_in_the_state_that_another_stack_owns_is_a_problem(server: ApiServer, subject: Subject) -> None:
    server.add(SERVER, annotated("organization/ixn/other"))

    found = one(server, replace(subject, recorded={SERVER: None}))
    assert "ixn adopt --from organization/ixn/other" in found.message


def test_objects_that_the_stack_does_not_write_are_ignored(server: ApiServer, subject: Subject) -> None:
    server.add(replace(SERVER, name="another"), annotated("organization/ixn/other"))

    assert problems(server, subject) == []


# Existing Secrets


def test_a_missing_secret_names_the_setting(server: ApiServer, subject: Subject) -> None:
    del server.objects["/api/v1/namespaces/ixn-prod/secrets/ixn-db-secret-310"]

    found = one(server, subject)
    assert found.where == "Secret ixn-prod/ixn-db-secret-310"
    assert "ixn:tenants.east.peers.ixnDB.secret" in found.message


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ixn-node-db-secret-320", "user"),
        ("ixn-db-secret-310", "password"),
        ("kafka-shared-secret", "kafka-secrets"),
        ("redis-ors-secret", "voice-redis-ors-stream"),
    ],
)
def test_a_missing_key_of_a_secret_is_named(name: str, key: str, server: ApiServer, subject: Subject) -> None:
    del server.objects[f"/api/v1/namespaces/ixn-prod/secrets/{name}"]["data"][key]

    found = one(server, subject)
    assert found.where == f"Secret ixn-prod/{name}"
    assert repr(key) in found.message


@pytest.mark.parametrize("key", [".dockerconfigjson", ".dockercfg"])
def test_a_pull_secret_has_one_of_two_keys(key: str, server: ApiServer, subject: Subject) -> None:
    secret = server.objects["/api/v1/namespaces/ixn-prod/secrets/pullsecret"]
    secret["data"] = {key: "e30="}
    assert problems(server, subject) == []

    secret["data"] = {"other": "e30="}
    assert one(server, subject).where == "Secret ixn-prod/pullsecret"


def test_secrets_are_not_expected_in_a_namespace_that_is_yet_to_be_created() -> None:
    subject = make({"namespace.create": True})
    server = ApiServer(subject)
    server.objects = {path: each for path, each in server.objects.items() if "kube-system" in path}

    assert problems(server, subject) == []


# Quotas and limits


def quota(hard: dict[str, str], used: dict[str, str] | None = None, **spec: Any) -> dict[str, Any]:
    return {"metadata": {"name": "q"}, "spec": {"hard": hard, **spec}, "status": {"used": used or {}}}


def put_quota(server: ApiServer, content: dict[str, Any]) -> None:
    server.put("/api/v1/namespaces/ixn-prod/resourcequotas/q", content)


# Three IXN Servers, nine IXN Nodes and five VQ Nodes: 17 pods.
@pytest.mark.parametrize(
    ("name", "enough", "little"),
    [
        ("pods", "17", "16"),
        ("count/pods", "17", "16"),
        ("cpu", "6", "5900m"),
        ("requests.cpu", "6", "5900m"),
        ("limits.memory", "26112Mi", "25Gi"),
    ],
)
def test_pods_that_a_quota_does_not_admit_are_a_problem(
    name: str, enough: str, little: str, server: ApiServer, subject: Subject
) -> None:
    put_quota(server, quota({name: enough}))
    assert problems(server, subject) == []

    put_quota(server, quota({name: little}))
    found = one(server, subject)
    assert found.where == "ResourceQuota ixn-prod/q"
    assert name in found.message


def pod(name: str, instance: str, phase: str = "Running") -> dict[str, Any]:
    labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/instance": instance}
    resources = {"requests": {"cpu": "1"}}
    return {
        "metadata": {"name": name, "labels": labels},
        "spec": {"containers": [{"resources": resources}]},
        "status": {"phase": phase},
    }


def test_running_pods_of_the_stack_do_not_count_twice(server: ApiServer, subject: Subject) -> None:
    server.put("/api/v1/namespaces/ixn-prod/pods/a", pod("ixn-server", "310"))
    server.put("/api/v1/namespaces/ixn-prod/pods/b", pod("ixn-node", "310", "Succeeded"))

    put_quota(server, quota({"pods": "17"}, {"pods": "1"}))
    assert problems(server, subject) == []
    put_quota(server, quota({"pods": "17"}, {"pods": "2"}))
    assert "others in the namespace use 1" in one(server, subject).message


def test_replicas_of_an_autoscaler_are_counted_as_they_are() -> None:
    subject = make({"tenants.west.ixnService.ixnNode.replicas": None})
    server = ApiServer(subject)
    put_quota(server, quota({"pods": "14"}, {"pods": "2"}))
    for name in ("a", "b"):
        server.put(f"/api/v1/namespaces/ixn-prod/pods/{name}", pod("ixn-node", "320"))

    assert problems(server, subject) == []
    put_quota(server, quota({"pods": "13"}, {"pods": "2"}))
    assert "need 14" in one(server, subject).message


def test_the_least_number_of_pods_of_an_autoscaler_counts() -> None:
    hpa = {"hpa": {"minReplicas": 4, "maxReplicas": 8}}
    subject = make({"tenants.west.ixnService.ixnNode": {"replicas": None, "autoscaling": hpa}})
    server = ApiServer(subject)

    put_quota(server, quota({"pods": "16"}))
    assert problems(server, subject) == []
    put_quota(server, quota({"pods": "15"}))
    assert "need 16" in one(server, subject).message


@pytest.mark.parametrize(
    ("spec", "counts"),
    [
        ({"scopes": ["NotTerminating"]}, True),
        ({"scopes": ["NotBestEffort", "NotTerminating"]}, True),
        ({"scopes": ["BestEffort"]}, False),
        ({"scopes": ["Terminating"]}, False),
        ({"scopeSelector": {"matchExpressions": []}}, False),
    ],
)
def test_only_quotas_that_cover_the_pods_count(
    spec: dict[str, Any], counts: bool, server: ApiServer, subject: Subject
) -> None:
    put_quota(server, quota({"pods": "1"}, **spec))

    assert bool(problems(server, subject)) is counts


@pytest.mark.parametrize("kind", ["Container", "Pod"])
@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ({"max": {"cpu": "3"}}, "limits.cpu"),
        ({"max": {"memory": "7Gi"}}, "limits.memory"),
        ({"min": {"cpu": "90m"}}, None),
        ({"min": {"memory": "300Mi"}}, "requests.memory"),
        ({"max": {"cpu": "4"}}, None),
        ({"maxLimitRequestRatio": {"cpu": "5"}}, None),
        ({"maxLimitRequestRatio": {"cpu": "4"}}, "limits.cpu"),
    ],
)
def test_a_limit_range_that_pods_violate_names_their_resources(
    rule: dict[str, Any], name: str | None, kind: str, server: ApiServer, subject: Subject
) -> None:
    limits = [{"type": kind, **rule}, {"type": "PersistentVolumeClaim", "max": {"storage": "1"}}]
    content = {"metadata": {"name": "l"}, "spec": {"limits": limits}}
    server.put("/api/v1/namespaces/ixn-prod/limitranges/l", content)

    found = problems(server, subject)
    assert bool(found) is (name is not None)
    assert all(each.where.startswith("ixn:tenants.") and each.where.endswith(".resources") for each in found)
    assert all(name in each.message for each in found if name)


SIDECAR = {"name": "tool", "image": "tools/tool:1", "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}}


def with_sidecar(**resources: Any) -> Subject:
    """Return the stack prod with a sidecar in the server of its tenant west."""
    sidecar = {**SIDECAR, "resources": {**SIDECAR["resources"], **resources}}
    return make({"tenants.west.ixnService.ixnServer.sidecars": [sidecar]})


def test_sidecars_count_against_a_quota(subject: Subject) -> None:
    for each, admitted in ((subject, True), (with_sidecar(), False)):
        server = ApiServer(each)
        put_quota(server, quota({"requests.cpu": needed(subject, "cpu")}))
        assert (problems(server, each) == []) is admitted


def needed(subject: Subject, resource: str) -> str:
    pods = [(each.replicas or 1, pod_resources(each.spec)) for each in pods_of(subject.settings)]
    return str(sum(replicas * amounts[f"requests.{resource}"] for replicas, amounts in pods))


def test_a_sidecar_without_what_a_quota_limits_is_named_unless_a_limit_range_sets_it() -> None:
    subject = with_sidecar()
    server = ApiServer(subject)
    put_quota(server, quota({"limits.cpu": "1000", "limits.memory": "1000Gi"}))

    found = one(server, subject)
    assert found.where == "ixn:tenants.west.ixnService.ixnServer.sidecars[0].resources"
    assert "limits.cpu, limits.memory" in found.message
    assert "ixn-prod/q" in found.message

    rule = {"type": "Container", "default": {"cpu": "1", "memory": "1Gi"}}
    server.put(
        "/api/v1/namespaces/ixn-prod/limitranges/l", {"metadata": {"name": "l"}, "spec": {"limits": [rule]}}
    )
    assert problems(server, subject) == []


def test_a_limit_range_names_the_sidecar_that_violates_it() -> None:
    subject = with_sidecar(limits={"cpu": "60"})
    server = ApiServer(subject)
    rule = {"type": "Container", "max": {"cpu": "50"}}
    server.put(
        "/api/v1/namespaces/ixn-prod/limitranges/l", {"metadata": {"name": "l"}, "spec": {"limits": [rule]}}
    )

    assert one(server, subject).where == "ixn:tenants.west.ixnService.ixnServer.sidecars[0].resources"


def reference(name: str, **more: Any) -> dict[str, Any]:
    return {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": name, "key": "k", **more}}}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"container": {"env": [reference("own")]}}, "does not exist"),
        ({"container": {"env": [reference("own", optional=True)]}}, None),
        ({"container": {"env": [reference("db")]}}, "lacks the key 'k'"),
        ({"container": {"envFrom": [{"secretRef": {"name": "own"}}]}}, "does not exist"),
        ({"sidecars": [{**SIDECAR, "env": [reference("own")]}]}, "does not exist"),
        ({"pod": {"volumes": [{"name": "a", "secret": {"secretName": "own"}}]}}, "does not exist"),
        ({"pod": {"volumes": [{"name": "a", "projected": {"sources": [{"secret": {"name": "own"}}]}}]}}, "exist"),
    ],
)
def test_a_secret_that_a_fragment_needs_must_exist(changes: dict[str, Any], says: str | None) -> None:
    subject = make({f"tenants.west.ixnVQNode.{name}": value for name, value in changes.items()})
    server = ApiServer(make())
    secrets = "/api/v1/namespaces/ixn-prod/secrets"
    server.put(f"{secrets}/db", {"metadata": {"name": "db"}, "data": {"x": ""}})

    found = problems(server, subject)
    assert [says in each.message for each in found if says] == [True] * (says is not None)
    assert bool(found) is (says is not None)
    assert all("ixn:tenants.west.ixnVQNode" in each.message for each in found)


def test_passwords_from_the_settings_need_no_event_loop() -> None:
    # The checks run in threads, which have none; Outputs would need one.
    password = {"password": "p"}
    changes: dict[str, Any] = {
        "peers.orsRedisStream.secret": {"managed": {}},
        "peers.ixnDB.secret": {"managed": {"username": "ixn"}},
        "secrets": {
            "orsRedisStream": password,
            "tenants": {key: {"ixnDB": password} for key in ("east", "west")},
        },
    }
    subject = Subject(OURS, load(change(stack_config("prod"), changes), {"secrets"}))

    assert problems(ApiServer(subject), subject) == []


# What an update leaves behind


def test_the_claims_of_a_tenant_that_moves_or_leaves_are_warnings() -> None:
    changes = {
        "tenants.east.sid": "999",
        "tenants.east.movedFrom": {"sid": "310"},
        "tenants.east.protect": False,
        "tenants.west": REMOVED,
    }
    live = stateful_sets(protect=False)
    refs = [ObjectRef(KINDS["StatefulSet"], "ixn-prod", each["metadata"]["name"]) for each in live]
    subject = Subject(STACK, settings(changes), recorded=dict.fromkeys(refs), cluster=UID)
    server = ApiServer(subject)
    for each in live:
        server.put(f"/apis/apps/v1/namespaces/ixn-prod/statefulsets/{each['metadata']['name']}", each)

    warnings = preflight(server, subject).warnings

    assert [each for each in warnings if "logs-ixn-server-310-0" in each]
    assert len(warnings) == 2
    assert server.sent.count("GET /apis/apps/v1/namespaces/ixn-prod/statefulsets") == 2  # by label, and metadata
