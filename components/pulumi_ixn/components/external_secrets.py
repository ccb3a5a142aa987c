"""Secrets that the External Secrets operator makes from the values in a store."""

from collections.abc import Callable, Mapping

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.components.claims import claim
from pulumi_ixn.components.resources import with_protect
from pulumi_ixn.credentials import PASSWORD, USERNAME, Credentials
from pulumi_ixn.external_secrets import JSON, ExternalSource
from pulumi_ixn.manifests.external_secret import (
    API_VERSION,
    KIND,
    external_secret_spec,
    json_template,
    value_from_store,
)
from pulumi_ixn.peers import SecretRef
from pulumi_ixn.validation import invalid


def external_login(
    owner: pulumi.ComponentResource,
    name: str,
    namespace: pulumi.Input[str],
    credentials: Credentials,
    secret_name: pulumi.Input[str],
    *,
    protect: bool,
) -> SecretRef:
    """Create the ExternalSecret of a username and a password, and return a reference to its Secret."""
    names = {USERNAME: USERNAME, PASSWORD: PASSWORD}
    source = _source(credentials)
    spec = external_secret_spec(source, secret_name, names)
    created = _external_secret(owner, name, namespace, secret_name, spec, protect=protect)
    return SecretRef(created, names, credentials.version)


def external_file(
    owner: pulumi.ComponentResource,
    name: str,
    namespace: pulumi.Input[str],
    credentials: Credentials,
    file: tuple[pulumi.Input[str], str],
    text: Callable[[pulumi.Input[str]], pulumi.Output[str]],
    *,
    protect: bool,
) -> SecretRef:
    """Create the ExternalSecret of a file in the vendor's format, and return a reference to its Secret.

    `file` are the names of the Secret and of its key. The store has the whole file, or the password in it: `text`
    returns the file with that.
    """
    source, (secret_name, key) = _source(credentials), file
    if JSON in source.keys:
        spec = external_secret_spec(source, secret_name, {JSON: key})
    else:
        content = text(value_from_store(PASSWORD)).apply(json_template)
        spec = external_secret_spec(source, secret_name, {PASSWORD: PASSWORD}, {key: content})
    created = _external_secret(owner, name, namespace, secret_name, spec, protect=protect)
    return SecretRef(created, {}, credentials.version)


def _external_secret(
    owner: pulumi.ComponentResource,
    name: str,
    namespace: pulumi.Input[str],
    secret_name: pulumi.Input[str],
    spec: Mapping[str, object],
    *,
    protect: bool,
) -> pulumi.Input[str]:
    """Register an ExternalSecret that has the name of its Secret, and return that name."""
    external = k8s.apiextensions.CustomResource(
        name,
        api_version=API_VERSION,
        kind=KIND,
        metadata={"name": secret_name, "namespace": claim(owner, "Secret", namespace, secret_name)},
        spec=spec,
        opts=with_protect(pulumi.ResourceOptions(parent=owner), protect=protect),
    )
    # Take the name from the object, so that pods that read the Secret start after its ExternalSecret exists.
    return external.urn.apply(lambda _: secret_name)


def _source(credentials: Credentials) -> ExternalSource:
    if credentials.source is None:
        raise invalid("credentials.source", "is missing")
    return credentials.source
