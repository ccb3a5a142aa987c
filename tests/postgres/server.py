"""A PostgreSQL server on loopback, under a user without privileges, since it refuses to run as root."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from tests.postgres.certificates import Certificates, certificates

ADMIN, ADMIN_PASSWORD = "admin", "the password of the administrator"
"""As managed services have it: no superuser, but with CREATEDB and CREATEROLE."""

SUPERUSER = "root of the server"
MAX_CONNECTIONS = 12
_SECONDS = 30
"""For the server to start or to stop."""

_SETTINGS = f"""
listen_addresses = '127.0.0.1'
max_connections = {MAX_CONNECTIONS}
superuser_reserved_connections = 2
password_encryption = 'scram-sha-256'
ssl = on
fsync = off
# Everything that could show a password.
log_statement = all
log_min_messages = debug1
log_min_error_statement = debug1
log_connections = on
log_parameter_max_length = -1
log_error_verbosity = verbose
"""

_ACCESS = """
local all all trust
hostssl all all 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""


def _newest() -> Path | None:
    """Return the directory of the programs of the newest PostgreSQL, from 15 on."""
    found = [each for each in Path("/usr/lib/postgresql").glob("*/bin") if (each / "initdb").exists()]
    recent = [each for each in found if float(each.parent.name) >= 15]
    return max(recent, key=lambda each: float(each.parent.name)) if recent else None


PATH = f"{_newest()}:{os.environ['PATH']}"
"""With psql itself, before Debian's wrapper, which takes most of the time."""


def cannot(reason: str) -> NoReturn:
    """Fail in CI, where PostgreSQL must be installed; skip elsewhere."""
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        pytest.fail(reason)
    pytest.skip(reason)


def programs() -> Path:
    """Return the directory of the server's programs."""
    found = _newest()
    if found is None or shutil.which("openssl") is None:
        cannot("to provision databases on a real server: apt-get install postgresql openssl")
    return found


