"""Stand-in for a Pulumi plugin: what `bin/` runs, as `serve.py <kubernetes|random> <engine address> ...`."""

import sys
from importlib import import_module
from pathlib import Path

# Python starts here with -P, so that nothing in the user's project can be imported by accident; the checkout is
# the one place that has to be known.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

if __name__ == "__main__":
    import_module(f"tools.standin.{sys.argv[1]}.provider").main(sys.argv[2:])
