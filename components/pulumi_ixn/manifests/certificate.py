"""The Certificate of cert-manager for a client of a service."""

import hashlib
import json
from typing import Any

from pulumi_ixn.certificates import CERT_MANAGER, IssuedCertificate

API_VERSION, KIND = f"{CERT_MANAGER}/v1", "Certificate"


def certificate_spec(issued: IssuedCertificate, secret_name: str) -> dict[str, Any]:
    """Return the spec: a client certificate whose private key is new with each renewal."""
    spec: dict[str, Any] = {
        "secretName": secret_name,
        "commonName": issued.common_name,
        "usages": ["digital signature", "client auth"],
        "privateKey": {"algorithm": "ECDSA", "size": 256, "encoding": "PKCS8", "rotationPolicy": "Always"},
        "issuerRef": {"name": issued.issuer.name, "kind": issued.issuer.kind, "group": issued.issuer.group},
    }
    durations = {"duration": issued.duration, "renewBefore": issued.renew_before}
    return spec | {name: value for name, value in durations.items() if value is not None}


def certificate_version(spec: dict[str, Any]) -> str:
    """Return a digest of the spec: cert-manager issues another certificate when it changes."""
    return hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:16]
