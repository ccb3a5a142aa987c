"""Access to a cluster by a kubeconfig, whose certificates and keys do not stay in files."""

# The Kubernetes client has types for some of its parts only.
# pyright: reportUnknownMemberType=false

import shutil
import ssl
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import yaml
from kubernetes import client, config
from kubernetes.config import kube_config
from urllib3.util.ssl_ import create_urllib3_context

from pulumi_ixn.config.kubeconfig import is_content

_PREFIX = "ixn-kubeconfig-"
_LEFT_SECONDS = 60
"""The age from which a directory is that of a process that was killed: files are in one for milliseconds."""


def api_client(context: str, kubeconfig: str | None) -> client.ApiClient:
    """Return a client for a context of a kubeconfig: files, separated as in PATH, or the content itself.

    If it is None or empty, the file is ~/.kube/config. Raises config.ConfigException, OSError, ValueError,
    yaml.YAMLError.
    """
    settings = client.Configuration()
    settings.retries = 0
    with _private_directory() as directory:
        _load(settings, context, kubeconfig, directory)
        tls = _tls(settings)
    # The files no longer exist.
    settings.ssl_ca_cert = settings.cert_file = settings.key_file = None
    api = client.ApiClient(settings)
    api.rest_client.pool_manager.connection_pool_kw["ssl_context"] = tls
    return api


def _load(settings: client.Configuration, context: str, kubeconfig: str | None, directory: str) -> None:
    if kubeconfig and is_content(kubeconfig):
        config.load_kube_config_from_dict(
            yaml.safe_load(kubeconfig), context, settings, persist_config=False, temp_file_path=directory
        )
    else:
        files = kubeconfig or str(Path("~/.kube/config").expanduser())
        config.load_kube_config(files, context, settings, persist_config=False, temp_file_path=directory)
    # Older versions would return the same names for the same content, whether or not the files exist.
    known: dict[str, str] = kube_config._temp_files  # noqa: SLF001  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
    for content in [each for each, name in known.items() if Path(name).parent == Path(directory)]:
        del known[content]


def _tls(settings: client.Configuration) -> ssl.SSLContext:
    """Return what the client would make of the files, each time that it connects."""
    tls = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED if settings.verify_ssl else ssl.CERT_NONE)
    if settings.ssl_ca_cert:
        tls.load_verify_locations(settings.ssl_ca_cert)
    elif settings.verify_ssl:
        tls.load_default_certs()
    if settings.cert_file:
        tls.load_cert_chain(settings.cert_file, settings.key_file)
    return tls


@contextmanager
def _private_directory() -> Generator[str]:
    """Yield a directory that only this user may enter; remove those that killed processes left."""
    for each in Path(gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - each.lstat().st_mtime > _LEFT_SECONDS:
                shutil.rmtree(each, ignore_errors=True)  # fails if it is another user's
    with TemporaryDirectory(prefix=_PREFIX) as directory:
        yield directory
