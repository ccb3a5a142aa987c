"""The object stores that the Barman Cloud plugin knows, by the scheme of their paths."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class StoreKind:
    """How an `ObjectStore` names the credentials of one kind of store.

    `field` holds them. `required` and `optional` are the keys of a Secret by the field that refers to each, with
    the plugin's usual names. `inherited` is the field that selects the identity of the pods.
    """

    field: str
    inherited: str
    required: Mapping[str, str]
    optional: Mapping[str, str]


STORES: Mapping[str, StoreKind] = {
    "s3": StoreKind(
        "s3Credentials",
        "inheritFromIAMRole",
        {"accessKeyId": "ACCESS_KEY_ID", "secretAccessKey": "ACCESS_SECRET_KEY"},
        {"sessionToken": "ACCESS_SESSION_TOKEN", "region": "REGION"},
    ),
    "gs": StoreKind("googleCredentials", "gkeEnvironment", {"applicationCredentials": "gcsCredentials"}, {}),
    "https": StoreKind(
        "azureCredentials",
        "inheritFromAzureAD",
        {"storageAccount": "AZURE_STORAGE_ACCOUNT", "storageKey": "AZURE_STORAGE_KEY"},
        {"connectionString": "AZURE_CONNECTION_STRING", "storageSasToken": "AZURE_STORAGE_SAS_TOKEN"},
    ),
}


def store_kind(destination_path: str) -> StoreKind:
    """Return the kind of the store at a valid path."""
    return STORES[destination_path.partition("://")[0]]
