"""Deploy the tenants that the configuration of the stack describes."""

from pulumi_ixn.stack import deploy, stack_settings

deploy(stack_settings())
