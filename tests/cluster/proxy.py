"""A reverse proxy in front of an API server, which can lose requests and answers or reply in its place."""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

WRITING = ("POST", "PUT", "PATCH", "DELETE")
_HOP_BY_HOP = ("connection", "keep-alive", "transfer-encoding", "upgrade", "host")


class Lost(Exception):
    """Raised by a fault: the connection closes without an answer."""


@dataclass(frozen=True)
class Request:
    """A request; `number` counts those that change the cluster, from 1, and is 0 for the others."""

    method: str
    path: str
    number: int


Fault = Callable[[Request], int | None]
"""Returns the status to reply with instead of the API server's answer; None to pass it on. May raise Lost."""


def no_fault(_: Request) -> None:
    """Pass everything on."""


@dataclass
class Proxy:
    """What happens to the requests of the proxy's clients."""

    kubeconfig: Path
    before: Fault = no_fault
    """Called before a request is passed on; the API server never sees those with a fault."""

    after: Fault = no_fault
    """Called when the API server has answered."""

    writes: int = 0
    """How many requests that change the cluster were received; dry runs do not."""

    connections: set[socket.socket] = field(default_factory=set[socket.socket])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reset(self) -> None:
        """Pass everything on, and count from the beginning."""
        self.before, self.after, self.writes = no_fault, no_fault, 0

    def cut(self) -> None:
        """Close all connections, watches included."""
        for each in [*self.connections]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def received(self, method: str, path: str) -> Request:
        """Count a request and return it."""
        with self._lock:
            writing = method in WRITING and "dryRun" not in path and "/authorization.k8s.io/" not in path
            self.writes += writing
            return Request(method, path, self.writes if writing else 0)


@contextmanager
def running_proxy(kubeconfig: Path, directory: Path) -> Generator[Proxy]:
    """Run a proxy for the cluster of a kubeconfig; write a kubeconfig for the proxy into `directory`."""
    content: dict[str, Any] = json.loads(kubeconfig.read_text())
    upstream = urlsplit(content["clusters"][0]["cluster"]["server"])
    trusted = ssl.create_default_context(cafile=str(kubeconfig.parent / "pki" / "apiserver.crt"))
    trusted.check_hostname = False
    token = content["users"][0]["user"]["token"]
    proxy = Proxy(directory / "kubeconfig")

    class Handler(_Handler):
        def __init__(self, *args: Any) -> None:
            self.proxy, self.token = proxy, token
            self.connect = partial(http.client.HTTPSConnection, upstream.netloc, context=trusted, timeout=600)
            super().__init__(*args)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    content["clusters"][0]["cluster"] = {"server": f"http://127.0.0.1:{server.server_port}"}
    proxy.kubeconfig.write_text(json.dumps(content))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Proxy
    token: str
    connect: Callable[[], http.client.HTTPSConnection]

    def setup(self) -> None:
        super().setup()
        self.proxy.connections.add(self.connection)

    def finish(self) -> None:
        self.proxy.connections.discard(self.connection)
        with suppress(OSError):
            super().finish()

    def handle(self) -> None:
        with suppress(OSError, http.client.HTTPException, Lost):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name in the base class)
        """Log nothing."""

    def forward(self) -> None:
        """Pass the request on, and the answer back."""
        request = self.proxy.received(self.command, self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if status := self.proxy.before(request):
            return self.reply(status)
        kept = {key: value for key, value in self.headers.items() if key.lower() not in _HOP_BY_HOP}
        # The API server may close a connection that is kept, so that each request gets a new one.
        with closing(self.connect()) as upstream:
            # Clients send no token without TLS.
            upstream.request(self.command, self.path, body, {**kept, "Authorization": f"Bearer {self.token}"})
            answer = upstream.getresponse()
            if status := self.proxy.after(request):
                answer.read()
                return self.reply(status)
            return self.relay(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = forward  # noqa: N815 (names of the base class)

    def reply(self, status: int) -> None:
        """Answer as an API server that is overloaded (429), or fails."""
        reason = {429: "TooManyRequests"}.get(status, "InternalError")
        failure = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": status, "reason": reason}
        headers = {"Content-Type": "application/json", **({"Retry-After": "1"} if status == 429 else {})}
        content = json.dumps({**failure, "message": f"injected: {reason}"}).encode()
        self.start(status, {**headers, "Content-Length": str(len(content))})
        self.wfile.write(content)

    def relay(self, answer: http.client.HTTPResponse) -> None:
        """Pass an answer back as it comes: a watch never ends."""
        headers = {key: value for key, value in answer.getheaders() if key.lower() not in _HOP_BY_HOP}
        sized = "content-length" in {key.lower() for key in headers} or answer.status in (204, 304)
        self.start(answer.status, headers if sized else {**headers, "Transfer-Encoding": "chunked"})
        while part := answer.read1(65536):
            self.wfile.write(part if sized else b"%x\r\n%s\r\n" % (len(part), part))
        if not sized:
            self.wfile.write(b"0\r\n\r\n")

    def start(self, status: int, headers: Mapping[str, str]) -> None:
        """Send the status and the headers."""
        self.send_response_only(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
