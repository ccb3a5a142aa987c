"""Fragments that are refused, by rule, and whole ones that are accepted, in Kubernetes' own form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

IMAGE = "registry.example.com/tools/tool:1.0"
SIDECAR = {"name": "tool", "image": IMAGE}
TOLERATION = {"key": "team", "operator": "Equal", "value": "voice", "effect": "NoSchedule"}
SPREAD = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}
LOGS = {"name": "logs", "mountPath": "/mnt/logs"}


@dataclass(frozen=True)
class Refused:
    """A bad `value` of one of the settings of IXN Server's pod; the issue is at `at` below it, in camel case."""

    setting: str
    value: Any
    at: str
    reason: str


def pod(value: Mapping[str, Any], at: str, reason: str) -> Refused:
    return Refused("pod", value, at, reason)


def container(value: Mapping[str, Any], at: str, reason: str) -> Refused:
    return Refused("container", value, at, reason)


def sidecar(value: Mapping[str, Any], at: str, reason: str) -> Refused:
    return Refused("sidecars", [{**SIDECAR, **value}], f"[0].{at}" if at else "[0]", reason)


def toleration(value: Mapping[str, Any], at: str, reason: str) -> Refused:
    return pod({"tolerations": [value]}, f"tolerations[0]{at}", reason)


def node_affinity(requirement: Mapping[str, Any], at: str, reason: str) -> Refused:
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    value = {"nodeAffinity": {required: {"nodeSelectorTerms": [{"matchExpressions": [requirement]}]}}}
    path = f"affinity.nodeAffinity.{required}.nodeSelectorTerms[0].matchExpressions[0]{at}"
    return pod({"affinity": value}, path, reason)


def security(value: Mapping[str, Any], at: str, reason: str) -> Refused:
    return sidecar({"securityContext": value}, f"securityContext{at}", reason)


RESTRICTED = "restricted Pod Security Standard"

