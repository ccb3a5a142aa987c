"""A certificate authority, made at run time, and the certificate of a server on loopback."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@dataclass(frozen=True)
class Certificates:
    """The CA that signed the server's certificate, and one that did not, in PEM."""

    ca: str
    other_ca: str


def certificates(directory: Path) -> Certificates:
    """Make both CAs, and `server.crt` and `server.key` for 127.0.0.1, but not for `localhost`."""
    directory.mkdir()
    for name in ("ca", "other"):
        _openssl(
            directory, "req", "-x509", *_KEY, "-days", "2", "-subj", f"/CN=IXN test {name}",
            "-keyout", f"{name}.key", "-out", f"{name}.crt",
        )  # fmt: skip
    _openssl(
        directory, "req", *_KEY, "-subj", "/CN=db.example.com", "-keyout", "server.key", "-out", "server.csr",
    )  # fmt: skip
    (directory / "san").write_text("subjectAltName=IP:127.0.0.1,DNS:db.example.com", encoding="ascii")
    _openssl(
        directory, "x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
        "-days", "2", "-extfile", "san", "-out", "server.crt",
    )  # fmt: skip
    (directory / "server.key").chmod(0o600)
    return Certificates(*((directory / f"{name}.crt").read_text(encoding="ascii") for name in ("ca", "other")))


def _openssl(directory: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True, timeout=30)
