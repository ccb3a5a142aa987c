"""A small Pulumi random provider, for machines that cannot download the real one; never part of the library."""
