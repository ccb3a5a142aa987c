"""The same resources, registered directly: none of this package's components, no settings, plain data.

What the package's program registers is recorded once (`record`) and read as plain data (`register`), so that
both programs hand the same resources, inputs, parents and dependencies to the SDK.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pulumi
import pulumi_kubernetes as k8s
from pulumi.runtime import mocks, rpc
from pulumi.runtime.proto import resource_pb2

Record = dict[str, Any]


class RecordingMonitor(mocks.MockMonitor):
    """Notes the registrations as they reach the engine."""

    def __init__(self, answers: mocks.Mocks) -> None:
        super().__init__(answers)
        self.records: list[Record] = []

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> Any:  # noqa: N802 (gRPC)
        """Note one registration."""
        if request.type != "pulumi:pulumi:Stack":
            self.records.append(
                {
                    "urn": self.make_urn(request.parent, request.type, request.name),
                    "type": request.type,
                    "name": request.name,
                    "custom": request.custom,
                    "parent": request.parent,
                    "provider": request.provider.rpartition("::")[0],
                    "after": list(request.dependencies),
                    "inputs": rpc.deserialize_properties(request.object),
                }
            )
        return super().RegisterResource(request)


def register(records: list[Record]) -> None:
    """Register the recorded resources, in their order."""
    made: dict[str, pulumi.Resource] = {}
    for record in records:
        opts = pulumi.ResourceOptions(
            parent=made.get(record["parent"]),
            depends_on=[made[urn] for urn in record["after"] if urn in made],
            provider=cast("pulumi.ProviderResource | None", made.get(record["provider"])),
        )
        made[record["urn"]] = _make(record["type"])(record, opts)


def program(records: Path) -> str:
    """Return the text of a program that registers what RECORDS hold."""
    return f"""\
import sys
from pathlib import Path

sys.path.insert(0, {str(Path(__file__).parents[1])!r})
from benchmarks import flat

flat.register(flat.load(Path({str(records)!r})))
"""


def imports() -> object:
    """Import the parts of the SDK that are used, which happens at their first use otherwise."""
    return (
        k8s.core.v1.Service,
        k8s.apps.v1.Deployment,
        k8s.networking.v1.NetworkPolicy,
        k8s.apiextensions.CustomResource,
    )


def load(path: Path) -> list[Record]:
    """Read what was recorded."""
    return cast("list[Record]", json.loads(path.read_text(encoding="utf-8")))


def _make(token: str) -> Callable[[Record, pulumi.ResourceOptions], pulumi.Resource]:
    known: dict[str, Any] = {
        "kubernetes:core/v1:ConfigMap": k8s.core.v1.ConfigMap,
        "kubernetes:core/v1:Namespace": k8s.core.v1.Namespace,
        "kubernetes:core/v1:Service": k8s.core.v1.Service,
        "kubernetes:core/v1:ServiceAccount": k8s.core.v1.ServiceAccount,
        "kubernetes:apps/v1:Deployment": k8s.apps.v1.Deployment,
        "kubernetes:apps/v1:StatefulSet": k8s.apps.v1.StatefulSet,
        "kubernetes:networking.k8s.io/v1:NetworkPolicy": k8s.networking.v1.NetworkPolicy,
    }
    if token in known:
        return lambda record, opts: known[token](record["name"], opts=opts, **_arguments(record["inputs"]))
    if token == "pulumi:providers:kubernetes":
        return lambda record, opts: k8s.Provider(
            record["name"],
            render_yaml_to_directory=record["inputs"]["renderYamlToDirectory"],
            enable_secret_mutable=True,
            enable_config_map_mutable=True,
            kubeconfig=record["inputs"]["kubeconfig"],
            opts=opts,
        )
    if token.startswith("kubernetes:"):
        return lambda record, opts: k8s.apiextensions.CustomResource(
            record["name"],
            api_version=record["inputs"]["apiVersion"],
            kind=record["inputs"]["kind"],
            metadata=record["inputs"]["metadata"],
            spec=record["inputs"]["spec"],
            opts=opts,
        )
    return lambda record, opts: _bare(token, record["name"], opts)


def _bare(token: str, name: str, opts: pulumi.ResourceOptions) -> pulumi.Resource:
    component = pulumi.ComponentResource(token, name, None, opts)
    # As every component is to: the engine waits for it.
    component.register_outputs({})
    return component


def _arguments(inputs: dict[str, Any]) -> dict[str, Any]:
    names = {"automountServiceAccountToken": "automount_service_account_token"}
    return {names.get(key, key): value for key, value in inputs.items() if key not in ("apiVersion", "kind")}
