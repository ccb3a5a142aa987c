"""The certificates with which the workloads verify a service, and identify themselves to it."""

from dataclasses import dataclass

import pulumi

CERT_MANAGER = "cert-manager.io"

CA_FILE, CERTIFICATE_FILE, KEY_FILE = "ca.crt", "tls.crt", "tls.key"
"""The names of the files in the pods; also the default keys in Secrets, which are those of cert-manager."""


@dataclass(frozen=True)
class CertificateAuthority:
    """The certificates of the CAs that sign a server's certificate, in PEM: `key` of an existing Secret.

    `version` is any text: change it when the content changes, so that the pods restart.
    """

    secret_name: pulumi.Input[str]
    key: str = CA_FILE
    version: pulumi.Input[str] | None = None


@dataclass(frozen=True)
class ClientCertificate:
    """A client certificate and its private key, in PEM without a password: two keys of an existing Secret.

    `version` is as in `CertificateAuthority`.
    """

    secret_name: pulumi.Input[str]
    certificate_key: str = CERTIFICATE_FILE
    private_key: str = KEY_FILE
    version: pulumi.Input[str] | None = None


@dataclass(frozen=True)
class Issuer:
    """An issuer of cert-manager: an 'Issuer' in the tenants' namespace, a 'ClusterIssuer', or one of `group`."""

    name: str
    kind: str = "Issuer"
    group: str = CERT_MANAGER


@dataclass(frozen=True)
class IssuedCertificate:
    """A client certificate for which this package creates a `Certificate` of cert-manager.

    `common_name` is the name by which the service knows the client. `secret_name` is the Secret that cert-manager
    writes, by default named after the service. `duration` and `renew_before` are durations such as '2160h';
    cert-manager's own by default.
    """

    issuer: Issuer
    common_name: str
    secret_name: str | None = None
    duration: str | None = None
    renew_before: str | None = None


@dataclass(frozen=True)
class Certificates:
    """The CA of a service, and a client certificate for mutual TLS.

    Without a `ca`, an issued client certificate's own CA verifies the service, else those that the image trusts.
    The files are mounted into the pods that connect to the service; nothing copies their content.
    """

    ca: CertificateAuthority | None = None
    client: ClientCertificate | IssuedCertificate | None = None
