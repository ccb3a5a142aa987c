"""Deploy the tenants that the stack file describes: no program is needed for Secrets from a store."""

from pulumi_ixn.stack import deploy, stack_settings

deploy(stack_settings())