@dataclass(frozen=True)
class Server:
    """A server that may be stopped and started; `port` stays the same."""

    bin: Path
    directory: Path
    port: int
    user: str | None
    certificates: Certificates

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def log(self) -> str:
        """Everything that the server has logged."""
        return (self.directory / "log").read_text(encoding="utf-8", errors="replace")

    def run(self, *command: str | Path) -> str:
        """Run one of the server's own programs as its user."""
        group = None if self.user is None else pwd.getpwnam(self.user).pw_gid
        answer = subprocess.run(
            [*map(str, command)], user=self.user, group=group, cwd=self.directory,
            capture_output=True, text=True, check=False, timeout=_SECONDS,
        )  # fmt: skip
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    def start(self) -> None:
        # Not `--wait`: it logs in, which fails while tests hold all connections.
        self.run(self.bin / "pg_ctl", "start", "-s", "-w", "-D", self.data, "-l", self.directory / "log")

    def stop(self) -> None:
        self.run(self.bin / "pg_ctl", "stop", "-s", "-m", "immediate", "-D", self.data)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            if not (self.data / "postmaster.pid").exists():
                self.start()

    @contextmanager
    def trusting(self, role: str) -> Iterator[None]:
        """Let a role log in without a password."""
        with self.access(f'host all "{role}" 127.0.0.1/32 trust\n{_ACCESS}'):
            yield

    @contextmanager
    def access(self, rules: str) -> Iterator[None]:
        """Let roles log in by these rules of pg_hba.conf instead of the usual ones."""
        file = self.data / "pg_hba.conf"
        usual = file.read_text(encoding="utf-8")
        file.write_text(rules, encoding="utf-8")
        self._reload()
        try:
            yield
        finally:
            file.write_text(usual, encoding="utf-8")
            self._reload()

    def _reload(self) -> None:
        """Read the rules again, and wait until sessions that begin are subject to them."""
        before = self.sql("SELECT pg_conf_load_time() FROM pg_reload_conf()")
        end = time.monotonic() + _SECONDS
        while self.sql("SELECT pg_conf_load_time()") == before:
            assert time.monotonic() < end, "the rules were not read"
            time.sleep(0.05)

    def sql(self, statements: str, on: str = "postgres", **names: str) -> list[str]:
        """Run statements as the superuser, in the database `on`, and return the lines of the results.

        `names` are psql's variables.
        """
        return self._psql(statements, on, {"PGUSER": SUPERUSER, "PGHOST": str(self.directory)}, names)

    def sql_as(self, user: str, password: str, database: str, statements: str) -> list[str]:
        """Run statements over TCP, with a password. Raises an AssertionError with the server's message."""
        login = {"PGUSER": user, "PGPASSWORD": password, "PGHOST": "127.0.0.1", "PGSSLMODE": "require"}
        return self._psql(statements, database, login, {})

    def _psql(
        self, statements: str, database: str, login: Mapping[str, str], names: Mapping[str, str]
    ) -> list[str]:
        variables = [f"--set={name}={value}" for name, value in names.items()]
        answer = subprocess.run(
            ["psql", "-X", "-w", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *variables],
            input=statements, capture_output=True, text=True, check=False, timeout=_SECONDS,
            env={"PATH": PATH, "PGPORT": str(self.port), "PGDATABASE": database,
                 "PGCLIENTENCODING": "UTF8", "LC_ALL": "C", **login},
        )  # fmt: skip
        assert answer.returncode == 0, answer.stderr
        return answer.stdout.splitlines()

    @contextmanager
    def without_free_connections(self) -> Iterator[None]:
        """Hold connections of the administrator open, until the server refuses another one."""
        held: list[subprocess.Popen[bytes]] = []
        try:
            while self._has_free_connection():
                assert len(held) <= 3 * MAX_CONNECTIONS
                held.append(self._hold())
            yield
        finally:
            for each in held:
                each.kill()
                each.wait()
            self._until_free()

    def _hold(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            ["psql", "-X", "-w", "-q"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"PATH": PATH, "PGPORT": str(self.port), "PGHOST": "127.0.0.1", "PGDATABASE": "postgres",
                 "PGUSER": ADMIN, "PGPASSWORD": ADMIN_PASSWORD},
        )  # fmt: skip

    def _has_free_connection(self) -> bool:
        try:
            self.sql_as(ADMIN, ADMIN_PASSWORD, "postgres", "SELECT 1")
        except AssertionError as error:
            assert "connection" in str(error)  # noqa: PT017 (as opposed to a wrong password)
            return False
        return True

    def _until_free(self) -> None:
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            if self._has_free_connection():
                return
            time.sleep(0.2)
        raise AssertionError("the connections stay")


@contextmanager
def server() -> Iterator[Server]:
    """Start a server, and remove everything at the end."""
    folder, user = programs(), _user()
    with tempfile.TemporaryDirectory(prefix="ixn-postgres-") as directory:
        here = Path(directory)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port: int = free.getsockname()[1]
        made = Server(folder, here, port, user, certificates(here / "certificates"))
        if user is not None:
            _give(here, user)
        made.run(
            folder / "initdb", "-D", made.data, "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
            "-A", "trust",
        )  # fmt: skip
        _configure(made)
        made.start()
        try:
            made.sql(
                "SET log_statement = none; CREATE ROLE :\"name\" LOGIN CREATEDB CREATEROLE PASSWORD :'password';",
                name=ADMIN, password=ADMIN_PASSWORD,
            )  # fmt: skip
            yield made
        finally:
            made.stop()


def _configure(made: Server) -> None:
    folder = made.directory / "certificates"
    lines: Sequence[str] = (
        _SETTINGS,
        f"port = {made.port}",
        f"unix_socket_directories = '{made.directory}'",
        f"ssl_cert_file = '{folder / 'server.crt'}'",
        f"ssl_key_file = '{folder / 'server.key'}'",
    )
    with (made.data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\n".join(lines))
    (made.data / "pg_hba.conf").write_text(_ACCESS, encoding="utf-8")


def _user() -> str | None:
    """Return a user without privileges for the server, if this is root."""
    if os.geteuid() != 0:
        return None
    names = {each.pw_name for each in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _give(directory: Path, user: str) -> None:
    for each in (directory, *directory.rglob("*")):
        shutil.chown(each, user)
    directory.chmod(0o755)
