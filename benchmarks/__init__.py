"""The overhead of the package over a flat program that registers the same resources."""
