"""An ExternalSecret on a real API server that validates it by its own schema; no operator runs."""

from pathlib import Path

import yaml

from tests.cluster.definitions import definition
from tests.cluster.live_stack import LiveStack
from tools.cluster.control_plane import running_control_plane

SCHEMA = Path(__file__).parents[1] / "data" / "externalsecret.schema.yaml"
UP = ("up", "--yes", "--skip-preview", "--suppress-outputs")
NAME = "externalsecret/ixn-db-secret-100"
LOGIN = {
    "store": {"name": "vault"},
    "keys": {name: {"key": "ixn/db", "property": name} for name in ("username", "password")},
}


def test_it_is_created_before_its_secret_exists_without_drift_and_deleted_with_the_stack(tmp_path: Path) -> None:
    with running_control_plane() as client:
        stack = LiveStack(client, tmp_path, secrets={"ixnDB": {"external": LOGIN}})

        missing = stack.project.ixn(*UP)
        assert missing.code
        assert "peers.ixnDB.secret.external: the cluster has no ExternalSecret" in missing.output, str(missing)

        crd = definition("ExternalSecret", "external-secrets.io", "v1")
        crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"] = yaml.safe_load(
            SCHEMA.read_text(encoding="utf-8")
        )
        client.apply(crd)
        assert not stack.exists("secret/ixn-db-secret-100", "--namespace=ixn")
        stack.project.ixn(*UP).succeeded()

        spec = client.get(NAME, "--namespace=ixn")["spec"]
        assert [each["secretKey"] for each in spec["data"]] == ["username", "password"]
        assert spec["target"]["creationPolicy"] == "Owner"
        assert stack.project.ixn("drift", "--json").succeeded().stdout.strip() == "[]"
        stack.project.ixn(*UP, "--expect-no-changes").succeeded()

        stack.project.ixn("destroy", "--yes").succeeded()
        assert not stack.exists(NAME, "--namespace=ixn")
