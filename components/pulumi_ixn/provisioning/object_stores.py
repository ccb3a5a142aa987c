"""The object stores that the Barman Cloud plugin knows, by the scheme of their paths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class StoreKind:
    """How an `ObjectStore` names the credentials of one kind of store.

    `field` holds them, and `inherited` in it selects the identity of the pods. `logins` are sets of fields, each
    of which is enough to log in; `optional` may be added. `usual` are the keys of a Secret by field, by default.
    """

    field: str
    inherited: str
    usual: Mapping[str, str]
    logins: Sequence[Sequence[str]]
    optional: Sequence[str] = ()

    @property
    def known(self) -> Sequence[str]:
        """All fields, sorted."""
        return sorted({name for login in self.logins for name in login} | {*self.optional})


STORES: Mapping[str, StoreKind] = {
    "s3": StoreKind(
        "s3Credentials",
        "inheritFromIAMRole",
        {"accessKeyId": "ACCESS_KEY_ID", "secretAccessKey": "ACCESS_SECRET_KEY"},
        [["accessKeyId", "secretAccessKey"]],
        ["sessionToken", "region"],
    ),
    "gs": StoreKind(
        "googleCredentials",
        "gkeEnvironment",
        {"applicationCredentials": "gcsCredentials"},
        [["applicationCredentials"]],
    ),
    "https": StoreKind(
        "azureCredentials",
        "inheritFromAzureAD",
        {"storageAccount": "AZURE_STORAGE_ACCOUNT", "storageKey": "AZURE_STORAGE_KEY"},
        [["connectionString"], ["storageAccount", "storageKey"], ["storageAccount", "storageSasToken"]],
    ),
}


def store_kind(destination_path: str) -> StoreKind:
    """Return the kind of the store at a valid path."""
    return STORES[destination_path.partition("://")[0]]
