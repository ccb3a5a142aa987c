"""Stack config: read, merge, validate, and convert it to the arguments of the components.

Private to this project's stacks: anything here may change with any version.
"""

from pulumi_ixn.config.issues import ConfigIssue, ConfigurationError
from pulumi_ixn.config.load import load
from pulumi_ixn.config.stack import Settings

__all__ = ["ConfigIssue", "ConfigurationError", "Settings", "load"]
