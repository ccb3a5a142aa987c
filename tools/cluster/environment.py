"""The environment variables of a cluster's programs and of its clients."""

import os
from collections.abc import Mapping

from tools.cluster.network import NETWORK, SERVICE_CIDR
from tools.cluster.preflight import SYSTEM_PATH


def of_programs(environ: Mapping[str, str]) -> dict[str, str]:
    """Return PATH alone: a cluster uses no proxy, and its programs need none of the user's credentials."""
    return {"PATH": os.pathsep.join(filter(None, [environ.get("PATH"), SYSTEM_PATH]))}


def of_clients(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment, with proxies bypassed for the addresses of clusters."""
    given = environ.get("NO_PROXY") or environ.get("no_proxy")
    return {**environ, "NO_PROXY": ",".join(filter(None, [given, NETWORK, SERVICE_CIDR]))}
