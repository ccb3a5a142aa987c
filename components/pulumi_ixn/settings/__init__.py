"""Stack config, validated: every mistake told at once, with its config path. Knows no Kubernetes resource.

For this project's own `__main__.py` and nobody else: what stands here may change with any version. A program of
your own takes its configuration as it likes, and hands the components of `pulumi_ixn` their arguments.
"""

from pulumi_ixn.settings.load import load
from pulumi_ixn.settings.mistakes import ConfigurationError, Mistake
from pulumi_ixn.settings.stack import Settings

__all__ = ["ConfigurationError", "Mistake", "Settings", "load"]
