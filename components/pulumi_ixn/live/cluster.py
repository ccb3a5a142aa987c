"""Access to the API server of a stack's cluster, bounded in time."""

# The Kubernetes client has types for some of its parts only.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownLambdaType=false
# pyright: reportUnknownVariableType=false

import json
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeAlias, cast
from urllib.parse import quote

import yaml
from kubernetes.client.exceptions import ApiException
from kubernetes.config import ConfigException
from kubernetes.dynamic import DynamicClient
from urllib3.exceptions import HTTPError

from pulumi_ixn.live.access import api_client

Json: TypeAlias = Any
"""A JSON value without a schema."""

Object: TypeAlias = Mapping[str, Json]
"""A Kubernetes object or API response: JSON without a schema."""

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
"""Limits for one request. Only a limited cluster repeats one: other callers that wait do so themselves."""

_BUSY = (429, 500, 502, 503, 504)
"""Statuses of an API server that may answer a moment later, such as after the creation of a CRD."""

_PAUSES = (0.3, 0.7, 2.0, 4.0)
"""Seconds between attempts."""

_METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
_CONTENT_TYPES = {"PATCH": "application/merge-patch+json"}


class ClusterError(Exception):
    """A request that failed: unreachable, or rejected by the API server with `status`."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Cluster:
    """The API server of a kubeconfig's context."""

    def __init__(self, api: Any, deadline: float | None = None) -> None:
        self._api, self._deadline = api, deadline
        # Requests are made by path, so do not discover the API's resources.
        self._client = DynamicClient(api, discoverer=lambda *_: None)
        self.host: str = str(api.configuration.host)

    def limited(self, seconds: float) -> "Cluster":
        """Return the same API server, with requests that fail once `seconds` from now have passed.

        Until then, they are repeated for some seconds if it is too busy to answer them.
        """
        return Cluster(self._api, time.monotonic() + seconds)

    def get(self, path: str, *, accept: str | None = None) -> Object | None:
        """Return the object or list at a path, such as `/api/v1/namespaces/ixn`; None if it does not exist.

        Raises ClusterError.
        """
        try:
            return self.request("GET", path, accept=accept)
        except ClusterError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    def list(self, path: str, selector: str | None = None) -> Sequence[Object]:
        """Return the objects at a path, with a label selector; none if there is no such resource."""
        found = self.get(f"{path}?labelSelector={quote(selector)}" if selector else path)
        return found["items"] or [] if found else []

    def metadata(self, path: str) -> Sequence[Object]:
        """Return the metadata of the objects at a path, not what is in them; none if there is no such resource."""
        found = self.get(path, accept=_METADATA)
        # An empty list of this kind has null in place of items.
        return [each["metadata"] for each in found["items"] or ()] if found else []

    def request(self, method: str, path: str, body: Object | None = None, *, accept: str | None = None) -> Object:
        """Send a request and return the response. PATCH sends a merge patch. Raises ClusterError."""
        for pause in _PAUSES if self._deadline is not None else ():
            try:
                return json.loads(self._send(method, path, body, accept))
            except ClusterError as error:
                if error.status not in _BUSY:
                    raise
                time.sleep(pause)
        return json.loads(self._send(method, path, body, accept))

    def text(self, path: str) -> str:
        """Return the text at a path, such as a container's log. Raises ClusterError."""
        return self._send("GET", path, accept="*/*").decode("utf-8", errors="replace")

    def _send(self, method: str, path: str, body: Object | None = None, accept: str | None = None) -> bytes:
        left = READ_SECONDS if self._deadline is None else self._deadline - time.monotonic()
        if left <= 0:
            raise ClusterError(f"the API server {self.host} is too slow: no time left for {method} {path}")
        try:
            response: Any = self._client.request(
                method,
                path,
                body=body,
                content_type=_CONTENT_TYPES.get(method),
                header_params={"Accept": accept} if accept else {},
                serialize=False,
                _request_timeout=(min(CONNECT_SECONDS, left), min(READ_SECONDS, left)),
            )
        except ApiException as error:
            raise ClusterError(f"{method} {path}: {_message(error)}", error.status) from None
        except HTTPError as error:
            raise ClusterError(f"the API server {self.host} does not respond: {error}") from None
        return response.data


def connect(context: str, kubeconfig: str | None) -> Cluster:
    """Return the cluster of a context.

    `kubeconfig` is the value of KUBECONFIG: files, separated as in PATH, or the content itself. If it is None or
    empty, the file is ~/.kube/config. Raises ClusterError if it cannot be used.
    """
    try:
        return Cluster(api_client(context, kubeconfig))
    except (ConfigException, OSError, ValueError, yaml.YAMLError) as error:
        raise ClusterError(f"the kubeconfig's context {context!r} cannot be used: {error}") from None


def _message(error: ApiException) -> str:
    try:
        return cast("str", json.loads(error.body or "")["message"])
    except (ValueError, KeyError, TypeError):
        return f"{error.status} {error.reason}"
