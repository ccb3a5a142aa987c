"""The models of the certificates of Kafka and Redis."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from pulumi_ixn import certificates, values
from pulumi_ixn.config.fields import Line, Model, ObjectName, SecretKey
from pulumi_ixn.config.peer_models import OneOf
from pulumi_ixn.config.validators import Parsed

GoDuration = Annotated[str, Parsed(values.go_duration)]

_VERSION = "any text; change it when the Secret changes, to restart the pods"


class CertificateAuthoritySettings(Model):
    """The CAs that sign a server's certificate, in an existing Secret in the tenants' namespace."""

    name: ObjectName = Field(description="the Secret's name")
    key: SecretKey = Field(default=certificates.CA_FILE, description="the key of the certificates, PEM")

    def args(self) -> certificates.CertificateAuthority:
        """Return the library's CA."""
        return certificates.CertificateAuthority(self.name, self.key)


class MountedAuthoritySettings(CertificateAuthoritySettings):
    """The CAs that sign a server's certificate, which the workloads' pods read."""

    version: Line | None = Field(default=None, description=_VERSION)

    def args(self) -> certificates.CertificateAuthority:
        """Return the library's CA."""
        return replace(super().args(), version=self.version)


class ExistingClientCertificate(Model):
    """A client certificate in an existing Secret."""

    name: ObjectName = Field(description="the Secret's name")
    certificate_key: SecretKey = Field(
        default=certificates.CERTIFICATE_FILE, description="the key of the certificate, PEM"
    )
    private_key: SecretKey = Field(
        default=certificates.KEY_FILE, description="the key of the private key, PEM without a password"
    )
    version: Line | None = Field(default=None, description=_VERSION)

    def args(self) -> certificates.ClientCertificate:
        """Return the library's client certificate."""
        return certificates.ClientCertificate(self.name, self.certificate_key, self.private_key, self.version)


class IssuerSettings(Model):
    """An issuer of cert-manager."""

    name: ObjectName = Field(description="the name of the issuer")
    kind: Annotated[str, Parsed(values.issuer_kind)] = Field(
        default=certificates.Issuer.kind, description="'Issuer' (in the tenants' namespace) or 'ClusterIssuer'"
    )
    group: ObjectName = Field(
        default=certificates.Issuer.group,
        description="the API group of the issuer, if it is not cert-manager's own",
    )

    def args(self) -> certificates.Issuer:
        """Return the library's issuer."""
        return certificates.Issuer(self.name, self.kind, self.group)


class IssuedClientCertificate(Model):
    """A client certificate that cert-manager issues."""

    issuer: IssuerSettings = Field(description="the issuer")
    common_name: Annotated[str, Parsed(values.common_name)] = Field(
        description="the common name, by which the service knows the client"
    )
    secret_name: ObjectName | None = Field(
        default=None, description="the Secret that cert-manager writes; if omitted, named after the service"
    )
    duration: GoDuration | None = Field(
        default=None, description="how long a certificate is valid; if omitted, as cert-manager has it"
    )
    renew_before: GoDuration | None = Field(
        default=None, description="how long before its end it is renewed; if omitted, as cert-manager has it"
    )

    def args(self) -> certificates.IssuedCertificate:
        """Return the library's issued certificate."""
        return certificates.IssuedCertificate(
            self.issuer.args(), self.common_name, self.secret_name, self.duration, self.renew_before
        )


class ClientSettings(OneOf):
    """The source of the client certificate for mutual TLS: exactly one of the keys."""

    existing: ExistingClientCertificate | None = Field(default=None, description="an existing Secret")
    cert_manager: IssuedClientCertificate | None = Field(
        default=None, description="a Certificate of cert-manager, which this package creates"
    )

    def args(self) -> certificates.ClientCertificate | certificates.IssuedCertificate | None:
        """Return the library's client certificate."""
        source = self.existing or self.cert_manager
        return source and source.args()


class CertificatesSettings(Model):
    """The certificates that are mounted into the pods."""

    ca: MountedAuthoritySettings | None = Field(
        default=None,
        description="the CAs that sign the server's certificate; if omitted, the one of an issued client "
        "certificate, else those of the image",
    )
    client: ClientSettings | None = Field(default=None, description="the client certificate, for mutual TLS")

    def args(self) -> certificates.Certificates:
        """Return the library's certificates."""
        return certificates.Certificates(self.ca and self.ca.args(), self.client and self.client.args())
