"""The Pulumi engine for this checkout: where it comes from, what surrounds it, and how it is run."""
