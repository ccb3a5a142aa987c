"""Fragments are added to the pods of this package, whose own fields all survive, whatever the fragment."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi_ixn import Image, spread
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.deployed import WORKLOADS, made, template
from tests.unit.fragments.examples import ACCEPTED, IMAGE, TOLERATION, snake
from tests.unit.kubernetes_schemas import VERSIONS, validation_errors
from tests.unit.samples import ixn, pod

ARGUMENTS = {"server": "server", "node": "node", "vqnode": "vq_node"}
APPENDED = ("env", "volumeMounts", "volumes", "imagePullSecrets")
"""Lists to which a fragment adds; it cannot change or remove what is in them."""

NAMES = st.from_regex(r"\A[a-z]([a-z0-9-]{0,8}[a-z0-9])?\Z").filter(lambda name: name not in ("logs", "tmp"))
WORDS = st.from_regex(r"\A[A-Za-z0-9]{1,8}\Z")
LABELS = st.dictionaries(NAMES, WORDS, max_size=2)
SECONDS = st.integers(0, 600)
QUANTITIES = st.sampled_from(["1", "10m", "64Mi", "1.5Gi"])


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


REQUIREMENT = st.one_of(
    st.builds(lambda key: {"key": key, "operator": "Exists"}, NAMES),
    st.builds(
        lambda key, values: {"key": key, "operator": "In", "values": values}, NAMES, st.lists(WORDS, min_size=1)
    ),
)
SELECTOR = some(matchLabels=LABELS, matchExpressions=st.lists(REQUIREMENT, max_size=2))
TERM = st.builds(lambda key, selector: {"topologyKey": key, "labelSelector": selector}, NAMES, SELECTOR)
REQUIRED, PREFERRED = (f"{when}DuringSchedulingIgnoredDuringExecution" for when in ("required", "preferred"))
POD_AFFINITY = some(
    **{
        REQUIRED: st.lists(TERM, max_size=2),
        PREFERRED: st.lists(
            st.builds(lambda weight, term: {"weight": weight, "podAffinityTerm": term}, st.integers(1, 100), TERM),
            max_size=2,
        ),
    }
)
CONSTRAINT = st.builds(
    lambda key, when, rest: {"topologyKey": key, "whenUnsatisfiable": when, **rest},
    NAMES,
    st.sampled_from(["ScheduleAnyway", "DoNotSchedule"]),
    st.fixed_dictionaries({"maxSkew": st.integers(1, 5)}, optional={"labelSelector": SELECTOR}),
)
SOURCES = st.one_of(
    st.builds(lambda size: {"emptyDir": {"sizeLimit": size}}, st.sampled_from(["64Mi", "1Gi"])),
    st.builds(lambda name: {"secret": {"secretName": name}}, NAMES),
    st.builds(lambda name: {"configMap": {"name": name}}, NAMES),
)
VOLUMES = st.dictionaries(NAMES, SOURCES, max_size=3).map(
    lambda volumes: [{"name": f"own-{name}", **source} for name, source in volumes.items()]
)
ENV = st.dictionaries(WORDS.map(lambda name: f"OWN_{name}"), WORDS, max_size=3).map(
    lambda env: [{"name": name, "value": value} for name, value in env.items()]
)
SECURITY = some(
    readOnlyRootFilesystem=st.booleans(),
    runAsNonRoot=st.just(True),
    runAsUser=st.integers(1, 70000),
    privileged=st.just(False),
    capabilities=some(add=st.just(["NET_BIND_SERVICE"]), drop=st.lists(WORDS, max_size=2)),
    seccompProfile=st.just({"type": "RuntimeDefault"}),
)
POD = some(
    affinity=some(podAffinity=POD_AFFINITY, podAntiAffinity=POD_AFFINITY),
    hostAliases=st.just([{"ip": "10.0.0.1", "hostnames": ["a.example.com"]}]),
    nodeSelector=LABELS,
    priorityClassName=NAMES,
    runtimeClassName=NAMES,
    securityContext=some(fsGroupChangePolicy=st.just("Always"), supplementalGroups=st.lists(st.integers(1, 9))),
    shareProcessNamespace=st.booleans(),
    terminationGracePeriodSeconds=st.integers(601, 3600),
    tolerations=st.just([TOLERATION]),
    topologySpreadConstraints=st.lists(
        CONSTRAINT, max_size=3, unique_by=lambda each: (each["topologyKey"], each["whenUnsatisfiable"])
    ),
    volumes=VOLUMES,
    imagePullSecrets=st.lists(NAMES.map(lambda name: {"name": name}), max_size=2),
)
CONTAINER = some(
    env=ENV,
    envFrom=st.just([{"configMapRef": {"name": "c"}}]),
    lifecycle=SECONDS.map(lambda seconds: {"preStop": {"sleep": {"seconds": seconds}}}),
    securityContext=SECURITY,
    workingDir=st.just("/"),
    tty=st.booleans(),
)
OTHER = st.fixed_dictionaries(
    {"image": st.just(IMAGE)},
    optional={
        "env": ENV,
        "securityContext": SECURITY,
        "resources": some(limits=st.fixed_dictionaries({"memory": QUANTITIES})),
        "args": st.lists(WORDS, max_size=2),
    },
)
OTHERS = st.dictionaries(NAMES, OTHER, max_size=2).map(
    lambda found: [{"name": f"own-{name}", **each} for name, each in found.items()]
)


@st.composite
def fragments(draw: st.DrawFn) -> dict[str, Any]:
    init = [{**each, "name": f"init-{each['name']}"} for each in draw(OTHERS)]
    drawn = draw(POD) | ({"initContainers": init} if init else {})
    grace = drawn.get("terminationGracePeriodSeconds", 601)
    return {
        "pod": {**drawn, "terminationGracePeriodSeconds": grace},
        "container": draw(CONTAINER),
        "sidecars": draw(OTHERS),
    }


def deployed(fragment: Mapping[str, Any]) -> Deployment[Any]:
    own = pod(**{name: snake(value) for name, value in fragment.items()})
    return made(False, **dict.fromkeys(ARGUMENTS.values(), own))


def lost(before: Any, after: Any, path: str = "", name: str = "") -> list[str]:
    """Return the paths of what a fragment has changed or removed."""
    if isinstance(before, dict):
        return [
            found
            for key, each in before.items()
            for found in lost(each, after.get(key) if isinstance(after, dict) else None, f"{path}.{key}", key)
        ]
    if isinstance(before, list) and name in APPENDED:
        return lost(dict(enumerate(before)), dict(enumerate(after or ())), path)
    if isinstance(before, list) and name == "containers":
        return lost(before[0], after[0], path) + ([path] if len(after) > 1 else [])
    return [] if before == after else [path]


PLAIN = made(False, **dict.fromkeys(ARGUMENTS.values(), pod()))


@given(fragments())
@settings(max_examples=15)
def test_what_this_package_sets_survives_every_fragment_and_the_result_is_valid(fragment: dict[str, Any]) -> None:
    found = deployed(fragment)

    for workload, kind in WORKLOADS.items():
        before = template(PLAIN, workload)
        # Defaults, which a fragment may replace.
        for name in ("terminationGracePeriodSeconds", "topologySpreadConstraints"):
            before["spec"].pop(name, None)
        before["spec"]["containers"][0].pop("lifecycle", None)
        assert lost(before, template(found, workload)) == []
        manifest = found.manifest(kind, f"ixn-{workload}-100")
        assert {version: errors for version in VERSIONS if (errors := validation_errors(manifest, version))} == {}
        assert unrestricted(template(found, workload)["spec"]) == []


def unrestricted(spec: Mapping[str, Any]) -> list[str]:
    """Return the containers that do not meet the restricted Pod Security Standard."""
    found: list[str] = []
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for each in (*spec["containers"], *spec.get("initContainers", ())):
        context = each["securityContext"]
        strict = (
            context["allowPrivilegeEscalation"] is False
            and context["capabilities"]["drop"] == ["ALL"]
            and set(context["capabilities"].get("add", ())) <= {"NET_BIND_SERVICE"}
            and not context.get("privileged")
            and context.get("runAsNonRoot") is not False
            and context.get("runAsUser") != 0
        )
        found += [] if strict else [each["name"]]
    return found


@pytest.fixture(scope="module")
def everything() -> Deployment[Any]:
    return deployed(ACCEPTED["everything of the pod"])


@pytest.mark.parametrize("workload", WORKLOADS)
def test_a_fragment_reaches_the_pod_as_it_is(workload: str, everything: Deployment[Any]) -> None:
    given = ACCEPTED["everything of the pod"]
    spec = template(everything, workload)["spec"]

    for name in ("affinity", "dnsConfig", "hostAliases", "nodeSelector", "priorityClassName", "runtimeClassName",
                 "terminationGracePeriodSeconds", "tolerations"):  # fmt: skip
        assert spec[name] == given["pod"][name], name
    assert [each for each in spec["volumes"] if each["name"] in ("cache", "extra", "token")] == given["pod"][
        "volumes"
    ]
    container = spec["containers"][0]
    assert container["env"][-1] == given["container"]["env"][0]
    assert container["envFrom"] == given["container"]["envFrom"]
    assert container["lifecycle"] == given["container"]["lifecycle"]
    assert given["container"]["volumeMounts"][0] in container["volumeMounts"]


def test_sidecars_start_after_init_containers_and_run_until_the_container_has_ended(
    everything: Deployment[Any],
) -> None:
    init = template(everything, "node")["spec"]["initContainers"]

    assert [(each["name"], each.get("restartPolicy")) for each in init] == [("wait", None), ("tool", "Always")]
    assert init[1]["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]},
        "runAsUser": 1000,
    }


def test_a_read_only_root_file_system_comes_with_the_directories_that_the_container_writes() -> None:
    read_only = {"container": {"securityContext": {"readOnlyRootFilesystem": True}}}
    spec = template(deployed(read_only), "server")["spec"]

    assert spec["containers"][0]["securityContext"]["readOnlyRootFilesystem"] is True
    assert {"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}} in spec["volumes"]
    assert {"name": "tmp", "mountPath": "/tmp"} in spec["containers"][0]["volumeMounts"]
    assert "tmp" not in str(template(PLAIN, "server"))


def test_a_volume_of_the_fragment_replaces_the_directory_at_its_path() -> None:
    own = {
        "pod": {"volumes": [{"name": "large", "emptyDir": {"sizeLimit": "2Gi"}}]},
        "container": {
            "securityContext": {"readOnlyRootFilesystem": True},
            "volumeMounts": [{"name": "large", "mountPath": "/tmp"}],
        },
    }
    spec = template(deployed(own), "node")["spec"]

    mounts = [each["name"] for each in spec["containers"][0]["volumeMounts"] if each["mountPath"] == "/tmp"]
    assert mounts == ["large"]
    assert "tmp" not in [each["name"] for each in spec["volumes"]]


def spread_of(replicas: int | None, workload: str = "node", **fragment: Any) -> list[dict[str, Any]] | None:
    found = made(False, **{ARGUMENTS[workload]: pod(replicas=replicas, **fragment)})
    return template(found, workload)["spec"].get("topologySpreadConstraints")


# A single pod too, so that a change of the number replaces no pod.
@pytest.mark.parametrize("replicas", [1, 2, None])
@pytest.mark.parametrize("workload", ["node", "vqnode"])
def test_pods_are_spread_over_zones_and_nodes(workload: str, replicas: int | None) -> None:
    found = spread_of(replicas, workload)

    assert found is not None
    assert [each["topologyKey"] for each in found] == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
    for each in found:
        assert each["whenUnsatisfiable"] == "ScheduleAnyway"
        assert each["matchLabelKeys"] == ["pod-template-hash"]
        assert each["labelSelector"]["matchLabels"] == {
            "app.kubernetes.io/name": f"ixn-{workload}",
            "app.kubernetes.io/instance": "100",
        }


def test_the_pod_of_the_server_is_not_spread() -> None:
    assert spread_of(1, "server") is None


def test_own_constraints_replace_the_default_and_select_the_workload_unless_they_say_otherwise() -> None:
    other = {"match_labels": {"app": "other"}}
    constraint = {"max_skew": 2, "topology_key": "rack", "when_unsatisfiable": "DoNotSchedule"}
    elsewhere = {**constraint, "topology_key": "row", "label_selector": other}
    found = spread_of(3, pod={"topology_spread_constraints": [constraint, elsewhere]})

    assert found is not None
    assert [each["topologyKey"] for each in found] == ["rack", "row"]
    assert found[0]["labelSelector"]["matchLabels"]["app.kubernetes.io/name"] == "ixn-node"
    assert found[1]["labelSelector"] == {"matchLabels": {"app": "other"}}
    assert spread_of(3, pod={"topology_spread_constraints": []}) is None


def test_the_strict_preset_demands_zones() -> None:
    found = spread_of(3, pod={"topology_spread_constraints": spread(strict=True, zones=3)})

    assert found is not None
    assert [each.get("minDomains") for each in found] == [3, None]
    assert {each["whenUnsatisfiable"] for each in found} == {"DoNotSchedule"}


def test_an_image_is_pulled_by_digest_and_keeps_its_tag_as_the_version() -> None:
    digest = f"sha256:{'a' * 64}"
    found = template(made(node=pod(image=Image("ixn/node", "1.0", "registry.example.com", digest))), "node")

    assert found["spec"]["containers"][0]["image"] == f"registry.example.com/ixn/node:1.0@{digest}"
    assert found["metadata"]["labels"]["app.kubernetes.io/version"] == "1.0"


def test_update_settings_are_those_of_the_controller() -> None:
    strategy = {"rolling_update": {"max_surge": 1, "max_unavailable": 0}}
    found = made(
        node=pod(update={"strategy": strategy, "min_ready_seconds": 10}),
        server=pod(update={"min_ready_seconds": 5}),
    )

    node = found.manifest("Deployment", "ixn-node-100")["spec"]
    assert node["strategy"] == {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    assert node["minReadySeconds"] == 10
    assert found.manifest("StatefulSet", "ixn-server-100")["spec"]["minReadySeconds"] == 5


def test_an_output_reaches_the_pod(preview: bool) -> None:
    def late(value: Any) -> Any:
        return pulumi.Output.from_input(value)

    found = deploy(
        lambda: ixn(node=pod(pod={"priority_class_name": late("high"), "tolerations": late(snake([TOLERATION]))})),
        preview=preview,
    )

    spec = template(found, "node")["spec"]
    assert spec["priorityClassName"] == "high"
    assert spec["tolerations"] == [TOLERATION]


def test_no_fragment_opens_a_connection(everything: Deployment[Any]) -> None:
    for workload in WORKLOADS:
        assert everything.policy(f"ixn-{workload}-100")["spec"] == PLAIN.policy(f"ixn-{workload}-100")["spec"]
