"""A client of Redis that knows nothing but the files of an IXN Node's pod: `redis_client.py ROOT`."""

import json
import secrets
import socket
import sys
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode
from redis.retry import Retry


def main(root: Path) -> None:
    """Write and read a value, and print what was read and who answered."""
    given = json.loads((root / "mnt/env-secrets/redis-secrets/voice-redis-ors-stream").read_text("utf-8"))
    settings = json.loads((root / "mnt/settings/settings.json").read_text("utf-8"))
    connected = _connect(given, settings, root)
    key, value = f"{{ixn}}:{secrets.token_hex(4)}", secrets.token_hex(8)
    connected.set(key, value)
    read = connected.get(key)
    login = connected.acl_whoami(target_nodes="random") if _is_cluster(settings) else connected.acl_whoami()
    json.dump({"same": read == value, "user": login, "settings": settings["redis"]}, sys.stdout)


def _is_cluster(settings: Any) -> bool:
    return settings["redis"][0]["is_redis_cluster"] == "true"


def _connect(given: Any, settings: Any, root: Path) -> Any:
    tls = _tls(given, settings["redisOptions"]["tls"], root)
    limits: dict[str, Any] = {"socket_timeout": 5, "socket_connect_timeout": 5, "retry": Retry(NoBackoff(), 0)}
    login = {"username": given.get("username"), "password": given["password"], "decode_responses": True}
    if sentinels := given.get("sentinels"):
        own = {"username": given.get("sentinelUsername"), "password": given.get("sentinelPassword")}
        at = [(each["host"], each["port"]) for each in sentinels]
        found = redis.Sentinel(at, sentinel_kwargs={**own, **tls, **limits}, **login, **tls, **limits)
        return found.master_for(given["name"])
    nodes = settings["redis"]
    if _is_cluster(settings):
        start = [ClusterNode(each["host"], each["port"]) for each in nodes]
        return redis.RedisCluster(startup_nodes=start, **login, **tls, socket_timeout=5)
    pool_class = _named(given["servername"]) if tls else redis.Connection
    tls.pop("ssl", None)
    at = {"host": nodes[0]["host"], "port": given["port"]}
    pool = redis.ConnectionPool(connection_class=pool_class, **at, **login, **tls, **limits)
    return redis.Redis(connection_pool=pool)


def _tls(given: Any, options: Any, root: Path) -> dict[str, Any]:
    if not options["enabled"]:
        return {}
    files = {"caFile": "ssl_ca_certs", "certFile": "ssl_certfile", "keyFile": "ssl_keyfile"}
    found: dict[str, Any] = {
        option: str(root / given[field].lstrip("/")) for field, option in files.items() if field in given
    }
    verified = given["rejectUnauthorized"] and options["rejectUnauthorized"]
    how = {"ssl_cert_reqs": "required" if verified else "none", "ssl_check_hostname": verified}
    return {"ssl": True, **how, **found}


def _named(server_name: str) -> type[redis.SSLConnection]:
    """Return a connection that expects a server of this name, whatever the host: redis-py has no option for it."""

    class Named(redis.SSLConnection):
        def _wrap_socket_with_ssl(self, sock: socket.socket) -> Any:
            host, self.host = self.host, server_name
            try:
                return super()._wrap_socket_with_ssl(sock)
            finally:
                self.host = host

    return Named


if __name__ == "__main__":
    main(Path(sys.argv[1]))
