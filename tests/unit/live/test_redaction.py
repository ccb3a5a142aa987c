"""Objects in a support bundle."""

from pulumi_ixn.live.redaction import redacted

COPY = "kubectl.kubernetes.io/last-applied-configuration"


def test_values_of_variables_are_left_out_and_names_of_secrets_stay() -> None:
    reference = {"name": "B", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}
    pod = {"kind": "Pod", "spec": {"containers": [{"env": [{"name": "A", "value": "planted"}, reference]}]}}

    found = redacted(pod)

    assert "planted" not in str(found)
    assert found["spec"]["containers"][0]["env"][0]["name"] == "A"
    assert found["spec"]["containers"][0]["env"][1] == reference


def test_a_secret_has_no_data_and_no_object_a_copy_of_its_content() -> None:
    metadata = {
        "name": "db",
        "annotations": {COPY: '{"data": {"password": "planted"}}', "note": "kept"},
        "managedFields": [],
    }
    secret = {"kind": "Secret", "type": "Opaque", "metadata": metadata, "data": {"password": "planted"}}

    assert redacted(secret) == {
        "kind": "Secret",
        "type": "Opaque",
        "metadata": {"name": "db", "annotations": {"note": "kept"}},
    }
    assert "planted" not in str(redacted({"kind": "ConfigMap", "metadata": metadata}))
