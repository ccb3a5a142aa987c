"""The certificates of a service: files in the pods, and the Certificate of cert-manager that one may come from."""

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.certificates import (
    CA_FILE,
    CERTIFICATE_FILE,
    KEY_FILE,
    Certificates,
    ClientCertificate,
    IssuedCertificate,
)
from pulumi_ixn.components.claims import claim
from pulumi_ixn.manifests.certificate import API_VERSION, KIND, certificate_spec, certificate_version
from pulumi_ixn.peers import SecretFile


def certificate_files(certificates: Certificates, default: str) -> Mapping[str, SecretFile]:
    """Return the files by their names in the pods, each with the key of the Secret that holds it.

    `default` is the name of an issued certificate's Secret.
    """
    files: dict[str, SecretFile] = {}
    match certificates.client:
        case ClientCertificate(secret, certificate, key, version):
            files = {CERTIFICATE_FILE: SecretFile(secret, certificate, version), KEY_FILE: SecretFile(secret, key)}
        case IssuedCertificate() as issued:
            secret = issued.secret_name or default
            version = certificate_version(certificate_spec(issued, secret))
            names = (CA_FILE, CERTIFICATE_FILE, KEY_FILE)
            files = {name: SecretFile(secret, name) for name in names}
            files[CERTIFICATE_FILE] = SecretFile(secret, CERTIFICATE_FILE, version)
        case None:
            pass
    if (ca := certificates.ca) is not None:
        files = {**files, CA_FILE: SecretFile(ca.secret_name, ca.key, ca.version)}
    return {name: files[name] for name in (CA_FILE, CERTIFICATE_FILE, KEY_FILE) if name in files}


def file_paths(certificates: Certificates, directory: str, fields: Mapping[str, str]) -> Mapping[str, str]:
    """Return the paths of the files in `directory`, by the fields of JSON that name them."""
    files = certificate_files(certificates, default="")
    return {field: f"{directory}/{name}" for field, name in fields.items() if name in files}


def issued_certificate(
    owner: pulumi.ComponentResource,
    name: str,
    namespace: pulumi.Input[str],
    certificates: Certificates,
    default: str,
) -> k8s.apiextensions.CustomResource | None:
    """Register the Certificate, named after its Secret; nothing if the client certificate is not issued."""
    issued = certificates.client
    if not isinstance(issued, IssuedCertificate):
        return None
    secret = issued.secret_name or default
    return k8s.apiextensions.CustomResource(
        f"{name}-certificate",
        api_version=API_VERSION,
        kind=KIND,
        metadata={"name": secret, "namespace": claim(owner, KIND, namespace, secret)},
        spec=certificate_spec(issued, secret),
        opts=pulumi.ResourceOptions(parent=owner),
    )
