"""What the package costs, beside a flat program that registers the same resources by hand."""
