"""The managed services as arguments of IXN in a namespace: where they are, their certificates and Secrets."""

import hashlib
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s
from managed import ManagedKafka, ManagedRedis, endpoints
from pulumi_ixn import (
    CertificateAuthority,
    Certificates,
    CidrBlocks,
    Credentials,
    Endpoint,
    IssuedCertificate,
    Issuer,
    Kafka,
    KafkaReference,
    KafkaReferenceArgs,
    PodSelector,
    Provisioned,
    Redis,
    RedisReference,
    RedisReferenceArgs,
    RemoteKey,
    SecretStore,
)

STORE = SecretStore("team")
"""The team's ClusterSecretStore, from which External Secrets makes the Secrets."""


@dataclass(frozen=True)
class TenantNamespace:
    """A namespace for tenants, with the Kafka cluster and the Redis that they share.

    With `provisioned`, this program creates their databases; else the service has them.
    """

    namespace: pulumi.Input[str]
    kafka: KafkaReference
    redis: RedisReference
    provisioned: Provisioned | None = None


def certificate_authority(
    name: str,
    namespace: pulumi.Input[str],
    certificate: pulumi.Output[str],
    opts: pulumi.ResourceOptions,
) -> CertificateAuthority:
    """Write the certificate of a service's CA to the namespace. The pods restart when it changes."""
    secret = k8s.core.v1.Secret(
        f"{name}-ca",
        metadata={"name": f"{name}-ca", "namespace": namespace},
        string_data={"ca.crt": certificate},
        opts=opts,
    )
    digest = certificate.apply(lambda text: hashlib.sha256(text.encode()).hexdigest())
    return CertificateAuthority(secret.metadata.apply(lambda _: f"{name}-ca"), version=digest)


def kafka_with_login(
    name: str, namespace: pulumi.Input[str], kafka: ManagedKafka, opts: pulumi.ResourceOptions
) -> KafkaReference:
    """Return Kafka for the tenants of a namespace to which its operator writes a Secret, with the SASL login."""
    ca = certificate_authority(name, namespace, kafka.certificate, opts)
    args = Kafka(
        endpoints=endpoints(kafka.sasl_brokers),
        locations=(CidrBlocks((kafka.subnet,)),),
        credentials=Credentials.existing(kafka.secret_name),
        tls=True,
        certificates=Certificates(ca=ca),
    )
    return KafkaReference(name, KafkaReferenceArgs(namespace, args), opts)


def kafka_with_certificate(
    name: str, namespace: pulumi.Input[str], kafka: ManagedKafka, opts: pulumi.ResourceOptions
) -> KafkaReference:
    """Return Kafka for the tenants of a namespace, which log in with a certificate that cert-manager issues.

    The Secret with the JSON has nothing secret then, so that manifests may have it.
    """
    ca = certificate_authority(name, namespace, kafka.certificate, opts)
    client = IssuedCertificate(Issuer("kafka-clients", "ClusterIssuer"), common_name="ixn")
    args = Kafka(
        endpoints=endpoints(kafka.mutual_tls_brokers),
        locations=(CidrBlocks((kafka.subnet,)),),
        credentials=Credentials.managed(),
        tls=True,
        certificates=Certificates(ca=ca, client=client),
    )
    return KafkaReference(name, KafkaReferenceArgs(namespace, args), opts)


def redis_reference(
    name: str, namespace: pulumi.Input[str], redis: ManagedRedis, opts: pulumi.ResourceOptions
) -> RedisReference:
    """Return Redis for the tenants of a namespace, with the password of its ACL user from the secret store."""
    ca = certificate_authority(name, namespace, redis.certificate, opts)
    args = Redis(
        endpoints=(Endpoint(redis.address, redis.port),),
        advertised=endpoints(redis.nodes),
        locations=(PodSelector(redis.namespace, {"app.kubernetes.io/instance": redis.instance}),),
        credentials=Credentials.external(STORE, {"password": RemoteKey(redis.password)}, username=redis.user),
        cluster=True,
        tls=True,
        reject_unauthorized=True,
        certificates=Certificates(ca=ca),
    )
    return RedisReference(name, RedisReferenceArgs(namespace, args), opts)