REFUSED: Mapping[str, Refused] = {
    # Keys and types
    "a misspelled key": toleration({"efect": "NoSchedule", "key": "a", "operator": "Exists"}, "", "mean 'effect'"),
    "an unknown key": pod({"xyz": 1}, "", "unknown key 'xyz'; known keys: affinity"),
    "a string instead of a list": pod({"tolerations": "all"}, "tolerations", "is not a list"),
    "a string instead of a mapping": pod({"affinity": "zone"}, "affinity", "is not a mapping"),
    "a number instead of a string": toleration({**TOLERATION, "value": 1}, ".value", "1 is not a label value"),
    "a string instead of a number": pod(
        {"terminationGracePeriodSeconds": "60"}, "terminationGracePeriodSeconds", "is not a whole number"
    ),
    "a string instead of a boolean": container({"tty": "yes"}, "tty", "is not true or false"),
    "a missing key": pod(
        {"topologySpreadConstraints": [{"maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"}]},
        "topologySpreadConstraints[0].topologyKey",
        "is missing",
    ),
    "a key of an unnamed volume": pod({"volumes": [{"emptyDir": {}}]}, "volumes[0].name", "is missing"),
    # Choices and formats
    "an unknown effect": toleration({**TOLERATION, "effect": "Never"}, ".effect", "is not 'NoSchedule'"),
    "an unknown operator": toleration({**TOLERATION, "operator": "Is"}, ".operator", "is not 'Exists' or"),
    "an unknown way to spread": pod(
        {"topologySpreadConstraints": [{**SPREAD, "whenUnsatisfiable": "Try"}]},
        "topologySpreadConstraints[0].whenUnsatisfiable",
        "is not 'DoNotSchedule'",
    ),
    "no skew": pod(
        {"topologySpreadConstraints": [{**SPREAD, "maxSkew": 0}]},
        "topologySpreadConstraints[0].maxSkew",
        "0 is not a whole number from 1",
    ),
    "a label with a blank": pod({"nodeSelector": {"zone": "a b"}}, "nodeSelector.zone", "is not a label value"),
    "a weight above 100": pod(
        {
            "affinity": {
                "nodeAffinity": {
                    "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 101, "preference": {}}]
                }
            }
        },
        "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight",
        "from 1 to 100",
    ),
    "a host alias that is no address": pod(
        {"hostAliases": [{"ip": "db", "hostnames": ["db"]}]}, "hostAliases[0].ip", "is not an IP address"
    ),
    "the node's resolver": pod({"dnsPolicy": "Default"}, "dnsPolicy", "is not 'ClusterFirst' or 'None'"),
    "a sidecar's image without a tag": sidecar({"image": "fluent/fluent-bit"}, "image", "neither tag nor digest"),
    "a sidecar without an image": Refused("sidecars", [{"name": "tool"}], "[0].image", "is missing"),
    "a mount path with a colon": sidecar(
        {"volumeMounts": [{**LOGS, "mountPath": "/a:b"}]}, "volumeMounts[0].mountPath", "is not an absolute path"
    ),
    "a quantity of a sidecar": sidecar(
        {"resources": {"limits": {"cpu": "much"}}}, "resources.limits.cpu", "quantity"
    ),
    "a scratch volume in thousandths": pod(
        {"volumes": [{"name": "a", "emptyDir": {"sizeLimit": "64m"}}]},
        "volumes[0].emptyDir.sizeLimit",
        "fraction of a byte",
    ),
    # What belongs together
    "a value for Exists": toleration({**TOLERATION, "operator": "Exists"}, ".value", "operator Exists"),
    "every taint by mistake": toleration({"effect": "NoSchedule"}, "", "tolerates every taint"),
    "seconds for NoSchedule": toleration(
        {**TOLERATION, "tolerationSeconds": 5}, ".tolerationSeconds", "NoExecute"
    ),
    "domains of a soft constraint": pod(
        {"topologySpreadConstraints": [{**SPREAD, "whenUnsatisfiable": "ScheduleAnyway", "minDomains": 2}]},
        "topologySpreadConstraints[0].minDomains",
        "DoNotSchedule",
    ),
    "a repeated constraint": pod(
        {"topologySpreadConstraints": [SPREAD, SPREAD]}, "topologySpreadConstraints[1]", "repeats zone"
    ),
    "a key of the selector again": pod(
        {
            "topologySpreadConstraints": [
                {**SPREAD, "labelSelector": {"matchLabels": {"a": "b"}}, "matchLabelKeys": ["a"]}
            ]
        },
        "topologySpreadConstraints[0].matchLabelKeys",
        "repeats keys",
    ),
    "an affinity to no pod": pod(
        {
            "affinity": {
                "podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "zone"}]}
            }
        },
        "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]",
        "would match no pod",
    ),
    "In without values": node_affinity({"key": "a", "operator": "In"}, ".values", "at least one entry"),
    "Exists with values": node_affinity({"key": "a", "operator": "Exists", "values": ["b"]}, ".values", "Exists"),
    "Gt with a word": node_affinity({"key": "a", "operator": "Gt", "values": ["b"]}, ".values", "whole number"),
    "no term": pod(
        {
            "affinity": {
                "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": []}}
            }
        },
        "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms",
        "at least one entry",
    ),
    "two sources of a volume": pod(
        {"volumes": [{"name": "a", "emptyDir": {}, "secret": {"secretName": "b"}}]},
        "volumes[0]",
        "exactly one source",
    ),
    "a volume twice": pod(
        {"volumes": [{"name": "a", "emptyDir": {}}, {"name": "a", "emptyDir": {}}]},
        "volumes[1].name",
        "'a' is there twice",
    ),
    "a variable with value and source": sidecar(
        {"env": [{"name": "A", "value": "b", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]},
        "env[0]",
        "both a value and a source",
    ),
    "a variable twice": sidecar({"env": [{"name": "A"}, {"name": "A"}]}, "env[1].name", "'A' is there twice"),
    "two actions of a hook": container(
        {"lifecycle": {"postStart": {"tcpSocket": {"port": 1}, "sleep": {"seconds": 1}}}},
        "lifecycle.postStart",
        "exactly one source or action",
    ),
    "a mount path twice": sidecar({"volumeMounts": [LOGS, LOGS]}, "volumeMounts[1].mountPath", "is there twice"),
    "a request above its limit": sidecar(
        {"resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}}, "resources", "more cpu than their limit"
    ),
    "no name server": pod({"dnsPolicy": "None"}, "dnsPolicy", "needs name servers"),
    "a probe of what must end": pod(
        {"initContainers": [{**SIDECAR, "readinessProbe": {"tcpSocket": {"port": 1}}}]},
        "initContainers[0].readinessProbe",
        "only for an init container with restartPolicy Always",
    ),
    "a hook longer than the grace period": sidecar(
        {"lifecycle": {"preStop": {"sleep": {"seconds": 999}}}}, "lifecycle.preStop.sleep.seconds", "grace period"
    ),
    # What this package owns
    "containers": pod({"containers": [SIDECAR]}, "containers", "`sidecars`"),
    "a service account": pod({"serviceAccountName": "mine"}, "serviceAccountName", "set by this package"),
    "a restart policy": pod({"restartPolicy": "Never"}, "restartPolicy", "set by this package"),
    "the node's network": pod({"hostNetwork": True}, "hostNetwork", RESTRICTED),
    "a node": pod({"nodeName": "a"}, "nodeName", "node selector"),
    "a deadline": pod({"activeDeadlineSeconds": 5}, "activeDeadlineSeconds", "does not allow"),
    "a user id of the pod": pod(
        {"securityContext": {"runAsUser": 0}}, "securityContext.runAsUser", "ixn:openshift"
    ),
    "an image": container({"image": IMAGE}, "image", "`image`"),
    "a port": container({"ports": [{"containerPort": 1}]}, "ports", "connection table"),
    "a probe": container({"livenessProbe": {"tcpSocket": {"port": 1}}}, "livenessProbe", "container contract"),
    "requests": container({"resources": {"requests": {"cpu": "1"}}}, "resources.requests", "`resources`"),
    "a variable of the contract": container(
        {"env": [{"name": "LOG_PATH", "value": "/a"}]}, "env[0].name", "is set already"
    ),
    "a mounted directory": container(
        {"volumeMounts": [{**LOGS, "name": "logs"}]}, "volumeMounts[0].mountPath", "is mounted already"
    ),
    "a volume of the contract": pod({"volumes": [{"name": "logs", "emptyDir": {}}]}, "volumes[0].name", "uses"),
    "an unknown volume": sidecar(
        {"volumeMounts": [{**LOGS, "name": "log"}]},
        "volumeMounts[0].name",
        "no volume of the pod; it has kafka, logs, tmp",
    ),
    "the name of the container": sidecar({"name": "ixn-server"}, "name", "another container"),
    "a name twice": Refused("sidecars", [SIDECAR, SIDECAR], "[1].name", "another container"),
    "the name of a port": sidecar(
        {"ports": [{"name": "metrics", "containerPort": 2020}]}, "ports[0].name", "another port"
    ),
    "a port that is in use": sidecar(
        {"ports": [{"containerPort": 7120}]}, "ports[0].containerPort", "another container"
    ),
    "a password in a sidecar": sidecar(
        {"env": [{"name": "DB_PASSWORD", "value": "x"}]}, "env[0].value", "comes from a Secret"
    ),
    "a restart policy of a sidecar": sidecar(
        {"restartPolicy": "Always"}, "restartPolicy", "is Always for a sidecar"
    ),
    # The restricted Pod Security Standard
    "a privileged sidecar": security({"privileged": True}, ".privileged", RESTRICTED),
    "a sidecar that gains privileges": security(
        {"allowPrivilegeEscalation": True}, ".allowPrivilegeEscalation", RESTRICTED
    ),
    "root": security({"runAsUser": 0}, ".runAsUser", "other than root"),
    "maybe root": security({"runAsNonRoot": False}, ".runAsNonRoot", RESTRICTED),
    "a capability": security(
        {"capabilities": {"add": ["SYS_PTRACE"]}}, ".capabilities.add[0]", "NET_BIND_SERVICE"
    ),
    "no seccomp": security({"seccompProfile": {"type": "Unconfined"}}, ".seccompProfile.type", "RuntimeDefault"),
    "a port of the node": sidecar(
        {"ports": [{"containerPort": 1, "hostPort": 1}]}, "ports[0].hostPort", RESTRICTED
    ),
    "a directory of the node": pod(
        {"volumes": [{"name": "a", "hostPath": {"path": "/"}}]}, "volumes[0].hostPath", RESTRICTED
    ),
    "a probe of another host": sidecar(
        {"livenessProbe": {"httpGet": {"port": 1, "host": "a"}}},
        "livenessProbe.httpGet.host",
        "Pod Security Standards",
    ),
    "a sysctl": pod(
        {"securityContext": {"sysctls": [{"name": "kernel.panic", "value": "1"}]}},
        "securityContext.sysctls[0].name",
        "is not",
    ),
    # The StatefulSet
    "a management policy": Refused(
        "update", {"podManagementPolicy": "OrderedReady"}, "podManagementPolicy", "recipe"
    ),
    "claim templates": Refused("update", {"volumeClaimTemplates": []}, "volumeClaimTemplates", "recipe"),
    "a history limit": Refused("update", {"revisionHistoryLimit": 3}, "revisionHistoryLimit", "recipe"),
    "a service name": Refused("update", {"serviceName": "a"}, "serviceName", "recipe"),
    "an update on delete": Refused(
        "update", {"updateStrategy": {"type": "OnDelete"}}, "updateStrategy.type", "rolled out"
    ),
    "a partition": Refused(
        "update",
        {"updateStrategy": {"rollingUpdate": {"partition": 1}}},
        "updateStrategy.rollingUpdate.partition",
        "only pod",
    ),
}
"""By rule; each has exactly one issue."""

NODE_REFUSED: Mapping[str, Refused] = {
    "a paused rollout": Refused("update", {"paused": True}, "paused", "rolled out"),
    "replicas": Refused("update", {"replicas": 3}, "replicas", "`replicas`"),
    "an unknown strategy": Refused("update", {"strategy": {"type": "Slow"}}, "strategy.type", "'RollingUpdate'"),
    "a rolling recreation": Refused(
        "update",
        {"strategy": {"type": "Recreate", "rollingUpdate": {"maxSurge": 1}}},
        "strategy.rollingUpdate",
        "Recreate",
    ),
    "no pod more and none less": Refused(
        "update",
        {"strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}}},
        "strategy.rollingUpdate",
        "both 0",
    ),
    "a deadline before readiness": Refused(
        "update",
        {"minReadySeconds": 60, "progressDeadlineSeconds": 60},
        "progressDeadlineSeconds",
        "minReadySeconds",
    ),
}
"""Those of IXN Node's update settings."""

ACCEPTED: Mapping[str, Mapping[str, Any]] = {
    "everything of the pod": {
        "pod": {
            "affinity": {
                "nodeAffinity": {
                    "preferredDuringSchedulingIgnoredDuringExecution": [
                        {"weight": 50, "preference": {"matchExpressions": [{"key": "disk", "operator": "Exists"}]}}
                    ]
                },
                "podAntiAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": [
                        {"topologyKey": "zone", "labelSelector": {"matchLabels": {"app": "noisy"}}}
                    ]
                },
            },
            "dnsConfig": {"nameservers": ["10.0.0.10"], "options": [{"name": "ndots", "value": "2"}]},
            "hostAliases": [{"ip": "10.1.2.3", "hostnames": ["db.example.com"]}],
            "imagePullSecrets": [{"name": "other"}],
            "initContainers": [{**SIDECAR, "name": "wait", "command": ["/bin/true"]}],
            "nodeSelector": {"kubernetes.io/arch": "amd64"},
            "priorityClassName": "high",
            "runtimeClassName": "gvisor",
            "securityContext": {"fsGroupChangePolicy": "OnRootMismatch", "supplementalGroups": [7]},
            "terminationGracePeriodSeconds": 90,
            "tolerations": [TOLERATION, {"operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}],
            "topologySpreadConstraints": [{**SPREAD, "minDomains": 3, "matchLabelKeys": ["pod-template-hash"]}],
            "volumes": [
                {"name": "cache", "emptyDir": {"sizeLimit": "1Gi", "medium": "Memory"}},
                {"name": "extra", "configMap": {"name": "extra", "items": [{"key": "a", "path": "a"}]}},
                {"name": "token", "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}},
            ],
        },
        "container": {
            "env": [{"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
            "envFrom": [{"configMapRef": {"name": "c"}, "prefix": "X_"}, {"secretRef": {"name": "s"}}],
            "lifecycle": {"preStop": {"sleep": {"seconds": 20}}},
            "securityContext": {"readOnlyRootFilesystem": True},
            "terminationMessagePolicy": "FallbackToLogsOnError",
            "volumeMounts": [{"name": "cache", "mountPath": "/var/cache"}],
        },
        "sidecars": [
            {
                **SIDECAR,
                "env": [{"name": "LEVEL", "value": "info"}],
                "livenessProbe": {"httpGet": {"port": "http", "path": "/"}, "periodSeconds": 30},
                "ports": [{"name": "http", "containerPort": 2020}],
                "resources": {"requests": {"cpu": "10m"}, "limits": {"cpu": "50m", "memory": "64Mi"}},
                "securityContext": {"runAsUser": 1000, "capabilities": {"add": ["NET_BIND_SERVICE"]}},
                "volumeMounts": [{"name": "cache", "mountPath": "/cache", "readOnly": True}],
            }
        ],
    },
    "nulls": {"pod": {"affinity": None}, "container": {"lifecycle": None}},
}
"""Arguments of any workload's pod."""


def snake(value: Any) -> Any:
    """Return a fragment with the keys that a program uses; no label has capitals."""
    if isinstance(value, list):
        return [snake(each) for each in value]
    return {snake_path(key): snake(each) for key, each in value.items()} if isinstance(value, dict) else value


def snake_path(path: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f"_{found[1].lower()}", path)
