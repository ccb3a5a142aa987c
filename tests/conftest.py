"""How long hypothesis looks for counterexamples, long with `--hypothesis-profile=fuzz`; the interpreter."""

import gc
import sys

from hypothesis import HealthCheck, settings

_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

# The same examples in each run, so that a failure is caused by the change and not by chance.
settings.register_profile("usual", deadline=None, derandomize=True, suppress_health_check=_QUIET, max_examples=200)
settings.register_profile("fuzz", deadline=None, suppress_health_check=_QUIET, max_examples=2000, print_blob=True)
settings.load_profile("usual")


def pytest_collection_finish() -> None:
    """Exclude the SDK's modules from garbage collection, which took a fifth of the unit tests' time.

    Also limit the stack that the SDK sends with each resource: under pytest it has fifty frames, a fifth
    of the time of a deployment. pytest and hypothesis show failures in full regardless.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    sys.tracebacklimit = 12
