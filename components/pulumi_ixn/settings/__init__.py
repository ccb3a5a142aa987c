"""Stack config, validated: every mistake told at once, with its config path. Knows no Kubernetes resource."""

from pulumi_ixn.settings.load import load
from pulumi_ixn.settings.mistakes import ConfigurationError, Mistake
from pulumi_ixn.settings.stack import Settings

__all__ = ["ConfigurationError", "Mistake", "Settings", "load"]
